/** The forms of a pack: each with its own number and code, and the name of the patient where it is known. */
import { setImmediate } from 'node:timers/promises';
import type { BlankForm, PatientSheet, WardPack } from './contract.ts';
import { localParts } from '#shared/norwegian-clock.ts';
import { clockTime } from './local-time.ts';
import type { Pages } from './pages.ts';
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
  const danger = sheet === undefined ? undefined : dangerLine(sheet);
  const isNew = form.kind === 'newPatient';
  pages.begin({
    title: sheet?.name ?? (isNew ? 'Ny pasient: ukjent for systemet' : 'Navn: ______________________________'),
    subtitle: sheet === undefined ? 'Fødselsnr.: _______________________   Seng: __________' : identityWords(sheet),
    place: sheet?.bed ?? pack.name,
    placeBelow: sheet === undefined ? '' : pack.name,
    ...(danger === undefined ? {} : { danger }),
  });
  pages.code(form.scan, [
    formTitles[form.kind],
    `Skjema ${form.code}`,
    `utstedt av node ${pack.node}`,
    'Skriv tiden da det skjedde. Signer hver linje.',
    'Ett skjema, én pasient. Føres inn når systemet er tilbake.',
  ]);
  draw[form.kind](pages, pack, sheet);
}

type Draw = (pages: Pages, pack: WardPack, sheet: PatientSheet | undefined) => void;

const rows = (count: number, cells: number): string[][] =>
  Array.from({ length: count }, () => Array.from({ length: cells }, () => ''));

const drawVitalsForm: Draw = (pages) => {
  const columns = ['Dato kl.', 'RF', 'SpO2', 'O2 l/min', 'BT', 'Puls', 'ACVPU', 'Temp', 'NEWS2', 'Sign.'];
  const widths = [16, 8, 9, 10, 14, 9, 10, 9, 9, 12];
  pages.table(
    columns.map((title, at) => ({ title, width: widths[at] ?? 10 })),
    rows(16, columns.length),
    { rowHeight: 30 },
  );
  pages.line('ACVPU: A våken · C nyoppstått forvirring · V reagerer på tiltale · P på smerte · U reagerer ikke', {
    size: 8.5,
  });
};

/** A line a dose that is due, with the time printed; then lines for what is given besides. */
const drawDosesForm: Draw = (pages, pack, sheet) => {
  const due = (sheet?.medicines ?? []).flatMap((medicine) => {
    const what = [medicine.name, medicine.dose, medicine.route].filter(Boolean).join(', ');
    const late = medicine.missed === undefined ? [] : [medicine.missed];
    if (medicine.due.kind === 'times')
      return [...late, ...medicine.due.times].map((at) => {
        const when = `${at < pack.madeAt ? 'utestående ' : ''}${dayOfMonth(at)} ${clockTime(at)}`;
        return { at, cells: [when, what, '', '', ''] };
      });
    return [
      { at: Infinity, cells: [medicine.due.kind === 'asNeeded' ? 'ved behov' : 'se ordinasjon', what, '', '', ''] },
    ];
  });
  const planned = due.toSorted((a, b) => a.at - b.at).map(({ cells }) => cells);
  const isEmpty = planned.length === 0;
  pages.table(
    [
      { title: 'Skal gis', width: 13 },
      { title: 'Legemiddel, dose, måte', width: 45 },
      { title: 'Gitt dato kl.', width: 15 },
      { title: 'Dose / ikke gitt fordi', width: 19 },
      { title: 'Sign.', width: 12 },
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
    'Tittel: ______________________________   Dato kl.: __________________   Skrevet av: ______________________',
  );
  pages.ruled();
};

const drawOrderForm: Draw = (pages) => {
  pages.table(
    [
      { title: 'Dato kl.', width: 14 },
      { title: 'Legemiddel eller undersøkelse', width: 37 },
      { title: 'Dosering / klinisk spørsmål', width: 29 },
      { title: 'Haster (ja/nei)', width: 10 },
      { title: 'Ordinert av (navn, sign.)', width: 20 },
    ],
    rows(14, 5),
    { rowHeight: 38 },
  );
};

const drawNewPatientForm: Draw = (pages) => {
  const fields = [
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
    'Bruk nummeret på dette skjemaet som pasientens nummer på alle andre ark, til vedkommende er identifisert.',
    { isBold: true },
  );
  pages.table(
    [
      { title: '', width: 34, isBold: true },
      { title: '', width: 66 },
    ],
    fields.map((field) => [field, '']),
    { rowHeight: 32 },
  );
  pages.line('Problem og tiltak', { isBold: true });
  pages.ruled();
};

const draw: Readonly<Record<BlankForm['kind'], Draw>> = {
  vitals: drawVitalsForm,
  doses: drawDosesForm,
  note: drawNoteForm,
  order: drawOrderForm,
  newPatient: drawNewPatientForm,
};
