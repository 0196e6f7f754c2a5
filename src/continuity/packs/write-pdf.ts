/** A pack as PDF: the ward's list, each patient's pages, who is expected, and forms to write on. */
import { setImmediate } from 'node:timers/promises';
import type { PatientSheet, WardPack } from './contract.ts';
import type { Fonts } from '#kernel/fonts.ts';
import { shortTime, dayTime } from './local-time.ts';
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
} from './told.ts';
import { flagWords } from './words.ts';
import { drawForms } from './write-forms.ts';

/** The file, and how many pages it has. */
export async function writePdf(pack: WardPack, fonts: Fonts): Promise<{ bytes: Buffer; pages: number }> {
  const footer = footerWords(pack);
  const pages = new Pages({ title: `Nødpakke ${pack.name}`, madeAt: pack.madeAt, footer, fonts });
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
  const partial = patients.filter(({ held }) => !held.isWhole).length;
  pages.begin({
    title: `Nødpakke: ${name}`,
    subtitle: `${countWords(patients.length)} · ${expected.length} ventes · node ${node}`,
    place: `laget ${dayTime(madeAt, madeAt)}`,
    ...(partial > 0
      ? { danger: `${countWords(partial)}: journalen er ikke hel her. Det står på arket hva som mangler.` }
      : {}),
  });
  pages.line(
    `Laget ${dayTime(madeAt, madeAt)} av det som da var kjent på noden, ${heardWords(heardAt, madeAt)}. ` +
      'Det som er skrevet senere, står ikke her.',
    { isBold: true },
  );
  pages.heading('Pasienter etter seng');
  pages.table(
    [
      { title: 'Seng', width: 15 },
      { title: 'Pasient', width: 27, isBold: true },
      { title: 'NEWS2', width: 11 },
      { title: 'Isolasjon', width: 14 },
      { title: 'Behandlingsbegrensning', width: 17 },
      { title: 'Neste dose', width: 15 },
    ],
    patients.map((sheet) => wardRow(sheet, madeAt)),
    { size: 8.8 },
  );
  pages.heading('Ventes de neste tre døgn');
  if (expected.length === 0) pages.line('Ingen ventede innleggelser er kjent her.');
  else
    pages.table(
      [
        { title: 'Når', width: 13 },
        { title: 'Pasient', width: 27, isBold: true },
        { title: 'Seng', width: 15 },
        { title: 'Hvorfor, og hva som er farlig', width: 49 },
      ],
      expected.map((one) => [
        shortTime(one.at, madeAt),
        `${one.name}\n${shortIdentity(one)}`,
        one.bed,
        expectedWords(one),
      ]),
      { size: 8.8 },
    );
  pages.heading('Slik brukes pakken');
  for (const text of howTo) pages.line(text);
}

const countWords = (count: number): string => `${count} ${count === 1 ? 'pasient' : 'pasienter'}`;

const howTo = [
  '1. Gå ut fra at det er skjedd noe etter at pakken ble laget: sammenhold med pasienten og med den som hadde vakten.',
  '2. Skriv målinger, gitte legemidler, notater og ordinasjoner på skjemaene bakerst. Navn og nummer på hvert ark. Skriv klokkeslettet da det skjedde, og signer.',
  '3. Når systemet er tilbake: hvert skjema føres inn med nummeret eller QR-koden sin. Ark som ikke ble brukt eller er borte, meldes som det.',
];

function wardRow(sheet: PatientSheet, now: number): Cell[] {
  if (sheet.isBlocked)
    return [
      sheet.bed,
      `${sheet.name}\n${shortIdentity(sheet)}`,
      '–',
      '–',
      { text: 'Sperret av pasienten', isDanger: true },
      '–',
    ];
  const first = (lines: readonly { text: string }[]): string => lines.map(({ text }) => text).join('; ');
  const next = sheet.medicines.flatMap(({ due }) => (due.kind === 'times' ? (due.times[0] ?? []) : []));
  const late = sheet.medicines.some(({ missed }) => missed !== undefined);
  return [
    sheet.bed,
    `${sheet.name}\n${shortIdentity(sheet)}`,
    { text: scoreWords(sheet.score), isDanger: isScoreDanger(sheet.score) },
    { text: sheet.isolation.items.length > 0 ? first(sheet.isolation.items) : unknownOr(sheet, '–'), isBold: true },
    {
      text: sheet.limits.items.length > 0 ? first(sheet.limits.items) : unknownOr(sheet, 'ikke registrert'),
      isBold: sheet.limits.items.length > 0,
    },
    `${
      next.length === 0
        ? '–'
        : shortTime(
            next.reduce((a, b) => Math.min(a, b)),
            now,
          )
    }${late ? '\nutestående' : ''}`,
  ];
}

