/**
 * The data folder belongs to one Fyr at a time. `fyr.lock` in it says which process, and where its database answers, so that
 * a command (`fyr import`) works beside a running node. A lock whose process is gone is taken over.
 */
import { accessSync, constants, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from './fault.ts';
import { birthOf, isRunning } from './processes.ts';

export type Holder = {
  pid: number;
  /** Tells the process from a later one with the same number. */
  birth: string;
  /** What it does, for people: `start`, `import`. */
  purpose: string;
  /** Of the embedded PostgreSQL, once it answers. */
  databaseUrl?: string;
  /** Its end has begun: whoever waits will get the folder. */
  stopping?: true;
};

export type FolderLock = {
  /** Lets others know more about the holder. */
  tell(more: Pick<Holder, 'databaseUrl' | 'stopping'>): void;
  release(): void;
};

const lockName = 'fyr.lock';
const stoppingLimitMs = 120_000;
const pollMs = 100;

/**
 * Takes the folder, made when missing. Waits for a holder that is stopping; throws a Fault('conflict') that names one that isn't.
 * @param graceMs for a holder that has not said that it is stopping, but may be about to: its parent was killed a moment ago
 */
export async function lockDataFolder(folder: string, purpose: string, graceMs = 3000): Promise<FolderLock> {
  makeFolder(folder);
  const path = join(folder, lockName);
  let mine: Holder = { pid: process.pid, birth: birthOf(process.pid), purpose };
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    if (tryTake(path, mine)) break;
    const holder = holderOf(folder);
    if (holder === undefined) continue;
    if (waitedMs >= (holder.stopping ? stoppingLimitMs : graceMs)) throw inUse(folder, holder);
    await delay(pollMs);
  }
  return {
    tell: (more) => {
      mine = { ...mine, ...more };
      replace(path, mine);
    },
    release: () => {
      if (sameProcess(read(path), mine)) rmSync(path, { force: true });
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Fault(
      'invalid',
      `The data folder ${folder} can not be used (${code}). Set FYR_DATA to a folder that this account may write to.`,
      { cause: error },
    );
  }
}

/** Who works on the folder now, if anyone. */
export function holderOf(folder: string): Holder | undefined {
  const holder = read(join(folder, lockName));
  return holder !== undefined && lives(holder) ? holder : undefined;
}

function inUse(folder: string, holder: Holder): Fault {
  return new Fault(
    'conflict',
    `Fyr already works in ${folder} (process ${holder.pid}, fyr ${holder.purpose}). Stop it first, or set FYR_DATA to another folder.`,
  );
}

function lives(holder: Holder): boolean {
  return (
    isRunning(holder.pid) && birthOf(holder.pid) === holder.birth && (holder.birth !== '' || holder.pid !== process.pid)
  );
}

function tryTake(path: string, mine: Holder): boolean {
  const found = read(path);
  if (found !== undefined && lives(found)) return false;
  if (found !== undefined && !moveAside(path, found)) return false;
  const own = `${path}.${process.pid}`;
  write(own, mine);
  try {
    // Of several that try at once, a hard link lets one through.
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Takes a dead process's lock away; gives back what turns out to be a living one's, taken in between. */
function moveAside(path: string, dead: Holder): boolean {
  const aside = `${path}.${process.pid}.gone`;
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  const moved = read(aside);
  const right = moved === undefined || sameProcess(moved, dead);
  if (!right) linkSync(aside, path);
  rmSync(aside, { force: true });
  return right;
}

function sameProcess(one: Holder | undefined, other: Holder): boolean {
  return one?.pid === other.pid && one.birth === other.birth;
}

function read(path: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // Cut short by a power failure: whoever wrote it is gone.
    return { pid: 0, birth: 'unreadable', purpose: 'unknown' };
  }
}

function write(path: string, holder: Holder): void {
  writeFileSync(path, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
}

function replace(path: string, holder: Holder): void {
  write(`${path}.${process.pid}`, holder);
  renameSync(`${path}.${process.pid}`, path);
}
