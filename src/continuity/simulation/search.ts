/** Many seeds in a row: which broke a promise, and what the runs had in them, so that a search that tried nothing does not pass for a good one. */
import type { Faulty } from './node.ts';
import { run, type RunOptions, type Start } from './run.ts';
import { shrink } from './shrink.ts';
import type { Rules } from '../protocol/rules.ts';

export type Finding = { seed: number; invariant: string; words: string };

export type Searched = { seeds: number; findings: Finding[]; counts: ReadonlyMap<string, number> };

export type Build = { rules: Rules; faulty: Faulty };

/** Runs seeds from `first` on, at most `seeds` of them; ends early when `enough` says so. */
export function searchSeeds(
  build: Build,
  start: Start,
  range: { first: number; seeds: number },
  enough: (findings: readonly Finding[]) => boolean = () => false,
): Searched {
  const findings: Finding[] = [];
  const counts = new Map<string, number>();
  let seeds = 0;
  for (let seed = range.first; seed < range.first + range.seeds && !enough(findings); seed++) {
    const outcome = run(seed, optionsOf(build, start));
    seeds++;
    for (const [invariant, words] of outcome.broken) findings.push({ seed, invariant, words });
    for (const [what, count] of outcome.counts) counts.set(what, (counts.get(what) ?? 0) + count);
  }
  return { seeds, findings, counts };
}

function optionsOf({ rules, faulty }: Build, start: Start): RunOptions {
  return { rules, faulty, start };
}

/** A finding in the fewest steps that still show it, as lines to read. The seed alone replays the long one. */
export function explained(build: Build, start: Start, { seed, invariant }: Finding): string[] {
  const options = optionsOf(build, start);
  const { without } = shrink(seed, options, invariant);
  const { told, broken } = run(seed, { ...options, without, tells: true });
  return [...told.map((line) => `    ${line}`), `  ${invariant}: ${broken.get(invariant) ?? ''}`, `  seed ${seed}`];
}
