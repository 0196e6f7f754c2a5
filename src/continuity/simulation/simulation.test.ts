/** The sync rules under faults: a budget of seeds, not of time, so that every run of the tests tries the same. More by `npm run chaos -- --simulate`. */
import { expect, test } from 'vitest';
import { rules } from '../protocol/rules.ts';
import { controls } from './controls.ts';
import { prepare, run } from './run.ts';
import { explained, searchSeeds } from './search.ts';

const start = prepare();
const build = { rules, faulty: {} };

test('no promise is broken in 1000 runs of faults, work and recovery', () => {
  const { findings, counts } = searchSeeds(build, start, { first: 1, seeds: 1000 });
  const [finding] = findings;
  expect(finding === undefined ? [] : explained(build, start, finding)).toEqual([]);
  // A search in which nothing happens finds nothing.
  for (const what of [
    'acknowledged',
    'read whole',
    'read in part',
    'refused: stale',
    'refused: taken',
    'refused: custody',
  ])
    expect(counts.get(what) ?? 0, what).toBeGreaterThan(10);
  for (const what of ['restored', 'copied', 'damaged']) expect(counts.get(what) ?? 0, what).toBeGreaterThan(10);
}, 120_000);

test('a seed replays the same run', () => {
  const options = { ...build, start, steps: 60, tells: true };
  const [one, other] = [run(42, options), run(42, options)];
  expect(other.told).toEqual(one.told);
  expect([...other.counts]).toEqual([...one.counts]);
});

test('a finding is told in fewer steps than it was found in', () => {
  const control = controls.find(({ name }) => name === 'the last write wins');
  if (!control) throw new Error('the control is gone');
  const { findings } = searchSeeds(control, start, { first: 1, seeds: 50 }, (found) => found.length > 0);
  const lines = findings[0] ? explained(control, start, findings[0]) : [];
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.length).toBeLessThan(60);
});
