/** Frees jobs whose worker is gone, at once rather than after the queue's own four hours. */
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
