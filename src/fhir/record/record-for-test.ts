/** A record whose index and checks are as simple as can be, for tests of the store itself. */
import { systemClock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { systemIds } from '#kernel/ids.ts';
import type { Resource } from '../types.ts';
import { createCommitter } from './committer.ts';
import { eachReference, keyOfReference } from './reference.ts';
import { createWriter, type MayWrite, type Writer } from './writer.ts';

/** Every resource that refers to a patient belongs to it; a resource is found by nothing. References must exist when `strict`. */
export function plainWriter(db: Db, references: 'strict' | 'lenient' = 'lenient', mayWrite?: MayWrite): Writer {
  return createWriter({
    db,
    committer: createCommitter(db),
    clock: systemClock,
    ids: systemIds(systemClock),
    node: 'test',
    references,
    ...(mayWrite ? { mayWrite } : {}),
    indexer: {
      reaches: () => true,
      extract: (resource) => ({
        tokens: [],
        strings: [],
        rangeKeys: [],
        rangeLows: [],
        rangeHighs: [],
        patient: patientOf(resource),
      }),
      referencesTo: () => [],
    },
    check: {
      validate(resource) {
        const found: { reference: string; expression: string }[] = [];
        eachReference(resource, (reference) => found.push({ reference, expression: 'Resource' }));
        return { issues: [], references: found };
      },
    },
  });
}

function patientOf(resource: Resource): string | undefined {
  if (resource.resourceType === 'Patient') return resource.id;
  let patient: string | undefined;
  eachReference(resource, (reference) => {
    const key = keyOfReference(reference);
    if (key?.type === 'Patient') patient ??= key.id;
  });
  return patient;
}
