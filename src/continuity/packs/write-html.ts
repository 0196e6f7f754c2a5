/** A pack as one HTML file, for a screen: the list and the patients. It asks for nothing from anywhere. The forms are in the PDF. */
import { createHash } from 'node:crypto';
import type { PatientSheet, WardPack } from './contract.ts';
import { shortTime } from './local-time.ts';
import { vitalColumns } from './measurement-rows.ts';
import { sayIn, type Phrase, type Say } from './phrases.ts';
import {
  allergyLine,
  dangerLine,
  dueWords,
  emptyWords,
  expectedWords,
  footerWords,
  heldWords,
  identityWords,
  isScoreDanger,
  knownLines,
  lastWords,
  moreWords,
  remarkLine,
  scoreLine,
  scoreWords,
  type Line,
} from './told.ts';
import { flagWords } from './words.ts';

const style = `
body{font:16px/1.45 system-ui,sans-serif;color:#111;background:#fff;margin:0 auto;max-width:60rem;padding:1rem}
h1{font-size:1.4rem;margin:.5rem 0}h2{font-size:1.25rem;margin:0}h3{font-size:1rem;margin:1rem 0 .25rem;background:#eee;padding:.2rem .4rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .4rem;border-bottom:1px solid #bbb}
th{font-weight:600}.scroll{overflow-x:auto}.danger{color:#a8001c;font-weight:700}.box{border:2px solid #a8001c;padding:.4rem .6rem;margin:.4rem 0}
section{border-top:3px solid #111;margin-top:2rem;padding-top:.6rem}.who{position:sticky;top:0;background:#fff;padding:.3rem 0}
footer{position:sticky;bottom:0;background:#fff;border-top:1px solid #111;padding:.4rem 0;font-weight:600;font-size:.9rem}p{margin:.25rem 0}
@media print{.who,footer{position:static}section{break-before:page}}
`;

/** What may happen on the page when a browser gets it from the node: its own style, and nothing else. */
export const htmlPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export function writeHtml(pack: WardPack): string {
  const { name, language, patients, expected, madeAt } = pack;
  const say = sayIn(language);
  const title = text(say('Nødpakke: {name}', { name }));
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">`,
    `<title>${title}</title><style>${style}</style></head><body>`,
    `<h1>${title}</h1><p>${text(footerWords(pack))}. ${text(say('Det som er skrevet senere, står ikke her.'))}</p>`,
    table(
      [say('Seng'), say('Pasient'), 'NEWS2', say('Isolasjon'), say('Behandlingsbegrensning')],
      patients.map((sheet) => wardRow(sheet, say)),
    ),
    heading('Ventes de neste tre døgn', say),
    expected.length === 0
      ? `<p>${text(say('Ingen ventede innleggelser er kjent her.'))}</p>`
      : table(
          [say('Når'), say('Pasient'), say('Hvorfor, og hva som er farlig')],
          expected.map((one) => [
            text(shortTime(one.at, madeAt, say)),
            `<strong>${text(one.name)}</strong><br>${text(identityWords(one, say))}`,
            text(expectedWords(one, say)),
          ]),
        ),
    ...patients.map((sheet) => section(sheet, madeAt, say)),
    `<footer>${text(footerWords(pack))}</footer></body></html>`,
  ].join('\n');
}

function wardRow(sheet: PatientSheet, say: Say): string[] {
  const items = (lines: readonly { text: string }[]): string => text(lines.map((one) => one.text).join('; '));
  const otherwise = say(sheet.isBlocked ? 'sperret' : sheet.held.isWhole ? 'ikke registrert' : 'ikke lastet');
  return [
    text(sheet.bed),
    `<a href="#p-${text(sheet.patient)}"><strong>${text(sheet.name)}</strong></a><br>${text(identityWords(sheet, say))}`,
    sheet.isBlocked ? '–' : line({ text: scoreWords(sheet.score, say), isDanger: isScoreDanger(sheet.score) }),
    sheet.isolation.items.length > 0 ? `<strong>${items(sheet.isolation.items)}</strong>` : otherwise,
    sheet.limits.items.length > 0 ? `<strong>${items(sheet.limits.items)}</strong>` : otherwise,
  ];
}

function section(sheet: PatientSheet, now: number, say: Say): string {
  const danger = dangerLine(sheet, say);
  const head = [
    `<section id="p-${text(sheet.patient)}"><div class="who"><h2>${text(sheet.name)} · ${text(sheet.bed)}</h2><p>${text(identityWords(sheet, say))}</p></div>`,
    danger === undefined ? '' : `<p class="box danger">⚠ ${text(danger)}</p>`,
    `<p>${text(heldWords(sheet.held, now, say))}</p>`,
  ];
  if (sheet.isBlocked) return [...head, '</section>'].join('');
  return [...head, ...clinical(sheet, now, say), ...rest(sheet, now, say), '</section>'].join('');
}

