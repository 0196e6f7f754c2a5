/** Results as one reads them: by test, and by time. Pure. */
import type { Observation } from 'fhir/r4';
import { codeOf, whenOf, wordsOf, type Series } from '../record/words.ts';

export type Period = 'month' | 'year' | 'all';
const days: Readonly<Record<Exclude<Period, 'all'>, number>> = { month: 31, year: 366 };

export function within(observations: readonly Observation[], period: Period, now: number): Observation[] {
  const from = period === 'all' ? -Infinity : now - days[period] * 86_400_000;
  return observations.filter((one) => Date.parse(whenOf(one) ?? '') >= from);
}

/** Those whose name has the words that somebody typed. */
export function named(series: readonly Series[], typed: string): Series[] {
  const words = typed.toLocaleLowerCase('nb').split(/\s+/).filter(Boolean);
  return series.filter(({ name }) => words.every((word) => name.toLocaleLowerCase('nb').includes(word)));
}

/** What was taken at one time: the results by test. */
export type Sample = { at: string; byCode: ReadonlyMap<string, Observation> };

/** Newest first. Expects the newest first. */
export function samplesOf(observations: readonly Observation[]): Sample[] {
  const samples = new Map<string, Map<string, Observation>>();
  for (const one of observations) {
    const at = whenOf(one);
    if (at === undefined || one.status === 'entered-in-error' || one.status === 'cancelled') continue;
    const sample = samples.get(at) ?? new Map<string, Observation>();
    samples.set(at, sample);
    const code = codeOf(one.code) ?? wordsOf(one.code);
    if (!sample.has(code)) sample.set(code, one);
  }
  return [...samples].map(([at, byCode]) => ({ at, byCode }));
}

/** A line to draw. Values oldest first; `at` in seconds since 1970. */
export type Line = {
  name: string;
  unit: string;
  points: { at: number; value: number }[];
  low?: number | undefined;
  high?: number | undefined;
};

/** Of a blood pressure two lines, of anything else one; none of what has no numbers. */
export function linesOf({ name, all, latest }: Series): Line[] {
  const components = latest.component ?? [];
  if (components.length === 0) return lineOf(name, all, (one) => one.valueQuantity, latest);
  return components.flatMap((component) => {
    const code = codeOf(component.code);
    const partOf = (one: Observation) => one.component?.find((part) => codeOf(part.code) === code)?.valueQuantity;
    return lineOf(`${name}: ${wordsOf(component.code)}`, all, partOf, latest);
  });
}

function lineOf(
  name: string,
  all: readonly Observation[],
  quantityOf: (one: Observation) => Observation['valueQuantity'],
  latest: Observation,
): Line[] {
  const points = all
    .flatMap((one) => {
      const [at, value] = [Date.parse(whenOf(one) ?? '') / 1000, quantityOf(one)?.value];
      return Number.isNaN(at) || value === undefined ? [] : [{ at, value }];
    })
    .sort((a, b) => a.at - b.at);
  const [range] = latest.referenceRange ?? [];
  if (points.length === 0) return [];
  return [{ name, unit: quantityOf(latest)?.unit ?? '', points, low: range?.low?.value, high: range?.high?.value }];
}

/** The lines beside each other, as a chart wants them: every time once, and of each line its value then, or nothing. */
export function aligned(lines: readonly Line[]): [number[], ...(number | null)[][]] {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  const rows = lines.map(({ points }) => {
    const byTime = new Map(points.map(({ at, value }) => [at, value]));
    return times.map((at) => byTime.get(at) ?? null);
  });
  return [times, ...rows];
}
