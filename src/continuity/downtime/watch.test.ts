import { expect, test } from 'vitest';
import { beginWatch, defaultWatchSettings, observe, type Observation, type Watched } from './watch.ts';

type Told = { at: number; what: string };

/** Runs a line's tries through the watch. Times in seconds. */
function watched(tries: readonly Observation[]): Told[] {
  let watch = beginWatch(0);
  const told: Told[] = [];
  for (const seen of tries) {
    const next: Watched = observe(watch, seen, defaultWatchSettings);
    watch = next.watch;
    if (next.propose)
      told.push({ at: seen.at / 1000, what: `${next.propose.kind} since ${next.propose.began / 1000}` });
    if (next.withdraw) told.push({ at: seen.at / 1000, what: 'withdrawn' });
  }
  return told;
}

/** A try each ten seconds: `.` answered, `s` answered late, `x` failed. */
const line = (signs: string, everyS = 10): Observation[] =>
  [...signs].map((sign, i) => ({
    at: (i + 1) * everyS * 1000,
    outcome: sign === 'x' ? ('failed' as const) : ('answered' as const),
    latencyMs: sign === 's' ? 5000 : 20,
  }));

const table: readonly (readonly [string, string, Told[]])[] = [
  ['a line that answers proposes nothing', '.'.repeat(100), []],
  ['a gap of less than two minutes proposes nothing', `....${'x'.repeat(11)}....`, []],
  [
    'silence of two minutes proposes downtime since the last answer',
    `....${'x'.repeat(14)}`,
    [{ at: 160, what: 'upstream since 40' }],
  ],
  ['it is proposed once, however long the silence', `.${'x'.repeat(200)}`, [{ at: 130, what: 'upstream since 10' }]],
  ['silence from the start is silence', 'x'.repeat(13), [{ at: 120, what: 'upstream since 0' }]],
  [
    'the line is back and stays: the proposal is taken back',
    `.${'x'.repeat(14)}${'.'.repeat(14)}`,
    [
      { at: 130, what: 'upstream since 10' },
      { at: 280, what: 'withdrawn' },
    ],
  ],
  [
    'a line that comes and goes is proposed once',
    `.${'x'.repeat(14)}${'....xx'.repeat(20)}`,
    [{ at: 130, what: 'upstream since 10' }],
  ],
  ['slow for five minutes is downtime too', 's'.repeat(32), [{ at: 300, what: 'slow since 10' }]],
  ['slow now and then is not', '.s.'.repeat(40), []],
  ['slow just after the start is not yet', 's'.repeat(20), []],
];

for (const [name, signs, expected] of table) test(name, () => expect(watched(line(signs))).toEqual(expected));

test('a clock that goes back counts as no time', () => {
  const tries = line('.'.repeat(10)).map((seen, i) => (i > 5 ? { ...seen, at: seen.at - 7_200_000 } : seen));
  expect(watched(tries)).toEqual([]);
});

test('what is remembered is bounded', () => {
  let watch = beginWatch(0);
  for (let i = 0; i < 5000; i++)
    ({ watch } = observe(watch, { at: i, outcome: 'answered', latencyMs: 1 }, defaultWatchSettings));
  expect(watch.recent.length).toBeLessThanOrEqual(601);
});
