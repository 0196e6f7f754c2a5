/** Counts rows as they pass, and sums up their hashes: the sum is the same in whatever order the rows come, and can be carried on from backup to backup. */
import { createHash, hash } from 'node:crypto';

const newline = 0x0a;
const tab = 0x09;
const modulus = 1n << 128n;

export class Tally {
  rows = 0;
  bytes = 0;
  /** The sum over all rows, or, of rows that begin with their bucket, the sum over each bucket. */
  readonly #sums: bigint[];
  readonly #counts: number[];
  readonly #isByBucket: boolean;
  readonly #sha256 = createHash('sha256');
  #rest: Buffer = Buffer.alloc(0);

  constructor(options: { buckets?: number; from?: readonly string[] } = {}) {
    this.#isByBucket = options.buckets !== undefined;
    const length = options.buckets ?? 1;
    this.#sums = Array.from({ length }, (_, i) => BigInt(`0x${options.from?.[i] ?? '0'}`));
    this.#counts = Array.from({ length }, () => 0);
  }

  /** Hands on what passes. Each row ends with a line break, and none has one inside (PostgreSQL's text format). */
  async *through(rows: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer> {
    for await (const piece of rows) {
      const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      this.#add(buffer);
      yield buffer;
    }
    if (this.#rest.length > 0) throw new Error('rows end with a line break');
  }

  digests(): string[] {
    return this.#sums.map((sum) => sum.toString(16));
  }

  counts(): number[] {
    return this.#counts;
  }

  /** Of everything that passed. Once. */
  sha256(): string {
    return this.#sha256.digest('hex');
  }

  /** A bucket's rows come whole: what was summed up for it before does not count. */
  startOver(bucket: number): void {
    this.#sums[bucket] = 0n;
  }

  #add(piece: Buffer): void {
    this.#sha256.update(piece);
    this.bytes += piece.length;
    let from = 0;
    for (let end = piece.indexOf(newline); end !== -1; end = piece.indexOf(newline, from)) {
      const line = piece.subarray(from, end);
      this.#addRow(this.#rest.length === 0 ? line : Buffer.concat([this.#rest, line]));
      if (this.#rest.length > 0) this.#rest = Buffer.alloc(0);
      from = end + 1;
    }
    if (from < piece.length) this.#rest = Buffer.concat([this.#rest, piece.subarray(from)]);
  }

  #addRow(line: Buffer): void {
    this.rows++;
    const place = this.#isByBucket ? Number(line.subarray(0, line.indexOf(tab)).toString('latin1')) : 0;
    const digest = hash('sha256', line, 'buffer');
    const value = (digest.readBigUInt64BE(0) << 64n) | digest.readBigUInt64BE(8);
    this.#sums[place] = ((this.#sums[place] ?? 0n) + value) % modulus;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }
}
