import { expect, test } from 'vitest';
import { createProgress, progressLine } from './progress.ts';

const line = {
  label: 'Import',
  unit: 'resources',
  total: 1000,
  elapsedMs: 2000,
  final: false,
  columns: 100,
  bar: true,
};

test.each([
  [{ done: 250, rate: 125 }, 'Import: █████░░░░░░░░░░░░░░░  25 % · 250 resources · 125/s · 6 s left'],
  [{ done: 250, rate: 125, bar: false }, 'Import:  25 % · 250 resources · 125/s · 6 s left'],
  [{ done: 0, rate: 0 }, 'Import: ░░░░░░░░░░░░░░░░░░░░   0 % · 0 resources'],
  [{ done: 2_500_000, rate: 1250, total: undefined }, 'Import: 2\u202F500\u202F000 resources · 1\u202F250/s'],
  [{ done: 10, rate: 0.1 }, 'Import: ░░░░░░░░░░░░░░░░░░░░   1 % · 10 resources · 0/s · 2 h 45 min left'],
  [{ done: 1000, rate: 500, final: true, elapsedMs: 61_000 }, 'Import: 1\u202F000 resources in 1 min 1 s · 500/s'],
])('writes %j as %s', (given, expected) => {
  expect(progressLine({ ...line, ...given })).toBe(expected);
});

test('a line is never wider than the terminal', () => {
  expect(progressLine({ ...line, done: 250, rate: 125, columns: 30 })).toHaveLength(29);
});

function recorded(isTTY: boolean): { texts: string[]; output: { write(text: string): void; isTTY: boolean } } {
  const texts: string[] = [];
  return { texts, output: { write: (text) => void texts.push(text), isTTY } };
}

test('without a terminal it writes a whole line every five seconds, and the last', () => {
  const { texts, output } = recorded(false);
  let nowMs = 1_000_000;
  const progress = createProgress({
    label: 'Import',
    unit: 'resources',
    total: 100,
    output,
    clock: { now: () => nowMs },
  });
  for (let done = 0; done <= 100; done++) {
    progress.at(done);
    nowMs += 100;
  }
  progress.end();
  expect(texts).toHaveLength(3);
  expect(texts.every((text) => text.endsWith('\n') && !text.includes('\u001B'))).toBe(true);
  expect(texts.at(-1)).toBe('Import: 100 resources in 10 s · 10/s\n');
});

test('work that is resumed does not count as fast what was done before', () => {
  const { texts, output } = recorded(false);
  let nowMs = 0;
  const progress = createProgress({ label: 'Import', unit: 'resources', output, clock: { now: () => nowMs } });
  progress.at(1_000_000);
  nowMs = 10_000;
  progress.at(1_000_100);
  progress.end();
  expect(texts.at(-1)).toContain('· 10/s');
});
