/** What happens in the region between two moments, resident by resident. */
import type { Resource } from '#fhir/types.ts';
import { asOf, type Entry, type Moment } from './as-of.ts';

/** `before` is absent when the resource comes into being. */
export type Change = { before?: Resource; after: Resource };

/** A record as it is at the moment. */
export function recordAt(entries: readonly Entry[], now: Moment): Resource[] {
  const [patient] = entries;
  if (!patient || isUnborn(patient, now)) return [];
  return entries.flatMap((entry) => asOf(entry, now) ?? []);
}

/** What is new or different at the later moment, in the order of the record. */
export function changesBetween(entries: readonly Entry[], earlier: Moment, later: Moment): Change[] {
  const [patient] = entries;
  if (!patient || isUnborn(patient, later)) return [];
  const wasUnborn = isUnborn(patient, earlier);
  return entries.flatMap((entry) => {
    const after = asOf(entry, later);
    const before = wasUnborn ? undefined : asOf(entry, earlier);
    if (after === undefined || after === before) return [];
    if (before === undefined) return { after };
    return JSON.stringify(before) === JSON.stringify(after) ? [] : { before, after };
  });
}

function isUnborn({ resource }: Entry, now: Moment): boolean {
  return String(resource['birthDate']) > now.slice(0, 10);
}
