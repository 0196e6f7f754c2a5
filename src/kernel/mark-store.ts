/** Marks: how far long work has come, kept in the database so that it goes on there after a stop, a crash or on another machine. */
import type { Db } from './db.ts';

/** A mark's value: whatever JSON its owner wrote. Undefined when there is none. */
export async function readMark(db: Db, name: string): Promise<unknown> {
  const [row] = await db<{ value: unknown }[]>`select value from mark where name = ${name}`;
  return row?.value;
}

/** `value` is JSON of the owner's own shape. */
export async function writeMark(
  db: Db,
  name: string,
  value: Record<string, string | number | boolean | number[]>,
): Promise<void> {
  await db`insert into mark (name, value, updated) values (${name}, ${db.json(value)}, now())
    on conflict (name) do update set value = excluded.value, updated = excluded.updated`;
}
