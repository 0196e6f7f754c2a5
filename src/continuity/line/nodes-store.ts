/** The nodes of the region as they lie in the database, and the places of care that they are made of. */
import type { Db, Transaction } from '#kernel/db.ts';
import type { Tier } from '../protocol/view.ts';
import type { PlaceEntry, RegionNode } from './nodes.ts';

type NodeRow = { name: string; tier: Tier; above: string | null; roots: string[]; places: string[] };

export async function readNodes(db: Db): Promise<RegionNode[]> {
  const rows = await db<NodeRow[]>`select name, tier, above, roots, places from sync_node order by name`;
  return rows.map(({ above, ...row }) => ({ ...row, ...(above === null ? {} : { above }) }));
}

/** Changes what is known of nodes, one at a time: whoever changes it meanwhile waits, and loses nothing. */
export async function changeNodes(
  db: Db,
  change: (nodes: readonly RegionNode[]) => readonly RegionNode[] | Promise<readonly RegionNode[]>,
): Promise<void> {
  await db.begin(async (transaction) => {
    await transaction`lock table sync_node in share row exclusive mode`;
    await putAll(transaction, await change(await readNodes(transaction as unknown as Db)));
  });
}

/** Puts all of them, and removes those that are no longer told. */
export async function putNodes(db: Db, nodes: readonly RegionNode[]): Promise<void> {
  await db.begin((transaction) => putAll(transaction, nodes));
}

async function putAll(transaction: Transaction, nodes: readonly RegionNode[]): Promise<void> {
  await transaction`delete from sync_node where name <> all(${nodes.map(({ name }) => name)}::text[])`;
  for (const { name, tier, above, roots, places } of nodes) {
    await transaction`
        insert into sync_node (name, tier, above, roots, places)
        values (${name}, ${tier}, ${above ?? null}, ${[...roots]}, ${[...places]})
        on conflict (name) do update set tier = excluded.tier, above = excluded.above, roots = excluded.roots, places = excluded.places`;
  }
}

/** Puts the places of nodes that are named still: none is added, and none that was named meanwhile is taken away. */
export async function putPlaces(db: Db, nodes: readonly RegionNode[]): Promise<void> {
  await db.begin(async (transaction) => {
    for (const { name, places } of nodes)
      await transaction`update sync_node set places = ${[...places]} where name = ${name}`;
  });
}

/** By which map the reasons were read last: of the whole region, and of what is this node's. */
export type PlacesRead = { digest: string; own: string };

export async function readPlacesRead(db: Db): Promise<PlacesRead | undefined> {
  const [row] = await db<PlacesRead[]>`select digest, own from sync_places_read`;
  return row;
}

export async function putPlacesRead(db: Db, { digest, own }: PlacesRead): Promise<void> {
  await db`insert into sync_places_read (digest, own) values (${digest}, ${own})
    on conflict (one) do update set digest = excluded.digest, own = excluded.own`;
}

/** Every place of care and what it lies within. */
export async function readDirectory(db: Db): Promise<PlaceEntry[]> {
  return db<PlaceEntry[]>`
    /* fan-out: places of care, and who is at them */
    select r.type || '/' || r.id as reference, array_remove(array[
      v.content::jsonb #>> '{partOf,reference}', v.content::jsonb #>> '{managingOrganization,reference}'], null) as within
    from resource r join version v on v.bucket = r.bucket and v.n = r.n
    where r.type in ('Organization', 'Location') and not r.deleted`;
}

/** The organization of this name; undefined where there is none. */
export async function findOrganization(db: Db, name: string): Promise<string | undefined> {
  const [row] = await db<{ id: string }[]>`
    /* fan-out: places of care, and who is at them */
    select r.id from resource r join version v on v.bucket = r.bucket and v.n = r.n
    where r.type = 'Organization' and not r.deleted and v.content::jsonb ->> 'name' = ${name} order by r.id limit 1`;
  return row?.id;
}

export type PlacedRow = { type: string; id: string; patient: string; content: string };

/** Current resources of types that may be a reason to hold a patient, in order of type and id, behind a place in that order. */
export async function readPlaced(db: Db, type: string, after: string, limit: number): Promise<PlacedRow[]> {
  return db<PlacedRow[]>`
    /* fan-out: places of care, and who is at them */
    select r.type, r.id, r.patient, v.content
    from resource r join version v on v.bucket = r.bucket and v.n = r.n
    where r.type = ${type} and not r.deleted and r.id > ${after} and r.patient is not null and v.content is not null
    order by r.id limit ${limit}`;
}

export type LineCounts = { waiting: number; setAside: number; filling: number; stuck: number; whole: number };

export async function countLine(db: Db): Promise<LineCounts> {
  const [row] = await db<LineCounts[]>`
    select (select count(*) from sync_outbox where state = 'waiting') as waiting,
      (select count(*) from sync_set_aside s
        where not exists (select from quarantine_settled q where q.operation_id = s.operation_id)) as "setAside",
      count(*) filter (where state = 'filling' and not is_stuck) as filling,
      count(*) filter (where is_stuck) as stuck,
      count(*) filter (where state = 'whole') as whole from sync_holding`;
  return row as LineCounts;
}
