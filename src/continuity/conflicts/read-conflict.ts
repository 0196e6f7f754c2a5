/** One conflict whole: every version that waits, side by side, with who wrote it, when and where. */
import { Fault } from '#kernel/fault.ts';
import { parseJson } from '#fhir/json/index.ts';
import type { Grant } from '#fhir/index.ts';
import { readCurrent } from '#fhir/record/reading.ts';
import type { Resource } from '#fhir/types.ts';
import { knownVersions, type KnownVersion } from '../node/known-versions.ts';
import { commonAncestor, type Version } from '../protocol/version.ts';
import { authorsOf } from './authors.ts';
import { sideBySide } from './compare.ts';
import type { ConflictShown, ConflictVersion, VersionAuthor } from './contract.ts';
import { areReached, lineOf, type ConflictsDeps } from './list-conflicts.ts';
import { createDirectory } from './responsible.ts';
import { conflictTask, writerOf, type ConflictTask } from './tasks.ts';

/** Faults: notFound for what is no conflict that the caller may know of. */
export async function readTask({ context }: ConflictsDeps, grant: Grant, id: string): Promise<ConflictTask> {
  const found = await readCurrent({ ...context, grant }, 'Task', id);
  const task = found?.content == null ? undefined : conflictTask(parseJson(found.content) as Resource);
  if (task === undefined) throw new Fault('notFound', 'There is no such conflict here.');
  return task;
}

/** Every version of what is in conflict, and those of them that nobody has built upon, the current one first. */
export type Graph = { known: readonly KnownVersion[]; sides: readonly KnownVersion[] };

/** Faults: notFound where one of the sides is not within the caller's reach: who sees one side only decides nothing. */
export async function readGraph(deps: ConflictsDeps, grant: Grant, task: ConflictTask): Promise<Graph> {
  const [type = '', id = ''] = task.resource.split('/');
  const known = await knownVersions(deps.context.db, type, id);
  const sides = known.filter(({ isHead }) => isHead).sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
  if (!(await areReached(deps, grant, task, sides))) throw new Fault('notFound', 'There is no such conflict here.');
  return { known, sides };
}

/** Faults: notFound. */
export async function readConflict(deps: ConflictsDeps, grant: Grant, id: string): Promise<ConflictShown> {
  const task = await readTask(deps, grant, id);
  const { known, sides } = await readGraph(deps, grant, task);
  const authors = await authorsOf(deps, task.resource, sides);
  const contents = sides.map(({ content }) => resourceOf(content));
  const base = baseOf(known, sides);
  const directory = createDirectory({ ...deps.context, grant: deps.context.grants.background('conflicts') });
  const whyNot = whyNotResolved(task, sides);
  return {
    ...(await lineOf(deps, directory, task, sides)),
    sides: sides.map((side, place) => shownSide(side, contents[place], authors.get(side.versionId))),
    elements: sideBySide(contents, resourceOf(base?.content)),
    base: base?.versionId,
    mayResolve: whyNot === undefined,
    whyNot,
    resolution: task.resolution,
  };
}

/** Why nothing can be decided here now. */
function whyNotResolved(task: ConflictTask, sides: readonly KnownVersion[]): string | undefined {
  if (task.state === 'closed') return 'This was decided.';
  if (sides.some(({ content }) => content === undefined)) return 'A version has not come to this node yet.';
  return undefined;
}

const resourceOf = (content: string | null | undefined): Resource | undefined =>
  content == null ? undefined : (parseJson(content) as Resource);

function shownSide(
  { versionId, isCurrent, at, arrivedAt, came, content }: KnownVersion,
  resource: Resource | undefined,
  author: VersionAuthor | undefined,
): ConflictVersion {
  return {
    versionId,
    isCurrent,
    node: writerOf(versionId),
    writtenAt: new Date(Math.floor(at)).toISOString(),
    arrivedAt: new Date(arrivedAt).toISOString(),
    isFromHere: came === 'here',
    author,
    isDeletion: content === null,
    content: resource,
  };
}

/** What all sides saw last, where it is known with its content. */
function baseOf(known: readonly KnownVersion[], sides: readonly KnownVersion[]): KnownVersion | undefined {
  const [first, ...others] = sides;
  if (first === undefined || others.length === 0) return undefined;
  const versions = new Map(
    known.map(({ versionId, parents }) => [versionId, { id: versionId, parents } as unknown as Version]),
  );
  const ancestors = others.map(({ versionId }) =>
    commonAncestor({ tip: first.versionId, versions }, first.versionId, versionId),
  );
  const ids = new Set(ancestors.map((ancestor) => ancestor?.id));
  const [id] = ids;
  return ids.size === 1 && id !== undefined ? known.find(({ versionId }) => versionId === id) : undefined;
}
