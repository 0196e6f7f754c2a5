/** The conflicts that wait for a person, by whose they are. */
import { parseJson } from '#fhir/json/index.ts';
import type { FhirContext, Grant } from '#fhir/index.ts';
import { findCurrent, findMany } from '#fhir/record/store.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Personnel } from '#trust/subject.ts';
import { custodyCode } from '../node/fhir-vocabulary.ts';
import { versionsInConflict, type KnownVersion } from '../node/known-versions.ts';
import { authorsOf, type AuthorDeps } from './authors.ts';
import { readable } from './compare.ts';
import type { ConflictLine, ConflictOutline } from './contract.ts';
import { createDirectory, personName, type Directory } from './responsible.ts';
import { closedStates, conflictTask, openStates, taskToken, writerOf, type ConflictTask } from './tasks.ts';

export type ConflictsDeps = Omit<AuthorDeps, 'context'> & {
  context: Pick<FhirContext, 'db' | 'search' | 'writer' | 'validator' | 'grants'>;
  clock: Clock;
};

/** What reading conflicts needs, without deciding them. */
export type ConflictReading = { context: Pick<FhirContext, 'db' | 'search' | 'grants'> };

type Asked = { state: 'open' | 'closed'; count: number };

/** Tasks of conflicts that the grant reaches, the most urgent first. */
export async function readTasks(
  { context }: ConflictReading,
  grant: Grant,
  { state, count }: Asked,
  patient?: string,
): Promise<ConflictTask[]> {
  const query = context.search.parse('Task', [
    ['code', taskToken],
    ['status', state === 'open' ? openStates : closedStates],
    ...(patient === undefined ? [] : ([['patient', `Patient/${patient}`]] as const)),
    ['_sort', '-_lastUpdated'],
    ['_count', String(count)],
    ['_total', 'none'],
  ]);
  const { rows } = await runSearch({ ...context, grant }, query);
  const tasks = rows.flatMap(({ content }) => conflictTask(parseJson(content.toString()) as Resource) ?? []);
  return tasks.sort((a, b) => (a.deadline ?? Infinity) - (b.deadline ?? Infinity));
}

/** For operators: what waits and for whom, and nothing of any patient. */
export async function outlineAll(deps: ConflictsDeps, asked: Asked): Promise<ConflictOutline[]> {
  const grant = deps.context.grants.background('conflicts');
  const directory = createDirectory({ ...deps.context, grant });
  const tasks = await readTasks(deps, grant, asked);
  return Promise.all(tasks.map((task) => outlineOf(deps, directory, task)));
}

/** Those of the caller's, of those that the grant reaches. */
export async function listFor(
  deps: ConflictsDeps,
  { subject, grant }: { subject: Personnel; grant: Grant },
  { scope, ...asked }: Asked & { scope: 'mine' | 'organisation' },
): Promise<ConflictLine[]> {
  const own = deps.context.grants.background('conflicts');
  const directory = createDirectory({ ...deps.context, grant: own });
  const lines: ConflictLine[] = [];
  for (const task of await readTasks(deps, grant, asked)) {
    const versions = await readSides(deps, task);
    if (!(await areReached(deps, grant, task, versions))) continue;
    const line = await lineOf(deps, directory, task, versions);
    const isTheirs =
      scope === 'mine'
        ? (await isMine(deps, subject, line, versions)) || isOwner(subject, line)
        : await isOfOrganisation(directory, subject, line);
    if (isTheirs) lines.push(line);
  }
  return lines;
}

/** The versions that nobody has built upon; of one that is settled, the one that holds. */
export function readSides({ context }: ConflictReading, { resource }: ConflictTask): Promise<KnownVersion[]> {
  const [type = '', id = ''] = resource.split('/');
  return versionsInConflict(context.db, type, id);
}

/** Whether the caller may read every side: who may read only one sees no conflict. */
export async function areReached(
  { context }: ConflictReading,
  grant: Grant,
  { resource }: ConflictTask,
  sides: readonly KnownVersion[],
): Promise<boolean> {
  const [type = '', id = ''] = resource.split('/');
  for (const { content, patient } of sides) {
    if (content == null) continue;
    const facts = { type, id, patient };
    const reach = await grant.reach({ by: 'read', patient, isNamed: false, types: [type] });
    if (!context.search.reaches(reach, facts, content)) {
      grant.missed(facts);
      return false;
    }
    grant.saw([facts]);
  }
  return true;
}

