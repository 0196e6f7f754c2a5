import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from './db.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';
import { isRunning } from './processes.ts';

const root = join(import.meta.dirname, '../..');
const pinned = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-postgres-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function startIn(folder: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ folder, memoryBytes: 2 ** 30, durable: false });
}

/** A node in a process of its own, which can be killed. */
async function nodeIn(folder: string): Promise<ChildProcess> {
  const node = spawn(
    existsSync(pinned) ? pinned : process.execPath,
    [join(root, 'test/support/postgres-node.ts'), folder],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await new Promise<void>((resolve, reject) => {
    node.stdout?.once('data', () => resolve());
    node.once('exit', (code) => reject(new Error(`the node ended with ${code}`)));
  });
  return node;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
}

const postmaster = (folder: string): number =>
  Number(readFileSync(join(folder, 'cluster/postmaster.pid'), 'utf8').split('\n')[0]);

async function count(postgres: EmbeddedPostgres): Promise<number> {
  const db = openDatabase(postgres.url, { connectionsMax: 1 });
  try {
    await db`create table if not exists thing (n int)`;
    await db`insert into thing values (1)`;
    const [row] = await db<{ n: number }[]>`select count(*) as n from thing`;
    return row?.n ?? 0;
  } finally {
    await db.end();
  }
}

test('keeps what was written from one start to the next, and stops wholly', async () => {
  const folder = newFolder();
  const first = await startIn(folder);
  const pid = postmaster(folder);
  expect(await count(first)).toBe(1);
  await first.stop();
  expect(isRunning(pid)).toBe(false);
  const second = await startIn(folder);
  expect(await count(second)).toBe(2);
  await second.stop();
});

test('stops by itself when its node is killed, and starts again', async () => {
  const folder = newFolder();
  const node = await nodeIn(folder);
  const pid = postmaster(folder);
  node.kill('SIGKILL');
  await ended(node);
  const again = await startIn(folder);
  expect(isRunning(pid)).toBe(false);
  expect(await count(again)).toBe(1);
  await again.stop();
});

test('recovers when node and PostgreSQL were killed at once', async () => {
  const folder = newFolder();
  const node = await nodeIn(folder);
  process.kill(postmaster(folder), 'SIGKILL');
  node.kill('SIGKILL');
  await ended(node);
  const again = await startIn(folder);
  expect(await count(again)).toBe(1);
  await again.stop();
});

test('a stale postmaster.pid with the number of another living process does not hinder the start', async () => {
  const folder = newFolder();
  await (await startIn(folder)).stop();
  writeFileSync(
    join(folder, 'cluster/postmaster.pid'),
    `${process.pid}\n${join(folder, 'cluster')}\n1\n5432\n${folder}/run\n\n1 1\n`,
  );
  const again = await startIn(folder);
  expect(await count(again)).toBe(1);
  await again.stop();
});

test('a first start that was cut off half-way leaves nothing that the next one takes for a database', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'cluster.new/base'), { recursive: true });
  writeFileSync(join(folder, 'cluster.new/PG_VERSION'), '18');
  const postgres = await startIn(folder);
  expect(await count(postgres)).toBe(1);
  await postgres.stop();
});

test('answers in a folder whose path is too long for a socket', async () => {
  const folder = join(newFolder(), 'a'.repeat(90));
  const postgres = await startIn(folder);
  expect(await count(postgres)).toBe(1);
  await postgres.stop();
});