const unknownOr = ({ held }: PatientSheet, otherwise: string): string => (held.isWhole ? otherwise : 'ikke lastet');

export function headerOf(sheet: PatientSheet, pack: WardPack): Header {
  const danger = dangerLine(sheet);
  return {
    title: sheet.name,
    subtitle: identityWords(sheet),
    place: sheet.bed,
    placeBelow: pack.name,
    ...(danger === undefined ? {} : { danger }),
  };
}

function drawPatient(pages: Pages, sheet: PatientSheet, pack: WardPack): void {
  const now = pack.madeAt;
  pages.begin(headerOf(sheet, pack));
  const admitted = sheet.admitted === undefined ? '' : `Innlagt ${shortTime(sheet.admitted, now)}. `;
  const people = [sheet.responsible && `Ansvarlig: ${sheet.responsible}`, sheet.nurse && `Sykepleier: ${sheet.nurse}`];
  pages.line(`${admitted}${sheet.reason}`, { isBold: true });
  pages.line([...people.filter(Boolean), heldWords(sheet.held, now)].join(' · '), { size: 9 });
  if (sheet.isBlocked) {
    pages.line(
      'Pasienten har sperret journalen for denne avdelingen. Trengs den i en nødssituasjon, åpnes den med begrunnelse (nødrett) på en node som svarer.',
      { isBold: true },
    );
    return;
  }
  if (sheet.hasBlocks)
    pages.line('Pasienten har sperret opplysninger for noen: avklar før arket gis videre ut av avdelingen.', {
      isBold: true,
    });
  drawDanger(pages, sheet);
  drawMedicines(pages, sheet, now);
  drawVitals(pages, sheet, now);
  drawResults(pages, sheet, now);
  drawRest(pages, sheet, now);
}

function drawDanger(pages: Pages, sheet: PatientSheet): void {
  const parts = [
    ['Allergier og overfølsomhet', knownLines(sheet.allergies, allergyLine)],
    ['Kritisk informasjon', knownLines(sheet.critical, remarkLine)],
    ['Behandlingsbegrensninger', knownLines(sheet.limits, remarkLine)],
    ['Isolasjon og smitte', knownLines(sheet.isolation, remarkLine)],
  ] as const;
  pages.heading('Kritisk informasjon');
  pages.table(
    [
      { title: '', width: 24, isBold: true },
      { title: '', width: 76 },
    ],
    parts.map(([title, lines]) => [
      title,
      { text: lines.map(({ text }) => text).join('\n'), isDanger: lines.some(({ isDanger }) => isDanger) },
    ]),
  );
  if (sheet.problems.length > 0) pages.line(`Problemer: ${sheet.problems.join(' · ')}`, { size: 9 });
}

function drawMedicines(pages: Pages, sheet: PatientSheet, now: number): void {
  pages.heading('Legemidler på avdelingen', 'neste = neste 24 timer, etter ordinasjonen som den er kjent her');
  if (sheet.medicines.length === 0) empty(pages, sheet, 'Ingen ordinasjoner er registrert for oppholdet.');
  else
    pages.table(
      [
        { title: 'Legemiddel', width: 36, isBold: true },
        { title: 'Dose, måte', width: 18 },
        { title: 'Sist gitt', width: 20 },
        { title: 'Neste', width: 30 },
      ],
      sheet.medicines.map((medicine) => [
        medicine.name,
        [medicine.dose, medicine.route].filter(Boolean).join(', '),
        { text: lastWords(medicine, now), isBold: medicine.last?.isGiven === false },
        { text: dueWords(medicine, now), isDanger: medicine.missed !== undefined },
      ]),
    );
  more(pages, sheet, sheet.medicines.length);
  pages.heading('Infusjoner');
  if (sheet.infusions.length === 0) empty(pages, sheet, 'Ingen er registrert.');
  for (const infusion of sheet.infusions)
    pages.line(
      `${infusion.name}: ${[infusion.dose, infusion.words].filter(Boolean).join(', ')} · startet/endret ${lastWords(infusion, now)}`,
    );
  more(pages, sheet, sheet.infusions.length);
}

