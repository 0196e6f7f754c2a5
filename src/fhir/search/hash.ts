/**
 * Search tokens: 64-bit hashes of (type, unit, kind, value), kept as signed decimal strings since PostgreSQL's bigint is signed.
 * Two 32-bit lanes (the cyrb53 mixing) seeded by the unit; fixed for ever, since stored rows are found by them.
 * Two different values share a token about once in 2^64: no search relies on more than that.
 */

/** Where hashing of a unit's values begins: the two lanes after the unit's own name. */
export type Seed = { readonly high: number; readonly low: number };

const lanes = new Int32Array(2);
const joined = new BigInt64Array(lanes.buffer);

function mix(text: string, startHigh: number, startLow: number): void {
  let high = startHigh;
  let low = startLow;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  lanes[1] = high;
  lanes[0] = low;
}

/** The seed of a unit, by its name (`Observation|code|token`). */
export function seedOf(name: string): Seed {
  mix(name, 0xdeadbeef | 0, 0x41c6ce57);
  return { high: lanes[1] as number, low: lanes[0] as number };
}

/** The token of a value under a seed. */
export function tokenOf(seed: Seed, value: string): string {
  mix(value, seed.high, seed.low);
  return String(joined[0]);
}

/** The 32-bit key of a unit's ranges in one variant (instants, a canonical unit of measure …). */
export function keyOf(seed: Seed, variant: string): number {
  mix(variant, seed.high, seed.low);
  return lanes[1] as number;
}
