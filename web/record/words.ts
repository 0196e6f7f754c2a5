/** What a resource says, in words: codes by their text, values with unit, flags, who recorded it and when. Pure. */
import type { AllergyIntolerance, CodeableConcept, Observation, Quantity, Reference } from 'fhir/r4';

/** Of a concept what people wrote, else what the code is called, else the code. */
export function wordsOf(concept: CodeableConcept | undefined): string {
  const [coding] = concept?.coding ?? [];
  return concept?.text ?? coding?.display ?? coding?.code ?? '';
}

export function codeOf(concept: CodeableConcept | undefined, system?: string): string | undefined {
  const codings = concept?.coding ?? [];
  return (system === undefined ? codings[0] : codings.find((coding) => coding.system === system))?.code;
}

export function namedBy(reference: Reference | undefined): string | undefined {
  return reference?.display;
}

const unitsAsWritten: Readonly<Record<string, string>> = {
  'mm[Hg]': 'mmHg',
  'kg/m2': 'kg/m²',
  '10*9/L': '×10⁹/L',
  '10*12/L': '×10¹²/L',
  'mL/min/1.73m2': 'mL/min/1,73 m²',
  '{score}': '',
  '1': '',
};

export type Numbers = (of: number) => string;

/** `38,2 °C` */
export function quantityOf(quantity: Quantity | undefined, number: Numbers): string {
  if (quantity?.value === undefined) return '';
  const unit = quantity.unit ?? quantity.code ?? '';
  return [`${quantity.comparator ?? ''}${number(quantity.value)}`, unitsAsWritten[unit] ?? unit]
    .filter(Boolean)
    .join(' ');
}

/** The value of an observation, of a panel those of its parts: `143/81 mmHg`. Empty where there is none. */
export function valueOf(observation: Observation, number: Numbers): string {
  const { valueQuantity, valueCodeableConcept, valueString, valueInteger, valueBoolean, component } = observation;
  if (valueQuantity) return quantityOf(valueQuantity, number);
  if (valueCodeableConcept) return wordsOf(valueCodeableConcept);
  if (valueString !== undefined) return valueString;
  if (valueInteger !== undefined) return number(valueInteger);
  if (valueBoolean !== undefined) return valueBoolean ? '+' : '−';
  const parts = (component ?? []).flatMap(({ valueQuantity: part }) => (part?.value === undefined ? [] : [part]));
  const unit = parts[0]?.unit ?? '';
  return parts.length === 0
    ? wordsOf(observation.dataAbsentReason)
    : `${parts.map(({ value }) => number(value as number)).join('/')} ${unitsAsWritten[unit] ?? unit}`.trim();
}

export type Flag = 'high' | 'low' | 'critical' | 'abnormal';

const flags: Readonly<Record<string, Flag>> = {
  H: 'high',
  HU: 'high',
  HH: 'critical',
  L: 'low',
  LU: 'low',
  LL: 'critical',
  A: 'abnormal',
  AA: 'critical',
  POS: 'abnormal',
};

export function flagOf({ interpretation }: Observation): Flag | undefined {
  return flags[codeOf(interpretation?.[0]) ?? ''];
}

/** `60–105`, `< 5` */
export function rangeOf({ referenceRange }: Observation, number: Numbers): string {
  const [range] = referenceRange ?? [];
  const [low, high] = [range?.low?.value, range?.high?.value];
  if (range?.text !== undefined) return range.text;
  if (low !== undefined && high !== undefined) return `${number(low)}–${number(high)}`;
  if (high !== undefined) return `< ${number(high)}`;
  return low === undefined ? '' : `> ${number(low)}`;
}

export function whenOf({
  effectiveDateTime,
  effectivePeriod,
  effectiveInstant,
  issued,
}: Observation): string | undefined {
  return effectiveDateTime ?? effectivePeriod?.start ?? effectiveInstant ?? issued;
}

/** Observations of one kind, newest first. */
export type Series = { code: string; name: string; latest: Observation; all: Observation[] };

/** By kind, in the order of the newest. Expects the newest first. */
export function seriesOf(observations: readonly Observation[]): Series[] {
  const byCode = new Map<string, Series>();
  for (const one of observations) {
    if (one.status === 'entered-in-error' || one.status === 'cancelled') continue;
    const code = codeOf(one.code) ?? wordsOf(one.code);
    const known = byCode.get(code);
    if (known) known.all.push(one);
    else byCode.set(code, { code, name: wordsOf(one.code), latest: one, all: [one] });
  }
  return [...byCode.values()];
}

/** Of the newest first the values, oldest first; of a panel its first part. */
export function numbersOf(all: readonly Observation[]): number[] {
  return all
    .flatMap(({ valueQuantity, component }) => (valueQuantity ?? component?.[0]?.valueQuantity)?.value ?? [])
    .reverse();
}

/** Codes by which somebody says that there are no allergies: SNOMED CT, and the International Patient Summary's. */
const noAllergies: readonly string[] = ['716186003', '409137002', '428607008', 'no-known-allergies'];

export function saysNone({ code }: AllergyIntolerance): boolean {
  return (code?.coding ?? []).some((coding) => noAllergies.includes(coding.code ?? ''));
}

/** What still counts: not refuted, not entered by mistake, not over. */
export function isStanding(one: {
  clinicalStatus?: CodeableConcept | undefined;
  verificationStatus?: CodeableConcept | undefined;
}): boolean {
  const verification = codeOf(one.verificationStatus);
  const clinical = codeOf(one.clinicalStatus);
  return (
    verification !== 'entered-in-error' &&
    verification !== 'refuted' &&
    !['inactive', 'resolved', 'remission'].includes(clinical ?? '')
  );
}
