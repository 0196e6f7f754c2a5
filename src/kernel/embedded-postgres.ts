/**
 * A real PostgreSQL 18 in the data folder, for trials, development and small sites.
 *
 * `<folder>/cluster` the data · `run` the socket · `log` a week of logs · `start.log` what the last start said.
 * It answers on a Unix socket that only its account (and root) can open, so it needs no password and takes no port.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createDatabase } from './db-create.ts';
import { Fault } from './fault.ts';
import { postgresAccount, type PostgresAccount } from './postgres-account.ts';
import { postgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { postgresSettings, type PostgresSizing } from './postgres-settings.ts';
import { isRunning, worksIn } from './processes.ts';

export type EmbeddedPostgresOptions = PostgresSizing & {
  /** Its own folder, `<data>/postgres`; made when missing. The caller holds the data folder's lock. */
  folder: string;
  /** Told in plain words of what takes time: making the database, recovering. */
  report?: (line: string) => void;
};

export type EmbeddedPostgres = {
  /** Of the database `fyr`. */
  url: string;
  /** Ends all sessions, writes everything out and stops. */
  stop(): Promise<void>;
  /** Fulfilled when PostgreSQL has ended, asked for or not. */
  ended: Promise<void>;
};

type Places = { folder: string; cluster: string; log: string; startLog: string };

const startLimitMs = 120_000;
const stopLimitMs = 120_000;
/** The longest path of a Unix socket is 107 bytes on Linux and 103 on macOS, its file name included. */
const socketFolderLimit = 103 - '/.s.PGSQL.5432'.length;

/**
 * Starts PostgreSQL, having first made the database, or stopped what an earlier node that was killed left running.
 * When this process dies, however it dies, PostgreSQL stops by itself.
 * Throws a Fault with PostgreSQL's own last words when it does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  mkdirSync(options.folder, { recursive: true });
  const folder = realpathSync(options.folder);
  const places = {
    folder,
    cluster: join(folder, 'cluster'),
    log: join(folder, 'log'),
    startLog: join(folder, 'start.log'),
  };
  const binaries = postgresBinaries();
  const account = postgresAccount(places.cluster, [binaries.postgres, folder]);
  for (const path of [folder, places.log]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    account.own(path);
  }
  if (!existsSync(places.cluster)) await makeCluster(places, binaries, account, options);
  await clearLeftovers(places.cluster, options.report);
  const socketFolder = placeSocketFolder(folder, account);
  writeFileSync(join(places.cluster, 'postgresql.conf'), postgresSettings(socketFolder, places.log, options));

  const child = spawnTied(binaries.postgres, ['-D', places.cluster], account, places);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await untilReady(places, child, options.report);
  await createDatabase(urlOf(socketFolder, 'postgres'), 'fyr');
  return { url: urlOf(socketFolder, 'fyr'), ended, stop: () => stop(child, ended) };
}

function urlOf(socketFolder: string, database: string): string {
  return `postgres://fyr@${encodeURIComponent(socketFolder)}/${database}`;
}

/** Made beside its place and renamed, so that a start that is killed half-way leaves nothing that looks whole. */
async function makeCluster(
  places: Places,
  binaries: PostgresBinaries,
  account: PostgresAccount,
  options: EmbeddedPostgresOptions,
): Promise<void> {
  options.report?.('Making the database …');
  const unfinished = `${places.cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  account.own(unfinished);
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const durability = options.durable ? [] : ['--no-sync'];
  const [program, ...words] = [...account.prefix, binaries.initdb, '-D', unfinished, '-U', 'fyr', '-A', 'trust'];
  try {
    await promisify(execFile)(program as string, [...words, ...locale, ...durability], {
      ...account.identity,
      cwd: places.folder,
    });
  } catch (error) {
    const words = String((error as { stderr?: unknown }).stderr ?? error).trim();
    throw new Fault('unavailable', `The database could not be made in ${places.folder}: ${words}`, { cause: error });
  }
  renameSync(unfinished, places.cluster);
}

/** What a killed node may leave: a PostgreSQL that still runs, or its `postmaster.pid` with the number of a process long gone. */
async function clearLeftovers(cluster: string, report?: (line: string) => void): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  const pid = Number(pidFileLines(cluster)[0] ?? 0);
  if (pid === 0) return;
  if (worksIn(pid, cluster)) {
    report?.('An earlier start was killed and left its PostgreSQL running. Stopping it …');
    signal(pid, 'SIGINT');
    if (!(await gone(pid, stopLimitMs / 2))) signal(pid, 'SIGQUIT');
    if (!(await gone(pid, stopLimitMs / 2))) {
      throw new Fault(
        'unavailable',
        `PostgreSQL (process ${pid}) still runs on ${cluster} and does not stop. End it, then start again.`,
      );
    }
  }
  // The number may since have been given to another process, which PostgreSQL would take for itself and refuse to start.
  rmSync(pidFile, { force: true });
}

async function gone(pid: number, limitMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += 50) {
    if (!isRunning(pid)) return true;
    await delay(50);
  }
  return !isRunning(pid);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in the meantime.
  }
}

/** The socket is at `run` in the folder, or under the machine's temporary folder where that path would be too long for a socket. */
function placeSocketFolder(folder: string, account: PostgresAccount): string {
  const inside = join(folder, 'run');
  const short = join(tmpdir(), `fyr-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
  const path = Buffer.byteLength(inside) <= socketFolderLimit ? inside : short;
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { mode: 0o700 });
  account.own(path);
  return path;
}

