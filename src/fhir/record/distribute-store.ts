/** `fyr distribute`: spreads the record over the shards of Citus, where an operator has installed it (docs/scale-out.md). */
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';

/** The record's tables, each with the column that it is spread by; those of one bucket lie together. */
export const distribution = [
  { table: 'version', column: 'bucket', with: undefined },
  { table: 'resource', column: 'bucket', with: 'version' },
  { table: 'head', column: 'bucket', with: 'version' },
  { table: 'directory', column: 'id', with: 'none' },
] as const;

/**
 * Spreads every table that is not spread yet, and sets what Citus needs for writes over several shards. Safe to run again.
 * Refused with a plain word where the extension is not there.
 */
export async function distributeRecord(db: Db, report: (line: string) => void): Promise<void> {
  await requireCitus(db);
  const [{ name } = { name: '' }] = await db<{ name: string }[]>`select current_database() as name`;
  await db`alter database ${db(name)} set citus.multi_shard_modify_mode = 'sequential'`;
  for (const { table, column, with: other } of distribution) {
    const [found] = await db<{ count: number }[]>`
      select count(*) as count from pg_dist_partition where logicalrelid = ${table}::regclass`;
    if ((found?.count ?? 0) > 0) {
      report(`${table}: spread already`);
      continue;
    }
    await db`select create_distributed_table(${table}, ${column}, colocate_with => ${other ?? 'default'})`;
    report(`${table}: spread by ${column}`);
  }
}

/** Whether the record may lie on several shards, so that statements which know the bucket should say it. */
export async function isDistributed(db: Db): Promise<boolean> {
  const [found] = await db<{ count: number }[]>`select count(*) as count from pg_extension where extname = 'citus'`;
  return (found?.count ?? 0) > 0;
}

async function requireCitus(db: Db): Promise<void> {
  const [available] = await db<{ installed: string | null }[]>`
    select installed_version as installed from pg_available_extensions where name = 'citus'`;
  if (!available) {
    throw new Fault(
      'notSupported',
      'This PostgreSQL has no Citus extension, so there is nothing to spread over. The record works as it is.',
    );
  }
  if (available.installed === null) await db`create extension citus`;
}
