import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holderOf, lockDataFolder } from './data-folder.ts';
import { birthOf } from './processes.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'fyr-lock-'));

test('a second Fyr on the same folder is refused, with the number of the first', async () => {
  const folder = newFolder();
  const lock = await lockDataFolder(folder, 'start');
  await expect(lockDataFolder(folder, 'start', 0)).rejects.toThrow(`process ${process.pid}, fyr start`);
  lock.release();
  expect(holderOf(folder)).toBeUndefined();
});

test('a second Fyr gets the folder when the first, which is stopping, lets go', async () => {
  const folder = newFolder();
  const first = await lockDataFolder(folder, 'start');
  first.tell({ stopping: true });
  const second = lockDataFolder(folder, 'start');
  setTimeout(() => first.release(), 150);
  (await second).release();
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ['of a process that is gone', { pid: 2 ** 22 + 1, birth: 'x', purpose: 'start' }],
  ['whose number was given to another process', { pid: process.pid, birth: 'of another', purpose: 'start' }],
  ['that was cut short', undefined],
])('takes over a lock %s, and only one of several that try', async (_, holder) => {
  const folder = newFolder();
  writeFileSync(join(folder, 'fyr.lock'), holder === undefined ? '{"pid":' : JSON.stringify(holder));
  const tries = await Promise.allSettled([1, 2, 3].map(() => lockDataFolder(folder, 'start', 200)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(holderOf(folder)).toMatchObject({ pid: process.pid, birth: birthOf(process.pid) });
});

test('a command finds the address of the database that a running node tells', async () => {
  const folder = newFolder();
  const lock = await lockDataFolder(folder, 'start');
  lock.tell({ databaseUrl: 'postgres://fyr@%2Ftmp/fyr' });
  expect(holderOf(folder)?.databaseUrl).toBe('postgres://fyr@%2Ftmp/fyr');
  lock.release();
});
