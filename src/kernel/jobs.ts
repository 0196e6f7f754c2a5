/** Work that must be done though nobody waits for it, and though the node is killed meanwhile: kept in the same PostgreSQL (graphile-worker). */
import { Logger, run, runMigrations } from 'graphile-worker';
import { Pool } from 'pg';
import { asFault } from './db.ts';
import { Fault } from './fault.ts';
import { joinWorkers, jobSchema } from './jobs-store.ts';
import type { Log } from './log.ts';

export type JobContext = {
  /** Aborted when the node stops: leave off at a safe point, by throwing; the job starts again later. */
  signal: AbortSignal;
  /** From 1; more when an earlier try failed or was cut off. */
  attempt: number;
};

/** A job may be run again after it was done (the node died before that was noted): doing it twice must do no harm. */
export type JobHandler = (payload: unknown, context: JobContext) => Promise<void>;

export type AddJob = {
  /** A job that waits under the same key is replaced. */
  key?: string;
  /** Not before this time, milliseconds since 1970. */
  notBefore?: number;
  /** Tries before it is given up, 25 unless said (the last ones days apart). */
  attemptsMax?: number;
};

export type Jobs = {
  add(name: string, payload: unknown, options?: AddJob): Promise<void>;
  /** Takes no new jobs, tells the running ones to leave off, and waits for them. */
  stop(): Promise<void>;
};

export type JobsOptions = {
  databaseUrl: string;
  handlers: Readonly<Record<string, JobHandler>>;
  log: Log;
  /** Jobs at a time. */
  concurrency?: number;
};

/** Milliseconds that a job has to leave off when the node stops. */
const leaveOffMs = 200;

/** Starts to work on jobs; those that a killed node left half-done are started again first. */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const pgPool = openPool(options);
  const shared = { pgPool, schema: jobSchema, logger: loggerOf(options.log) };
  await runMigrations(shared);
  const presence = await joinWorkers(options.databaseUrl);
  const taskList = Object.fromEntries(
    Object.entries(options.handlers).map(([name, handle]) => [
      name,
      (payload: unknown, { job, abortSignal }: { job: { attempts: number }; abortSignal?: AbortSignal }) =>
        handle(payload, { attempt: job.attempts, signal: abortSignal ?? new AbortController().signal }),
    ]),
  );
  const runner = await run({
    ...shared,
    taskList,
    concurrency: options.concurrency ?? 1,
    gracefulShutdownAbortTimeout: leaveOffMs,
    noHandleSignals: true,
  });
  // A runner whose database went away rejects; the node's own connections notice too, and it is they who end the node.
  let hasEnded = false;
  const ended = runner.promise
    .catch((error: unknown) => options.log.error({ event: 'jobs', err: error }, 'jobs ended'))
    .finally(() => (hasEnded = true));
  return {
    async add(name, payload, { key, notBefore, attemptsMax } = {}) {
      await runner.addJob(name, payload, {
        ...(key === undefined ? {} : { jobKey: key }),
        ...(notBefore === undefined ? {} : { runAt: new Date(notBefore) }),
        ...(attemptsMax === undefined ? {} : { maxAttempts: attemptsMax }),
      });
    },
    async stop() {
      if (!hasEnded) await runner.stop();
      await ended;
      await pgPool.end();
      // Without its database the lock is gone already, and the rest of the node has still to be stopped.
      await presence.leave().catch((error: unknown) => {
        if (!(asFault(error) instanceof Fault)) throw error;
        options.log.warn({ event: 'jobs', err: error }, 'jobs left without their database');
      });
    },
  };
}

/** The queue's connections. One that breaks is another's to notice; without a listener, also while it is being closed, it would end the process. */
function openPool({ databaseUrl, concurrency = 1, log }: JobsOptions): Pool {
  const broken = (error: Error): void => log.warn({ event: 'jobs', err: error }, 'a connection of the jobs broke');
  const pool = new Pool({ connectionString: databaseUrl, max: concurrency + 2 });
  pool.on('error', broken);
  pool.on('connect', (client) => client.on('error', broken));
  return pool;
}

function loggerOf(log: Log): Logger {
  const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;
  return new Logger((scope) => (level, message, meta) => {
    log[levels[level]](
      { event: 'job', ...scope, reason: (meta as { failure?: unknown } | undefined)?.failure },
      message,
    );
  });
}
