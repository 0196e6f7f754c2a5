/** The table of what was set aside and of what people decided about it: this node's own, without buckets. */
import type { Db } from '#kernel/db.ts';
import type { Operation } from '../protocol/view.ts';

export type SetAsideRow = {
  operation: Operation;
  why: string;
  waitsFor: string | undefined;
  /** Milliseconds since 1970. */
  setAside: number;
  settled: Settled | undefined;
};

export type Settled = { at: number; reference: string; name: string; words: string };

type Row = {
  operation: string;
  why: string;
  waitsFor: string | null;
  setAside: number;
  settled: number | null;
  reference: string | null;
  name: string | null;
  words: string | null;
};

/** What was set aside, the oldest first: what is open, or what people have settled. */
export async function readSetAsideRows(db: Db, state: 'open' | 'settled', limit: number): Promise<SetAsideRow[]> {
  const rows = await db<Row[]>`
    select s.operation, s.why, s.waits_for as "waitsFor", s.set_aside as "setAside", q.settled,
      q.by_reference as reference, q.by_name as name, q.words
    from sync_set_aside s left join quarantine_settled q using (operation_id)
    where (q.operation_id is not null) = ${state === 'settled'}
    order by s.set_aside, s.operation_id limit ${limit}`;
  return rows.map(rowOf);
}

export async function findSetAside(db: Db, operation: string): Promise<SetAsideRow | undefined> {
  const [row] = await db<Row[]>`
    select s.operation, s.why, s.waits_for as "waitsFor", s.set_aside as "setAside", q.settled,
      q.by_reference as reference, q.by_name as name, q.words
    from sync_set_aside s left join quarantine_settled q using (operation_id) where s.operation_id = ${operation}`;
  return row && rowOf(row);
}

/** @returns whether it was open: of two who decide at once one is first */
export async function putSettled(db: Db, operation: string, { at, reference, name, words }: Settled): Promise<boolean> {
  const rows = await db`
    insert into quarantine_settled (operation_id, settled, by_reference, by_name, words)
    select operation_id, ${at}, ${reference}, ${name}, ${words} from sync_set_aside where operation_id = ${operation}
    on conflict (operation_id) do nothing returning operation_id`;
  return rows.length === 1;
}

function rowOf(row: Row): SetAsideRow {
  const { operation, why, waitsFor, setAside, settled, reference, name, words } = row;
  return {
    operation: JSON.parse(operation) as Operation,
    why,
    waitsFor: waitsFor ?? undefined,
    setAside,
    settled: settled === null ? undefined : { at: settled, reference: reference!, name: name!, words: words! },
  };
}
