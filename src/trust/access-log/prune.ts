/**
 * Retention: entries whose time is over are taken away, whole seals at a time. What was taken is an entry itself, sealed before anything goes, and the
 * chain goes on from the hash of the last seal that went: a beginning that is missing without such an entry was cut off.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { Ids } from '#kernel/ids.ts';
import { anchorFiles, lastAnchorIn } from './anchors.ts';
import { entryOf, whoKey } from './canonical.ts';
import type { AccessLog } from './entry.ts';
import { findActors, findEntry } from './entry-store.ts';
import type { Finding } from './finding.ts';
import { ownWork } from './key-change.ts';
import { insertPruned, lastSealWhollyBefore, removeUpTo } from './prune-store.ts';
import { findEntries } from './read-store.ts';
import { sealHash } from './seal.ts';
import { lastPruned, type Pruned } from './seal-store.ts';

export type PruneDeps = {
  db: Db;
  clock: Clock;
  ids: Ids;
  node: string;
  log: AccessLog & { seal(): Promise<void> };
  anchorFolder: string;
};

const worker = 'log-prune';

/** Takes away what lies wholly before a time (milliseconds since 1970). Gives what was pruned, undefined for nothing. */
export async function pruneLog(deps: PruneDeps, before: number): Promise<Pruned | undefined> {
  const { db, node } = deps;
  // What an earlier run recorded and did not get to take away goes first.
  const earlier = await lastPruned(db);
  if (earlier) await removeUpTo(db, earlier);
  await deps.log.seal();
  const seal = await lastSealWhollyBefore(db, before);
  if (!seal) return undefined;
  const extent = { last: seal.last, seal: seal.number, sealHash: sealHash({ ...seal, node }) };
  const query = textOf(extent);
  const at = deps.clock.now();
  await deps.log.append([ownWork(worker, { request: deps.ids.uuid(), at, query })]);
  await deps.log.seal();
  const recorded = (await findEntries(db, { who: whoKey(worker), from: at }, 10)).find(({ content }) =>
    content.includes(JSON.stringify(query)),
  );
  if (!recorded) throw new Error('the record of pruning is not in the log');
  const pruned: Pruned = { number: (earlier?.number ?? 0) + 1, ...extent, at, record: recorded.number };
  await insertPruned(db, pruned);
  await removeUpTo(db, pruned);
  await removeAnchors(deps.anchorFolder, pruned.seal);
  return pruned;
}

/** What the entry says that records a pruning. */
function textOf({ last, seal, sealHash }: Pick<Pruned, 'last' | 'seal' | 'sealHash'>): string {
  return `entries to ${last}, seals to ${seal}, hash ${sealHash.toString('base64url')}`;
}

/** Tells when the log says that it was pruned, and no entry of it says the same. */
export async function checkPruned(db: Db, pruned: Pruned, tell: (finding: Finding) => void): Promise<void> {
  const row = await findEntry(db, pruned.record);
  const actor = row && (await findActors(db, [row.actor])).get(row.actor);
  const entry = row && entryOf(row.content, actor);
  if (entry?.who.kind === 'background' && entry.who.reference === worker && entry.what.query === textOf(pruned)) return;
  tell({
    kind: 'pruned',
    number: 1,
    at: pruned.at,
    problem: `Entries up to ${pruned.last} are gone, and there is no entry that records that their time was over: they were removed.`,
  });
}

/** Whole days of anchors, all of seals that are gone. */
async function removeAnchors(folder: string, seal: number): Promise<void> {
  for (const file of anchorFiles(folder)) {
    const path = join(folder, file);
    const last = lastAnchorIn(path);
    if (last > 0 && last <= seal) await rm(path);
  }
}
