/** Protected addresses and their history. The only place where they are. */
import type { Db, Transaction } from '#kernel/db.ts';
import type { AddressGrade } from '../contract.ts';

export type ProtectedAddress = {
  bucket: number;
  person: string;
  version: number;
  grade: AddressGrade;
  /** JSON of an AddressRow; null where only the grade is known, and where protection has ended. */
  address: string | null;
  since: string | null;
  recorded: number;
};

/** The latest of each person that is named. One whose protection has ended has the grade `unclassified`. */
export async function findProtected(
  db: Db | Transaction,
  persons: readonly { bucket: number; id: string }[],
): Promise<ProtectedAddress[]> {
  if (persons.length === 0) return [];
  return (db as Db)<ProtectedAddress[]>`
    select distinct on (p.bucket, p.person) p.bucket, p.person, p.version, p.grade, p.address, p.since, p.recorded
    from unnest(${persons.map((k) => k.bucket)}::int[], ${persons.map((k) => k.id)}::text[]) as k(bucket, id)
    join register_protected_address p on p.bucket = k.bucket and p.person = k.id
    order by p.bucket, p.person, p.version desc`;
}

/** Every version of one person's, newest first. */
export async function findProtectedHistory(db: Db, bucket: number, person: string): Promise<ProtectedAddress[]> {
  return db<ProtectedAddress[]>`
    select bucket, person, version, grade, address, since, recorded from register_protected_address
    where bucket = ${bucket} and person = ${person} order by version desc`;
}

export async function putProtected(
  transaction: Transaction,
  rows: readonly (Omit<ProtectedAddress, 'recorded'> & { recorded: number; settled: boolean })[],
): Promise<void> {
  const values = rows.map((row) => ({ ...row, recorded: new Date(row.recorded).toISOString() }));
  await transaction`
    insert into register_protected_address (bucket, person, version, grade, address, since, recorded, settled)
    select bucket, person, version, grade, address, since, recorded, settled
    from jsonb_to_recordset(${transaction.json(values as never)})
      as r(bucket int, person text, version int, grade text, address text, since text, recorded timestamptz, settled boolean)`;
}

/** Persons whose Patient and history have yet to be cleared of addresses. */
export async function findUnsettled(db: Db, limit: number): Promise<{ bucket: number; id: string }[]> {
  return db<{ bucket: number; id: string }[]>`
    select distinct bucket, person as id from register_protected_address where not settled limit ${limit}`;
}

export async function settle(db: Db, { bucket, id }: { bucket: number; id: string }): Promise<void> {
  await db`update register_protected_address set settled = true where bucket = ${bucket} and person = ${id}`;
}

/** Marks those of the persons who are protected now as to be cleared (again); whether there were any. */
export async function unsettle(
  transaction: Transaction,
  persons: readonly { bucket: number; id: string }[],
): Promise<boolean> {
  if (persons.length === 0) return false;
  const rows = await transaction`
    update register_protected_address p set settled = false
    from unnest(${persons.map((k) => k.bucket)}::int[], ${persons.map((k) => k.id)}::text[]) as k(bucket, id)
    where p.bucket = k.bucket and p.person = k.id and p.grade <> 'unclassified'
      and not exists (select from register_protected_address l
        where l.bucket = p.bucket and l.person = p.person and l.version > p.version)
    returning p.person`;
  return rows.length > 0;
}
