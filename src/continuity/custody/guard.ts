/**
 * What a node may not write because others decide it, asked of every change that people and programs bring, wherever they write: stays that another node
 * writes; custody and the Tasks of conflicts, which have ways of their own.
 */
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { parseJson } from '#fhir/json/index.ts';
import type { WriteFacts } from '#fhir/index.ts';
import { patientBucket } from '#fhir/record/bucket.ts';
import { findMany, type CurrentVersion } from '#fhir/record/store.ts';
import type { Standing } from '#fhir/record/write-store.ts';
import type { Resource } from '#fhir/types.ts';
import { conflictTask } from '../conflicts/tasks.ts';
import { versionsInConflict } from '../node/known-versions.ts';
import { heldElsewhere } from './custody.ts';
import { custodyIdOf, custodyIn, isCustody, type Custody } from './custody-resource.ts';

export type GuardDeps = { db: Db; node: string };

/**
 * Resolves where all may be written here, with what that stands on: who has the stays. Faults: conflict with what to do instead; forbidden for what has a
 * way of its own.
 */
export async function refuseWhatOthersDecide(deps: GuardDeps, changes: readonly WriteFacts[]): Promise<Standing[]> {
  const standing = await refuseHeldElsewhere(
    deps,
    changes.filter(({ type }) => type === 'Encounter'),
  );
  for (const change of changes) {
    if (change.type === 'Basic') refuseCustody(change);
    if (change.type === 'Task') await refuseEndOfConflict(deps, change);
  }
  return standing;
}

async function refuseHeldElsewhere({ db, node }: GuardDeps, stays: readonly WriteFacts[]): Promise<Standing[]> {
  if (stays.length === 0) return [];
  const found = await findMany(
    db,
    stays.map(({ id }) => ({ type: 'Basic', id: custodyIdOf(id) })),
  );
  for (const { content } of found) {
    const custody = content === null ? undefined : custodyIn(parseJson(content) as Resource);
    if (custody !== undefined && custody.step.holder !== node) throw held(custody);
  }
  const known = new Map(found.map((one) => [one.id, one]));
  return stays.flatMap((stay) => standingOf(stay, known.get(custodyIdOf(stay.id))));
}

/** Where nobody has the stay yet, who takes it is told in the patient's record. */
function standingOf({ id, before, patient }: WriteFacts, found: CurrentVersion | undefined): Standing[] {
  const key = { type: 'Basic', id: custodyIdOf(id) };
  if (found !== undefined) return [{ ...key, bucket: found.bucket, n: found.content === null ? 0 : found.n }];
  const whose = before?.patient ?? patient;
  return whose === undefined ? [] : [{ ...key, bucket: patientBucket(whose), n: 0 }];
}

function held(custody: Custody): Fault {
  const words = heldElsewhere(custody);
  const expression = 'Encounter';
  return new Fault('conflict', words, {
    reason: 'custody',
    issues: [{ severity: 'error', code: 'lock-error', diagnostics: words, expression }],
  });
}

function refuseCustody({ resource, before }: WriteFacts): void {
  if (isCustody(resource) || isCustody(before?.resource()))
    throw new Fault(
      'forbidden',
      'Who writes a stay is changed by POST /api/continuity/encounters/<id>/custody, not by writing the resource.',
      { reason: 'own-way-in' },
    );
}

/** A conflict ends when it is decided, and not by saying so. */
async function refuseEndOfConflict({ db }: GuardDeps, { resource, before }: WriteFacts): Promise<void> {
  const was = before && conflictTask(before.resource());
  if (was === undefined || was.state === 'closed') return;
  const is = resource && conflictTask(resource);
  if (is?.state === 'open' && is.resource === was.resource && is.versionId === was.versionId) return;
  const [type = '', id = ''] = was.resource.split('/');
  if ((await versionsInConflict(db, type, id)).length < 2) return;
  throw new Fault(
    'conflict',
    `Two versions of ${was.resource} wait for a person: this Task ends when they are settled, by POST /api/continuity/conflicts/${was.id}/resolve.`,
    { reason: 'conflict-open' },
  );
}
