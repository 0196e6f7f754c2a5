/** Laboratory results: a value follows the person's tendency, age, diseases and treatment, and what ails the person that day. */
import type { DiagnosticReport, Observation } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import type { Sex } from '#shared/identifiers.ts';
import { ageFactor, childRangeOf } from './age-and-results.ts';
import { analyses, panels, type Analysis, type PanelName, type Range } from './analyses.ts';
import { instant, type Chart, type Reference, type Visit } from './chart.ts';
import { codeSystems, concept, hl7 } from './codes.ts';

/** Multiples of the usual value by analysis, for that day only. */
export type DayEffects = Readonly<Record<string, number>>;

const laboratory = [hl7('observation-category', 'laboratory', 'Laboratory')];
const reportCategory = [hl7('v2-0074', 'CH', 'Chemistry')];
const reportCode = concept(codeSystems.loinc, '11502-2', 'Laboratory report');
const derived: ReadonlySet<string> = new Set(['egfr', 'cholesterol']);
const high = [hl7('v3-ObservationInterpretation', 'H', 'High')];
const low = [hl7('v3-ObservationInterpretation', 'L', 'Low')];
const normal = [hl7('v3-ObservationInterpretation', 'N', 'Normal')];
const codes = new Map(
  [...analyses.values()].map((analysis) => [analysis, concept(codeSystems.laboratory, analysis.code, analysis.name)]),
);
const ranges = new Map([...analyses.values()].map((analysis) => [analysis, rangesOf(analysis)]));

export type SampleOptions = {
  effects?: DayEffects;
  /** Analyses beside those of the panels. */
  extra?: readonly string[];
  day?: Day;
  /** When it is taken, in minutes of that day. */
  minute?: number;
  /** The answer comes within the hour or two. */
  isUrgent?: boolean;
};

/** How far from the middle the healthy lie, in standard deviations: reference ranges hold them. */
const farthest = 1.6;

/** Values by the keys of their analyses, as rounded in the answer. */
export type Results = ReadonlyMap<string, number>;

/** Adds the results of the panels taken at a visit, each analysis once, and the report that holds them. Answers the values. */
export function addLaboratory(
  chart: Chart,
  visit: Visit,
  names: readonly PanelName[],
  { effects = {}, extra = [], day = visit.day, minute = visit.minute + 15, isUrgent = false }: SampleOptions = {},
): Results {
  const keys = new Set<string>();
  for (const name of names) for (const key of panels[name]) keys.add(key);
  for (const key of extra) keys.add(key);
  if (keys.size === 0 || day > chart.lastDay) return new Map();
  if (keys.has('creatinine') && chart.ageInYears(day) >= 18) keys.add('egfr');
  const taken = instant(day, minute);
  const wait = isUrgent ? chart.random.between(40, 110) : chart.random.between(90, 420);
  const issued = instant(day, minute + wait);
  const values = new Map<string, number>();
  for (const key of keys) {
    if (!derived.has(key)) values.set(key, valueOf(chart, analyses.get(key)!, day, effects[key] ?? 1));
  }
  const result: Reference[] = [];
  for (const key of keys) {
    const value = values.get(key) ?? derivedValue(chart, key, values, day);
    if (value === undefined) continue;
    const analysis = analyses.get(key)!;
    const least = analysis.key === 'crp' ? 1 : analysis.key === 'base-excess' ? -30 : 0;
    const rounded = Math.max(least, Number(value.toFixed(analysis.decimals)));
    values.set(key, rounded);
    result.push(addResult(chart, visit, analysis, rounded, day, taken, issued));
  }
  chart.add(day, {
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: reportCategory,
    code: reportCode,
    subject: chart.patient,
    encounter: visit.reference,
    effectiveDateTime: taken,
    issued,
    performer: [chart.region.laboratory],
    result,
  } satisfies DiagnosticReport);
  return values;
}

/** What is calculated from other results of the same sample, so that the answers agree. */
function derivedValue(chart: Chart, key: string, values: ReadonlyMap<string, number>, day: Day): number | undefined {
  const [creatinine, ldl, hdl, triglycerides] = ['creatinine', 'ldl', 'hdl', 'triglycerides'].map((name) =>
    values.get(name),
  );
  if (key === 'egfr')
    return creatinine === undefined ? undefined : filtrationRate(creatinine, chart.ageInYears(day), chart.person.sex);
  if (ldl === undefined || hdl === undefined || triglycerides === undefined) return undefined;
  return ldl + hdl + 0.45 * triglycerides;
}

