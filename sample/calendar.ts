/** Who is booked when: a practitioner sees one patient at a time. A bit a practitioner, day and twenty minutes; filled in the order of the residents. */
import type { Day } from '#shared/days.ts';

/** Patients are seen from eight; the last of them at twenty past two, so that the hours after are free for who calls. */
export const opensAt = 8 * 60;
export const slotMinutes = 20;
const slotsOfDay = 20;

export class Calendar {
  readonly #first: Day;
  readonly #days: number;
  readonly #booked = new Map<string, Uint32Array>();

  constructor(first: Day, last: Day) {
    this.#first = first;
    this.#days = last - first + 1;
  }

  /** Books the wanted time of that day, or the nearest after it that is free, and answers its minute; the wanted one when the day is full. */
  book(practitioner: string, day: Day, { wanted, minutes }: { wanted: number; minutes: number }): number {
    const at = day - this.#first;
    if (at < 0 || at >= this.#days) return wanted;
    const days = this.#daysOf(practitioner);
    const length = Math.ceil(minutes / slotMinutes);
    const mask = (1 << length) - 1;
    const places = slotsOfDay - length + 1;
    const start = Math.max(0, Math.round((wanted - opensAt) / slotMinutes));
    for (let step = 0; step < places; step++) {
      const slot = (start + step) % places;
      if ((days[at]! & (mask << slot)) !== 0) continue;
      days[at]! |= mask << slot;
      return opensAt + slot * slotMinutes;
    }
    return wanted;
  }

  #daysOf(practitioner: string): Uint32Array {
    const known = this.#booked.get(practitioner);
    if (known) return known;
    const days = new Uint32Array(this.#days);
    this.#booked.set(practitioner, days);
    return days;
  }
}
