/** A proof that one entry is in the log: handed out as a file, and checked without a database by whoever knows the node's public key. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { actorOf, entryOf, isActorOf } from './canonical.ts';
import type { LoggedEntry } from './entry.ts';
import { findActors, findEntry } from './entry-store.ts';
import { leafOf, pathOf, rootByPath } from './merkle.ts';
import { fingerprintOf, isSignedBy, sealOfText, sealText, type Seal } from './seal.ts';
import { leavesOf, readKeys, sealOf } from './seal-store.ts';

const form = 'fyr-access-log-proof-1';
const bytes = z.string().regex(/^[\w-]{1,200}$/);
const proofSchema = z.object({
  form: z.literal(form),
  /** The entry and who acted, to the letter as they are sealed. */
  number: z.int().positive(),
  content: z.string().max(100_000),
  actor: z.string().max(100_000),
  /** The very text of the seal, and its signature. */
  seal: z.string().max(10_000),
  signature: bytes,
  /** From the entry up to the root. */
  path: z.array(bytes).max(64),
  publicKey: z.string().max(1000),
});

export type Proof = z.infer<typeof proofSchema>;

/** Faults: notFound, when there is no such entry; unavailable, when it is not sealed yet; conflict, when it is not what was sealed. */
export async function makeProof(db: Db, node: string, number: number): Promise<Proof> {
  const entry = await findEntry(db, number);
  if (!entry) throw new Fault('notFound', `The access log has no entry ${number}.`);
  const found = await sealOf(db, number);
  if (!found) throw new Fault('unavailable', `Entry ${number} is not sealed yet: ask again in a second.`);
  const seal: Seal = { ...found, node };
  const actor = (await findActors(db, [entry.actor])).get(entry.actor);
  const leaves = await leavesOf(db, seal.number);
  const key = (await readKeys(db)).find(({ fingerprint }) => fingerprint.equals(seal.key));
  const proof: Proof = {
    form,
    number,
    content: entry.content,
    actor: actor ?? '',
    seal: sealText(seal),
    signature: seal.signature.toString('base64url'),
    path: leaves ? pathOf(leaves, number - seal.first).map((node) => node.toString('base64url')) : [],
    publicKey: key?.publicKey ?? '',
  };
  const checked = checkProof(proof);
  if (checked.problem !== undefined)
    throw new Fault('conflict', `Entry ${number} can not be proven: ${checked.problem} Run fyr log verify.`);
  return proof;
}

export type CheckedProof =
  | { problem: string }
  | { problem?: undefined; entry: LoggedEntry; seal: Seal; key: KeyObject; fingerprint: string };

/**
 * Checks a proof by itself. `known`: the node's public key from elsewhere; without it, the one in the proof is taken, which only tells that the proof
 * fits together.
 */
export function checkProof(value: unknown, known?: KeyObject): CheckedProof {
  const parsed = proofSchema.safeParse(value);
  if (!parsed.success) return { problem: 'This is not a proof of the access log.' };
  const proof = parsed.data;
  const seal = sealOfText(proof.seal, Buffer.from(proof.signature, 'base64url'));
  if (!seal) return { problem: 'Its seal can not be read.' };
  const key = publicKeyOf(proof.publicKey);
  if (!key) return { problem: 'Its public key can not be read.' };
  if (known && !fingerprintOf(known).equals(seal.key))
    return { problem: 'It was sealed with another key than the one that is known.' };
  if (!isSignedBy(seal, known ?? key)) return { problem: 'The signature of its seal does not fit.' };
  const path = proof.path.map((node) => Buffer.from(node, 'base64url'));
  const size = seal.last - seal.first + 1;
  const root = rootByPath(leafOf(proof.number, proof.content), proof.number - seal.first, size, path);
  if (!root?.equals(seal.root)) return { problem: 'The entry does not lead to the root that was sealed.' };
  const entry = readEntry(proof, seal.node);
  return entry === undefined
    ? { problem: 'The text that says who acted is not the one that was sealed.' }
    : { entry, seal, key, fingerprint: seal.key.toString('base64url') };
}

function readEntry({ content, actor, number }: Proof, node: string): LoggedEntry | undefined {
  try {
    return isActorOf(actor, actorOf(content)) ? { ...entryOf(content, actor), node, number } : undefined;
  } catch {
    return undefined;
  }
}

function publicKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
