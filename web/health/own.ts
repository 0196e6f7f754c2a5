/** What citizens add to their record themselves, marked as theirs: who says it, and that it was they. Pure. */
import type { FhirResource, Observation, RelatedPerson } from 'fhir/r4';
import { observationsOf } from '../record/vital-signs.ts';

export const ownTag = { system: 'urn:fyr:code-system:trust', code: 'own-registration' };

export function isOwn({ meta }: FhirResource): boolean {
  return (meta?.tag ?? []).some(({ system, code }) => system === ownTag.system && code === ownTag.code);
}

/** Each kind with its fields: the least and the most that is taken for true, and the decimals that are written. */
export const measuredKinds = {
  pressure: [
    { name: 'systolic', least: 30, most: 320, decimals: 0 },
    { name: 'diastolic', least: 10, most: 220, decimals: 0 },
  ],
  pulse: [{ name: 'pulse', least: 20, most: 320, decimals: 0 }],
  weight: [{ name: 'weight', least: 0.3, most: 500, decimals: 1 }],
  temperature: [{ name: 'temperature', least: 24, most: 45, decimals: 1 }],
  glucose: [{ name: 'glucose', least: 0.5, most: 60, decimals: 1 }],
  saturation: [{ name: 'saturation', least: 30, most: 100, decimals: 0 }],
} as const satisfies Readonly<Record<string, readonly MeasuredField[]>>;

export type MeasuredField = { name: string; least: number; most: number; decimals: number };
export type MeasuredKind = keyof typeof measuredKinds;
export const kindNames = Object.keys(measuredKinds) as MeasuredKind[];

/** `37,4` or `37.4`; undefined for what is no number of the field. */
export function measuredIn(typed: string | undefined, { least, most, decimals }: MeasuredField): number | undefined {
  const plain = (typed ?? '').trim().replace(',', '.');
  if (!/^\d{1,3}(\.\d+)?$/.test(plain)) return undefined;
  const value = Number(plain);
  if (value < least || value > most || (plain.split('.')[1] ?? '').length > decimals) return undefined;
  return value;
}

const others = {
  weight: { code: '29463-7', display: 'Body weight', text: 'Vekt', unit: 'kg', ucum: 'kg' },
  glucose: {
    code: '14743-9',
    display: 'Glucose [Moles/volume] in Capillary blood by Glucometer',
    text: 'Blodsukker',
    unit: 'mmol/L',
    ucum: 'mmol/L',
  },
} as const;

type Told = { patient: string; speaker: string; at: string };

/** @param speaker who measured: the patient, or who acts for the patient */
export function measuredOf(
  kind: MeasuredKind,
  values: Readonly<Record<string, number>>,
  { patient, speaker, at }: Told,
): Observation[] {
  const about = {
    subject: { reference: `Patient/${patient}` },
    performer: [{ reference: `Patient/${speaker}` }],
    effectiveDateTime: at,
    meta: { tag: [ownTag] },
  };
  if (kind !== 'weight' && kind !== 'glucose') return observationsOf(values, about);
  const { code, display, text, unit, ucum } = others[kind];
  return [
    {
      resourceType: 'Observation',
      status: 'final',
      category: [
        { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
      ],
      code: { coding: [{ system: 'http://loinc.org', code, display }], text },
      valueQuantity: { value: values[kind] ?? 0, unit, system: 'http://unitsofmeasure.org', code: ucum },
      ...about,
    },
  ];
}

export type TypedContact = { name: string; relation: string; phone: string };

/** Somebody to call: no number of a person, and nothing that opens the record to anybody. */
export function contactOf(patient: string, { name, relation, phone }: TypedContact): RelatedPerson {
  return {
    resourceType: 'RelatedPerson',
    meta: { tag: [ownTag] },
    active: true,
    patient: { reference: `Patient/${patient}` },
    name: [{ text: name.trim() }],
    ...(relation.trim() === '' ? {} : { relationship: [{ text: relation.trim() }] }),
    ...(phone.trim() === '' ? {} : { telecom: [{ system: 'phone', value: phone.trim() }] }),
  };
}
