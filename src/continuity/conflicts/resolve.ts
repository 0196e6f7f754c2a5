/** A person decides: one version, or an edited one, that names all that were in conflict as what it builds upon. */
import { Fault } from '#kernel/fault.ts';
import { parseJson, writeJson } from '#fhir/json/index.ts';
import type { Grant, WriteFacts } from '#fhir/index.ts';
import { warningsOf } from '#fhir/outcome.ts';
import { findCurrent, findMany, type CurrentVersion } from '#fhir/record/store.ts';
import { markWords } from '#fhir/record/words.ts';
import type { Resource } from '#fhir/types.ts';
import { knownVersions, type KnownVersion } from '../node/known-versions.ts';
import type { SyncNode } from '../node/sync-node.ts';
import type { Change } from '../protocol/write.ts';
import { tellAuthors } from './authors.ts';
import type { ResolveRequest, Resolved, Taken } from './contract.ts';
import type { ConflictsDeps } from './list-conflicts.ts';
import { readGraph, readTask, type Graph } from './read-conflict.ts';
import { createDirectory } from './responsible.ts';
import { conflictTask, endedBy, takenBy, taskOfVersion, type Actor, type ConflictTask } from './tasks.ts';

export type ResolveDeps = ConflictsDeps & {
  /** Undefined at a node that stands alone: it has no conflicts. */
  sync: Pick<SyncNode, 'write' | 'seal'> | undefined;
};

export type Deciding = { by: Actor; grant: Grant };

const changedMeanwhile = 'Something has come in the meantime. Look at the versions again, and then decide.';

/**
 * Settles a conflict. Faults: notFound; conflict where it was decided, or where versions have come that the person has not seen; unprocessable for an edited
 * resource that is not valid; forbidden as for any change.
 */
export async function resolve(
  deps: ResolveDeps,
  { by, grant }: Deciding,
  id: string,
  request: ResolveRequest,
): Promise<Resolved> {
  const { sync, context, clock } = deps;
  if (sync === undefined) throw new Fault('conflict', 'This node stands alone: nothing is in conflict with it.');
  await sync.seal();
  const task = await readTask(deps, grant, id);
  const graph = await readGraph(deps, grant, task);
  refuseUnseen(task, graph, request);
  const settled = settledContent(deps, task, graph, request);
  const tasks = await tasksOf(deps, task, graph);
  const at = new Date(clock.now()).toISOString();
  const ended = tasks.map((one) => endedBy(one.task, { by, reason: request.reason, at, choice: request.choose }));
  const words = await grant.allowWrites(await writeFacts(deps, task, graph, { settled, ended }));
  const seen = graph.sides.map(({ versionId }) => versionId);
  const [type = ''] = task.resource.split('/');
  const written = await sync.write([
    { resource: task.resource, type, patient: settled.patient, content: contentOf(settled, words?.[0]), parents: seen },
    ...(await Promise.all(ended.map((one) => taskChange(deps, one)))),
  ]);
  if ('kind' in written) throw new Fault('conflict', written.kind === 'stale' ? changedMeanwhile : written.words);
  const [version] = written.versions;
  const versions = (await knownVersions(context.db, type, task.resource.slice(type.length + 1))).filter(
    ({ versionId }) => versionId === version?.id,
  );
  await tellAuthors(deps, context.grants.background('conflicts'), task.resource, versions);
  return { id, resource: task.resource, versionId: version?.id ?? '' };
}

function refuseUnseen(task: ConflictTask, { sides }: Graph, { versions, choose }: ResolveRequest): void {
  if (task.state === 'closed') throw new Fault('conflict', 'This was decided in the meantime.');
  const waiting = sides.map(({ versionId }) => versionId);
  const isSame = waiting.length === new Set(versions).size && waiting.every((one) => versions.includes(one));
  if (!isSame) throw new Fault('conflict', changedMeanwhile);
  if (choose !== undefined && !waiting.includes(choose))
    throw new Fault('invalid', `${choose} is not one of the versions in conflict.`);
  if (sides.some(({ content }) => content === undefined))
    throw new Fault('conflict', 'A version has not come to this node yet. Decide where it is, or wait for it.');
}

type Settled = { patient: string | undefined; resource: Resource | undefined };

/** As the record would write it: marked with those on whose word it stands. Null: a deletion. */
function contentOf({ resource }: Settled, words: readonly string[] | undefined): string | null {
  if (resource === undefined) return null;
  if (words !== undefined) markWords(resource, words);
  return writeJson(resource);
}

