/** Schedules of those who take appointments, and the times in them: those that are free are shared, a booked one is beside its appointment. */
import type { Schedule, Slot } from 'fhir/r4.js';
import type { Resource } from '#fhir/types.ts';
import { dateText, norwegianInstant, type Day } from '#shared/days.ts';
import { opensAt, slotMinutes } from './calendar.ts';
import type { Reference } from './reference.ts';
import type { PractitionerEntry, Region } from './region.ts';
import { workdaysAfter } from './workdays.ts';

/** Times that patients are not booked at otherwise, from the workday after the opening on. */
const freeMinutes = [opensAt + 20 * slotMinutes, opensAt + 21 * slotMinutes, opensAt + 22 * slotMinutes];
const freeWorkdays = 10;
const horizonDays = 200;

/** Adds the schedule of somebody who takes appointments. */
export function addSchedule(region: Region, role: Reference, location: Reference): Reference {
  return region.add({
    resourceType: 'Schedule',
    active: true,
    actor: [role, location],
    planningHorizon: { start: dateText(region.today - 30), end: dateText(region.today + horizonDays) },
  } satisfies Schedule);
}

/** Adds times of the next two weeks that anybody may book. */
export function addFreeSlots(region: Region, practitioners: readonly PractitionerEntry[]): void {
  for (const { schedule } of practitioners) {
    if (!schedule) continue;
    for (let count = 1; count <= freeWorkdays; count++) {
      const day = workdaysAfter(region.today, count);
      for (const minute of freeMinutes) region.add(slotOf(schedule, 'free', day, minute, slotMinutes));
    }
  }
}

export function slotOf(
  schedule: Reference,
  status: 'free' | 'busy',
  day: Day,
  minute: number,
  minutes: number,
): Slot & Resource {
  return {
    resourceType: 'Slot',
    schedule: { reference: schedule.reference },
    status,
    start: norwegianInstant(day, minute),
    end: norwegianInstant(day, minute + minutes),
  };
}
