/** The forms of a pack: each with its own number and code, and the name of the patient where it is known. */
import { setImmediate } from 'node:timers/promises';
import type { BlankForm, PatientSheet, WardPack } from './contract.ts';
import { localParts } from '#shared/norwegian-clock.ts';
import { clockTime } from './local-time.ts';
import type { Pages } from './pages.ts';
import type { Phrase } from './phrases.ts';
import { dangerLine, identityWords } from './told.ts';
import { formTitles } from './words.ts';

/** Each patient's own forms in the order of the beds, then those without a name. */
export async function drawForms(pages: Pages, pack: WardPack): Promise<void> {
  for (const sheet of [...pack.patients, undefined]) {
    for (const form of pack.forms.filter(({ patient }) => patient === sheet?.patient))
      drawForm(pages, pack, form, sheet);
    // Others are answered in between.
    await setImmediate();
  }
}

function drawForm(pages: Pages, pack: WardPack, form: BlankForm, sheet: PatientSheet | undefined): void {
  const { say } = pages;
  const danger = sheet === undefined ? undefined : dangerLine(sheet, say);
  const isNew = form.kind === 'newPatient';
  pages.begin({
    title: sheet?.name ?? (isNew ? say('Ny pasient: ukjent for systemet') : say('Navn: {line}', { line: blank(30) })),
    subtitle:
      sheet === undefined
        ? say('Fødselsnr.: {line}   Seng: {bed}', { line: blank(23), bed: blank(10) })
        : identityWords(sheet, say),
    place: sheet?.bed ?? pack.name,
    placeBelow: sheet === undefined ? '' : pack.name,
    ...(danger === undefined ? {} : { danger }),
  });
  pages.code(form.scan, [
    say(formTitles[form.kind]),
    say('Skjema {code}', { code: form.code }),
    say('utstedt av node {node}', { node: pack.node }),
    say('Skriv tiden da det skjedde. Signer hver linje.'),
    say('Ett skjema, én pasient. Føres inn når systemet er tilbake.'),
  ]);
  draw[form.kind](pages, pack, sheet);
}

const blank = (length: number): string => '_'.repeat(length);

type Draw = (pages: Pages, pack: WardPack, sheet: PatientSheet | undefined) => void;

const rows = (count: number, cells: number): string[][] =>
  Array.from({ length: count }, () => Array.from({ length: cells }, () => ''));

const drawVitalsForm: Draw = (pages) => {
  const { say } = pages;
  const vitals = (['RF', 'SpO2', 'O2 l/min', 'BT', 'Puls', 'ACVPU', 'Temp'] as const).map((name) => say(name));
  const columns = [say('Dato kl.'), ...vitals, 'NEWS2', say('Sign.')];
  const widths = [16, 8, 9, 10, 14, 9, 10, 9, 9, 12];
  pages.table(
    columns.map((title, at) => ({ title, width: widths[at] ?? 10 })),
    rows(16, columns.length),
    { rowHeight: 30 },
  );
  pages.line(say('ACVPU: A våken · C nyoppstått forvirring · V reagerer på tiltale · P på smerte · U reagerer ikke'), {
    size: 8.5,
  });
};

/** A line a dose that is due, with the time printed; then lines for what is given besides. */
const drawDosesForm: Draw = (pages, pack, sheet) => {
  const { say } = pages;
  const due = (sheet?.medicines ?? []).flatMap((medicine) => {
    const what = [medicine.name, medicine.dose, medicine.route].filter(Boolean).join(', ');
    const late = medicine.missed === undefined ? [] : [medicine.missed];
    if (medicine.due.kind === 'times')
      return [...late, ...medicine.due.times].map((at) => {
        const when = `${at < pack.madeAt ? `${say('utestående')} ` : ''}${dayOfMonth(at)} ${clockTime(at)}`;
        return { at, cells: [when, what, '', '', ''] };
      });
    return [
      {
        at: Infinity,
        cells: [medicine.due.kind === 'asNeeded' ? say('ved behov') : say('se ordinasjon'), what, '', '', ''],
      },
    ];
  });
  const planned = due.toSorted((a, b) => a.at - b.at).map(({ cells }) => cells);
  const isEmpty = planned.length === 0;
  pages.table(
    [
      { title: pages.say('Skal gis'), width: 13 },
      { title: pages.say('Legemiddel, dose, måte'), width: 45 },
      { title: pages.say('Gitt dato kl.'), width: 15 },
      { title: pages.say('Dose / ikke gitt fordi'), width: 19 },
      { title: pages.say('Sign.'), width: 12 },
    ],
    [...planned, ...rows(isEmpty ? 18 : 6, 5)],
    { rowHeight: isEmpty ? 28 : 24, size: 8.8 },
  );
};

function dayOfMonth(at: number): string {
  const { day, month } = localParts(at);
  return `${day}.${month}.`;
}

const drawNoteForm: Draw = (pages) => {
  pages.line(
    pages.say('Tittel: {line}   Dato kl.: {time}   Skrevet av: {by}', {
      line: blank(30),
      time: blank(18),
      by: blank(22),
    }),
  );
  pages.ruled();
};

const drawOrderForm: Draw = (pages) => {
  pages.table(
    [
      { title: pages.say('Dato kl.'), width: 14 },
      { title: pages.say('Legemiddel eller undersøkelse'), width: 37 },
      { title: pages.say('Dosering / klinisk spørsmål'), width: 29 },
      { title: pages.say('Haster (ja/nei)'), width: 10 },
      { title: pages.say('Ordinert av (navn, sign.)'), width: 20 },
    ],
    rows(14, 5),
    { rowHeight: 38 },
  );
};

const drawNewPatientForm: Draw = (pages) => {
  const fields: readonly Phrase[] = [
    'Oppgitt navn',
    'Fødselsdato eller fødselsnummer',
    'Kjønn og anslått alder, kjennetegn',
    'Legitimert ved (pass, førerkort, pårørende, ingen)',
    'Kom når, hvorfra, med hva (ambulanse, selv)',
    'Pårørende, telefon',
    'Allergier: spurt? hva?  (tomt betyr IKKE spurt)',
    'Faste legemidler',
    'Kritisk informasjon, implantat, smitte',
    'Ansvarlig lege og sykepleier',
  ];
  pages.line(
    pages.say(
      'Bruk nummeret på dette skjemaet som pasientens nummer på alle andre ark, til vedkommende er identifisert.',
    ),
    { isBold: true },
  );
  pages.table(
    [
      { title: '', width: 34, isBold: true },
      { title: '', width: 66 },
    ],
    fields.map((field) => [pages.say(field), '']),
    { rowHeight: 32 },
  );
  pages.line(pages.say('Problem og tiltak'), { isBold: true });
  pages.ruled();
};

const draw: Readonly<Record<BlankForm['kind'], Draw>> = {
  vitals: drawVitalsForm,
  doses: drawDosesForm,
  note: drawNoteForm,
  order: drawOrderForm,
  newPatient: drawNewPatientForm,
};
