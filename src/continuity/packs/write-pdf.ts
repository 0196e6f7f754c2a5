/** A pack as PDF: the ward's list, each patient's pages, who is expected, and forms to write on. */
import { setImmediate } from 'node:timers/promises';
import type { PatientSheet, WardPack } from './contract.ts';
import type { Fonts } from '#kernel/fonts.ts';
import { shortTime, dayTime } from './local-time.ts';
import { sayIn, type Phrase, type Say } from './phrases.ts';
import { vitalColumns } from './measurement-rows.ts';
import { Pages, type Cell, type Header } from './pages.ts';
import {
  allergyLine,
  dangerLine,
  dueWords,
  expectedWords,
  footerWords,
  heardWords,
  heldWords,
  identityWords,
  isScoreDanger,
  knownLines,
  lastWords,
  remarkLine,
  scoreLine,
  scoreWords,
  shortIdentity,
  emptyWords,
  moreWords,
  type Line,
} from './told.ts';
import { flagWords, nothingKnown } from './words.ts';
import { drawForms } from './write-forms.ts';

/** The file, and how many pages it has. */
export async function writePdf(pack: WardPack, fonts: Fonts): Promise<{ bytes: Buffer; pages: number }> {
  const { name, language } = pack;
  const footer = footerWords(pack);
  const pages = new Pages({
    title: sayIn(language)('Nødpakke {name}', { name }),
    madeAt: pack.madeAt,
    footer,
    fonts,
    language,
  });
  drawWard(pages, pack);
  for (const sheet of pack.patients) {
    drawPatient(pages, sheet, pack);
    // Others are answered in between.
    await setImmediate();
  }
  await drawForms(pages, pack);
  return pages.end();
}

function drawWard(pages: Pages, pack: WardPack): void {
  const { name, patients, expected, madeAt, heardAt, node } = pack;
  const { say } = pages;
  const partial = patients.filter(({ held }) => !held.isWhole).length;
  pages.begin({
    title: say('Nødpakke: {name}', { name }),
    subtitle: [
      countWords(patients.length, say),
      say('{count} ventes', { count: expected.length }),
      `node ${node}`,
    ].join(' · '),
    place: say('laget {when}', { when: dayTime(madeAt, madeAt) }),
    ...(partial > 0
      ? {
          danger: say('{patients}: journalen er ikke hel her. Det står på arket hva som mangler.', {
            patients: countWords(partial, say),
          }),
        }
      : {}),
  });
  pages.line(
    [
      say('Laget {when} av det som da var kjent på noden, {heard}.', {
        when: dayTime(madeAt, madeAt),
        heard: heardWords(heardAt, madeAt, say),
      }),
      say('Det som er skrevet senere, står ikke her.'),
    ].join(' '),
    { isBold: true },
  );
  pages.heading(pages.say('Pasienter etter seng'));
  pages.table(
    [
      { title: pages.say('Seng'), width: 15 },
      { title: pages.say('Pasient'), width: 27, isBold: true },
      { title: 'NEWS2', width: 11 },
      { title: pages.say('Isolasjon'), width: 14 },
      { title: pages.say('Behandlingsbegrensning'), width: 17 },
      { title: pages.say('Neste dose'), width: 15 },
    ],
    patients.map((sheet) => wardRow(sheet, madeAt, say)),
    { size: 8.8 },
  );
  pages.heading(pages.say('Ventes de neste tre døgn'));
  if (expected.length === 0) pages.line(say('Ingen ventede innleggelser er kjent her.'));
  else
    pages.table(
      [
        { title: pages.say('Når'), width: 13 },
        { title: pages.say('Pasient'), width: 27, isBold: true },
        { title: pages.say('Seng'), width: 15 },
        { title: pages.say('Hvorfor, og hva som er farlig'), width: 49 },
      ],
      expected.map((one) => [
        shortTime(one.at, madeAt, say),
        `${one.name}\n${shortIdentity(one)}`,
        one.bed,
        expectedWords(one, say),
      ]),
      { size: 8.8 },
    );
  pages.heading(pages.say('Slik brukes pakken'));
  for (const text of howTo) pages.line(say(text));
}

const countWords = (count: number, say: Say): string =>
  say(count === 1 ? '{count} pasient' : '{count} pasienter', { count });

const howTo: readonly Phrase[] = [
  '1. Gå ut fra at det er skjedd noe etter at pakken ble laget: sammenhold med pasienten og med den som hadde vakten.',
  '2. Skriv målinger, gitte legemidler, notater og ordinasjoner på skjemaene bakerst. Navn og nummer på hvert ark. Skriv klokkeslettet da det skjedde, og signer.',
  '3. Når systemet er tilbake: hvert skjema føres inn med nummeret eller QR-koden sin. Ark som ikke ble brukt eller er borte, meldes som det.',
];

