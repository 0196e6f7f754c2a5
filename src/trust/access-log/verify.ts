/**
 * Verification: walks through the whole log, or a part of it, and tells every place where it is not what was sealed. It believes nothing that stands
 * in the database but what the node's key signed; what was cut off at the end is told by anchors and neighbours, who hold seals elsewhere.
 */
import type { KeyObject } from 'node:crypto';
import type { Db } from '#kernel/db.ts';
import { timeOf, whereOf, type Finding } from './finding.ts';
import { createEntryCheck, type EntryCheck } from './verify-entries.ts';
import { checkKeys, type KeyRing } from './verify-keys.ts';
import { checkSealedEntries } from './verify-root.ts';
import { checkPruned } from './prune.ts';
import { createWitnesses, type Witness, type Witnesses } from './verify-witnesses.ts';
import { lastNumber } from './entry-store.ts';
import type { WalkedEntry } from './copied-rows.ts';
import { noSeal, sealHash, type Seal } from './seal.ts';
import { lastPruned, lastSeal, leavesOf, readKeys, sealOf, sealsAfter, type Pruned } from './seal-store.ts';
import { greatestNumber, walkEntries, walkSeals } from './walk-store.ts';

export type VerifyOptions = {
  node: string;
  /** Numbers of entries; left out: from the first, to the last. */
  from?: number;
  to?: number;
  /** The key that is known to be the node's from elsewhere; left out, the keys in the database are only checked against each other. */
  publicKey?: KeyObject;
  /** Who else holds seals: the anchors on disk, neighbours. */
  witnesses?: readonly Witness[];
  onFinding(finding: Finding): void;
  /** Called now and then; false ends the walk. */
  goOn?(entries: number, total: number): boolean;
};

export type Verified = {
  entries: number;
  seals: number;
  /** Entries at the end that no seal covers yet. */
  unsealed: number;
  /** When the last sealed entry was sealed. */
  sealedUntil: number | undefined;
  /** Names of the witnesses that were asked. */
  witnesses: readonly string[];
  /** What was taken away because its time was over. */
  pruned: Pruned | undefined;
  isWhole: boolean;
};

/** What one walk needs at hand. */
type Walk = {
  db: Db;
  options: VerifyOptions;
  keys: KeyRing;
  check: EntryCheck;
  tell(finding: Finding): void;
};

/** Walks the log; every finding is told when it is found. Constant memory: one seal's entries at a time. */
export async function verifyLog(db: Db, options: VerifyOptions): Promise<Verified> {
  const counted = { findings: 0 };
  const tell = (finding: Finding): void => {
    counted.findings++;
    options.onFinding(finding);
  };
  const pruned = await lastPruned(db);
  if (pruned) await checkPruned(db, pruned, tell);
  const begin = await beginning(db, options, pruned);
  const keys = checkKeys(await readKeys(db), options.node, options.publicKey, tell);
  const check = createEntryCheck(db, tell);
  const walk: Walk = { db, options, keys, check, tell };
  const witnesses = createWitnesses(options.witnesses ?? [], begin.seal, tell);
  const total = Math.min(options.to ?? Number.MAX_SAFE_INTEGER, await lastNumber(db));
  const rows = createRowReader(db, begin.last + 1, total, options);

  let before = begin;
  let seals = 0;
  let sealedUntil: number | undefined;
  const iterator = walkSeals(db, options.node, begin.seal);
  let seal: Seal | undefined = (await iterator.next()).value ?? undefined;
  while (seal && before.last < total && !rows.isStopped) {
    const next: Seal | undefined = (await iterator.next()).value ?? undefined;
    await verifySeal(walk, { seal, before, next, rows });
    await witnesses.saw(seal);
    before = { seal: seal.number, last: seal.last, hash: sealHash(seal) };
    sealedUntil = seal.sealed;
    seals++;
    seal = next;
  }
  const unsealed = rows.isStopped ? 0 : await verifyRest(walk, rows, before.last + 1, total);
  if (options.to === undefined && !rows.isStopped) await verifyEnd(walk, witnesses);
  await check.settle();
  return {
    entries: rows.taken,
    seals,
    unsealed,
    sealedUntil,
    witnesses: (options.witnesses ?? []).map(({ name }) => name),
    pruned,
    isWhole: counted.findings === 0,
  };
}

type Place = { seal: number; last: number; hash: Buffer };

/** Where the walk begins: after the seal before the first entry that was asked for, after what was pruned, or at the very first. */
async function beginning(db: Db, { from, node }: VerifyOptions, pruned: Pruned | undefined): Promise<Place> {
  const covering = from === undefined ? undefined : await sealOf(db, from);
  if (covering && covering.number > 1) {
    const [before] = await sealsAfter(db, covering.number - 2, 1);
    if (before?.number === covering.number - 1)
      return { seal: before.number, last: before.last, hash: sealHash({ ...before, node }) };
  }
  if (pruned) return { seal: pruned.seal, last: pruned.last, hash: pruned.sealHash };
  return { seal: 0, last: 0, hash: noSeal };
}

type RowReader = {
  /** The rows up to a number, without those that were taken. */
  upTo(last: number): Promise<WalkedEntry[]>;
  readonly taken: number;
  readonly isStopped: boolean;
};

