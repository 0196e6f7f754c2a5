/**
 * Resource ids of the sample: UUIDv7 (RFC 9562 §5.7) in form, the same for the same seed, so that a repeated import replaces instead
 * of doubling. As in `src/fhir/record/bucket.ts`, the low ten bits of the third group are the bucket.
 */
import type { Day } from '#shared/days.ts';
import { Random } from './random.ts';

const bucketCount = 1024;
const idYears = 5;

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export class Ids {
  readonly #random: Random;
  readonly #first: Day;
  readonly #last: Day;
  readonly #bucket: number | undefined;

  /** `words` name the stream. With a bucket of their `own`, or this one, all ids lie in it (a patient's); else each in a random one. */
  constructor(words: (string | number)[], { today, end }: { today: Day; end: Day }, bucket: 'own' | 'any' | number) {
    this.#random = new Random('ids', ...words);
    this.#first = today - idYears * 365;
    this.#last = end;
    const drawn = this.#random.bits() % bucketCount;
    this.#bucket = bucket === 'own' ? drawn : bucket === 'any' ? undefined : bucket;
  }

  /** An id whose time is that day, or five years before the region opens for what is older. */
  next(day: Day): string {
    const idDay = Math.min(Math.max(day, this.#first), this.#last);
    const time = idDay * 86_400_000 + (this.#random.bits() % 86_400_000);
    const timeHigh = Math.floor(time / 65536)
      .toString(16)
      .padStart(8, '0');
    const bits = this.#random.bits();
    const bucket = this.#bucket ?? bits & (bucketCount - 1);
    const third = 0x7000 | (((bits >>> 10) & 3) << 10) | bucket;
    const low = this.#random.bits();
    const high = this.#random.bits();
    return (
      `${timeHigh}-${hexPair(time % 65536)}-${hexPair(third)}-${hexBytes[0x80 | ((bits >>> 12) & 0x3f)]}${hexBytes[bits >>> 24]}-` +
      `${hexPair(low >>> 16)}${hexPair(low & 0xffff)}${hexPair(high & 0xffff)}`
    );
  }
}

function hexPair(value: number): string {
  return hexBytes[value >>> 8]! + hexBytes[value & 255]!;
}

/** The bucket that an id of this form names. */
export function bucketOfId(id: string): number {
  return Number.parseInt(id.slice(15, 18), 16) % bucketCount;
}
