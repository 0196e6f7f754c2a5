/** Downtimes as they lie in the database. */
import type { Db } from '#kernel/db.ts';
import { sqlState } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Downtime } from './rules.ts';

type Row = { content: Downtime };

/** The one that is proposed, declared or being reconciled. */
export async function findOpen(db: Db): Promise<Downtime | undefined> {
  const [row] = await db<Row[]>`select content from downtime where state in ('proposed', 'declared', 'reconciling')`;
  return row?.content;
}

export async function findDowntime(db: Db, id: string): Promise<Downtime | undefined> {
  const [row] = await db<Row[]>`select content from downtime where id = ${id}`;
  return row?.content;
}

/** The newest first. */
export async function listDowntimes(db: Db, limit: number): Promise<Downtime[]> {
  const rows = await db<Row[]>`select content from downtime order by began desc, id limit ${limit}`;
  return rows.map(({ content }) => content);
}

/** Faults: conflict, where there is one already. */
export async function addDowntime(db: Db, downtime: Downtime): Promise<void> {
  try {
    await db`insert into downtime (id, state, began, revision, content)
      values (${downtime.id}, ${downtime.state}, ${downtime.began}, ${downtime.revision}, ${db.json(downtime as never)})`;
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    throw new Fault('conflict', 'There is a downtime already: add to that one.', { cause: error });
  }
}

/** Faults: conflict, where somebody else changed it meanwhile. */
export async function putDowntime(db: Db, downtime: Downtime): Promise<void> {
  const rows = await db`update downtime
    set state = ${downtime.state}, revision = ${downtime.revision}, content = ${db.json(downtime as never)}
    where id = ${downtime.id} and revision = ${downtime.revision - 1} returning id`;
  if (rows.length === 0) throw new Fault('conflict', 'Somebody else changed this downtime a moment ago. Look again.');
}

export type Written = { type: string; interaction: string; writes: number };

/** What was written at this node in a period, by type: not what came from others meanwhile. */
export async function readWritten(db: Db, node: string, from: number, to: number): Promise<Written[]> {
  const rows = await db<Written[]>`/* fan-out: a report of a downtime counts what was written */
    select type, interaction, count(*) as writes from version
    where updated >= ${from} and updated <= ${to} and interaction <> 'move'
      and version_id ~ ${`^[0-9]+-${node}([.][0-9]+)?$`} group by type, interaction order by type, interaction`;
  return rows.map((row) => ({ ...row, writes: Number(row.writes) }));
}
