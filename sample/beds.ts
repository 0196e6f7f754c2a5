/**
 * Which bed is whose on which days: nobody gets a bed that another has on one of the days. A bit a bed and day, so memory does not grow
 * with the number of residents. Residents take their beds in their order: the same region gives the same beds.
 */
import type { Day } from '#shared/days.ts';
import type { Reference } from './reference.ts';

export class Beds {
  readonly #first: Day;
  readonly #words: number;
  readonly #taken = new Map<string, Uint32Array>();

  /** Days before the first are free for all: what is so long ago is not in the record. */
  constructor(first: Day, last: Day) {
    this.#first = first;
    this.#words = Math.ceil((last - first + 2) / 32);
  }

  /** The wanted one of the beds, or the next that is free on all the days, both ends included; undefined when none is. */
  take(beds: readonly Reference[], wanted: number, from: Day, to: Day): Reference | undefined {
    for (let step = 0; step < beds.length; step++) {
      const bed = beds[(wanted + step) % beds.length]!;
      const days = this.#daysOf(bed);
      if (!this.#isFree(days, from, to)) continue;
      for (let day = Math.max(0, from - this.#first); day <= to - this.#first; day++)
        days[day >>> 5]! |= 1 << (day & 31);
      return bed;
    }
    return undefined;
  }

  #daysOf({ reference }: Reference): Uint32Array {
    const known = this.#taken.get(reference);
    if (known) return known;
    const days = new Uint32Array(this.#words);
    this.#taken.set(reference, days);
    return days;
  }

  #isFree(days: Uint32Array, from: Day, to: Day): boolean {
    for (let day = Math.max(0, from - this.#first); day <= to - this.#first; day++)
      if ((days[day >>> 5]! & (1 << (day & 31))) !== 0) return false;
    return true;
  }
}
