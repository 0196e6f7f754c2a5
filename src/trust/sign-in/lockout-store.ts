/** Failed sign-ins: counted where every process of the node sees them, and a restart does not forget. */
import type { Db } from '#kernel/db.ts';

export type Failure = { subject: string; lockedUntil: number | null };

/** Those of the subjects that are locked now, with the longest lock first. */
export async function findLocked(db: Db, subjects: readonly string[], now: number): Promise<Failure[]> {
  return db<Failure[]>`
    select subject, locked_until as "lockedUntil" from sign_in_failure
    where subject = any(${subjects as string[]}) and locked_until > ${now} order by locked_until desc`;
}

export type LockRule = {
  now: number;
  /** Failures older than this are not counted. */
  windowMs: number;
  failuresMax: number;
  /** The first lock; each further one is twice as long, to a day. */
  lockMs: number;
};

/** Counts a failure, and locks when there were too many: one statement, so that a burst is counted whole. */
export async function countFailure(db: Db, subject: string, rule: LockRule): Promise<void> {
  const { now, windowMs, failuresMax, lockMs } = rule;
  const since = now - windowMs;
  await db`
    insert into sign_in_failure as f (subject, failures, since) values (${subject}, 1, ${now})
    on conflict (subject) do update set
      failures = case when f.since < ${since} or f.failures + 1 >= ${failuresMax} then
        case when f.since < ${since} then 1 else 0 end else f.failures + 1 end,
      since = case when f.since < ${since} or f.failures + 1 >= ${failuresMax} then ${now} else f.since end,
      locks = case when f.since >= ${since} and f.failures + 1 >= ${failuresMax} then f.locks + 1 else f.locks end,
      locked_until = case when f.since >= ${since} and f.failures + 1 >= ${failuresMax}
        then ${now}::timestamptz + least(${lockMs} * power(2, f.locks), 86400000) * interval '1 millisecond' else f.locked_until end`;
}

/** One who got in has nothing to answer for. */
export async function forgetFailures(db: Db, subjects: readonly string[]): Promise<void> {
  await db`delete from sign_in_failure where subject = any(${subjects as string[]})`;
}

export async function pruneFailures(db: Db, before: number): Promise<void> {
  await db`delete from sign_in_failure where since < ${before} and (locked_until is null or locked_until < ${before})`;
}
