/** Removes old backups: their manifests first, then what no other backup needs. Killed in between, the next backup clears the rest. */
import { removeUnlistedBlobs } from './blob-files.ts';
import type { BackupFolder } from './folder.ts';
import { neededPieces } from './make.ts';

export type Pruned = { backups: number; pieces: number; blobs: number };

/** @param before backups of before this time go (milliseconds since 1970); the newest always stays */
export async function pruneBackups(folder: BackupFolder, before: number): Promise<Pruned> {
  const lock = await folder.lock('backup prune');
  try {
    const entries = await folder.list();
    const old = entries.slice(0, -1).filter(({ at }) => at < before);
    // All that stay have to open first: what can not be read can not be spared.
    const kept = await Promise.all(
      entries.filter((entry) => !old.includes(entry)).map(({ name }) => folder.readManifest(name)),
    );
    for (const { name } of old) await folder.removeManifest(name);
    const pieces = await folder.removeUnneeded(await neededPieces(folder));
    return { backups: old.length, pieces, blobs: await removeUnlistedBlobs(folder, kept) };
  } finally {
    lock.release();
  }
}
