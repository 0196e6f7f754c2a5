/** The queue's tables: frees jobs whose worker is gone, at once rather than after the queue's own four hours; lists those there are, and makes one due. */
import { openDatabase, type Db } from './db.ts';

export const jobSchema = 'job';
/** Held, shared, by every process that works on jobs; who gets it alone knows that there is no other. */
const workersLock = 0x667973;

export type WorkerPresence = { leave(): Promise<void> };

/**
 * Joins the workers. If no other process works on jobs, whatever still counts as being worked on was left by one that was killed,
 * and is made ready again. The schema must be there.
 */
export async function joinWorkers(databaseUrl: string): Promise<WorkerPresence> {
  // A connection of its own: the lock lives as long as its session.
  const db = openDatabase(databaseUrl, { connectionsMax: 1, applicationName: 'fyr-workers' });
  await freeIfAlone(db);
  await db`select pg_advisory_lock_shared(${workersLock})`;
  return {
    async leave() {
      await db`select pg_advisory_unlock_shared(${workersLock})`;
      // What was cut off by the stop is ready for the next start, without a wait.
      await freeIfAlone(db);
      await db.end();
    },
  };
}

async function freeIfAlone(db: Db): Promise<void> {
  const [alone] = await db<{ taken: boolean }[]>`select pg_try_advisory_lock(${workersLock}) as taken`;
  if (alone?.taken !== true) return;
  await freeAll(db);
  await db`select pg_advisory_unlock(${workersLock})`;
}

async function freeAll(db: Db): Promise<void> {
  await db.begin(async (transaction) => {
    await transaction`update ${transaction(jobSchema)}._private_jobs set locked_at = null, locked_by = null, run_at = now()
      where locked_at is not null`;
    await transaction`update ${transaction(jobSchema)}._private_job_queues set locked_at = null, locked_by = null
      where locked_at is not null`;
  });
}

/** A job as it lies in the queue; without what it is given, which may name a patient. */
export type QueuedJob = {
  id: string;
  name: string;
  /** `tried`: it failed and is tried again; `given-up`: it failed as often as it may. */
  state: 'running' | 'waiting' | 'tried' | 'given-up';
  attempts: number;
  attemptsMax: number;
  /** Milliseconds since 1970: when it was added, and when it is next tried at the earliest. */
  added: number;
  next: number;
  /** Of the last try, as it was thrown; null: none has failed. */
  problem: string | null;
};

/** Those given up first, then those that have failed, then by when they are due. */
export async function listJobs(db: Db, limit: number): Promise<QueuedJob[]> {
  return db<QueuedJob[]>`
    select j.id::text as id, t.identifier as name, j.attempts, j.max_attempts as "attemptsMax",
      case when j.locked_at is not null then 'running' when j.attempts >= j.max_attempts then 'given-up'
        when j.last_error is not null then 'tried' else 'waiting' end as state,
      j.created_at as added, j.run_at as next, j.last_error as problem
    from ${db(jobSchema)}._private_jobs j join ${db(jobSchema)}._private_tasks t on t.id = j.task_id
    order by j.attempts >= j.max_attempts desc, j.last_error is not null desc, j.run_at, j.id limit ${limit}`;
}

/** How many there are. */
export async function countJobs(db: Db): Promise<number> {
  const [row] = await db<{ jobs: number }[]>`select count(*) as jobs from ${db(jobSchema)}._private_jobs`;
  return Number(row?.jobs ?? 0);
}

/** Makes a job due now, with all its tries before it. False: there is none of this id, or it is being worked on. */
export async function runJobAgain(db: Db, id: string): Promise<boolean> {
  const rows = await db`select id from ${db(jobSchema)}.reschedule_jobs(array[${id}::bigint], now(), null, 0)`;
  return rows.length > 0;
}
