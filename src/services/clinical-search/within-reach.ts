/** Which of the rows that are found the caller may see: decided by the grant's reach over the record itself, as every search of it is. */
import type { Reach, RequestContext } from '#fhir/index.ts';
import { patientBucket } from '#fhir/record/bucket.ts';
import { all } from '#fhir/search/condition.ts';
import { narrowWithin } from '#fhir/search/narrow.ts';
import { searchedTypes } from './read-texts.ts';

export type Reading = Pick<RequestContext, 'db' | 'search' | 'grant'>;
export type Named = { type: string; id: string };

/** More than a record ever has. */
const resourcesMax = 1_000_000;

/** The names (`Type/id`) of everything in a patient's record that is searched and within reach. Throws what the grant says of the patient. */
export async function namesWithin(
  reading: Reading,
  patient: string,
): Promise<(rows: readonly Named[]) => Promise<Set<string>>> {
  const { db, search, grant } = reading;
  const reach = await grant.reach({ by: 'search', patient, isNamed: true, types: searchedTypes });
  const { parts } = search;
  const record: Reach = { kind: 'record', of: [patient] };
  const test = narrowWithin(parts, { kind: 'everything' }, all([record, reach]));
  if (!test.exact) return (rows) => decidedOneByOne(reading, reach, rows);
  return async () => {
    const scope = {
      types: searchedTypes,
      isWholeSystem: false,
      sort: [],
      test,
      bucket: parts.patientBucket?.(patient),
    };
    const found = await parts.store.keys(db, scope, resourcesMax);
    return new Set(found.map(({ type, id }) => `${type}/${id}`));
  };
}

export async function decidedOneByOne(
  { db, search }: Reading,
  reach: Reach,
  rows: readonly Named[],
): Promise<Set<string>> {
  const found = await search.parts.store.byKeys(db, rows, { parts: search.parts, reach });
  return new Set(found.map(({ type, id }) => `${type}/${id}`));
}

/** The only patients whose records a reach lets in; undefined: it does not say. */
export function patientsOfReach(reach: Reach): readonly string[] | undefined {
  switch (reach.kind) {
    case 'nothing':
      return [];
    case 'record':
      return reach.of === 'none' ? [] : reach.of === 'some' ? undefined : reach.of;
    case 'all': {
      const known = reach.of.map(patientsOfReach).filter((one) => one !== undefined);
      return known.sort((a, b) => a.length - b.length)[0];
    }
    case 'any': {
      const each = reach.of.map(patientsOfReach);
      return each.includes(undefined) ? undefined : [...new Set(each.flatMap((one) => one ?? []))];
    }
    default:
      return undefined;
  }
}

export const bucketOf = patientBucket;
