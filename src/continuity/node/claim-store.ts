/** What may happen once, by its key, and the resources that take it or ask for it. The node's own. */
import type { Db } from '#kernel/db.ts';

export async function readClaims(db: Db, key: string): Promise<string[]> {
  const rows = await db<{ resource: string }[]>`select resource from sync_claim where key = ${key} order by resource`;
  return rows.map(({ resource }) => resource);
}

export async function putClaims(db: Db, rows: readonly { key: string; resource: string }[]): Promise<void> {
  if (rows.length === 0) return;
  await db`
    insert into sync_claim (key, resource)
    select * from unnest(${rows.map((r) => r.key)}::text[], ${rows.map((r) => r.resource)}::text[]) on conflict do nothing`;
}

export async function forgetClaims(db: Db, resources: readonly string[]): Promise<void> {
  await db`delete from sync_claim where resource = any(${[...resources]}::text[])`;
}

/**
 * Takes a key for a resource that is about to be written: whoever else is about to take it at this node is told so. A key taken before `since` by something
 * that was never written is free again. Gives the resource that has it now.
 */
export async function reserveClaim(db: Db, key: string, resource: string, now: number, since: number): Promise<string> {
  const [row] = await db<{ resource: string }[]>`
    insert into claim_reserved as c (key, resource, reserved) values (${key}, ${resource}, ${now}::timestamptz)
    on conflict (key) do update set
      resource = case when c.reserved < ${since}::timestamptz then excluded.resource else c.resource end,
      reserved = case when c.reserved < ${since}::timestamptz or c.resource = excluded.resource then excluded.reserved else c.reserved end
    returning resource`;
  return row?.resource ?? resource;
}

/** Takes over a key that something has which holds it no longer. False: another came first. */
export async function takeOver(
  db: Db,
  { key, from, to }: { key: string; from: string; to: string },
  now: number,
): Promise<boolean> {
  const rows = await db`
    update claim_reserved set resource = ${to}, reserved = ${now}::timestamptz where key = ${key} and resource = ${from} returning key`;
  return rows.length > 0;
}
