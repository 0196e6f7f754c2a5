/** What a form is: its fields, what is wrong with what was typed, what it becomes in the record, and the way back. */
import type { FhirResource, Reference } from 'fhir/r4';

/** By the name of the field; empty where nothing was typed. Times are as typed, on a Norwegian clock. */
export type Values = Readonly<Record<string, string>>;

export type Field = {
  name: string;
  isRequired?: boolean;
  /** Helps to find something, and says nothing in the record. */
  isAid?: boolean;
  /** Shown and asked for only then. */
  isAsked?: (values: Values) => boolean;
  /** Asked of what is new, and not when it is changed. */
  isOnlyNew?: boolean;
} & (
  | { kind: 'words'; max: number }
  | { kind: 'text'; max: number; lines: number }
  | { kind: 'when' }
  | { kind: 'day' }
  | { kind: 'number'; least: number; most: number; decimals: number }
  | { kind: 'choice'; options: readonly string[] }
  | { kind: 'select'; options: readonly string[] }
  /** A colleague of one's own department, or a unit found by its name; said as `record/party.ts` does. */
  | { kind: 'party'; from: 'colleagues' | 'units' }
  /** Found in code lists by words, or said in words alone. `systems`: where it is looked for. */
  | { kind: 'code'; systems: (values: Values) => readonly string[] }
);

export type FieldKind = Field['kind'];

export type Context = {
  /** `Patient/id` */
  subject: Reference;
  author: Reference;
  /** The stay under way, where there is one. */
  encounter: Reference | undefined;
  /** By which the other resources refer to the first one before it is written: `urn:uuid:…`. */
  first: string;
  /** ISO 8601. */
  now: string;
};

export type FormKind = {
  name: string;
  fields: readonly Field[];
  /** What stands there at first. @param now milliseconds since 1970 */
  empty: (now: number) => Values;
  /** What the fields by themselves can't say; keys of texts by field. */
  problems?: (values: Values) => Values;
  resources: (values: Values, context: Context) => FhirResource[];
  /** Where what was written can be changed: its type, what it says by field, and the same with other values. */
  change?: {
    type: FhirResource['resourceType'];
    read: (resource: FhirResource) => Values;
    write: (resource: FhirResource, values: Values, context: Context) => FhirResource;
  };
  /** Buttons that send it, from the least to the most: keys of texts; the values that each adds. */
  ways?: readonly { name: string; adds: Values }[];
  /** The page of the patient on which it is seen afterwards. */
  seenOn: string;
};

export function isAsked({ isAsked: asked }: Field, values: Values): boolean {
  return asked?.(values) ?? true;
}

/** Keys of texts by field. */
export function problemsOf({ fields, problems }: FormKind, values: Values): Values {
  const found: Record<string, string> = {};
  for (const field of fields.filter((one) => isAsked(one, values))) {
    const problem = problemOf(field, (values[field.name] ?? '').trim());
    if (problem !== undefined) found[field.name] = problem;
  }
  return { ...problems?.(values), ...found };
}

function problemOf(field: Field, typed: string): string | undefined {
  if (typed === '') return field.isRequired ? 'lacks' : undefined;
  if (field.kind === 'number') {
    const value = numberIn(typed);
    if (value === undefined) return 'no-number';
    return value < field.least || value > field.most ? 'out-of-bounds' : undefined;
  }
  if (field.kind === 'day') return /^\d{4}-\d\d-\d\d$/.test(typed) ? undefined : 'no-day';
  return undefined;
}

/** `38,2` or `38.2`; undefined for what is no number. */
export function numberIn(typed: string | undefined): number | undefined {
  const text = (typed ?? '').trim().replace(',', '.');
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