function clinical(sheet: PatientSheet, now: number, say: Say): string[] {
  const admitted =
    sheet.admitted === undefined ? '' : `${say('Innlagt {when}.', { when: shortTime(sheet.admitted, now, say) })} `;
  const people = [
    say('Ansvarlig: {name}', { name: sheet.responsible || say('ikke registrert') }),
    say('Sykepleier: {name}', { name: sheet.nurse || say('ikke registrert') }),
  ].join('. ');
  const dangers = [
    ['Allergier og overfølsomhet', knownLines(sheet.allergies, allergyLine, say)],
    ['Kritisk informasjon', knownLines(sheet.critical, remarkLine, say)],
    ['Behandlingsbegrensninger', knownLines(sheet.limits, remarkLine, say)],
    ['Isolasjon og smitte', knownLines(sheet.isolation, remarkLine, say)],
  ] as const;
  const medicines = [...sheet.medicines, ...sheet.infusions].map((medicine) => [
    `<strong>${text(medicine.name)}</strong>`,
    text([medicine.dose, medicine.route].filter(Boolean).join(', ')),
    text(lastWords(medicine, now, say)),
    line({ text: dueWords(medicine, now, say), isDanger: medicine.missed !== undefined }),
  ]);
  return [
    `<p><strong>${text(admitted + sheet.reason)}</strong></p><p>${text(people)}</p>`,
    heading('Kritisk informasjon', say),
    table(
      [],
      dangers.map(([title, lines]) => [text(say(title)), lines.map(line).join('<br>')]),
    ),
    sheet.problems.length === 0
      ? ''
      : `<p>${text(say('Problemer: {problems}', { problems: sheet.problems.join(' · ') }))}</p>`,
    heading('Legemidler og infusjoner på avdelingen', say),
    medicines.length === 0
      ? nothing(sheet, say)
      : table([say('Legemiddel'), say('Dose, måte'), say('Sist gitt'), say('Neste 24 timer')], medicines) +
        more(sheet, say),
  ];
}

function rest(sheet: PatientSheet, now: number, say: Say): string[] {
  const vitals = sheet.vitals.map(({ at, values }) => [
    text(shortTime(at, now, say)),
    ...vitalColumns.map((column) => text(values[column] ?? '–')),
  ]);
  const results = sheet.results.map(({ name, value, unit, range, flag, at, before }) => [
    text(name),
    `<strong>${text(`${value} ${flagWords(flag, say)}`)}</strong>`,
    text(unit),
    text(range),
    text(shortTime(at, now, say)),
    text(before === undefined ? '' : `${before.value} (${shortTime(before.at, now, say)})`),
  ]);
  const list = (items: readonly string[]): string =>
    items.length === 0 ? nothing(sheet, say) : `<ul>${items.map((item) => `<li>${text(item)}</li>`).join('')}</ul>`;
  return [
    `${heading('Målinger', say)}<p>${line(scoreLine(sheet.score, now, say))}</p>`,
    vitals.length === 0 ? '' : table([say('Når'), ...vitalColumns.map((column) => say(column))], vitals),
    heading('Prøvesvar siste 48 timer', say),
    results.length === 0
      ? nothing(sheet, say)
      : table([say('Analyse'), say('Svar'), say('Enhet'), say('Referanse'), say('Tatt'), say('Forrige')], results),
    `${heading('Ubesvarte prøver', say)}${list(
      sheet.pending.map(({ what, since }) => say('{what}, tatt {when}', { what, when: shortTime(since, now, say) })),
    )}`,
    `${heading('Åpne rekvisisjoner', say)}${list(sheet.orders.map(({ what, by }) => [what, by].filter(Boolean).join(', ')))}`,
    `${heading('Plan', say)}${list(sheet.plan)}`,
    `${heading('Pårørende', say)}${list(
      sheet.kin.map(({ name, relation, phone }) => `${name} (${relation}) ${phone || say('telefon ikke registrert')}`),
    )}`,
  ];
}

const heading = (title: Phrase, say: Say): string => `<h3>${text(say(title))}</h3>`;

const nothing = (sheet: PatientSheet, say: Say): string => `<p>${line(emptyWords(sheet, 'Ingen kjente.', say))}</p>`;

/** After a list of a record that isn't whole here. */
function more(sheet: PatientSheet, say: Say): string {
  const words = moreWords(sheet, say);
  return words === undefined ? '' : `<p class="danger">${text(words)}</p>`;
}

const line = (one: Line): string => (one.isDanger ? `<span class="danger">${text(one.text)}</span>` : text(one.text));

/** Cells are HTML already. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = titles.length === 0 ? '' : `<tr>${titles.map((title) => `<th>${text(title)}</th>`).join('')}</tr>`;
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<div class="scroll"><table>${head}${body}</table></div>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const text = (words: string): string => words.replace(/[&<>"']/g, (character) => entities[character] as string);
