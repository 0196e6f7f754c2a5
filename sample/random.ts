/** Randomness that is the same for the same words: sfc32 by Chris Doty-Humphrey (PractRand, public domain), seeded by an FNV hash. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** A stream of its own for each combination of seed words. */
  constructor(...words: (string | number)[]) {
    const text = words.join('\u0000');
    this.#a = hash(text, 0x811c9dc5);
    this.#b = hash(text, 0x9e3779b9);
    this.#c = hash(text, 0x85ebca6b);
    for (let i = 0; i < 12; i++) this.bits();
  }

  /** 32 random bits, as an unsigned integer. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 ≤ x < 1. */
  next(): number {
    return this.bits() / 4294967296;
  }

  /** True in this share of the cases. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** The place of the weight that was drawn. */
  weighted(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) total += weight;
    let rest = this.next() * total;
    for (let at = 0; at < weights.length; at++) {
      rest -= weights[at]!;
      if (rest < 0) return at;
    }
    return weights.length - 1;
  }

  /** Near enough to a standard normal deviate: the sum of four uniform ones, so never beyond ±3.5. */
  normal(): number {
    return (this.next() + this.next() + this.next() + this.next() - 2) * 1.7320508;
  }

  /** How many times something happens that happens this often on average (Poisson; for means under 100). */
  count(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.next();
    let times = 0;
    while (product > limit) {
      times++;
      product *= this.next();
    }
    return times;
  }
}

function hash(text: string, start: number): number {
  let value = start;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return value ^ (value >>> 13);
}
