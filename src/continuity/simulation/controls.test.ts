/** Builds with one protection taken away: each must be caught, or the check of what it protects is worth nothing. In a file of its own, beside the other core. */
import { expect, test } from 'vitest';
import { controls } from './controls.ts';
import { prepare } from './run.ts';
import { searchSeeds } from './search.ts';

const start = prepare();

test.each(controls)(
  'a build is caught that $name',
  (control) => {
    const isCaught = ({ invariant }: { invariant: string }): boolean => control.breaks.includes(invariant);
    const { findings } = searchSeeds(control, start, { first: control.from, seeds: 1500 }, (found) =>
      found.some(isCaught),
    );
    expect(findings.filter(isCaught)).not.toEqual([]);
  },
  120_000,
);