function addResult(
  chart: Chart,
  visit: Visit,
  analysis: Analysis,
  rounded: number,
  day: Day,
  taken: string,
  issued: string,
): Reference {
  const child = childRangeOf(analysis.key, chart.ageInYears(day), chart.person.sex);
  const [lowest, highest] = child ?? rangeOf(analysis, chart.person.sex);
  const interpretation =
    highest !== undefined && rounded > highest ? high : lowest !== undefined && rounded < lowest ? low : normal;
  return chart.add(day, {
    resourceType: 'Observation',
    status: 'final',
    category: laboratory,
    code: codes.get(analysis)!,
    subject: chart.patient,
    encounter: visit.reference,
    effectiveDateTime: taken,
    issued,
    performer: [chart.region.laboratory],
    valueQuantity: {
      value: rounded,
      ...(analysis.unit ? { unit: analysis.unit } : {}),
      system: codeSystems.ucum,
      code: analysis.ucum,
    },
    interpretation,
    referenceRange: child ? rangeElement(analysis, child) : ranges.get(analysis)![chart.person.sex],
  } satisfies Observation);
}

function valueOf(chart: Chart, analysis: Analysis, day: Day, dayEffect: number): number {
  let tendency = chart.tendencies.get(analysis);
  if (tendency === undefined) {
    tendency = Math.max(-farthest, Math.min(farthest, chart.random.normal()));
    chart.tendencies.set(analysis, tendency);
  }
  const spread = 1 + analysis.between * tendency + analysis.within * chart.random.normal();
  const typical = typeof analysis.typical === 'number' ? analysis.typical : analysis.typical[chart.person.sex];
  return (
    typical *
    Math.max(0.4, spread) *
    ageFactor(analysis.key, chart.ageInYears(day)) *
    diseaseFactor(chart, analysis.key, day) *
    dayEffect
  );
}

function diseaseFactor(chart: Chart, key: string, day: Day): number {
  let factor = key === 'inr' && takesWarfarin(chart, day) ? 2.5 : 1;
  if (key === 'ldl' && chart.takes('C10AA', day)) factor *= statinFactor;
  for (const { effects, from, to } of chart.effects) {
    if (from <= day && day < to) factor *= effects[key] ?? 1;
  }
  for (const { disease, since } of chart.problems) {
    const effect = disease.effects?.[key];
    if (!effect || since > day) continue;
    const years = (day - since) / 365.25;
    const treatedShare = Math.min(1, years * 2);
    const now = effect.untreated + (effect.treated - effect.untreated) * treatedShare;
    factor *= Math.max(0.1, now + (effect.drift ?? 0) * Math.min(years, 15) * now);
  }
  return Math.min(factor, 60);
}

/** What a statin leaves of LDL. */
const statinFactor = 0.55;

function takesWarfarin(chart: Chart, day: Day): boolean {
  return chart.warfarinSince !== undefined && chart.warfarinSince <= day;
}

/** CKD-EPI 2009 without the factor of race, https://doi.org/10.7326/0003-4819-150-9-200905050-00006; creatinine in µmol/L. */
export function filtrationRate(creatinine: number, age: number, sex: Sex): number {
  const milligrams = creatinine / 88.4;
  const [threshold, exponent, factor] = sex === 'female' ? [0.7, -0.329, 1.018] : [0.9, -0.411, 1];
  const ratio = milligrams / threshold;
  return 141 * Math.min(ratio, 1) ** exponent * Math.max(ratio, 1) ** -1.209 * 0.993 ** age * factor;
}

function rangeOf(analysis: Analysis, sex: Sex): Range {
  return isRange(analysis.range) ? analysis.range : analysis.range[sex];
}

function isRange(range: Analysis['range']): range is Range {
  return Array.isArray(range);
}

function rangesOf(analysis: Analysis): Record<Sex, NonNullable<Observation['referenceRange']>> {
  const forSex = (sex: Sex): NonNullable<Observation['referenceRange']> =>
    rangeElement(analysis, rangeOf(analysis, sex));
  return { female: forSex('female'), male: forSex('male') };
}

function rangeElement(analysis: Analysis, [lowest, highest]: Range): NonNullable<Observation['referenceRange']> {
  const quantity = (value: number): { value: number; unit?: string; system: string; code: string } => ({
    value,
    ...(analysis.unit ? { unit: analysis.unit } : {}),
    system: codeSystems.ucum,
    code: analysis.ucum,
  });
  return [
    {
      ...(lowest === undefined ? {} : { low: quantity(lowest) }),
      ...(highest === undefined ? {} : { high: quantity(highest) }),
    },
  ];
}
