/** A patient's summary before it is written as a document, a page or a PDF: what was chosen of what was read. Pure. */
import type { Resource } from '#fhir/types.ts';
import { criticalItems, type CriticalItem } from './critical.ts';
import { newestFirst } from './elements.ts';
import type { Resolve } from './lines.ts';
import { conflictsOf, isDonorCard, type ChosenSection, type Conflict } from './sections.ts';

export type Summary = {
  patient: Resource;
  sections: readonly ChosenSection[];
  /** Also what no longer holds, as history. */
  critical: readonly CriticalItem[];
  conflicts: readonly Conflict[];
  /** Next of kin, guardians and others (RelatedPerson). */
  contacts: readonly Resource[];
  /** Encounters, the newest first. */
  visits: readonly Resource[];
  donorCard: Resource | undefined;
  /** What the entries refer to outside the patient's record, by `Type/id`. */
  around: ReadonlyMap<string, Resource>;
  resolve: Resolve;
  /** Milliseconds since 1970. */
  madeAt: number;
};

const visitsMax = 15;

/** @param around what entries refer to outside the patient's record: personnel, organisations, medicines, devices */
export function summaryOf(
  patient: Resource,
  { resources, sections }: { resources: readonly Resource[]; sections: readonly ChosenSection[] },
  around: ReadonlyMap<string, Resource>,
  madeAt: number,
): Summary {
  const newest = newestFirst(resources);
  return {
    patient,
    sections,
    critical: criticalItems(resources),
    conflicts: conflictsOf(resources),
    contacts: newest.filter(({ resourceType, active }) => resourceType === 'RelatedPerson' && active !== false),
    visits: newest
      .filter(
        ({ resourceType, status }) =>
          resourceType === 'Encounter' && status !== 'entered-in-error' && status !== 'cancelled',
      )
      .slice(0, visitsMax),
    donorCard: newest.find((one) => one.resourceType === 'Consent' && one['status'] === 'active' && isDonorCard(one)),
    around,
    resolve: (reference) => around.get(reference),
    madeAt,
  };
}
