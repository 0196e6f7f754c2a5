import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { openDatabase, type Db } from './db.ts';
import { migrate } from './migrations-store.ts';
import { pendingMigrations, readMigrations } from './migrations.ts';

async function emptyDatabase(name: string): Promise<Db> {
  const url = await ownDatabaseUrl(name, 'empty');
  const db = openDatabase(url);
  onTestFinished(() => db.end());
  return db;
}

function partWith(files: Record<string, string>): string {
  const part = join(mkdtempSync(join(tmpdir(), 'fyr-migrations-')), 'thing');
  mkdirSync(join(part, 'migrations'), { recursive: true });
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(part, 'migrations', name), sql);
  return part;
}

test('applies files in the order of their numbers, each once, from several nodes at the same time', async () => {
  const db = await emptyDatabase('migrate_order');
  const known = readMigrations([
    partWith({
      '0002-fill.sql': 'insert into thing values (1); insert into thing values (2);',
      '0001-make.sql': 'create table thing (n int);',
    }),
  ]);
  const applied = await Promise.all([migrate(db, known), migrate(db, known), migrate(db, known)]);
  expect(applied.flat().sort()).toEqual(['thing/0001-make', 'thing/0002-fill']);
  expect(await db`select n from thing order by n`).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a migration that fails half-way leaves nothing of itself, and is named', async () => {
  const db = await emptyDatabase('migrate_fail');
  const known = readMigrations([partWith({ '0001-make.sql': 'create table half (n int); select no_such_thing();' })]);
  await expect(migrate(db, known)).rejects.toThrow('thing/0001-make failed');
  expect(await db`select to_regclass('half') as half`).toEqual([{ half: null }]);
});

test('an applied migration that was changed since stops the start', () => {
  const known = [{ name: 'thing/0001-make', sql: '', checksum: 'new' }];
  expect(() => pendingMigrations(known, new Map([['thing/0001-make', 'old']]))).toThrow(
    'changed since: thing/0001-make',
  );
});

test('a database of a later version of Fyr stops the start', () => {
  expect(() => pendingMigrations([], new Map([['thing/0002-later', 'x']]))).toThrow(
    'another version of Fyr, with thing/0002-later',
  );
});

test.each([
  ['a name without a number', { 'make.sql': '' }, 'is not named like'],
  ['one number twice', { '0001-a.sql': '', '0001-b.sql': '' }, 'have the number 0001'],
])('refuses %s', (_, files, words) => {
  const part = partWith(files);
  expect(() => readMigrations([part])).toThrow(words);
});
