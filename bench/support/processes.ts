/** The processes of a measurement: PostgreSQL, a node, the bare server, the load generator; all ended when the bench ends. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedPostgres } from '#kernel/embedded-postgres.ts';
import type { LoadPlan, LoadResult } from './load.ts';

const here = import.meta.dirname;

export type Server = { port: number; rss(): Promise<number>; stop(): Promise<void> };

/** A durable PostgreSQL in a folder of its own, which goes when it is stopped; one that is named is kept. */
export async function startDatabase(kept?: string): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'fyr-bench-'));
  const postgres = await startEmbeddedPostgres({ folder, memoryBytes: totalmem(), durable: true });
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      if (kept === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function startFyr(
  databaseUrl: string,
  port: number,
  settings: { readonly [name: string]: string } = {},
): Promise<Server> {
  const child = fork(join(here, 'fyr-server.ts'), {
    env: {
      ...process.env,
      FYR_PORT: String(port),
      FYR_SAMPLE: '0',
      FYR_REAL_PERSONS: 'accept',
      // One person asks all that is measured.
      FYR_REQUESTS_PER_SUBJECT: '0',
      FYR_REQUESTS_AT_ONCE_PER_SUBJECT: '0',
      DATABASE_URL: databaseUrl,
      ...settings,
    },
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the node ended with ${code}`)));
  });
  return {
    port,
    rss: () =>
      new Promise((resolve) => {
        child.once('message', (message: { rss: number }) => resolve(message.rss));
        child.send('rss');
      }),
    stop: () => ended(child),
  };
}

export async function startBare(databaseUrl: string, port: number): Promise<Server> {
  const child = fork(join(here, 'bare-server.ts'), {
    env: { ...process.env, BARE_PORT: String(port), BARE_DATABASE: databaseUrl },
  });
  for (;;) {
    const isUp = await fetch(`http://127.0.0.1:${port}/run/none/0`).then(
      () => true,
      () => false,
    );
    if (isUp) break;
    await delay(50);
  }
  return { port, rss: async () => 0, stop: () => ended(child) };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await exit;
}

/** Loads a server from a process of its own. */
export async function load(plan: LoadPlan): Promise<LoadResult> {
  const child = spawn(process.execPath, [join(here, 'load.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(plan));
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return JSON.parse(text) as LoadResult;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
