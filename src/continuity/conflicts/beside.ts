/** What of a patient's record is kept beside what is current, until a person has decided: for whoever must see both. */
import { parseJson } from '#fhir/json/index.ts';
import type { Grant } from '#fhir/index.ts';
import type { Resource } from '#fhir/types.ts';
import type { KnownVersion } from '../node/known-versions.ts';
import type { KeptBeside } from './contract.ts';
import { readSides, readTasks, type ConflictReading } from './list-conflicts.ts';
import { codeSystem, writerOf } from './tasks.ts';

const conflictsMax = 200;

type Beside = { id: string; resource: string; version: KnownVersion; isCurrentDeleted: boolean };

/** Versions beside the current ones, as far as the grant reaches: where nothing is in conflict, one search that finds nothing. */
async function besideIn(deps: ConflictReading, grant: Grant, patient: string): Promise<Beside[]> {
  const { context } = deps;
  const own = context.grants.background('conflicts');
  const tasks = await readTasks(deps, own, { state: 'open', count: conflictsMax }, patient);
  const beside: Beside[] = [];
  for (const resource of new Set(tasks.map((task) => task.resource))) {
    const task = tasks.find((one) => one.resource === resource) as (typeof tasks)[number];
    const [current, ...others] = await readSides(deps, task);
    for (const version of others) {
      if (version.content === undefined || !(await isReached(deps, grant, resource, version))) continue;
      beside.push({ id: task.id, resource, version, isCurrentDeleted: current?.content === null });
    }
  }
  return beside;
}

/** Of a deletion nothing is told that the current version does not tell. */
async function isReached(
  { context }: ConflictReading,
  grant: Grant,
  resource: string,
  { content, patient }: KnownVersion,
): Promise<boolean> {
  const [type = '', id = ''] = resource.split('/');
  const reach = await grant.reach({ by: 'read', patient, isNamed: false, types: [type] });
  const facts = { type, id, patient };
  if (content == null) return reach.kind !== 'nothing';
  if (!context.search.reaches(reach, facts, content)) return false;
  grant.saw([facts]);
  return true;
}

/** For the chart. Faults: forbidden where the caller may know of the patient and not read the record. */
export async function keptBeside(deps: ConflictReading, grant: Grant, patient: string): Promise<KeptBeside> {
  await grant.reach({ by: 'search', patient, isNamed: true, types: ['Task'] });
  const kept = (await besideIn(deps, grant, patient)).map(({ id, resource, version, isCurrentDeleted }) => ({
    id,
    resource,
    versionId: version.versionId,
    node: writerOf(version.versionId),
    writtenAt: new Date(Math.floor(version.at)).toISOString(),
    isDeletion: version.content === null,
    content: version.content == null ? undefined : (parseJson(version.content) as Resource),
    isCurrentDeleted,
  }));
  return { patient, kept };
}

/** The tag of a resource that stands in a summary beside the current version of the same id. */
export const besideTag = { system: codeSystem, code: 'kept-beside' };

const idMax = 64;

/** The same as resources that can stand beside the current ones: with an id of their own, made of both, and a tag that says what they are. */
export async function resourcesBeside(deps: ConflictReading, grant: Grant, patient: string): Promise<Resource[]> {
  return (await besideIn(deps, grant, patient)).flatMap(({ version }) => {
    if (version.content == null) return [];
    const resource = parseJson(version.content) as Resource;
    const id = `${resource.id}.${version.versionId}`.slice(-idMax).replace(/^[^A-Za-z0-9]+/, '');
    const tags = Array.isArray(resource.meta?.tag) ? resource.meta.tag : [];
    return [{ ...resource, id, meta: { ...resource.meta, tag: [...tags, besideTag] } }];
  });
}