function settledContent(
  { context }: ResolveDeps,
  task: ConflictTask,
  { sides }: Graph,
  { choose, resource }: ResolveRequest,
): Settled {
  if (resource === undefined) {
    const { content, patient } = sides.find(({ versionId }) => versionId === choose) as KnownVersion;
    if (content == null) return { patient: patient ?? task.patient, resource: undefined };
    return { patient, resource: parseJson(content) as Resource };
  }
  const edited = resource as Resource;
  if (`${edited.resourceType}/${edited.id}` !== task.resource)
    throw new Fault('invalid', `The edited resource is ${task.resource}, with its id.`);
  const { issues } = context.validator.validate(edited);
  if (issues.some(({ severity }) => severity === 'error' || severity === 'fatal'))
    throw new Fault('unprocessable', 'The edited resource is not valid.', { issues: warningsOf(issues) });
  const patient = context.search.patientOf(edited);
  if (!sides.some((side) => side.content !== null && side.patient === patient))
    throw new Fault(
      'unprocessable',
      'The edited resource is in the record of a patient whom none of the versions is of.',
    );
  return { patient, resource: edited };
}

/** Every open Task about what is settled: of more than two versions each has its own. */
async function tasksOf({ context }: ResolveDeps, task: ConflictTask, { known }: Graph): Promise<ConflictTask[]> {
  const names = known.map(({ versionId }) => taskOfVersion(task.resource, versionId));
  const keys = [...new Set([...names, `Task/${task.id}`])].map((name) => ({
    type: 'Task',
    id: name.slice('Task/'.length),
  }));
  const found = await findMany(context.db, keys);
  return found
    .flatMap(({ content }) => (content === null ? [] : (conflictTask(parseJson(content) as Resource) ?? [])))
    .filter(({ state }) => state === 'open');
}

/** What the grant decides on: as if each had been written through the FHIR API. Where what is current is deleted, it is another side that changes. */
async function writeFacts(
  { context }: ResolveDeps,
  { resource: name }: ConflictTask,
  { sides }: Graph,
  { settled: { resource, patient }, ended }: { settled: Settled; ended: readonly Resource[] },
): Promise<WriteFacts[]> {
  const [type = '', id = ''] = name.split('/');
  const other = sides.find(({ content }) => content != null);
  const before = beforeOf(await findCurrent(context.db, type, id)) ?? beforeOf(other);
  const interaction = resource === undefined ? 'delete' : before === undefined ? 'create' : 'update';
  const own: WriteFacts = { interaction, type, id, patient, resource, before };
  const others = ended.map((task): WriteFacts => {
    const lies = context.search.patientOf(task);
    const facts = { type: 'Task', id: task.id as string, patient: lies, resource: task };
    return { ...facts, interaction: 'update', before: { patient: lies, resource: () => task } };
  });
  return [own, ...others];
}

function beforeOf(
  current: Pick<CurrentVersion | KnownVersion, 'content' | 'patient'> | undefined,
): WriteFacts['before'] {
  const content = current?.content;
  if (content == null) return undefined;
  return { patient: current?.patient ?? undefined, resource: () => parseJson(content) as Resource };
}

/** A Task that others changed at the same time, at other nodes, is settled with what it says now. */
async function taskChange({ context }: ResolveDeps, task: Resource): Promise<Change> {
  const id = task.id as string;
  const heads = (await knownVersions(context.db, 'Task', id)).filter(({ isHead }) => isHead);
  return {
    resource: `Task/${id}`,
    type: 'Task',
    patient: context.search.patientOf(task),
    content: writeJson(task),
    parents: heads.map(({ versionId }) => versionId),
  };
}

/** Somebody says that they decide this one. Faults: notFound; conflict where it was decided. */
export async function take(deps: ResolveDeps, { by, grant }: Deciding, id: string): Promise<Taken> {
  const task = await readTask(deps, grant, id);
  if (task.state === 'closed') throw new Fault('conflict', 'This was decided in the meantime.');
  const taken = takenBy(task.task, by);
  await deps.context.writer.apply(grant, [{ interaction: 'update', resource: taken, id }]);
  const directory = createDirectory({ ...deps.context, grant: deps.context.grants.background('conflicts') });
  return { id, owner: await directory.ownerOf(conflictTask(taken) as ConflictTask) };
}
