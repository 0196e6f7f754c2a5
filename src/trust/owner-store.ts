/** Whose work goes on after the request that asked for it: exports and subscriptions. This node's own table, by the owner's key. */
import type { Db } from '#kernel/db.ts';
import type { Subject } from './subject.ts';

export async function keepOwner(db: Db, key: string, subject: Subject, now: number): Promise<void> {
  await db`
    insert into work_owner (key, subject, updated) values (${key}, ${db.json(subject as never)}, ${now}::timestamptz)
    on conflict (key) do update set subject = excluded.subject, updated = excluded.updated`;
}

export async function findOwner(db: Db, key: string): Promise<Subject | undefined> {
  const [row] = await db<{ subject: Subject }[]>`select subject from work_owner where key = ${key}`;
  return row?.subject;
}
