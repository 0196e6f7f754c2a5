/** Reports of the nodes below, as they lie in the database: the last of each, and one a minute for a week. */
import type { Db } from '#kernel/db.ts';
import type { Numbers } from '../operations/numbers.ts';

export type KeptReport = {
  node: string;
  /** When it was so, milliseconds since 1970 by this node's clock. */
  at: number;
  numbers: Numbers;
  /** The line to the node above it, as that one sees it. */
  line: { isConnected: boolean; heard: number | undefined } | undefined;
};

type Row = { node: string; at: number; numbers: Numbers; isConnected: boolean | null; heard: number | null };

export async function readReports(db: Db): Promise<KeptReport[]> {
  const rows = await db<Row[]>`
    select node, at, numbers, is_connected as "isConnected", heard from node_report order by node`;
  return rows.map(({ isConnected, heard, ...row }) => ({
    ...row,
    line: isConnected === null ? undefined : { isConnected, heard: heard ?? undefined },
  }));
}

/** An older one than what is there changes nothing. */
export async function putReport(db: Db, { node, at, numbers, line }: KeptReport): Promise<void> {
  await db`insert into node_report (node, at, numbers, is_connected, heard)
    values (${node}, ${at}, ${db.json(numbers)}, ${line?.isConnected ?? null}, ${line?.heard ?? null})
    on conflict (node) do update set at = excluded.at, numbers = excluded.numbers, is_connected = excluded.is_connected,
      heard = excluded.heard where excluded.at >= node_report.at`;
  await db`insert into node_report_sample (node, at, numbers)
    select ${node}, date_trunc('minute', ${at}::timestamptz), ${db.json(numbers)} on conflict (node, at) do nothing`;
}

/** Samples of before, and all of nodes that are no longer here. */
export async function removeReports(db: Db, before: number, nodes: readonly string[]): Promise<void> {
  await db`delete from node_report_sample where at < ${before}`;
  await db`delete from node_report where node <> all(${[...nodes]}::text[])`;
}

/** One number of a node over time, oldest first. */
export async function readReportSamples(
  db: Db,
  node: string,
  name: string,
  from: number,
): Promise<{ at: number; value: number }[]> {
  return db<{ at: number; value: number }[]>`
    select at, (numbers ->> ${name})::float8 as value from node_report_sample
    where node = ${node} and at >= ${from} and numbers ? ${name} order by at`;
}
