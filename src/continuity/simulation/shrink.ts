/** Makes a failing run short: leaves out steps, in ever smaller blocks, as long as the same promise is still broken. */
import { run, stepsOf, type Outcome, type RunOptions } from './run.ts';

export type Shrunk = { without: ReadonlySet<number>; outcome: Outcome };

/** The steps of a failing run that it can do without. `invariant`: the broken promise that must stay broken. */
export function shrink(seed: number, options: RunOptions, invariant: string): Shrunk {
  let without = new Set<number>(options.without);
  let outcome = run(seed, { ...options, without });
  const steps = options.steps ?? stepsOf(seed);
  for (let size = Math.ceil(steps / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = steps; from >= 1; from -= size) {
      const block = Array.from({ length: Math.min(size, from) }, (_, i) => from - i).filter(
        (step) => !without.has(step),
      );
      if (block.length === 0) continue;
      const fewer = new Set([...without, ...block]);
      const tried = run(seed, { ...options, without: fewer });
      if (!tried.broken.has(invariant)) continue;
      without = fewer;
      outcome = tried;
    }
  }
  return { without, outcome };
}
