/** Makes the pack of one ward: read, decide, draw, keep, print. */
import type { Clock } from '#kernel/clock.ts';
import { formDay } from '../back-entry/forms.ts';
import {
  giveUpUnprinted,
  markPrinted,
  reserveForms,
  type FormRequest,
  type Signature,
} from '../back-entry/form-store.ts';
import { scanText } from '../back-entry/form-code.ts';
import type { BlankForm, WardPack } from './contract.ts';
import type { Stay, Ward } from './find-wards.ts';
import type { Fonts } from '#kernel/fonts.ts';
import type { HoldingOf } from './held.ts';
import type { KeptPack, KeptPacks } from './kept-packs.ts';
import { expectedOf, sheetOf } from './patient-sheet.ts';
import { sayIn, type PackLanguage } from './phrases.ts';
import { printPdf } from './print.ts';
import { readPatients } from './read-patients.ts';
import type { Reading } from './reading.ts';
import { writeHtml } from './write-html.ts';
import { writePdf } from './write-pdf.ts';

export type MakeDeps = {
  reading: Reading;
  clock: Clock;
  /** FYR_NODE. */
  node: string;
  fonts: Fonts;
  kept: KeptPacks;
  /** What is held of these patients here. */
  held: HoldingOf;
};

export type Making = {
  by: Signature;
  language: PackLanguage;
  /** The printer's command, where it is to be printed now. */
  printer?: string;
};

/** What is read of one who is to come. */
const expectedTypes = ['Patient', 'AllergyIntolerance', 'Flag', 'Consent', 'Task'];
/** A sheet with a name on it that was never printed is given up so long after the patient has left. */
const givenUpAfterMs = 24 * 3_600_000;

export async function makePack(deps: MakeDeps, ward: Ward, { by, language, printer }: Making): Promise<KeptPack> {
  const { clock, node, fonts, kept } = deps;
  const now = clock.now();
  const content = await contentOf(deps, ward, now, language);
  const patients = content.patients.map(({ patient }) => patient);
  const at = { ward: ward.id, day: formDay(now), now, by };
  const { db } = deps.reading;
  const forms = await reserveForms(db, at, formsFor(patients));
  const pack: WardPack = {
    ...content,
    forms: forms.map(({ code, kind, patient }): BlankForm => {
      return { code, scan: scanText(node, code), kind, ...(patient === undefined ? {} : { patient }) };
    }),
  };
  const html = Buffer.from(writeHtml(pack));
  const { bytes, pages } = await writePdf(pack, fonts);
  const whole: KeptPack = {
    ward: ward.id,
    name: ward.name,
    language,
    madeAt: now,
    heardAt: pack.heardAt,
    pages,
    patients: [
      ...pack.patients.map(({ patient, sources }) => ({ patient, sources })),
      ...content.awaited.map(({ patient, sources }) => ({ patient, sources })),
    ],
    forms: forms.map(({ code }) => code),
    pdf: bytes,
    html,
  };
  await kept.keep(whole);
  await giveUpUnprinted(db, { ...at, before: now - givenUpAfterMs }, patients);
  if (printer !== undefined) await print(deps, whole, { by, printer });
  return whole;
}

/** From here on the forms of the pack may lie anywhere: the next pack gets others. */
export async function print(
  deps: MakeDeps,
  pack: KeptPack,
  { by, printer }: Required<Pick<Making, 'by' | 'printer'>>,
): Promise<void> {
  await markPrinted(deps.reading.db, pack.forms, deps.clock.now(), by);
  await printPdf(printer, pack.ward, pack.pdf);
}

type Content = Omit<WardPack, 'forms'> & { awaited: readonly { patient: string; sources: readonly string[] }[] };

/** Everything of a pack but its forms. */
export async function contentOf(
  { reading, node, held }: Pick<MakeDeps, 'reading' | 'node' | 'held'>,
  ward: Ward,
  now: number,
  language: PackLanguage = 'nb',
): Promise<Content> {
  const say = sayIn(language);
  const here = ward.stays.map(({ patient }) => patient);
  const coming = ward.expected.map(({ patient }) => patient);
  const records = await readPatients(reading, here, now);
  const awaited = await readPatients(reading, coming, now, expectedTypes);
  const holding = await held([...here, ...coming], now);
  const options = (stay: Stay, from: typeof records) => ({
    stay,
    records: from.get(stay.patient) ?? {},
    // Of whom nothing is known here, nothing is whole.
    held: holding.get(stay.patient) ?? { isWhole: false, heardAt: now },
    department: ward.department,
    now,
    say,
  });
  return {
    ward: ward.id,
    name: ward.name,
    language,
    node,
    madeAt: now,
    heardAt: [...holding.values()].reduce((least, { heardAt }) => Math.min(least, heardAt), now),
    patients: ward.stays.map((stay) => sheetOf(options(stay, records))),
    expected: ward.expected.map((stay) => expectedOf(options(stay, awaited))),
    awaited: ward.expected.map(({ patient, encounter }) => ({
      patient,
      sources: [
        `Encounter/${encounter.id}`,
        ...Object.values(awaited.get(patient) ?? {}).flatMap((some) =>
          some.map((one) => `${one.resourceType}/${one.id}`),
        ),
      ],
    })),
  };
}

/** Two with the name of each patient, and some without. */
function formsFor(patients: readonly string[]): FormRequest[] {
  const some = Math.max(2, Math.ceil(patients.length / 4));
  const blank = (kind: FormRequest['kind'], count: number): FormRequest[] =>
    Array.from({ length: count }, () => ({ kind }));
  return [
    ...patients.flatMap((patient): FormRequest[] => [
      { kind: 'vitals', patient },
      { kind: 'doses', patient },
    ]),
    ...blank('note', some),
    ...blank('order', some),
    ...blank('newPatient', 3),
    ...blank('vitals', 3),
    ...blank('doses', 3),
  ];
}
