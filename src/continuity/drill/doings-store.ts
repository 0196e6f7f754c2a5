/** What people did at this node between two moments, counted: no patient and no name of anybody is in it. */
import type { Db } from '#kernel/db.ts';
import { actions, outcomes } from '#trust/access-log/canonical.ts';
import type { AccessAction, AccessEntry } from '#trust/access-log/entry.ts';
import { readWritten, type Written } from '../downtime/downtime-store.ts';

export type Accesses = { action: AccessAction; outcome: AccessEntry['outcome']; count: number };

export type Doings = {
  /** What was written at this node, by type. */
  written: readonly Written[];
  accesses: readonly Accesses[];
  /** Personnel who read or wrote. */
  people: number;
  formsPrinted: number;
  formsEntered: number;
  /** The worst minute: 99 of 100 requests were faster, milliseconds. Undefined: nobody asked anything for a whole minute. */
  latencyP99Ms?: number;
  /** Requests answered with a status of 500 or more. */
  errors: number;
  /** The most that waited to be sent at a time. */
  backlogMost?: number;
};

export async function readDoings(db: Db, node: string, from: number, to: number): Promise<Doings> {
  const [written, accesses, people, forms, worst] = await Promise.all([
    readWritten(db, node, from, to),
    readAccesses(db, from, to),
    countPeople(db, from, to),
    countForms(db, from, to),
    readWorst(db, from, to),
  ]);
  return { written, accesses, people, ...forms, ...worst };
}

async function readAccesses(db: Db, from: number, to: number): Promise<Accesses[]> {
  const rows = await db<{ action: number; outcome: number; count: number }[]>`
    select e.action, e.outcome, count(*) as count from access_entry e join access_actor a on a.key = e.actor
    where e.at >= ${from} and e.at <= ${to} and a.content::jsonb ->> 'kind' in ('personnel', 'citizen', 'system')
    group by e.action, e.outcome order by e.action, e.outcome`;
  return rows.flatMap(({ action, outcome, count }) => {
    const [told, became] = [actions[action], outcomes[outcome]];
    return told === undefined || became === undefined ? [] : [{ action: told, outcome: became, count: Number(count) }];
  });
}

async function countPeople(db: Db, from: number, to: number): Promise<number> {
  const [row] = await db<{ people: number }[]>`
    select count(distinct e.who) as people from access_entry e join access_actor a on a.key = e.actor
    where e.at >= ${from} and e.at <= ${to} and a.content::jsonb ->> 'kind' = 'personnel'`;
  return Number(row?.people ?? 0);
}

async function countForms(db: Db, from: number, to: number): Promise<Pick<Doings, 'formsPrinted' | 'formsEntered'>> {
  const [row] = await db<{ printed: number; entered: number }[]>`
    select count(*) filter (where printed between ${from} and ${to}) as printed,
      count(*) filter (where entered between ${from} and ${to}) as entered from downtime_form`;
  return { formsPrinted: Number(row?.printed ?? 0), formsEntered: Number(row?.entered ?? 0) };
}

type Worst = { latency: number | null; errors: number | null; backlog: number | null };

async function readWorst(
  db: Db,
  from: number,
  to: number,
): Promise<Pick<Doings, 'latencyP99Ms' | 'errors' | 'backlogMost'>> {
  const [row] = await db<Worst[]>`
    select max((numbers ->> 'latencyP99Ms')::float8) as latency, sum((numbers ->> 'errorsPerMinute')::float8) as errors,
      max((numbers ->> 'backlog')::float8) as backlog from operation_sample where at >= ${from} and at <= ${to}`;
  const { latency, errors, backlog } = row as Worst;
  return {
    ...(latency === null ? {} : { latencyP99Ms: latency }),
    errors: errors ?? 0,
    ...(backlog === null ? {} : { backlogMost: backlog }),
  };
}
