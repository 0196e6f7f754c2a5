import { expect, onTestFinished, test } from 'vitest';
import { ownDatabaseUrl } from '../../test/support/database.ts';
import { openDatabase } from './db.ts';
import { startJobs, type JobHandler, type Jobs } from './jobs.ts';
import { openLog } from './log.ts';

async function jobsOn(databaseUrl: string, handlers: Record<string, JobHandler>): Promise<Jobs> {
  const { log } = openLog({ level: 'error', node: 'test', file: '/dev/null' });
  return startJobs({ databaseUrl, handlers, log });
}

test('does a job once, with its payload, and one that waits under the same key is replaced', async () => {
  const url = await ownDatabaseUrl('jobs_once', 'empty');
  const done: unknown[] = [];
  const finished = Promise.withResolvers<void>();
  const jobs = await jobsOn(url, {
    count: async (payload) => void done.push(payload),
    last: async () => finished.resolve(),
  });
  onTestFinished(() => jobs.stop());
  const later = { key: 'one', notBefore: Date.now() + 3_600_000 };
  await jobs.add('count', { n: 1 }, later);
  await jobs.add('count', { n: 2 }, { key: 'one' });
  await jobs.add('last', {});
  await finished.promise;
  expect(done).toEqual([{ n: 2 }]);
});

test('a job that a killed node was working on is started again at once by the next start', async () => {
  const url = await ownDatabaseUrl('jobs_killed', 'empty');
  const first = await jobsOn(url, {});
  await first.add('export', { type: 'Patient' });
  await first.stop();
  const db = openDatabase(url, { connectionsMax: 1 });
  await db`update job._private_jobs set locked_at = now(), locked_by = 'worker-of-the-killed', attempts = 1`;
  await db.end();
  const attempts = Promise.withResolvers<number>();
  const second = await jobsOn(url, { export: async (_, { attempt }) => attempts.resolve(attempt) });
  onTestFinished(() => second.stop());
  expect(await attempts.promise).toBe(2);
});

test('a running job is told to leave off when the node stops, and starts again later', async () => {
  const url = await ownDatabaseUrl('jobs_stop', 'empty');
  const begun = Promise.withResolvers<void>();
  const jobs = await jobsOn(url, {
    long: async (_, { signal }) => {
      begun.resolve();
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopping'))));
    },
  });
  await jobs.add('long', {});
  await begun.promise;
  await jobs.stop();
  const db = openDatabase(url, { connectionsMax: 1 });
  onTestFinished(() => db.end());
  expect(await db`select locked_at, is_available from job._private_jobs`).toEqual([
    { locked_at: null, is_available: true },
  ]);
});
