/**
 * A file for a stick: sealed for the key of the node that it is for, signed by the node that it is from. Whoever finds the stick reads nothing but who it is from
 * and for; whoever changes a byte is found out before anything of it is used.
 *
 *     fyr-carry-1 | line feed | the head, one line of JSON | line feed | sealed content (trust/encryption/sealed-stream.ts) | signature, 64 bytes
 *
 * The key is agreed by ECDH on P-256 between a key made for this file and the one of the receiver's certificate, through HKDF-SHA-256 with the head as context. The
 * signature is ECDSA with SHA-256 (IEEE P1363) by the key of the sender's certificate, over all before it.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  sign,
  verify,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open as openFile, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import { open, seal, type Bytes } from '#trust/encryption/sealed-stream.ts';
import type { NodeIdentity } from '#trust/authority/mutual-tls.ts';
import { nodeName } from '../line/nodes.ts';
import { checkSender } from './sender.ts';

const headShape = z.strictObject({
  id: z.uuid(),
  kind: z.enum(['ask', 'answer']),
  from: nodeName,
  to: nodeName,
  /** By the sender's clock, milliseconds since 1970. */
  made: z.number().int().positive(),
  /** The file that this one answers. */
  answers: z.uuid().optional(),
  /** Of the sender, PEM. */
  certificate: z.string().max(10_000),
  /** The public key made for this file: SPKI, base64. */
  ephemeral: z.string().max(1000),
});

export type CarryHead = z.infer<typeof headShape>;
export type NewFile = Omit<CarryHead, 'certificate' | 'ephemeral'>;

const magic = 'fyr-carry-1\n';
const headBytesMax = 20_000;
const signatureBytes = 64;
const keyId = '0'.repeat(32);

/** Writes the file whole, or not at all. */
export async function writeCarryFile(
  path: string,
  file: NewFile,
  { identity, receiver, randomness }: { identity: NodeIdentity; receiver: string; randomness: Randomness },
  content: Bytes,
): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ephemeral = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const head = JSON.stringify({ ...file, certificate: identity.certificate, ephemeral });
  const key = keyOf(privateKey, new X509Certificate(receiver).publicKey, head);
  const hash = createHash('sha256');
  const part = `${path}.part`;
  const all = async function* (): AsyncGenerator<Buffer> {
    const start = Buffer.from(`${magic}${head}\n`, 'utf8');
    hash.update(start);
    yield start;
    for await (const piece of seal({ id: keyId, key }, 'carry', content, randomness)) {
      hash.update(piece);
      yield piece;
    }
    yield signed(hash.digest(), identity.key);
  };
  try {
    await pipeline(Readable.from(all()), createWriteStream(part, { mode: 0o600, flush: true }));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw writeFault(error, path);
  }
}

function writeFault(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC')
    return new Fault('unavailable', `There is no room for ${path}: nothing was written.`, { cause: error });
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOENT')
    return new Fault('unavailable', `${path} can not be written (${code}).`, { cause: error });
  return error;
}

function signed(digest: Buffer, key: string): Buffer {
  return sign('sha256', digest, { key: createPrivateKey(key), dsaEncoding: 'ieee-p1363' });
}

/** Agreed by both ends. The head is the context, so that none of it can be changed. */
function keyOf(privateKey: KeyObject, publicKey: KeyObject, head: string): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  const context = createHash('sha256').update(head).digest();
  return Buffer.from(hkdfSync('sha256', shared, context, 'fyr-carry-1', 32));
}

/** What a file says of itself, before anybody has checked it. Undefined: it is no such file. */
export async function readHead(path: string): Promise<CarryHead | undefined> {
  return (await readStart(path))?.head;
}

type Start = { head: CarryHead; text: string; contentFrom: number; contentTo: number };

async function readStart(path: string): Promise<Start | undefined> {
  const handle = await openFile(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(magic.length + headBytesMax), 0, undefined, 0);
    const start = buffer.subarray(0, bytesRead).toString('latin1');
    const end = start.indexOf('\n', magic.length);
    if (!start.startsWith(magic) || end === -1) return undefined;
    const text = buffer.subarray(magic.length, end).toString('utf8');
    const parsed = headShape.safeParse(jsonOf(text));
    const { size } = await stat(path);
    if (!parsed.success || size < end + 1 + signatureBytes) return undefined;
    return { head: parsed.data, text, contentFrom: end + 1, contentTo: size - signatureBytes };
  } finally {
    await handle.close();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type Opening = {
  /** This node. */
  node: string;
  identity: NodeIdentity;
  /** Keys of its earlier certificates: what was sealed for one of them is still for it. */
  earlierKeys: readonly string[];
  now: number;
};

/**
 * Checks the whole file, then gives what it says and its content. Faults: invalid, where it is no such file; forbidden, where it is for another node, not from one of
 * the region, or was changed.
 */
export async function openCarryFile(
  path: string,
  { node, identity, earlierKeys, now }: Opening,
): Promise<{ head: CarryHead; content: AsyncGenerator<Buffer> }> {
  const start = await readStart(path);
  if (start === undefined) throw new Fault('invalid', `${path} is no file of fyr carry, or is cut off.`);
  const { head, text, contentFrom, contentTo } = start;
  if (head.to !== node) throw new Fault('forbidden', `${path} is for the node ${head.to}, and this is ${node}.`);
  const sender = checkSender(head.certificate, head.from, identity, now);
  await checkSignature(path, contentTo, sender.publicKey);
  const sealed = (): AsyncIterable<Uint8Array> => createReadStream(path, { start: contentFrom, end: contentTo - 1 });
  for (const key of [identity.key, ...earlierKeys]) {
    const content = opened(sealed(), createPrivateKey(key), head, text);
    const first = await firstOf(content);
    if (first !== undefined) return { head, content: first };
  }
  throw new Fault('forbidden', `${path} was sealed for a key of ${node} that is not here any more: make it anew.`);
}

async function checkSignature(path: string, to: number, publicKey: KeyObject): Promise<void> {
  const hash = createHash('sha256');
  let signature = Buffer.alloc(0);
  for await (const piece of createReadStream(path, { end: to - 1 })) hash.update(piece as Buffer);
  for await (const piece of createReadStream(path, { start: to }))
    signature = Buffer.concat([signature, piece as Buffer]);
  if (verify('sha256', hash.digest(), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)) return;
  throw new Fault('forbidden', `${path} was changed on the way, or is damaged: nothing of it is used.`);
}

function opened(
  sealed: AsyncIterable<Uint8Array>,
  privateKey: KeyObject,
  head: CarryHead,
  text: string,
): AsyncGenerator<Buffer> {
  const ephemeral = createPublicKey({ key: Buffer.from(head.ephemeral, 'base64'), format: 'der', type: 'spki' });
  const key = keyOf(privateKey, ephemeral, text);
  return open((id) => Promise.resolve(id === keyId ? key : undefined), 'carry', sealed);
}

/** The first frame opens only with the right key; undefined: this was another. */
async function firstOf(content: AsyncGenerator<Buffer>): Promise<AsyncGenerator<Buffer> | undefined> {
  let first: IteratorResult<Buffer>;
  try {
    first = await content.next();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
  return (async function* () {
    if (!first.done) yield first.value;
    yield* content;
  })();
}
