/** The passages of a document as the bytes that they are kept as. Pure. */
import type { PackedText } from './term-index.ts';

/** `from`, `to`: where it stands in the document's text (UTF-16). */
export type Passage = PackedText & { readonly from: number; readonly to: number };

/** Four numbers, the terms' numbers, the counts, filled up to whole numbers: so that all of it is read in place. */
const headNumbers = 4;

export function packPassages(passages: readonly Passage[]): Buffer {
  const size = passages.reduce((sum, { terms }) => sum + headNumbers + terms.length + Math.ceil(terms.length / 4), 0);
  const numbers = new Uint32Array(size);
  const bytes = new Uint8Array(numbers.buffer);
  let at = 0;
  for (const { from, to, length, terms, counts } of passages) {
    numbers.set([from, to, length, terms.length], at);
    numbers.set(terms, at + headNumbers);
    bytes.set(counts, 4 * (at + headNumbers + terms.length));
    at += headNumbers + terms.length + Math.ceil(terms.length / 4);
  }
  return Buffer.from(numbers.buffer);
}

/** Throws an Error where the bytes are none that `packPassages` made. */
export function unpackPassages(packed: Uint8Array): Passage[] {
  const bytes = new Uint8Array(packed);
  const numbers = new Uint32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
  const passages: Passage[] = [];
  for (let at = 0; at < numbers.length;) {
    const [from = 0, to = 0, length = 0, count = 0] = numbers.subarray(at, at + headNumbers);
    at += headNumbers;
    const end = at + count + Math.ceil(count / 4);
    if (end > numbers.length) throw new Error('The passages of a document are cut off.');
    const terms = numbers.subarray(at, at + count);
    passages.push({ from, to, length, terms, counts: bytes.subarray(4 * (at + count), 4 * (at + count) + count) });
    at = end;
  }
  return passages;
}
