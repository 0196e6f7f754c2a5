/**
 * The logs of other nodes that are copied here: walked seal by seal, as a node's own is. Each entry under its seal, each seal signed by its node's key and
 * following the one before, each column that an entry is found by as the entry says; and their retention.
 */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { Ids } from '#kernel/ids.ts';
import { actorKey, derivedOf } from './canonical.ts';
import {
  countCopiesBehind,
  lastCopyWhollyBefore,
  readCopiedLogs,
  readCopyRows,
  removeCopies,
  type CopiedLog,
  type CopyRow,
} from './copy-store.ts';
import type { AccessLog } from './entry.ts';
import type { Finding } from './finding.ts';
import { ownWork } from './key-change.ts';
import { createRootBuilder, leafOf } from './merkle.ts';
import { findNeighbourSeals, readNeighbourKeys } from './neighbour-store.ts';
import { noSeal, sealHash, type Seal } from './seal.ts';
import { checkKeys, type KeyRing } from './verify-keys.ts';

export type CopiesVerified = { node: string; entries: number; seals: number; prunedEntry: number };

type Walk = { db: Db; log: CopiedLog; keys: KeyRing; tell(finding: Finding): void };

const sealsAtOnce = 500;

/** Walks every log that is copied here. What is found is told with the node whose log it is. */
export async function verifyCopies(
  db: Db,
  onFinding: (node: string, finding: Finding) => void,
): Promise<CopiesVerified[]> {
  const verified: CopiesVerified[] = [];
  for (const log of await readCopiedLogs(db)) {
    const tell = (finding: Finding): void => onFinding(log.node, finding);
    const keys = checkKeys(await readNeighbourKeys(db, log.node), log.node, undefined, tell);
    verified.push(await verifyOne({ db, log, keys, tell }));
  }
  return verified;
}

async function verifyOne(walk: Walk): Promise<CopiesVerified> {
  const { db, log, tell } = walk;
  let before = { seal: log.prunedSeal, last: log.prunedEntry, hash: log.prunedHash ?? noSeal };
  const counted = { node: log.node, entries: 0, seals: 0, prunedEntry: log.prunedEntry };
  for (;;) {
    const seals = (await findNeighbourSeals(db, log.node, before.seal, sealsAtOnce)).filter(
      ({ number }) => number <= log.seal,
    );
    for (const seal of seals) {
      counted.entries += await verifySeal(walk, seal, before);
      counted.seals++;
      before = { seal: seal.number, last: seal.last, hash: sealHash(seal) };
    }
    if (seals.length === 0) break;
  }
  if (before.seal < log.seal)
    tell({ kind: 'cut off', seal: log.seal, problem: `Copied up to seal ${log.seal}, and it is not here any more.` });
  const behind = await countCopiesBehind(db, log.node, before.last);
  if (behind > 0)
    tell({ kind: 'inserted', problem: `${behind} entries stand behind the last seal: no node sealed them.` });
  return counted;
}

async function verifySeal(
  { db, log, keys, tell }: Walk,
  seal: Seal,
  before: { seal: number; last: number; hash: Buffer },
): Promise<number> {
  const { number, first, last, sealed: at } = seal;
  if (!keys.isSigned(seal))
    tell({ kind: 'seal altered', seal: number, at, problem: 'Not signed by the key of the node whose log it is.' });
  if (number !== before.seal + 1 || first !== before.last + 1 || !seal.previous.equals(before.hash))
    tell({ kind: 'seal removed', seal: number, at, problem: 'It does not follow the seal before it.' });
  const rows = await readCopyRows(db, log.node, first, last);
  const root = createRootBuilder();
  for (const row of rows) root.add(leafOf(row.number, row.content));
  if (rows.length < last - first + 1)
    tell({ kind: 'removed', seal: number, at, problem: `${last - first + 1 - rows.length} of its entries are gone.` });
  else if (!root.root().equals(seal.root))
    tell({ kind: 'altered', seal: number, at, problem: 'Its entries are not those that were sealed.' });
  for (const row of rows)
    if (!isFoundByWhatItSays(row))
      tell({
        kind: 'column',
        number: row.number,
        at: row.at,
        problem: 'It is found by other columns than it says itself.',
      });
  return rows.length;
}

/** False also where the text itself can not be read. */
function isFoundByWhatItSays(row: CopyRow): boolean {
  try {
    const { fingerprint, at, patient, action, outcome } = derivedOf(row.content);
    const isActor = actorKey(fingerprint) === row.actor;
    return isActor && at === row.at && patient === row.patient && action === row.action && outcome === row.outcome;
  } catch {
    return false;
  }
}

export type PruneCopiesDeps = { db: Db; clock: Clock; ids: Ids; log: AccessLog & { seal(): Promise<void> } };

/**
 * Takes away what of other nodes' logs lies wholly before a time (milliseconds since 1970), as this node's own retention says. The own log tells of it first.
 * Gives the last entry that went, by node.
 */
export async function pruneCopies(
  { db, clock, ids, log }: PruneCopiesDeps,
  before: number,
): Promise<{ node: string; last: number }[]> {
  const pruned: { node: string; last: number }[] = [];
  for (const { node } of await readCopiedLogs(db)) {
    const number = await lastCopyWhollyBefore(db, node, before);
    const [seal] = number === undefined ? [] : await findNeighbourSeals(db, node, number - 1, 1);
    if (seal === undefined || seal.number !== number) continue;
    const query = `copy of ${node}: entries to ${seal.last}, seals to ${seal.number}`;
    await log.append([ownWork('log-prune', { request: ids.uuid(), at: clock.now(), query })]);
    await log.seal();
    await removeCopies(db, { node, seal: seal.number, last: seal.last, hash: sealHash(seal) });
    pruned.push({ node, last: seal.last });
  }
  return pruned;
}
