/** The passages of a document as the bytes that they are kept as. Pure. */
import type { PackedText } from './term-index.ts';

/** `from`, `to`: where it stands in the document's text (UTF-16). */
export type Passage = PackedText & { readonly from: number; readonly to: number };

const headBytes = 16;
const termBytes = 5;

export function packPassages(passages: readonly Passage[]): Buffer {
  const size = passages.reduce((sum, { terms }) => sum + headBytes + termBytes * terms.length, 0);
  const bytes = Buffer.alloc(size);
  let at = 0;
  for (const { from, to, length, terms, counts } of passages) {
    for (const number of [from, to, length, terms.length]) at = bytes.writeUInt32LE(number, at);
    for (const term of terms) at = bytes.writeUInt32LE(term, at);
    bytes.set(counts, at);
    at += counts.length;
  }
  return bytes;
}

/** Throws an Error where the bytes are none that `packPassages` made. */
export function unpackPassages(bytes: Buffer): Passage[] {
  const passages: Passage[] = [];
  for (let at = 0; at < bytes.length;) {
    const [from, to, length, count] = [0, 4, 8, 12].map((offset) => bytes.readUInt32LE(at + offset)) as [
      number,
      number,
      number,
      number,
    ];
    at += headBytes;
    if (at + termBytes * count > bytes.length) throw new Error('The passages of a document are cut off.');
    const terms = new Uint32Array(count);
    for (let term = 0; term < count; term++) terms[term] = bytes.readUInt32LE(at + 4 * term);
    at += 4 * count;
    passages.push({ from, to, length, terms, counts: new Uint8Array(bytes.subarray(at, at + count)) });
    at += count;
  }
  return passages;
}