function wardRow(sheet: PatientSheet, now: number, say: Say): Cell[] {
  if (sheet.isBlocked)
    return [
      sheet.bed,
      `${sheet.name}\n${shortIdentity(sheet)}`,
      '–',
      '–',
      { text: say('Sperret av pasienten'), isDanger: true },
      '–',
    ];
  const first = (lines: readonly { text: string }[]): string => lines.map(({ text }) => text).join('; ');
  const next = sheet.medicines.flatMap(({ due }) => (due.kind === 'times' ? (due.times[0] ?? []) : []));
  const late = sheet.medicines.some(({ missed }) => missed !== undefined);
  return [
    sheet.bed,
    `${sheet.name}\n${shortIdentity(sheet)}`,
    { text: scoreWords(sheet.score, say), isDanger: isScoreDanger(sheet.score) },
    {
      text: sheet.isolation.items.length > 0 ? first(sheet.isolation.items) : unknownOr(sheet, '–', say),
      isBold: true,
    },
    {
      text: sheet.limits.items.length > 0 ? first(sheet.limits.items) : unknownOr(sheet, say('ikke registrert'), say),
      isBold: sheet.limits.items.length > 0,
    },
    `${
      next.length === 0
        ? '–'
        : shortTime(
            next.reduce((a, b) => Math.min(a, b)),
            now,
            say,
          )
    }${late ? `\n${say('utestående')}` : ''}`,
  ];
}

const unknownOr = ({ held }: PatientSheet, otherwise: string, say: Say): string =>
  held.isWhole ? otherwise : say('ikke lastet');

function headerOf(sheet: PatientSheet, pack: WardPack, say: Say): Header {
  const danger = dangerLine(sheet, say);
  return {
    title: sheet.name,
    subtitle: identityWords(sheet, say),
    place: sheet.bed,
    placeBelow: pack.name,
    ...(danger === undefined ? {} : { danger }),
  };
}

function drawPatient(pages: Pages, sheet: PatientSheet, pack: WardPack): void {
  const now = pack.madeAt;
  const { say } = pages;
  pages.begin(headerOf(sheet, pack, say));
  const admitted =
    sheet.admitted === undefined ? '' : `${say('Innlagt {when}.', { when: shortTime(sheet.admitted, now, say) })} `;
  const people = [
    sheet.responsible && say('Ansvarlig: {name}', { name: sheet.responsible }),
    sheet.nurse && say('Sykepleier: {name}', { name: sheet.nurse }),
  ];
  pages.line(`${admitted}${sheet.reason}`, { isBold: true });
  pages.line([...people.filter(Boolean), heldWords(sheet.held, now, say)].join(' · '), { size: 9 });
  if (sheet.isBlocked) {
    pages.line(
      say(
        'Pasienten har sperret journalen for denne avdelingen. Trengs den i en nødssituasjon, åpnes den med begrunnelse (nødrett) på en node som svarer.',
      ),
      { isBold: true },
    );
    return;
  }
  if (sheet.hasBlocks)
    pages.line(say('Pasienten har sperret opplysninger for noen: avklar før arket gis videre ut av avdelingen.'), {
      isBold: true,
    });
  drawDanger(pages, sheet);
  drawMedicines(pages, sheet, now);
  drawVitals(pages, sheet, now);
  drawResults(pages, sheet, now);
  drawRest(pages, sheet, now);
}

function drawDanger(pages: Pages, sheet: PatientSheet): void {
  const { say } = pages;
  const parts = [
    ['Allergier og overfølsomhet', knownLines(sheet.allergies, allergyLine, say)],
    ['Kritisk informasjon', knownLines(sheet.critical, remarkLine, say)],
    ['Behandlingsbegrensninger', knownLines(sheet.limits, remarkLine, say)],
    ['Isolasjon og smitte', knownLines(sheet.isolation, remarkLine, say)],
  ] as const;
  pages.heading(pages.say('Kritisk informasjon'));
  pages.table(
    [
      { title: '', width: 24, isBold: true },
      { title: '', width: 76 },
    ],
    parts.map(([title, lines]) => [
      say(title),
      { text: lines.map(({ text }) => text).join('\n'), isDanger: lines.some(({ isDanger }) => isDanger) },
    ]),
  );
  if (sheet.problems.length > 0)
    pages.line(say('Problemer: {problems}', { problems: sheet.problems.join(' · ') }), { size: 9 });
}

function drawMedicines(pages: Pages, sheet: PatientSheet, now: number): void {
  const { say } = pages;
  pages.heading(
    say('Legemidler på avdelingen'),
    say('neste = neste 24 timer, etter ordinasjonen som den er kjent her'),
  );
  if (sheet.medicines.length === 0) empty(pages, sheet, 'Ingen ordinasjoner er registrert for oppholdet.');
  else
    pages.table(
      [
        { title: pages.say('Legemiddel'), width: 36, isBold: true },
        { title: pages.say('Dose, måte'), width: 18 },
        { title: pages.say('Sist gitt'), width: 20 },
        { title: pages.say('Neste'), width: 30 },
      ],
      sheet.medicines.map((medicine) => [
        medicine.name,
        [medicine.dose, medicine.route].filter(Boolean).join(', '),
        { text: lastWords(medicine, now, say), isBold: medicine.last?.isGiven === false },
        { text: dueWords(medicine, now, say), isDanger: medicine.missed !== undefined },
      ]),
    );
  more(pages, sheet, sheet.medicines.length);
  pages.heading(pages.say('Infusjoner'));
  if (sheet.infusions.length === 0) empty(pages, sheet, 'Ingen er registrert.');
  for (const infusion of sheet.infusions)
    pages.line(
      `${infusion.name}: ${[infusion.dose, infusion.words].filter(Boolean).join(', ')} · ${say('startet/endret {when}', { when: lastWords(infusion, now, say) })}`,
    );
  more(pages, sheet, sheet.infusions.length);
}

