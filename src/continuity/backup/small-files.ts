/** Small files of the node that are not in the database and that a restored node needs to go on as itself. Never the node key, which opens the backup. */
import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Fault } from '#kernel/fault.ts';
import { readIfThere, type BackupFolder } from './folder.ts';
import type { Manifest } from './manifest.ts';

export type SmallFiles = {
  /** The key that seals the access log. */
  logKey: string;
  /** The region's certificate authority, its key encrypted under its passphrase. */
  authority: string;
  /** Anchors of the access log. */
  anchors: string;
  /** Certificate and key by which other nodes know it. */
  identity: string;
};

type Kept = Manifest['files'][number];

export async function keepSmallFiles(places: SmallFiles, folder: BackupFolder): Promise<Kept[]> {
  const kept: Kept[] = [];
  const keep = async (place: Kept['place'], name: string, path: string): Promise<void> => {
    const content = await readIfThere(path);
    if (content !== undefined) kept.push({ place, name, piece: await folder.putFile([content]) });
  };
  await keep('log-key', '', places.logKey);
  for (const place of ['authority', 'anchors', 'identity'] as const) {
    for (const path of await filesBelow(places[place])) await keep(place, relative(places[place], path), path);
  }
  return kept;
}

/** Puts back those that are missing; what is there stays. Gives the paths that were put. */
export async function restoreSmallFiles(
  places: SmallFiles,
  folder: BackupFolder,
  kept: readonly Kept[],
): Promise<string[]> {
  const put: string[] = [];
  for (const { place, name, piece } of kept) {
    if (name.split(/[/\\]/).includes('..')) throw new Fault('invalid', 'This backup names files outside its folders.');
    const path = place === 'log-key' ? places.logKey : join(places[place], name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) continue;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, await folder.readFile(piece), { mode: 0o600, flush: true });
    put.push(path);
  }
  return put;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
