/** Vital signs with NEWS2, and results of the laboratory, of one patient. Pure. */
import type { DiagnosticReport, Observation, Quantity } from 'fhir/r4.js';
import type { Instant, Pending, ResultRow, Score, VitalRow } from './contract.ts';
import { hasCode, textOf } from '#shared/limits.ts';
import { news2, type Consciousness, type VitalValues } from '#shared/news2.ts';
import { sayInBokmal, type Say } from './phrases.ts';
import { numberWords } from './words.ts';

/** Columns of the table of vital signs, in the order in which a ward reads them. */
export const vitalColumns = ['RF', 'SpO2', 'O2', 'BT', 'Puls', 'ACVPU', 'Temp'] as const;
type Column = (typeof vitalColumns)[number];

/** LOINC codes that mean the same on a ward. */
const columnOf: Readonly<Record<string, Column>> = {
  '9279-1': 'RF',
  '2708-6': 'SpO2',
  '59408-5': 'SpO2',
  '3151-8': 'O2',
  '85354-9': 'BT',
  '8867-4': 'Puls',
  '67775-7': 'ACVPU',
  '80288-4': 'ACVPU',
  '8310-5': 'Temp',
};
const rowsMax = 6;
/** Measurements of one round are written within minutes. */
const roundMs = 20 * 60_000;
/** Values that are older than this beside the newest don't make one score with it. */
const oneScoreMs = 60 * 60_000;

type Measured = { at: Instant; column: Column; observation: Observation };

function measured(observations: readonly Observation[]): Measured[] {
  return observations
    .filter(({ status }) => isTrue(status))
    .flatMap((observation) => {
      const code = observation.code.coding?.find((one) => one.code !== undefined && one.code in columnOf)?.code;
      const at = Date.parse(observation.effectiveDateTime ?? observation.effectivePeriod?.start ?? '');
      const column = code === undefined ? undefined : columnOf[code];
      return column === undefined || Number.isNaN(at) ? [] : [{ at, column, observation }];
    })
    .toSorted((a, b) => b.at - a.at);
}

const isTrue = (status: string): boolean => ['final', 'amended', 'corrected', 'preliminary'].includes(status);

/** The latest rounds, newest first. */
export function vitalRowsOf(observations: readonly Observation[], say = sayInBokmal): VitalRow[] {
  const rounds: { at: Instant; values: { [column: string]: string } }[] = [];
  for (const { at, column, observation } of measured(observations)) {
    const open = rounds.at(-1);
    const round = open !== undefined && open.at - at <= roundMs && !(column in open.values) ? open : { at, values: {} };
    if (round !== open) rounds.push(round);
    round.values[column] = valueOf(observation, column, say);
  }
  return rounds.slice(0, rowsMax);
}

function valueOf(observation: Observation, column: Column, say: Say): string {
  if (column === 'BT') {
    const part = (code: string): string => quantityNumber(componentOf(observation, code), say);
    return `${part('8480-6')}/${part('8462-4')}`;
  }
  const { valueQuantity, valueCodeableConcept, valueString } = observation;
  if (column === 'ACVPU') return (textOf(valueCodeableConcept) ?? valueString ?? '?').slice(0, 1);
  if (column === 'O2') return `${quantityNumber(valueQuantity, say)} l`;
  return quantityNumber(valueQuantity, say);
}

const componentOf = ({ component = [] }: Observation, code: string): Quantity | undefined =>
  component.find((one) => hasCode(one.code, [code]))?.valueQuantity;

const quantityNumber = (quantity: Quantity | undefined, say: Say): string =>
  quantity?.value === undefined ? '–' : numberWords(quantity.value, say);

/** NEWS2 of the newest measurements; undefined where there are none. @param years the patient's age */
export function scoreOf(
  observations: readonly Observation[],
  person: { years: number; isPregnant: boolean },
): Score | undefined {
  const all = measured(observations);
  const [newest] = all;
  if (newest === undefined) return undefined;
  const latest = (column: Column): Observation | undefined =>
    all.find((one) => one.column === column && newest.at - one.at <= oneScoreMs)?.observation;
  const values: VitalValues = {
    ...number('breathing', latest('RF')?.valueQuantity),
    ...number('saturation', latest('SpO2')?.valueQuantity),
    ...oxygenOf(latest('O2')),
    ...number('systolic', systolicOf(latest('BT'))),
    ...number('pulse', latest('Puls')?.valueQuantity),
    ...consciousnessOf(latest('ACVPU')),
    ...number('temperature', latest('Temp')?.valueQuantity),
  };
  const notFor = person.years < 16 ? 'child' : person.isPregnant ? 'pregnant' : undefined;
  return { ...news2(values), at: newest.at, ...(notFor === undefined ? {} : { notFor }) };
}

