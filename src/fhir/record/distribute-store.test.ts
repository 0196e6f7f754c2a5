import { afterAll, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { distributeRecord, distribution } from './distribute-store.ts';

const db = testDatabase();
afterAll(() => db.end());

test('says plainly that it has nothing to spread over where the extension is not there', async () => {
  await expect(distributeRecord(db, () => {})).rejects.toMatchObject({ kind: 'notSupported' });
});

test('spreads each table by a column that stands in all its unique keys', async () => {
  for (const { table, column } of distribution) {
    const keys = await db<{ columns: string[] }[]>`
      select array_agg(a.attname::text) as columns from pg_index i
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
      where i.indrelid = ${table}::regclass and i.indisunique group by i.indexrelid`;
    expect(keys.length).toBeGreaterThan(0);
    for (const { columns } of keys) expect(columns).toContain(column);
  }
});

test('has no triggers and no sequences on the tables that are spread', async () => {
  const tables = distribution.map((d) => d.table);
  const found = await db`
    select t.tgname as name from pg_trigger t where t.tgrelid::regclass::text = any(${tables}) and not t.tgisinternal
    union all select a.attname from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid::regclass::text = any(${tables}) and pg_get_expr(d.adbin, d.adrelid) like 'nextval%'`;
  expect(found).toHaveLength(0);
});
