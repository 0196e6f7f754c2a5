import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '#kernel/db.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createReplay } from './replay.ts';
import { countUsed } from './replay-test-store.ts';

const db = testDatabase({ connectionsMax: 8 });
afterAll(() => db.end());
const run = String(Math.random());

test('of many that come at once at several processes, each is first exactly once', async () => {
  const clock = { now: () => Date.now() };
  const processes = [createReplay(db, clock), createReplay(db, clock), createReplay(db, clock, { rowsMax: 7 })];
  const until = Date.now() + 60_000;
  const tried = Array.from({ length: 900 }, (_, i) => i % 300);
  const firsts = await Promise.all(
    tried.map(async (key, i) => ((await processes[i % 3]?.isFirst([run, String(key)], until)) ? key : -1)),
  );
  const once = firsts.filter((key) => key >= 0).sort((a, b) => a - b);
  expect(once).toEqual(Array.from({ length: 300 }, (_, i) => i));
  await Promise.all(processes.map((each) => each.idle()));
});

test('what could not be used again anyway is removed', async () => {
  let now = Date.now();
  const replay = createReplay(db, { now: () => now });
  const until = now + 1000;
  for (let i = 0; i < 20; i++) await replay.isFirst([run, 'old', String(i)], until);
  expect(await countUsed(db, until)).toBeGreaterThanOrEqual(20);
  now += 11_000;
  await replay.isFirst([run, 'new'], now + 60_000);
  await replay.idle();
  expect(await countUsed(db, until)).toBe(0);
});

test('when it can not be kept, nobody is let in', async () => {
  const away = openDatabase('postgres://nobody@127.0.0.1:1/none', { connectionsMax: 1 });
  const replay = createReplay(away, { now: () => Date.now() });
  await expect(replay.isFirst([run, 'x'], Date.now())).rejects.toMatchObject({ kind: 'unavailable' });
  await away.end({ timeout: 0 });
});