const systolicOf = (observation: Observation | undefined): Quantity | undefined =>
  observation && componentOf(observation, '8480-6');

function number(key: keyof VitalValues, quantity: Quantity | undefined): VitalValues {
  return quantity?.value === undefined ? {} : { [key]: quantity.value };
}

function oxygenOf(observation: Observation | undefined): VitalValues {
  const litres = observation?.valueQuantity?.value;
  return litres === undefined ? {} : { hasOxygen: litres > 0 };
}

function consciousnessOf(observation: Observation | undefined): VitalValues {
  const letter = (textOf(observation?.valueCodeableConcept) ?? observation?.valueString ?? '')
    .slice(0, 1)
    .toUpperCase();
  return ['A', 'C', 'V', 'P', 'U'].includes(letter) ? { consciousness: letter as Consciousness } : {};
}

const recentMs = 48 * 3_600_000;

/** Results of the last 48 hours: each analysis once, the newest, with the one before it. What is out of its range comes first. */
export function resultsOf(observations: readonly Observation[], now: Instant, say = sayInBokmal): ResultRow[] {
  const dated = observations
    .filter(({ status }) => isTrue(status))
    .map((observation) => ({ observation, at: Date.parse(observation.effectiveDateTime ?? observation.issued ?? '') }))
    .filter(({ at }) => at <= now)
    .toSorted((a, b) => b.at - a.at);
  const byName = new Map<string, typeof dated>();
  for (const one of dated) {
    const name = textOf(one.observation.code) ?? say('uten navn');
    byName.set(name, [...(byName.get(name) ?? []), one]);
  }
  const rows = [...byName].flatMap(([name, [newest, before]]) => {
    if (newest === undefined || newest.at < now - recentMs) return [];
    const earlier =
      before === undefined ? {} : { before: { value: resultValue(before.observation, say), at: before.at } };
    return [rowOf({ name, at: newest.at, ...earlier }, newest.observation, say)];
  });
  const weight = ({ flag }: ResultRow): number => (flag === 'critical' ? 0 : flag === '' ? 2 : 1);
  return rows.toSorted((a, b) => weight(a) - weight(b) || a.name.localeCompare(b.name, 'nb'));
}

function rowOf(told: Pick<ResultRow, 'name' | 'at' | 'before'>, observation: Observation, say: Say): ResultRow {
  const [range] = observation.referenceRange ?? [];
  const [low, high] = [range?.low?.value, range?.high?.value];
  const bounds =
    low !== undefined && high !== undefined
      ? `${numberWords(low, say)}–${numberWords(high, say)}`
      : low !== undefined
        ? `> ${numberWords(low, say)}`
        : high !== undefined
          ? `< ${numberWords(high, say)}`
          : (range?.text ?? '');
  return {
    ...told,
    value: resultValue(observation, say),
    unit: observation.valueQuantity?.unit ?? '',
    range: bounds,
    flag: flagOf(observation),
  };
}

function resultValue(
  { valueQuantity, valueString, valueCodeableConcept, dataAbsentReason }: Observation,
  say: Say,
): string {
  if (valueQuantity?.value !== undefined)
    return `${valueQuantity.comparator ?? ''}${numberWords(valueQuantity.value, say)}`;
  return valueString ?? textOf(valueCodeableConcept) ?? textOf(dataAbsentReason) ?? '–';
}

function flagOf({ interpretation = [] }: Observation): ResultRow['flag'] {
  const codes = interpretation.flatMap(({ coding = [] }) => coding.map(({ code }) => code));
  if (codes.some((code) => code === 'HH' || code === 'LL' || code === 'AA')) return 'critical';
  if (codes.includes('H') || codes.includes('HU')) return 'high';
  if (codes.includes('L') || codes.includes('LU')) return 'low';
  return codes.includes('A') || codes.includes('POS') ? 'abnormal' : '';
}

const partly = (status: string, what: string, say: Say): string =>
  status === 'registered' ? what : say('{what} (delvis svar)', { what });

/** Samples that were taken, and have no answer yet. */
export function pendingOf(reports: readonly DiagnosticReport[], say = sayInBokmal): Pending[] {
  return reports
    .map(({ code, effectiveDateTime, status }) => ({
      what: partly(status, textOf(code) ?? say('undersøkelse'), say),
      since: Date.parse(effectiveDateTime ?? ''),
    }))
    .toSorted((a, b) => a.since - b.since);
}
