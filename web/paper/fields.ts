/** What stands on each kind of form, field by field, and what becomes of what was typed. Pure. */
import type { FormEntry, FormKind } from '#continuity/back-entry/contract.ts';
import { instantOf } from '../text/typed-time.ts';

export type Field = {
  name: string;
  kind: 'time' | 'text' | 'long' | 'number' | 'choice';
  options?: readonly string[];
  isNeeded?: boolean;
};

const at: Field = { name: 'at', kind: 'time', isNeeded: true };
const by: Field = { name: 'by', kind: 'text' };
const signedBy: Field = { ...by, isNeeded: true };
const number = (name: string): Field => ({ name, kind: 'number' });

/** Of one row, or of the whole form where it has no rows. */
export const fieldsOf: Readonly<Record<FormKind, readonly Field[]>> = {
  vitals: [
    at,
    number('breathing'),
    number('saturation'),
    number('oxygenLitres'),
    number('systolic'),
    number('diastolic'),
    number('pulse'),
    { name: 'consciousness', kind: 'choice', options: ['A', 'C', 'V', 'P', 'U'] },
    number('temperature'),
    by,
  ],
  doses: [
    { name: 'medicine', kind: 'text', isNeeded: true },
    { name: 'given', kind: 'choice', options: ['yes', 'no'], isNeeded: true },
    at,
    number('amount'),
    { name: 'unit', kind: 'text' },
    { name: 'remark', kind: 'text' },
    by,
  ],
  order: [
    { name: 'order', kind: 'choice', options: ['medicine', 'service'], isNeeded: true },
    { name: 'what', kind: 'text', isNeeded: true },
    { name: 'dosage', kind: 'text' },
    { name: 'urgency', kind: 'choice', options: ['routine', 'urgent', 'stat'], isNeeded: true },
    at,
    signedBy,
  ],
  note: [at, signedBy, { name: 'title', kind: 'text', isNeeded: true }, { name: 'text', kind: 'long', isNeeded: true }],
  newPatient: [
    at,
    signedBy,
    { name: 'statedName', kind: 'text' },
    { name: 'statedNumber', kind: 'text' },
    { name: 'text', kind: 'long' },
  ],
};

export const hasRows = (kind: FormKind): boolean => ['vitals', 'doses', 'order'].includes(kind);

/** What was typed of one row, by the names of the fields; `request` is the order that stands on the form. */
export type Typed = Readonly<Record<string, string>>;

/** Nothing was written in this row: it stays out. */
export const isEmptyRow = (kind: FormKind, typed: Typed): boolean =>
  fieldsOf[kind].every(({ name }) => (kind === 'doses' && name === 'medicine') || (typed[name] ?? '').trim() === '');

export type Lack = 'lacks' | 'time' | 'number' | undefined;

export function lackOf({ name, kind, isNeeded }: Field, typed: Typed): Lack {
  const text = (typed[name] ?? '').trim();
  if (text === '') return isNeeded === true ? 'lacks' : undefined;
  if (kind === 'time') return instantOf(text) === undefined ? 'time' : undefined;
  return kind === 'number' && !/^\d+([.,]\d+)?$/.test(text) ? 'number' : undefined;
}

type Values = Record<string, string | number>;

function valuesOf(kind: FormKind, typed: Typed): Values {
  const values: Values = {};
  for (const { name, kind: of } of fieldsOf[kind]) {
    const text = (typed[name] ?? '').trim();
    if (text === '') continue;
    if (of === 'number') values[name] = Number(text.replace(',', '.'));
    else values[name] = of === 'time' ? new Date(instantOf(text) ?? 0).toISOString() : text;
  }
  return values;
}

function rowOf(kind: FormKind, typed: Typed): object {
  const values = valuesOf(kind, typed);
  if (kind === 'vitals') return values;
  if (kind === 'order') {
    const { order, ...rest } = values;
    return { ...rest, kind: order };
  }
  const { amount, unit, given, ...rest } = values;
  const { request } = typed;
  return {
    ...rest,
    given: given === 'yes',
    ...(amount === undefined ? {} : { dose: { value: amount, unit: unit ?? '' } }),
    ...(request === undefined || request === '' ? {} : { request }),
  };
}

/** What the node is sent; it says what can not be. */
export function entryOf(kind: FormKind, patient: string, rows: readonly Typed[], isDouble: boolean): FormEntry {
  if (!hasRows(kind)) return { kind, patient, ...valuesOf(kind, rows[0] ?? {}) } as FormEntry;
  const written = rows.filter((row) => !isEmptyRow(kind, row)).map((row) => rowOf(kind, row));
  return { kind, patient, rows: written, ...(isDouble ? { isDouble } : {}) } as FormEntry;
}

/** Rows to begin with: the orders that stand on the form, or an empty one. */
export function firstRows(prefilled: Partial<FormEntry> | undefined): Typed[] {
  const rows = (prefilled as { rows?: { request?: string; medicine?: string }[] } | undefined)?.rows ?? [];
  const known = rows.map(({ request = '', medicine = '' }) => ({ request, medicine }));
  return known.length === 0 ? [{}] : known;
}