async function isMine(
  deps: ConflictsDeps,
  { practitioner }: Personnel,
  { resource }: ConflictLine,
  versions: readonly KnownVersion[],
): Promise<boolean> {
  const authors = await authorsOf(deps, resource, versions);
  return [...authors.values()].some(({ reference }) => reference === `Practitioner/${practitioner}`);
}

function isOwner(subject: Personnel, { owner }: ConflictLine): boolean {
  const own = [`Practitioner/${subject.practitioner}`, `PractitionerRole/${subject.role.practitionerRole ?? ''}`];
  return owner.reference !== undefined && own.includes(owner.reference);
}

/** Of the department, or what lies below it; of who has no department, of the place of care. A node's own go to everybody there. */
async function isOfOrganisation(directory: Directory, { role }: Personnel, { owner }: ConflictLine): Promise<boolean> {
  if (owner.kind === 'node') return true;
  return directory.isWithin(owner.organisation, [`Organization/${role.department ?? role.pointOfCare}`]);
}

async function outlineOf(deps: ConflictsDeps, directory: Directory, task: ConflictTask): Promise<ConflictOutline> {
  const line = await lineOf(deps, directory, task, await readSides(deps, task));
  const { id, type, state, since, deadline, isOverdue, owner, nodes, versions } = line;
  // A GP or somebody who took it is told as a department would be: who they are says something of the patient.
  const told =
    owner.kind === 'node' ? owner : { ...owner, reference: owner.organisation, name: await placeName(deps, owner) };
  return { id, type, state, since, deadline, isOverdue, owner: told, nodes, versions };
}

async function placeName({ context }: ConflictsDeps, { organisation }: ConflictOutline['owner']): Promise<string> {
  if (organisation === undefined) return '';
  const found = await findCurrent(context.db, 'Organization', organisation.slice('Organization/'.length));
  return found?.content == null ? '' : String((parseJson(found.content) as Resource)['name'] ?? '');
}

/** A conflict as it stands in a list. */
export async function lineOf(
  deps: ConflictsDeps,
  directory: Directory,
  task: ConflictTask,
  versions: readonly KnownVersion[],
): Promise<ConflictLine> {
  const { id, resource, patient, state, since, deadline } = task;
  const [type = ''] = resource.split('/');
  const contents = versions.flatMap(({ content }) => (content == null ? [] : [parseJson(content) as Resource]));
  const nodes = [...new Set([...versions.map(({ versionId }) => writerOf(versionId)), task.node])];
  return {
    id,
    type,
    state,
    since: new Date(since).toISOString(),
    deadline: deadline === undefined ? undefined : new Date(deadline).toISOString(),
    isOverdue: state === 'open' && deadline !== undefined && deadline < deps.clock.now(),
    owner: await directory.ownerOf(task),
    nodes: nodes.filter((name) => !/^merge\d/.test(name)),
    versions: versions.length,
    resource,
    title: contents.map(titleOf).find((title) => title !== '') ?? '',
    kind: contents.some(isCustody) ? 'custody' : 'fact',
    patient: patient === undefined ? undefined : { id: patient, name: await patientName(deps, patient) },
  };
}

async function patientName({ context }: ConflictsDeps, patient: string): Promise<string> {
  const [found] = await findMany(context.db, [{ type: 'Patient', id: patient }]);
  return found?.content == null ? '' : (personName(parseJson(found.content) as Resource) ?? '');
}

const isCustody = (resource: Resource): boolean =>
  resource.resourceType === 'Basic' && readable(resource['code']) === custodyCode;

/** Elements that say in words what a resource is about. */
const titles = ['code', 'medicationCodeableConcept', 'vaccineCode', 'type', 'description', 'title', 'category'];

function titleOf(resource: Resource): string {
  for (const element of titles) {
    const text = readable(resource[element]);
    if (text !== '') return text;
  }
  return '';
}
