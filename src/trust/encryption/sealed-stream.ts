/**
 * Content of any length under one key: AES-256-GCM in frames, each bound to its place and the last one to being the last, so that a flipped bit, a cut,
 * a swapped, doubled or missing frame is refused (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár 2015, as in Tink's streaming AEAD).
 *
 *     FYRSEAL1 | key id, 16 bytes | salt, 32 bytes | frame | frame | …
 *
 * A frame is 65,536 bytes of content and a tag of 16; the last has 0 to 65,536. Each stream has a key of its own, HKDF-SHA-256 of the key, the salt and
 * `fyr-seal-1:<purpose>`, so that the nonce can be the frame's number: seven zero bytes, the number (big-endian, four bytes), 1 for the last frame, else 0.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';

/** Streams of whatever pieces; a whole Buffer is a stream of one. */
export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What the content is for: what was sealed as one can not be passed off as another. */
export type Purpose = 'blob' | 'backup' | 'data' | 'carry';

export type SealingKey = {
  /** 16 bytes in hexadecimal: told in the sealed content, so that the key is found again. */
  id: string;
  /** 32 bytes. */
  key: Buffer;
};

/** Sealed content that is not what was sealed, or not whole. It is never given out as good. */
export class Damage extends Fault {
  constructor(message: string, detail: { cause?: unknown } = {}) {
    super('unavailable', message, detail);
  }
}

const magic = Buffer.from('FYRSEAL1', 'latin1');
const idBytes = 16;
const saltBytes = 32;
const headerBytes = magic.length + idBytes + saltBytes;
const frameBytes = 65_536;
const tagBytes = 16;
const framesMax = 2 ** 32;

/** Bytes that content of this length has once it is sealed. */
export function sealedLength(contentBytes: number): number {
  const frames = Math.max(1, Math.ceil(contentBytes / frameBytes));
  return headerBytes + contentBytes + frames * tagBytes;
}

/** Seals what is read from `content`, a frame at a time. */
export async function* seal(
  { id, key }: SealingKey,
  purpose: Purpose,
  content: Bytes,
  randomness: Randomness,
): AsyncGenerator<Buffer> {
  const salt = randomness.bytes(saltBytes);
  const streamKey = streamKeyOf(key, salt, purpose);
  yield Buffer.concat([magic, Buffer.from(id, 'hex'), salt]);
  let number = 0;
  for await (const { frame, isLast } of framesOf(content, frameBytes)) {
    const cipher = createCipheriv('aes-256-gcm', streamKey, nonceOf(number++, isLast));
    yield Buffer.concat([cipher.update(frame), cipher.final(), cipher.getAuthTag()]);
  }
}

/**
 * Opens what `seal` made. Each piece that comes out is right and in its place; that nothing is missing at the end shows only there, so who hands it on breaks
 * off when this throws. Faults: Damage; what `findKey` throws.
 * @param findKey gives the key with this id, or undefined where there is none
 */
export async function* open(
  findKey: (id: string) => Promise<Buffer | undefined>,
  purpose: Purpose,
  sealed: Bytes,
): AsyncGenerator<Buffer> {
  const reader = readerOf(sealed);
  const header = await reader.take(headerBytes);
  if (header.length < headerBytes || !header.subarray(0, magic.length).equals(magic)) {
    throw new Damage('This is not sealed content.');
  }
  const id = header.subarray(magic.length, magic.length + idBytes).toString('hex');
  const key = await findKey(id);
  if (key === undefined) throw new Damage('The key of this content is not here.');
  const streamKey = streamKeyOf(key, header.subarray(magic.length + idBytes), purpose);
  let number = 0;
  for await (const { frame, isLast } of framesOf(reader.rest(), frameBytes + tagBytes)) {
    yield opened(streamKey, nonceOf(number++, isLast), frame);
  }
}

function opened(key: Buffer, nonce: Buffer, frame: Buffer): Buffer {
  if (frame.length < tagBytes) throw new Damage('Sealed content is cut off.');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(frame.subarray(frame.length - tagBytes));
  const content = decipher.update(frame.subarray(0, frame.length - tagBytes));
  try {
    decipher.final();
  } catch (error) {
    throw new Damage('Sealed content is damaged or cut off.', { cause: error });
  }
  return content;
}

function streamKeyOf(key: Buffer, salt: Buffer, purpose: Purpose): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, `fyr-seal-1:${purpose}`, 32));
}

function nonceOf(number: number, isLast: boolean): Buffer {
  if (number >= framesMax) throw new Fault('tooLarge', 'This is more than can be sealed in one piece.');
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** The content in pieces of `size`; the last may be shorter, and is empty for empty content only. */
async function* framesOf(content: Bytes, size: number): AsyncGenerator<{ frame: Buffer; isLast: boolean }> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes <= size) continue;
    const all = Buffer.concat(waiting, bytes);
    let from = 0;
    // More than a whole frame has to be there: else it may be the last.
    for (; bytes - from > size; from += size) yield { frame: all.subarray(from, from + size), isLast: false };
    waiting = [all.subarray(from)];
    bytes -= from;
  }
  yield { frame: Buffer.concat(waiting, bytes), isLast: true };
}

/** Takes some bytes off the front of a stream, then gives the rest. */
function readerOf(content: Bytes): { take(count: number): Promise<Buffer>; rest(): AsyncGenerator<Uint8Array> } {
  const pieces = iteratorOf(content);
  let ahead: Buffer = Buffer.alloc(0);
  return {
    async take(count) {
      while (ahead.length < count) {
        const { done, value } = await pieces.next();
        if (done === true) break;
        ahead = Buffer.concat([ahead, value]);
      }
      const taken = ahead.subarray(0, count);
      ahead = ahead.subarray(count);
      return taken;
    },
    async *rest() {
      try {
        yield ahead;
        for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
      } finally {
        await pieces.return?.();
      }
    },
  };
}

function iteratorOf(content: Bytes): AsyncIterator<Uint8Array> | Iterator<Uint8Array> {
  return Symbol.asyncIterator in content ? content[Symbol.asyncIterator]() : content[Symbol.iterator]();
}
