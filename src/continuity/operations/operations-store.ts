/** What the database tells of itself, and the history of the main numbers. */
import type { Db } from '#kernel/db.ts';
import type { NumberName, Numbers } from './numbers.ts';

export type DatabaseFacts = {
  now: number;
  bytes: number;
  connections: number;
  oldestTransactionSeconds: number;
  logUnsealedSeconds: number;
};

export async function readDatabaseFacts(db: Db): Promise<DatabaseFacts> {
  const [row] = await db<DatabaseFacts[]>`
    select now() as now, pg_database_size(current_database())::float8 as bytes,
      (select count(*) from pg_stat_activity where datname = current_database()) as connections,
      (select coalesce(extract(epoch from now() - min(xact_start)), 0)::float8 from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()) as "oldestTransactionSeconds",
      (select coalesce(extract(epoch from now() - min(at)), 0)::float8 from access_entry
        where number > (select coalesce(max(last), 0) from access_seal)) as "logUnsealedSeconds"`;
  return row as DatabaseFacts;
}

export async function addSample(db: Db, process: string, at: number, numbers: Numbers): Promise<void> {
  await db`insert into operation_sample (at, process, numbers) values (${at}, ${process}, ${db.json(numbers)})
    on conflict (at, process) do nothing`;
}

export async function removeSamples(db: Db, before: number): Promise<void> {
  await db`delete from operation_sample where at < ${before}`;
}

/** One number over time, oldest first; several processes' are told one after another. */
export async function readSamples(db: Db, name: NumberName, from: number): Promise<{ at: number; value: number }[]> {
  return db<{ at: number; value: number }[]>`
    select at, (numbers ->> ${name})::float8 as value from operation_sample
    where at >= ${from} and numbers ? ${name} order by at, process`;
}

/** Paper forms that went to a printer and are not settled: neither in the record, nor called unused or lost. One that waits for a second person counts. */
export async function countOpenPaper(db: Db): Promise<number> {
  const [row] = await db<{ open: number }[]>`
    select count(*) as open from downtime_form
    where recorded is null and state in ('issued', 'entered', 'verified') and printed is not null`;
  return Number(row?.open ?? 0);
}
