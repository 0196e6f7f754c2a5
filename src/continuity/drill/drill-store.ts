/** Drills as they lie in the database. */
import { sqlState, type Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Drill } from './rules.ts';

type Row = { content: Drill };

/** The one that is asked for, running, or being put back. */
export async function findOpenDrill(db: Db): Promise<Drill | undefined> {
  const [row] = await db<Row[]>`select content from drill where state in ('asked', 'running', 'recovering')`;
  return row?.content;
}

export async function findDrill(db: Db, id: string): Promise<Drill | undefined> {
  const [row] = await db<Row[]>`select content from drill where id = ${id}`;
  return row?.content;
}

/** The newest first. */
export async function listDrills(db: Db, limit: number): Promise<Drill[]> {
  const rows = await db<Row[]>`select content from drill order by began desc, id limit ${limit}`;
  return rows.map(({ content }) => content);
}

/** Faults: conflict, where one is on. */
export async function addDrill(db: Db, drill: Drill): Promise<void> {
  try {
    await db`insert into drill (id, state, began, revision, content)
      values (${drill.id}, ${drill.state}, ${drill.began}, ${drill.revision}, ${db.json(drill as never)})`;
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    throw new Fault('conflict', 'A drill is on already.', { cause: error });
  }
}

/** False: somebody else changed it meanwhile, and nothing was written. */
export async function putDrill(db: Db, drill: Drill): Promise<boolean> {
  const rows = await db`update drill
    set state = ${drill.state}, began = ${drill.began}, revision = ${drill.revision}, content = ${db.json(drill as never)}
    where id = ${drill.id} and revision = ${drill.revision - 1} returning id`;
  return rows.length > 0;
}
