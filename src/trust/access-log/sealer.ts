/**
 * Sealing: each second, what has come since the last seal is hashed into a Merkle root, chained and signed. It reads on a connection of its own and
 * locks nothing that writing needs. After a crash the next seal takes up where the last one ended.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { openAnchors, type Anchors } from './anchors.ts';
import { entriesAfter } from './entry-store.ts';
import { createRootBuilder, hashesIn } from './merkle.ts';
import { fingerprintOf, noSeal, sealHash, signSeal, type LogKey, type Seal, type SealHead } from './seal.ts';
import { insertKey, insertSeal, lastPruned, lastSeal, readKeys, sealsAfter, whileSealing } from './seal-store.ts';

export type SealerDeps = {
  /** Connections beside those that write. */
  db: Db;
  clock: Clock;
  node: string;
  privateKey: KeyObject;
  /** Where seals are anchored outside the database; undefined: nowhere. */
  anchorFolder: string | undefined;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type Sealer = {
  /** Seals what has come until now, and anchors it. */
  seal(): Promise<void>;
  /** Seals each second from now on. */
  start(): void;
  stop(): Promise<void>;
};

const everyMs = 1000;
const readAtOnce = 1000;
/** Entries under one seal at most: what gathered unsealed is taken in several. */
const sealMax = 50_000;
const anchorAtOnce = 1000;

/** With the fingerprint of the key, which takes longer to make than a seal. */
type Sealing = SealerDeps & { fingerprint: Buffer };

export function createSealer(options: SealerDeps): Sealer {
  const deps: Sealing = { ...options, fingerprint: fingerprintOf(options.privateKey) };
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let anchors: Anchors | undefined;

  const once = async (): Promise<void> => {
    await whileSealing(deps.db, () => sealAll(deps));
    if (deps.anchorFolder === undefined) return;
    anchors ??= openAnchors(deps.anchorFolder);
    await anchorNew(deps, anchors);
  };
  const seal = (): Promise<void> => {
    running = running.catch(() => {}).then(once);
    return running;
  };
  const tick = (): void => {
    const begun = performance.now();
    seal()
      .catch((error: unknown) => deps.report('access log: sealing', error))
      .finally(() => {
        if (timer === undefined) return;
        timer = setTimeout(tick, Math.max(everyMs - (performance.now() - begun), 0));
      });
  };
  return {
    seal,
    start() {
      timer ??= setTimeout(tick, everyMs);
    },
    async stop() {
      clearTimeout(timer);
      timer = undefined;
      await seal().catch((error: unknown) => deps.report('access log: sealing', error));
      await anchors?.close();
      anchors = undefined;
    },
  };
}

/** Seals until nothing is left, each seal on the one before. */
async function sealAll(deps: Sealing): Promise<void> {
  let before = await place(deps);
  for (;;) {
    const next = await gather(deps.db, before.last);
    if (next === undefined) return;
    const key = await ownKey(deps, before.number + 1);
    const head: SealHead = {
      node: deps.node,
      number: before.number + 1,
      first: next.first,
      last: next.last,
      since: next.since,
      until: next.until,
      sealed: deps.clock.now(),
      root: next.root,
      previous: before.hash,
      key: key.fingerprint,
    };
    const seal = signSeal(head, deps.privateKey);
    if (!(await insertSeal(deps.db, seal, next.leaves))) return;
    before = { number: seal.number, last: seal.last, hash: sealHash(seal) };
    if (next.isGap)
      deps.report('access log: entries are missing', new Error(`no entry ${next.last + 1}, but later ones`));
  }
}

type Place = { number: number; last: number; hash: Buffer };

/** The end of the chain: the last seal, or what pruning left of it. */
async function place({ db, node }: SealerDeps): Promise<Place> {
  const seal = await lastSeal(db);
  if (seal) return { number: seal.number, last: seal.last, hash: sealHash({ ...seal, node }) };
  const pruned = await lastPruned(db);
  if (pruned) return { number: pruned.seal, last: pruned.last, hash: pruned.sealHash };
  return { number: 0, last: 0, hash: noSeal };
}

type Gathered = {
  first: number;
  last: number;
  since: number;
  until: number;
  root: Buffer;
  leaves: Buffer;
  isGap: boolean;
};

/** What lies after an entry, without a gap, with its root; undefined for nothing. A gap ends a seal, so that it shows between two. */
async function gather(db: Db, after: number): Promise<Gathered | undefined> {
  const builder = createRootBuilder();
  const leaves: Buffer[] = [];
  let [first, last, since, until] = [0, after, Infinity, -Infinity];
  let isGap = false;
  while (builder.size < sealMax && !isGap) {
    const limit = Math.min(readAtOnce, sealMax - builder.size);
    const next = await entriesAfter(db, last, limit);
    if (next === undefined) break;
    isGap = first > 0 && next.first !== last + 1;
    if (isGap) break;
    // Part by part: requests are answered between them.
    for (const leaf of hashesIn(next.leaves)) builder.add(leaf);
    leaves.push(next.leaves);
    first ||= next.first;
    last = next.last;
    since = Math.min(since, next.since);
    until = Math.max(until, next.until);
    isGap = last - next.first + 1 < next.found;
    if (next.found < limit) break;
  }
  if (first === 0) return undefined;
  return { first, last, since, until, root: builder.root(), leaves: Buffer.concat(leaves), isGap };
}

/** This node's key among those that have sealed here; entered when it is the first, or when the earlier one was lost, which verification tells. */
async function ownKey(deps: Sealing, firstSeal: number): Promise<LogKey> {
  const { fingerprint } = deps;
  for (;;) {
    const keys = await readKeys(deps.db);
    const known = keys.findIndex((key) => key.fingerprint.equals(fingerprint));
    if (known >= 0 && keys[known + 1]?.word)
      throw new Fault(
        'conflict',
        'The key of this access log was changed, and this process still has the old one: restart it.',
      );
    if (known >= 0) return keys[known] as LogKey;
    const key: LogKey = {
      number: (keys.at(-1)?.number ?? 0) + 1,
      fingerprint,
      publicKey: createPublicKey(deps.privateKey).export({ type: 'spki', format: 'pem' }) as string,
      firstSeal,
      since: deps.clock.now(),
      word: null,
    };
    if (!(await insertKey(deps.db, key))) continue;
    if (keys.length > 0)
      deps.report('access log: sealed with a key that the earlier one has not vouched for', new Error('key changed'));
    return key;
  }
}

/** Anchors every seal that is not anchored here yet, whichever process made it. */
async function anchorNew({ db, node, report }: SealerDeps, anchors: Anchors): Promise<void> {
  const last = (await lastSeal(db))?.number ?? 0;
  if (last < anchors.last)
    report(
      'access log: its end was cut off',
      new Error(`the last seal is ${last}, and seal ${anchors.last} is anchored`),
    );
  for (;;) {
    const seals: Seal[] = (await sealsAfter(db, anchors.last, anchorAtOnce)).map((seal) => ({ ...seal, node }));
    if (seals.length === 0) return;
    await anchors.add(seals);
  }
}
