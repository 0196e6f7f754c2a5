/** The Task that the sync rules make of a conflict, as it is read and ended. Pure. */
import type { Resource } from '#fhir/types.ts';
import { codeSystem, createFhirVocabulary, taskCode } from '../node/fhir-vocabulary.ts';
import { reconciliationTaskOf } from '../protocol/arrival.ts';
import type { Version } from '../protocol/version.ts';

export { codeSystem, taskCode };

/** By which conflicts are searched: `code=…`. */
export const taskToken = `${codeSystem}|${taskCode}`;
export const openStates = 'draft,requested,received,accepted,ready,in-progress,on-hold';
export const closedStates = 'completed,cancelled';

export type ConflictTask = {
  id: string;
  state: 'open' | 'closed';
  /** `Type/id` of what is in conflict, and the version that was kept beside the current one. */
  resource: string;
  versionId: string;
  patient: string | undefined;
  /** Milliseconds since 1970. */
  since: number;
  deadline: number | undefined;
  /** Who is named to decide; undefined while that is only the node where it was written. `isTaken`: they said so themselves. */
  owner: { reference: string; display: string | undefined; isTaken: boolean } | undefined;
  /** The node where the version beside was written. */
  node: string;
  resolution: { at: string; by: string; reason: string } | undefined;
  task: Resource;
};

type Json = { readonly [element: string]: unknown };

const fieldsOf = (value: unknown): Json => (value ?? {}) as Json;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Undefined for a Task that is of something else. */
export function conflictTask(task: Resource): ConflictTask | undefined {
  const codings = fieldsOf(task['code'])['coding'];
  const isOurs =
    Array.isArray(codings) && codings.some((one: Json) => one['system'] === codeSystem && one['code'] === taskCode);
  const focus = /^([A-Za-z]+\/[A-Za-z0-9.-]{1,64})\/_history\/(.+)$/.exec(
    textOf(fieldsOf(task['focus'])['reference']) ?? '',
  );
  if (!isOurs || focus === null) return undefined;
  const [, resource = '', versionId = ''] = focus;
  const owner = fieldsOf(task['owner']);
  const reference = textOf(owner['reference']);
  const deadline = textOf(fieldsOf(fieldsOf(task['restriction'])['period'])['end']);
  const since = Date.parse(textOf(task['authoredOn']) ?? textOf(task.meta?.lastUpdated) ?? '');
  return {
    id: task.id ?? '',
    state: closedStates.split(',').includes(textOf(task['status']) ?? '') ? 'closed' : 'open',
    resource,
    versionId,
    patient: textOf(fieldsOf(task['for'])['reference'])?.replace(/^Patient\//, ''),
    since,
    deadline: deadline === undefined ? undefined : Date.parse(deadline),
    owner:
      reference === undefined
        ? undefined
        : { reference, display: textOf(owner['display']), isTaken: task['status'] !== 'requested' },
    node: writerOf(versionId),
    resolution: resolutionOf(task),
    task,
  };
}

/** The node in a version id: `2-tromso`, and `2-tromso.3` of a node in its third life. */
export function writerOf(versionId: string): string {
  return versionId.slice(versionId.indexOf('-') + 1);
}

function resolutionOf(task: Resource): ConflictTask['resolution'] {
  const [note] = (Array.isArray(task['note']) ? task['note'] : []) as Json[];
  if (note === undefined) return undefined;
  const by = textOf(fieldsOf(note['authorReference'])['display']) ?? '';
  return { at: textOf(note['time']) ?? '', by, reason: textOf(note['text']) ?? '' };
}

export type Actor = { reference: string; name: string };

/** The Task with somebody who decides. */
export function takenBy(task: Resource, { reference, name }: Actor): Resource {
  return { ...task, status: 'in-progress', owner: { reference, display: name } };
}

/** The Task with the department or GP that is to decide. */
export function ownedBy(task: Resource, { reference, name }: Actor): Resource {
  return { ...task, owner: { reference, display: name } };
}

/** The Task with what was decided, by whom and why. `choice`: the version that was chosen; undefined: an edited one. */
export function endedBy(
  task: Resource,
  { by, reason, at, choice }: { by: Actor; reason: string; at: string; choice: string | undefined },
): Resource {
  return {
    ...task,
    status: 'completed',
    owner: { reference: by.reference, display: by.name },
    lastModified: at,
    note: [{ authorReference: { reference: by.reference, display: by.name }, time: at, text: reason }],
    output: [{ type: { text: 'version' }, valueString: choice ?? 'edited' }],
  };
}

const { hash } = createFhirVocabulary({ nodeOfPlace: () => undefined });

/** `Task/id` of the conflict that this version began, wherever it is found. */
export function taskOfVersion(resource: string, versionId: string): string {
  const beside = { resource, id: versionId } as Version;
  return reconciliationTaskOf(
    { vocabulary: { hash } as Parameters<typeof reconciliationTaskOf>[0]['vocabulary'] },
    beside,
  );
}

/** `Provenance/id` that tells who wrote a version. */
export function provenanceOfVersion(resource: string, versionId: string): string {
  return `Provenance/author-${hash(`${resource} ${versionId}`)}`;
}
