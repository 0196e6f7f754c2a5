import { expect, onTestFinished, test } from 'vitest';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { openDatabase, type Db } from './db.ts';
import { checkDatabase } from './db-check.ts';

const opened = (url: string): Db => {
  const db = openDatabase(url, { connectionsMax: 1 });
  onTestFinished(() => db.end());
  return db;
};

test('a database that will do is taken, one that is not there is named with its setting', async () => {
  const url = await ownDatabaseUrl('check_database', 'empty');
  await checkDatabase(opened(url));
  const elsewhere = opened(url.replace(/\/[^/]*$/, '/there_is_none'));
  await expect(checkDatabase(elsewhere)).rejects.toThrow(/"there_is_none" does not exist. Look at DATABASE_URL/);
});

test('a database that does not answer is told as that', async () => {
  await expect(checkDatabase(opened('postgres://fyr@127.0.0.1:1/fyr'))).rejects.toThrow(/ECONNREFUSED.*DATABASE_URL/);
});
