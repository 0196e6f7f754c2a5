/** A seal: what stands in it, how it is signed, and how the next one is chained to it. */
import { createHash, createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** What is signed. Times are milliseconds since 1970; `root`, `previous` and `key` are 32 bytes. */
export type SealHead = {
  node: string;
  /** From 1, without gaps. */
  number: number;
  /** The numbers of its first and last entry. */
  first: number;
  last: number;
  /** Least and greatest time of its entries. */
  since: number;
  until: number;
  sealed: number;
  root: Buffer;
  /** Hash of the seal before; 32 zeros for the first. */
  previous: Buffer;
  /** Fingerprint of the key. */
  key: Buffer;
};

export type Seal = SealHead & { signature: Buffer };

/** A key that seals, as the log keeps it. */
export type LogKey = {
  number: number;
  fingerprint: Buffer;
  /** PEM, SubjectPublicKeyInfo. */
  publicKey: string;
  firstSeal: number;
  since: number;
  /** The signature of the key before over `keyText`; null for the first, and where the earlier key was lost. */
  word: Buffer | null;
};

export const noSeal: Buffer = Buffer.alloc(32);

/** The very text that is signed: JSON in this order, hashes in base64url. */
export function sealText(seal: SealHead): string {
  return JSON.stringify({
    form: 'fyr-access-log-seal-1',
    node: seal.node,
    number: seal.number,
    first: seal.first,
    last: seal.last,
    since: seal.since,
    until: seal.until,
    sealed: seal.sealed,
    root: seal.root.toString('base64url'),
    previous: seal.previous.toString('base64url'),
    key: seal.key.toString('base64url'),
  });
}

const sealSchema = z.object({
  form: z.literal('fyr-access-log-seal-1'),
  node: z.string().max(64),
  number: z.int().positive(),
  first: z.int().positive(),
  last: z.int().positive(),
  since: z.int(),
  until: z.int(),
  sealed: z.int(),
  root: z.string(),
  previous: z.string(),
  key: z.string(),
});

/** The seal with this text; undefined when it is not, to the letter, the text of a seal. */
export function sealOfText(text: string, signature: Buffer): Seal | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = sealSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { form: _form, root, previous, key, ...rest } = parsed.data;
  const [rootBytes, previousBytes, keyBytes] = [root, previous, key].map((hash) => Buffer.from(hash, 'base64url'));
  const seal = { ...rest, root: rootBytes!, previous: previousBytes!, key: keyBytes!, signature };
  const isWhole = [seal.root, seal.previous, seal.key].every(({ length }) => length === 32) && seal.last >= seal.first;
  return isWhole && sealText(seal) === text ? seal : undefined;
}

export function signSeal(head: SealHead, privateKey: KeyObject): Seal {
  return { ...head, signature: sign(null, Buffer.from(sealText(head)), privateKey) };
}

/** True when the key signed this seal, and the seal names that key. */
export function isSignedBy(seal: Seal, publicKey: KeyObject): boolean {
  return (
    fingerprintOf(publicKey).equals(seal.key) && verify(null, Buffer.from(sealText(seal)), publicKey, seal.signature)
  );
}

/** What the next seal says of this one. */
export function sealHash(seal: Seal): Buffer {
  return createHash('sha256').update(sealText(seal)).update('\n').update(seal.signature).digest();
}

/** SHA-256 of the SubjectPublicKeyInfo. */
export function fingerprintOf(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'buffer');
}

/** What the earlier key signs when it hands over. */
export function keyText(node: string, fingerprint: Buffer, firstSeal: number): Buffer {
  return Buffer.from(
    JSON.stringify({ form: 'fyr-access-log-key-1', node, key: fingerprint.toString('base64url'), firstSeal }),
  );
}

/** True when `before` vouches for `key` at this node. */
export function hasWordOf(key: LogKey, before: KeyObject, node: string): boolean {
  return key.word !== null && verify(null, keyText(node, key.fingerprint, key.firstSeal), before, key.word);
}