/** Where there is nothing to list. */
function empty(pages: Pages, sheet: PatientSheet, words: string): void {
  const { text, isDanger } = emptyWords(sheet, words);
  pages.line(text, { isDanger });
}

/** After a list of a record that isn't whole here. */
function more(pages: Pages, sheet: PatientSheet, count: number): void {
  const words = moreWords(sheet);
  if (count > 0 && words !== undefined) pages.line(words, { isDanger: true });
}

function drawVitals(pages: Pages, sheet: PatientSheet, now: number): void {
  const score = scoreLine(sheet.score, now);
  pages.heading('Målinger');
  if (sheet.vitals.length === 0) return empty(pages, sheet, score.text);
  pages.line(score.text, { isDanger: score.isDanger, isBold: true });
  pages.table(
    [{ title: 'Når', width: 22 }, ...vitalColumns.map((title) => ({ title, width: 11 }))],
    sheet.vitals.map(({ at, values }) => [shortTime(at, now), ...vitalColumns.map((column) => values[column] ?? '–')]),
  );
}

function drawResults(pages: Pages, sheet: PatientSheet, now: number): void {
  pages.heading('Prøvesvar siste 48 timer');
  if (sheet.results.length === 0) empty(pages, sheet, 'Ingen svar siste 48 timer.');
  else
    pages.table(
      [
        { title: 'Analyse', width: 34 },
        { title: 'Svar', width: 13, isBold: true },
        { title: '', width: 9, isBold: true },
        { title: 'Enhet', width: 15 },
        { title: 'Referanse', width: 14 },
        { title: 'Tatt', width: 17 },
        { title: 'Forrige', width: 23 },
      ],
      sheet.results.map(({ name, value, unit, range, flag, at, before }) => [
        name,
        value,
        { text: flagWords[flag], isDanger: flag === 'critical' },
        unit,
        range,
        shortTime(at, now),
        before === undefined ? '' : `${before.value} (${shortTime(before.at, now)})`,
      ]),
      { size: 8.5 },
    );
  more(pages, sheet, sheet.results.length);
  pages.line(
    sheet.pending.length === 0
      ? `Ubesvarte prøver: ${emptyWords(sheet, 'ingen kjente.').text}`
      : `Ubesvarte prøver: ${sheet.pending.map(({ what, since }) => `${what} tatt ${shortTime(since, now)}`).join(' · ')}`,
    { isBold: true, size: 9 },
  );
}

function drawRest(pages: Pages, sheet: PatientSheet, now: number): void {
  pages.heading('Åpne rekvisisjoner');
  if (sheet.orders.length === 0) empty(pages, sheet, 'Ingen kjente.');
  for (const { what, since, by } of sheet.orders)
    pages.line(`${what}${since === undefined ? '' : `, ${shortTime(since, now)}`}${by ? ` (${by})` : ''}`, { size: 9 });
  more(pages, sheet, sheet.orders.length);
  pages.heading('Plan');
  if (sheet.plan.length === 0) empty(pages, sheet, 'Ingen plan er registrert.');
  for (const text of sheet.plan) pages.line(`– ${text}`, { size: 9 });
  more(pages, sheet, sheet.plan.length);
  pages.heading('Pårørende');
  if (sheet.kin.length === 0) empty(pages, sheet, 'Ikke registrert.');
  for (const { name, relation, phone } of sheet.kin)
    pages.line(
      `${name} (${relation || 'relasjon ikke registrert'}) ${phone ? `tlf. ${phone}` : '– telefon ikke registrert'}`,
      { size: 9 },
    );
}
