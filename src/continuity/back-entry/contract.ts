/** The shapes of back-entry that pages and clients see. Pure, so that a browser may import it. */
import { z } from 'zod';

export const formKinds = ['vitals', 'doses', 'note', 'order', 'newPatient'] as const;
export type FormKind = (typeof formKinds)[number];

/** `issued`: on paper, or ready for it; `entered`: typed in; `verified`: a second person has compared it with the paper; `unused`, `lost`: told by a person. */
export const formStates = ['issued', 'entered', 'verified', 'unused', 'lost'] as const;
export type FormState = (typeof formStates)[number];

const instant = z.iso.datetime({ offset: true });
const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
const words = z.string().trim().min(1).max(2000);
const name = z.string().trim().min(1).max(120);

export const vitalSigns = {
  breathing: z.number().int().min(0).max(120),
  saturation: z.number().min(20).max(100),
  oxygenLitres: z.number().min(0).max(80),
  systolic: z.number().int().min(20).max(350),
  diastolic: z.number().int().min(10).max(250),
  pulse: z.number().int().min(0).max(350),
  consciousness: z.enum(['A', 'C', 'V', 'P', 'U']),
  temperature: z.number().min(20).max(46),
} as const;

const vitalsRow = z
  .strictObject({ at: instant, by: name.optional(), ...vitalSigns })
  .partial({ breathing: true, saturation: true, oxygenLitres: true, systolic: true, diastolic: true })
  .partial({ pulse: true, consciousness: true, temperature: true })
  .refine((row) => Object.keys(row).some((key) => key in vitalSigns), 'has no value')
  .refine((row) => (row.systolic === undefined) === (row.diastolic === undefined), 'has half a blood pressure');

const doseRow = z.strictObject({
  at: instant,
  by: name.optional(),
  /** `MedicationRequest/id` (without the type) of the order; what was given without one is named by `medicine`. */
  request: id.optional(),
  medicine: words,
  dose: z
    .strictObject({ value: z.number().positive().max(100_000), unit: z.string().trim().min(1).max(40) })
    .optional(),
  given: z.boolean(),
  /** Why it was not given; or what else is to be told. */
  remark: words.optional(),
});

const orderRow = z.strictObject({
  at: instant,
  /** Who ordered it, as signed on the paper. */
  by: name,
  kind: z.enum(['medicine', 'service']),
  what: words,
  dosage: words.optional(),
  urgency: z.enum(['routine', 'urgent', 'stat']),
});

const patient = id;
const rows = <T extends z.ZodType>(row: T) => z.array(row).min(1).max(40);

/** What stands on the paper. `patient`: `Patient/id` without the type. */
export const entries = {
  vitals: z.strictObject({ kind: z.literal('vitals'), patient, rows: rows(vitalsRow) }),
  doses: z.strictObject({
    kind: z.literal('doses'),
    patient,
    rows: rows(doseRow),
    /** The same dose is in the record already, and was given twice all the same. */
    isDouble: z.boolean().optional(),
  }),
  note: z.strictObject({
    kind: z.literal('note'),
    patient,
    at: instant,
    by: name,
    title: name,
    text: z.string().trim().min(1).max(20_000),
  }),
  order: z.strictObject({ kind: z.literal('order'), patient, rows: rows(orderRow) }),
  newPatient: z.strictObject({
    kind: z.literal('newPatient'),
    /** Who it turned out to be. */
    patient,
    at: instant,
    by: name,
    /** As it was written on the paper. */
    statedName: name.optional(),
    statedNumber: z.string().trim().max(40).optional(),
    text: z.string().trim().max(20_000).optional(),
  }),
} as const;

export const formEntry = z.discriminatedUnion('kind', [
  entries.vitals,
  entries.doses,
  entries.note,
  entries.order,
  entries.newPatient,
]);
export type FormEntry = z.output<typeof formEntry>;
export type EntryOf<K extends FormKind> = Extract<FormEntry, { kind: K }>;

export const closeRequest = z.strictObject({ as: z.enum(['unused', 'lost']), reason: words });
export const closeManyRequest = z.strictObject({
  codes: z.array(z.string().max(100)).min(1).max(500),
  as: z.enum(['unused', 'lost']),
  reason: words,
});
export const rejectRequest = z.strictObject({ reason: words });
export const issueRequest = z.strictObject({
  /** `Location/id` of the ward, without the type. */
  ward: id,
  kind: z.enum(formKinds),
  patient: id.optional(),
});
export const listQuery = z.strictObject({
  ward: id.optional(),
  count: z.coerce.number().int().min(1).max(500).optional(),
});

/** Who did something with a form: `reference` is `Practitioner/id`, or the name of work of the node. */
export type FormEvent = {
  what: 'issued' | 'printed' | 'entered' | 'verified' | 'rejected' | 'recorded' | 'unused' | 'lost';
  /** ISO 8601. */
  at: string;
  by: { reference: string; name: string };
  reason?: string;
};

export type FormShown = {
  code: string;
  /** What its QR code holds. */
  scan: string;
  ward: string;
  kind: FormKind;
  patient?: string;
  state: FormState;
  /** Nothing more is to be done with it. */
  isClosed: boolean;
  needsSecondPerson: boolean;
  /** In whole minutes, since it was printed, or issued where it was not. */
  ageMinutes: number;
  printedAt?: string;
  events: FormEvent[];
  /** What was entered; only for those who may read the patient's record. */
  entry?: FormEntry;
  /** To begin with, where nothing is entered yet. */
  prefilled?: Partial<FormEntry>;
};
