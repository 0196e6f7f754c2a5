/** The log counted by weeks, in the database. The log is the node's own: no statement here concerns the record's buckets. */
import type { Db } from '#kernel/db.ts';

export type CountedRow = {
  /** Monday, `YYYY-MM-DD`, in Norway. */
  week: string;
  kind: string;
  authorisation: string | null;
  /** Positions in the lists of canonical.ts. */
  action: number;
  outcome: number;
  entries: number;
};

/** How many entries there may be in a period, by their numbers: of this node and of those copied here. */
export async function estimateEntries(db: Db, from: number, until: number): Promise<number> {
  const [row] = await db<{ entries: number }[]>`
    select coalesce((select max(number) - min(number) + 1 from access_entry
        where at >= ${from}::timestamptz and at < ${until}::timestamptz), 0)
      + coalesce((select sum(n) from (select max(number) - min(number) + 1 as n from access_copy
        where at >= ${from}::timestamptz and at < ${until}::timestamptz group by node) c), 0) as entries`;
  return Number(row?.entries ?? 0);
}

/**
 * Entries by week, who acts (kind and authorisation), what was done and how it ended: of this node and of the nodes below.
 * @param weeks when each begins, oldest first, with its name; the last one ends at `until`
 */
export async function countByWeek(
  db: Db,
  weeks: readonly { name: string; begins: number }[],
  until: number,
): Promise<CountedRow[]> {
  const from = weeks[0]?.begins ?? until;
  const begins = weeks.map((week) => new Date(week.begins).toISOString());
  // The week is found by its beginning, not by asking the calendar for each row: less than half of the time.
  const rows = await db<(Omit<CountedRow, 'week'> & { place: number })[]>`
    with counted as (
      select width_bucket(at, ${begins}::timestamptz[]) as place, actor, action, outcome, count(*) as n
      from (select at, actor, action, outcome from access_entry
          where at >= ${from}::timestamptz and at < ${until}::timestamptz
        union all select at, actor, action, outcome from access_copy
          where at >= ${from}::timestamptz and at < ${until}::timestamptz) e
      group by 1, 2, 3, 4)
    select c.place, coalesce(a.content::jsonb ->> 'kind', 'nobody') as kind,
      a.content::jsonb ->> 'authorisation' as authorisation, c.action, c.outcome, sum(c.n)::float8 as entries
    from counted c left join access_actor a on a.key = c.actor
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`;
  return rows.map(({ place, ...row }) => ({ week: weeks[place - 1]?.name ?? '', ...row }));
}

/** What looked unusual, by week: findings, one for a person, a patient and a day. */
export async function countFindings(db: Db, from: string): Promise<{ week: string; findings: number }[]> {
  const rows = await db<{ week: string; findings: number }[]>`
    select to_char(date_trunc('week', day::timestamp), 'YYYY-MM-DD') as week, count(*)::float8 as findings
    from access_finding where day >= ${from}::text::date group by 1 order by 1`;
  return [...rows];
}
