/**
 * Anchors: one line a seal in files outside the database, one file a day, appended and made durable before the seal counts as anchored. Who has the
 * database in his hands, superuser or not, can cut off the end of the log with its seals; the anchor still names the seal that was there.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '#kernel/fault.ts';
import { sealHash, type Seal } from './seal.ts';

/** What an anchor says of a seal. `hash`: base64url. */
export type Anchor = { seal: number; last: number; sealed: number; hash: string };

export type Anchors = {
  /** The newest seal that is anchored; 0 for none. */
  readonly last: number;
  /** Durable when it resolves. Seals that are anchored already are left out. */
  add(seals: readonly Seal[]): Promise<void>;
  close(): Promise<void>;
};

const fileName = /^\d{4}-\d\d-\d\d\.txt$/;

/** The files of anchors in a folder, oldest first. */
export function anchorFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => fileName.test(name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Opens the folder, made when missing. */
export function openAnchors(folder: string): Anchors {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = anchorFiles(folder);
  let last = 0;
  for (let i = files.length - 1; i >= 0 && last === 0; i--) last = lastAnchorIn(join(folder, files[i] as string));
  let current: { day: string; handle: FileHandle } | undefined;

  const handleOf = async (day: string): Promise<FileHandle> => {
    if (current?.day === day) return current.handle;
    await current?.handle.close();
    const handle = await open(join(folder, `${day}.txt`), 'a', 0o600);
    current = { day, handle };
    // What a power failure cut off in the middle of a line must not run into the next.
    await handle.appendFile('\n');
    return handle;
  };

  return {
    get last() {
      return last;
    },
    async add(seals) {
      const fresh = seals.filter((seal) => seal.number > last);
      const days = Map.groupBy(fresh, (seal) => new Date(seal.sealed).toISOString().slice(0, 10));
      for (const [day, ofDay] of days) {
        const handle = await handleOf(day);
        await handle.appendFile(ofDay.map(lineOf).join(''));
        await handle.datasync();
        last = ofDay.at(-1)?.number ?? last;
      }
    },
    async close() {
      await current?.handle.close();
      current = undefined;
    },
  };
}

function lineOf(seal: Seal): string {
  return anchorLine({
    seal: seal.number,
    last: seal.last,
    sealed: seal.sealed,
    hash: sealHash(seal).toString('base64url'),
  });
}

/** The line of an anchor, with its end. */
export function anchorLine({ seal, last, sealed, hash }: Anchor): string {
  return `${seal} ${last} ${sealed} ${hash}\n`;
}

/** The last seal that a file of anchors names; 0 for none. */
export function lastAnchorIn(path: string): number {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.reduceRight((found, line) => found || (anchorOf(line)?.seal ?? 0), 0);
}

function anchorOf(line: string): Anchor | undefined {
  const match = /^(\d{1,16}) (\d{1,16}) (\d{1,16}) ([\w-]{43})$/.exec(line);
  if (!match) return undefined;
  return { seal: Number(match[1]), last: Number(match[2]), sealed: Number(match[3]), hash: match[4] as string };
}

/** All anchors of a folder, in the order they were made; lines that a crash cut short are passed over. */
export async function* readAnchors(folder: string): AsyncGenerator<Anchor> {
  for (const file of anchorFiles(folder)) yield* anchorsIn(join(folder, file));
}

/** The anchors of one file. Faults: invalid, when it can't be read. */
export async function* anchorsIn(path: string): AsyncGenerator<Anchor> {
  const file = await open(path).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw new Fault('invalid', `${path} can not be read (${code}).`, { cause: error });
  });
  for await (const line of file.readLines()) {
    const anchor = anchorOf(line);
    if (anchor) yield anchor;
  }
}