/** Where there is nothing to list. */
function empty(pages: Pages, sheet: PatientSheet, words: Phrase): void {
  const { text, isDanger } = emptyWords(sheet, words, pages.say);
  pages.line(text, { isDanger });
}

/** After a list of a record that isn't whole here. */
function more(pages: Pages, sheet: PatientSheet, count: number): void {
  const words = moreWords(sheet, pages.say);
  if (count > 0 && words !== undefined) pages.line(words, { isDanger: true });
}

function drawVitals(pages: Pages, sheet: PatientSheet, now: number): void {
  const { say } = pages;
  const score = scoreLine(sheet.score, now, say);
  pages.heading(pages.say('Målinger'));
  if (sheet.vitals.length === 0) return pages.line(...noVitals(sheet, score, say));
  pages.line(score.text, { isDanger: score.isDanger, isBold: true });
  pages.table(
    [{ title: say('Når'), width: 22 }, ...vitalColumns.map((title) => ({ title: say(title), width: 11 }))],
    sheet.vitals.map(({ at, values }) => [
      shortTime(at, now, say),
      ...vitalColumns.map((column) => values[column] ?? '–'),
    ]),
  );
}

/** Of a record that isn't whole here it is not said that nothing was measured. */
function noVitals({ held }: PatientSheet, score: Line, say: Say): [string, { isDanger: boolean }] {
  return held.isWhole ? [score.text, { isDanger: false }] : [say(nothingKnown.notLoaded), { isDanger: true }];
}

function drawResults(pages: Pages, sheet: PatientSheet, now: number): void {
  const { say } = pages;
  pages.heading(pages.say('Prøvesvar siste 48 timer'));
  if (sheet.results.length === 0) empty(pages, sheet, 'Ingen svar siste 48 timer.');
  else
    pages.table(
      [
        { title: pages.say('Analyse'), width: 34 },
        { title: pages.say('Svar'), width: 13, isBold: true },
        { title: '', width: 9, isBold: true },
        { title: pages.say('Enhet'), width: 15 },
        { title: pages.say('Referanse'), width: 14 },
        { title: pages.say('Tatt'), width: 17 },
        { title: pages.say('Forrige'), width: 23 },
      ],
      sheet.results.map(({ name, value, unit, range, flag, at, before }) => [
        name,
        value,
        { text: flagWords(flag, say), isDanger: flag === 'critical' },
        unit,
        range,
        shortTime(at, now, say),
        before === undefined ? '' : `${before.value} (${shortTime(before.at, now, say)})`,
      ]),
      { size: 8.5 },
    );
  more(pages, sheet, sheet.results.length);
  pages.line(
    sheet.pending.length === 0
      ? `${say('Ubesvarte prøver')}: ${emptyWords(sheet, 'ingen kjente.', say).text}`
      : `${say('Ubesvarte prøver')}: ${sheet.pending.map(({ what, since }) => say('{what}, tatt {when}', { what, when: shortTime(since, now, say) })).join(' · ')}`,
    { isBold: true, size: 9 },
  );
}

function drawRest(pages: Pages, sheet: PatientSheet, now: number): void {
  const { say } = pages;
  pages.heading(pages.say('Åpne rekvisisjoner'));
  if (sheet.orders.length === 0) empty(pages, sheet, 'Ingen kjente.');
  for (const { what, since, by } of sheet.orders)
    pages.line(`${what}${since === undefined ? '' : `, ${shortTime(since, now, say)}`}${by ? ` (${by})` : ''}`, {
      size: 9,
    });
  more(pages, sheet, sheet.orders.length);
  pages.heading(pages.say('Plan'));
  if (sheet.plan.length === 0) empty(pages, sheet, 'Ingen plan er registrert.');
  for (const text of sheet.plan) pages.line(`– ${text}`, { size: 9 });
  more(pages, sheet, sheet.plan.length);
  pages.heading(pages.say('Pårørende'));
  if (sheet.kin.length === 0) empty(pages, sheet, 'Ikke registrert.');
  for (const { name, relation, phone } of sheet.kin)
    pages.line(
      `${name} (${relation || say('relasjon ikke registrert')}) ${phone ? say('tlf. {phone}', { phone }) : `– ${say('telefon ikke registrert')}`}`,
      { size: 9 },
    );
}
