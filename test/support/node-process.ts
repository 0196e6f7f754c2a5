/** A node in a process of its own, over what a `testNode` has made: to be killed, and to come back. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { TestNode } from './node.ts';

const main = join(import.meta.dirname, '../../src/main.ts');
const patienceMs = 180_000;

export type NodeProcess = {
  /** Resolves when it answers; at once where it runs. */
  start(): Promise<void>;
  /** As a power cut does. Resolves when it is gone. */
  kill(): Promise<void>;
};

/** The node of the test has to be stopped before the process starts. */
export function nodeProcess({ config, databaseUrl, url }: TestNode): NodeProcess {
  let child: ChildProcess | undefined;
  const isAlive = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    async start() {
      if (isAlive()) return;
      child = spawn(process.execPath, [...process.execArgv, main, 'start'], {
        cwd: config.dataFolder,
        env: {
          PATH: process.env['PATH'],
          FYR_SAMPLE: '0',
          FYR_NODE: config.node,
          FYR_HOST: config.host,
          FYR_PORT: String(config.port),
          FYR_BASE_URL: config.baseUrl,
          FYR_DATA: config.dataFolder,
          FYR_TRIAL_BEARER: '1',
          FYR_PACK_MINUTES: '0',
          FYR_LOG: 'error',
          DATABASE_URL: databaseUrl,
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const until = Date.now() + patienceMs;
      while (!(await answers(url))) {
        if (child.exitCode !== null || Date.now() > until) throw new Error('The process of the node did not start.');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async kill() {
      if (!isAlive()) return;
      const gone = new Promise((resolve) => child?.once('exit', resolve));
      child?.kill('SIGKILL');
      await gone;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/api/session`).then(
    ({ ok }) => ok,
    () => false,
  );
}
