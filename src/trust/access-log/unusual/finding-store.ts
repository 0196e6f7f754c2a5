/** The tables of habits and findings. They are this node's own: no statement here concerns the record's buckets. */
import type { Db, Transaction } from '#kernel/db.ts';
import type { Reason } from './rules.ts';

export type HabitRow = { who: string; unit: string; authorisation: string; patients: number; entries: number };

export type FindingRow = {
  /** `YYYY-MM-DD`, in Norway. */
  day: string;
  who: string;
  /** Empty for what is about a whole day. */
  patient: string;
  name: string;
  score: number;
  reasons: readonly Reason[];
  entries: number;
  number: number;
  at: number;
};

/** Puts a day's habits in the place of what was known of it. */
export async function putHabits(db: Db, day: string, rows: readonly HabitRow[]): Promise<void> {
  await db.begin(async (transaction) => {
    await transaction`delete from access_habit where day = ${day}::text::date`;
    await transaction`
      insert into access_habit (day, who, unit, authorisation, patients, entries)
      select ${day}::text::date, * from unnest(${rows.map((r) => r.who)}::text[], ${rows.map((r) => r.unit)}::text[],
        ${rows.map((r) => r.authorisation)}::text[], ${rows.map((r) => r.patients)}::int[], ${rows.map((r) => r.entries)}::int[])`;
  });
}

/** Patients a day in the days before, by person. */
export async function earlierDays(db: Db, day: string, days: number): Promise<Map<string, number[]>> {
  const rows = await db<{ who: string; patients: number[] }[]>`
    select who, array_agg(patients) as patients from access_habit
    where day < ${day}::text::date and day >= ${day}::text::date - ${days}::int
      and who in (select who from access_habit where day = ${day}::text::date)
    group by who`;
  return new Map(rows.map(({ who, patients }) => [who, patients]));
}

/** Puts a day's findings in the place of earlier ones. */
export async function putFindings(db: Db, day: string, rows: readonly FindingRow[], found: number): Promise<void> {
  await db.begin(async (transaction) => {
    await transaction`delete from access_finding where day = ${day}::text::date`;
    for (const row of rows) await insertFinding(transaction, row, found);
  });
}

async function insertFinding(transaction: Transaction, row: FindingRow, found: number): Promise<void> {
  await transaction`
    insert into access_finding (day, who, patient, name, score, reasons, rules, entries, number, at, found)
    values (${row.day}::text::date, ${row.who}, ${row.patient}, ${row.name}, ${row.score}, ${transaction.json(row.reasons as never)},
      ${row.reasons.map(({ rule }) => rule)}::text[], ${row.entries}, ${row.number}, ${row.at}::timestamptz, ${found}::timestamptz)`;
}

export type FindingFilter = {
  /** Days, `YYYY-MM-DD`: from this on, and before this. */
  from?: string;
  until?: string;
  rule?: string;
  patient?: string;
  who?: string;
  /** How many are passed over. */
  skip: number;
  limit: number;
};

/** The newest day first, within it the highest score. */
export async function findFindings(db: Db, filter: FindingFilter): Promise<FindingRow[]> {
  const { from, until, rule, patient, who, skip, limit } = filter;
  return db<FindingRow[]>`
    select to_char(day, 'YYYY-MM-DD') as day, who, patient, name, score, reasons, entries, number, at from access_finding
    where true
      ${from === undefined ? db`` : db`and day >= ${from}::text::date`}
      ${until === undefined ? db`` : db`and day < ${until}::text::date`}
      ${rule === undefined ? db`` : db`and rules @> array[${rule}]::text[]`}
      ${patient === undefined ? db`` : db`and patient = ${patient}`}
      ${who === undefined ? db`` : db`and who = ${who}`}
    order by day desc, score desc, who, patient offset ${skip} limit ${limit}`;
}

/** References of everybody who has ever acted as personnel. */
export async function personnelInLog(db: Db): Promise<string[]> {
  const rows = await db<{ reference: string }[]>`
    select distinct content::json ->> 'reference' as reference from access_actor where content like '{"kind":"personnel"%'`;
  return rows.map(({ reference }) => reference);
}

/** The organisations in which each of these people has acted. */
export async function workplacesOf(db: Db, references: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await db<{ reference: string; organisations: string[] }[]>`
    select content::json ->> 'reference' as reference, organisations from access_actor
    where content::json ->> 'reference' = any(${[...references]}::text[])`;
  const places = new Map<string, string[]>();
  for (const { reference, organisations } of rows)
    places.set(reference, [...(places.get(reference) ?? []), ...organisations]);
  return places;
}