/**
 * A shell stands between: it reads a pipe that only this process holds. When the pipe closes, because we asked for it or because this
 * process died (kill -9 too), it tells PostgreSQL to stop. Signals to the group (Ctrl-C, a service stopping) it leaves to us.
 */
const tie = `
trap '' INT TERM HUP
exec 3<&0
"$@" </dev/null 3<&- &
postgres=$!
( read -r _ <&3; kill -INT "$postgres" ) 2>/dev/null &
reader=$!
exec 3<&-
wait "$postgres"; code=$?
kill -KILL "$reader" 2>/dev/null
exit "$code"`;

function spawnTied(program: string, words: string[], account: PostgresAccount, places: Places): ChildProcess {
  const log = openSync(places.startLog, 'w', 0o600);
  try {
    const [shell, ...rest] = [...account.prefix, '/bin/sh', '-c', tie, 'postgres', program, ...words];
    const child = spawn(shell as string, rest, {
      ...account.identity,
      cwd: places.folder,
      detached: true,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['pipe', log, log],
    });
    child.stdin?.on('error', () => {});
    return child;
  } finally {
    closeSync(log);
  }
}

/** PostgreSQL writes its state to the eighth line of `postmaster.pid`; `pg_ctl` looks there too. */
async function untilReady(places: Places, child: ChildProcess, report?: (line: string) => void): Promise<void> {
  let failed: unknown;
  child.once('error', (error) => (failed = error));
  for (let waitedMs = 0; waitedMs < startLimitMs; waitedMs += 20) {
    if (pidFileLines(places.cluster)[7]?.startsWith('ready')) return;
    if (failed !== undefined || child.exitCode !== null || child.signalCode !== null) break;
    if (waitedMs === 3000) report?.('PostgreSQL is recovering what was being written when it was last stopped …');
    await delay(20);
  }
  child.stdin?.end();
  const words = `${readFileSync(places.startLog, 'utf8').trim()} ${failed === undefined ? '' : String(failed)}`;
  throw new Fault(
    'unavailable',
    `PostgreSQL did not start in ${places.folder}. It said: ${words.trim() || 'nothing'}`,
    { cause: failed },
  );
}

function pidFileLines(cluster: string): string[] {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.stdin?.end();
  const limit = new AbortController();
  const late = delay(stopLimitMs, 'late' as const, { signal: limit.signal, ref: false }).catch(
    () => 'stopped' as const,
  );
  const outcome = await Promise.race([ended.then(() => 'stopped' as const), late]);
  limit.abort();
  if (outcome === 'late') throw new Fault('unavailable', `PostgreSQL did not stop within ${stopLimitMs / 1000} s.`);
}
