import { expect, onTestFinished, test } from 'vitest';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { openDatabase, type Db } from './db.ts';

/** Fails when some of its rows have been sent. */
const fail = (db: Db): Promise<unknown> =>
  db.unsafe('select 1 / (20000 - number) from generate_series(1, 20000) as number');

test('after a statement that failed midway the next one on its connection has its own rows and no others', async () => {
  const db = openDatabase(await ownDatabaseUrl('whole_rows'), { connectionsMax: 1 });
  onTestFinished(() => db.end());
  await expect(fail(db)).rejects.toThrow('division by zero');
  expect(await db`select 1 as one`).toEqual([{ one: 1 }]);
  await expect(fail(db)).rejects.toThrow('division by zero');
  expect(await db.unsafe('select 1 as one')).toEqual([{ one: 1 }]);
  await expect(fail(db)).rejects.toThrow('division by zero');
  const [none] = await db`select 1 as one where false`;
  expect(none).toBeUndefined();
  await expect(fail(db)).rejects.toThrow('division by zero');
  expect(await db`select ${2}::int as two`.values()).toEqual([[2]]);
});
