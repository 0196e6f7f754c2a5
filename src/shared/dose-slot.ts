/** For which time of an order a dose is: two who give the same one are told apart by it (docs/conflicts.md, "Once only"). Pure. */
import type { Dosage } from 'fhir/r4.js';
import { dueDoses } from './due-doses.ts';

const system = 'https://fyr.no/fhir/CodeSystem/continuity';

/** The extension of a MedicationAdministration, a valueInstant. */
export const doseSlotUrl = `${system}/dose-slot`;
/** In `meta.tag`: done though it may have been done already, or its home could not be asked. */
export const emergencyTag = { system, code: 'emergency' } as const;

const hourMs = 3_600_000;
/** A dose may be given so long before its time, and so long after. */
const earlyHours = 1;
const lateHours = 4;

/** The time of the order that is nearest to when the dose is given, milliseconds since 1970; undefined: the order says no times, or none near. */
export function doseSlotOf(dosages: readonly Dosage[], at: number): number | undefined {
  const due = dueDoses(dosages, at - lateHours * hourMs, lateHours + earlyHours);
  if (due.kind !== 'times') return undefined;
  return due.times.toSorted((one, other) => Math.abs(one - at) - Math.abs(other - at))[0];
}