function createRowReader(db: Db, from: number, to: number, { goOn }: VerifyOptions): RowReader {
  const batches = walkEntries(db, from, to);
  let batch: WalkedEntry[] = [];
  let at = 0;
  let taken = 0;
  let isStopped = false;
  return {
    async upTo(last) {
      const rows: WalkedEntry[] = [];
      for (;;) {
        for (; at < batch.length && (batch[at] as WalkedEntry).number <= last; at++)
          rows.push(batch[at] as WalkedEntry);
        if (at < batch.length) break;
        const { value, done } = await batches.next();
        if (done) break;
        batch = value;
        at = 0;
      }
      taken += rows.length;
      isStopped ||= goOn?.(taken, to - from + 1) === false;
      return rows;
    },
    get taken() {
      return taken;
    },
    get isStopped() {
      return isStopped;
    },
  };
}

type Step = { seal: Seal; before: Place; next: Seal | undefined; rows: RowReader };

/** One seal: its place in the chain, its signature, and its entries. */
async function verifySeal(walk: Walk, { seal, before, next, rows }: Step): Promise<void> {
  const { tell } = walk;
  const isSigned = walk.keys.isSigned(seal);
  const isFollowing = seal.number === before.seal + 1;
  if (!isFollowing) await tellMissingSeals(walk, before, seal, rows);
  else {
    if (!seal.previous.equals(before.hash)) {
      tell({
        kind: 'seal altered',
        seal: seal.number,
        at: seal.sealed,
        problem: `Seal ${seal.number} does not continue seal ${before.seal}: one of the two was altered or replaced.`,
      });
    }
    if (isSigned) await tellNeverSealed(walk, before.last + 1, seal.first - 1, rows);
  }
  const first = isSigned || !isFollowing ? seal.first : before.last + 1;
  const last = !isSigned && next?.number === seal.number + 1 ? next.first - 1 : seal.last;
  await checkSealedEntries({
    seal,
    first,
    last,
    isSigned,
    rows: await rows.upTo(last),
    fits: (other) => walk.keys.isSigned(other),
    leaves: () => leavesOf(walk.db, seal.number),
    tell,
    check: walk.check,
  });
}

async function tellMissingSeals({ tell, check }: Walk, before: Place, seal: Seal, rows: RowReader): Promise<void> {
  const [from, to] = [before.seal + 1, seal.number - 1];
  const uncovered = await rows.upTo(seal.first - 1);
  for (const row of uncovered) check.look(row);
  tell({
    kind: 'seal removed',
    seal: from,
    at: seal.since,
    number: before.last + 1,
    problem:
      (from === to ? `Seal ${from} was removed` : `Seals ${from} to ${to} were removed`) +
      ` (before ${timeOf(seal.since)}): ${uncovered.length} of the entries ${before.last + 1} to ${seal.first - 1} are there, and can not be checked.`,
  });
}

/** Numbers between two seals: entries that were taken away before they were sealed, or put there afterwards. */
async function tellNeverSealed({ tell, check }: Walk, from: number, to: number, rows: RowReader): Promise<void> {
  if (to < from) return;
  const found = await rows.upTo(to);
  for (const row of found) {
    check.look(row);
    const where = whereOf(row, await check.whoOf(row.content));
    tell({ ...where, kind: 'inserted', problem: 'It was never sealed, though later ones were: inserted.' });
  }
  if (found.length === 0)
    tell({
      kind: 'removed',
      number: from,
      problem: `Entries ${from} to ${to} are missing: they were removed before they were sealed.`,
    });
}

/** What no seal covers yet: the last second of a node that runs, or what waits for the next start of one that doesn't. */
async function verifyRest({ tell, check }: Walk, rows: RowReader, from: number, to: number): Promise<number> {
  const found = await rows.upTo(to);
  let expected = from;
  for (const row of found) {
    check.look(row);
    if (row.number < expected) {
      const where = whereOf(row, await check.whoOf(row.content));
      tell({ ...where, kind: 'inserted', problem: 'There are two entries of this number: inserted.' });
    }
    tellGap(tell, expected, row.number - 1);
    expected = Math.max(expected, row.number + 1);
  }
  tellGap(tell, expected, to);
  return found.length;
}

function tellGap(tell: Walk['tell'], from: number, to: number): void {
  if (to < from) return;
  const entries = from === to ? `Entry ${from} is` : `Entries ${from} to ${to} are`;
  tell({
    kind: 'removed',
    number: from,
    problem: `${entries} missing: the number was given, and no seal covers it.`,
  });
}

/** The end: numbers beyond the last that was given, and what witnesses have of seals that are gone. */
async function verifyEnd({ db, tell, options }: Walk, witnesses: Witnesses): Promise<void> {
  const greatest = await greatestNumber(db);
  const given = await lastNumber(db);
  if (greatest > given)
    tell({
      kind: 'inserted',
      number: given + 1,
      problem: `Entries up to ${greatest} are there, but the node has given no number after ${given}: they were inserted, or the count was set back.`,
    });
  const last = await lastSeal(db);
  if (last && last.last > given)
    tell({
      kind: 'cut off',
      number: given + 1,
      at: last.until,
      problem: `Seal ${last.number} of ${options.node} covers entries up to ${last.last}, but the node says that it has given no number after ${given}.`,
    });
  await witnesses.end(last?.number ?? 0, last?.last ?? 0);
}
