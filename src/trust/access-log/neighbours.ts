/**
 * Seals handed to neighbours and kept for them. A neighbour keeps what it was given first: who makes a log anew, or cuts off its end, can't take back
 * the seals that are already elsewhere.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Anchor } from './anchors.ts';
import {
  findNeighbourSeals,
  insertNeighbourKey,
  insertNeighbourSeals,
  lastNeighbourSeal,
  readNeighbourKeys,
} from './neighbour-store.ts';
import { fingerprintOf, isSignedBy, sealHash, sealOfText, sealText, type LogKey, type Seal } from './seal.ts';
import { readKeys, sealsAfter } from './seal-store.ts';

const bytes = z.string().regex(/^[\w-]{1,200}$/);

/** What travels: JSON. */
export const sealPageSchema = z.object({
  keys: z
    .array(
      z.object({
        number: z.int().positive(),
        publicKey: z.string().max(1000),
        firstSeal: z.int().positive(),
        since: z.int(),
        word: bytes.nullable(),
      }),
    )
    .max(1000),
  /** In order of their numbers. `text`: what is signed. */
  seals: z.array(z.object({ text: z.string().max(10_000), signature: bytes })).max(1000),
});

export type SealPage = z.infer<typeof sealPageSchema>;

export type Neighbours = {
  /** This node's own seals after a number, for neighbours: at most 1,000. */
  sealsAfter(number: number): Promise<SealPage>;
  /**
   * Keeps seals of another node, which must go on where those that are kept end, and be signed by its key. Gives the number of the last that is kept.
   * Faults: invalid, when a seal is not signed or leaves a gap; conflict, when it is another than was given before, which means that the other's
   * log was made anew.
   */
  keepForeignSeals(node: string, page: SealPage): Promise<number>;
  /** The number of the last seal that is kept for a node; 0 for none. */
  lastKept(node: string): Promise<number>;
  /** What is kept for a node, as a witness for its verification. */
  kept(node: string): AsyncGenerator<Anchor>;
};

const pageMax = 1000;

export function createNeighbours(db: Db, clock: Clock, ownNode: string): Neighbours {
  return {
    async sealsAfter(number) {
      const seals = await sealsAfter(db, number, pageMax);
      const keys = await readKeys(db);
      return {
        keys: keys.map(({ number, publicKey, firstSeal, since, word }) => ({
          number,
          publicKey,
          firstSeal,
          since,
          word: word?.toString('base64url') ?? null,
        })),
        seals: seals.map((seal) => ({
          text: sealText({ ...seal, node: ownNode }),
          signature: seal.signature.toString('base64url'),
        })),
      };
    },
    keepForeignSeals: (node, page) => keep(db, clock, node, sealPageSchema.parse(page)),
    lastKept: async (node) => (await lastNeighbourSeal(db, node))?.number ?? 0,
    async *kept(node) {
      for (let after = 0; ;) {
        const seals = await findNeighbourSeals(db, node, after, pageMax);
        for (const seal of seals)
          yield {
            seal: seal.number,
            last: seal.last,
            sealed: seal.sealed,
            hash: sealHash(seal).toString('base64url'),
          };
        if (seals.length < pageMax) return;
        after = seals.at(-1)?.number ?? after;
      }
    },
  };
}

async function keep(db: Db, clock: Clock, node: string, page: SealPage): Promise<number> {
  const keys = await keepKeys(db, node, page.keys);
  const seals = page.seals.map(({ text, signature }) => sealOfText(text, Buffer.from(signature, 'base64url')));
  let before = await lastNeighbourSeal(db, node);
  const fresh: Seal[] = [];
  for (const seal of seals) {
    if (!seal || seal.node !== node) throw new Fault('invalid', `What ${node} sent is not a seal of its log.`);
    const key = keys.get(seal.key.toString('hex'));
    if (!key || !isSignedBy(seal, key))
      throw new Fault('invalid', `Seal ${seal.number} of ${node} is not signed by it.`);
    if (before && seal.number <= before.number) await refuseAnother(db, seal);
    else {
      // The first that is kept may be any: a neighbour may be newer than the log. After that there is no gap.
      if (before && (seal.number !== before.number + 1 || !seal.previous.equals(sealHash(before))))
        throw new Fault(
          'conflict',
          `Seal ${seal.number} of ${node} does not continue the one that was kept before it: its log was made anew.`,
        );
      fresh.push(seal);
      before = seal;
    }
  }
  await insertNeighbourSeals(db, fresh, clock.now());
  return before?.number ?? 0;
}

async function refuseAnother(db: Db, seal: Seal): Promise<void> {
  const [kept] = await findNeighbourSeals(db, seal.node, seal.number - 1, 1);
  if (kept?.number === seal.number && !sealHash(kept).equals(sealHash(seal)))
    throw new Fault('conflict', `${seal.node} gave another seal ${seal.number} before: its log was made anew.`);
}

/** Keys by their fingerprints in hexadecimal. A key once kept stays: the first is the one that was met first. */
async function keepKeys(db: Db, node: string, sent: SealPage['keys']): Promise<Map<string, KeyObject>> {
  const kept = await readNeighbourKeys(db, node);
  const known = new Set(kept.map(({ fingerprint }) => fingerprint.toString('hex')));
  const keys = [...kept];
  for (const key of sent) {
    const publicKey = readKey(node, key.publicKey);
    const fingerprint = fingerprintOf(publicKey);
    if (known.has(fingerprint.toString('hex'))) continue;
    const fresh: LogKey = {
      ...key,
      number: (keys.at(-1)?.number ?? 0) + 1,
      fingerprint,
      word: key.word === null ? null : Buffer.from(key.word, 'base64url'),
    };
    await insertNeighbourKey(db, node, fresh);
    keys.push(fresh);
  }
  return new Map(keys.map(({ fingerprint, publicKey }) => [fingerprint.toString('hex'), createPublicKey(publicKey)]));
}

function readKey(node: string, pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Refused below, like any other kind of key.
  }
  throw new Fault('invalid', `A key that ${node} sent can not be used.`);
}
