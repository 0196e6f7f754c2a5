/** What may happen once and has perhaps happened twice: both stand in the record, and a person says what was so. */
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import { parseJson } from '#fhir/json/index.ts';
import type { FhirContext, Grant } from '#fhir/index.ts';
import { readCurrent, readMany } from '#fhir/record/reading.ts';
import { findCurrent, findMany, type CurrentVersion } from '#fhir/record/store.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import { readable } from '../conflicts/compare.ts';
import { createDirectory, personName, type Directory } from '../conflicts/responsible.ts';
import { writerOf } from '../conflicts/tasks.ts';
import { readClaims } from '../node/claim-store.ts';
import { emergencyTag } from '../node/claims.ts';
import { alertIn, alertSystem, endedTask, settledIssue, taskAbout, type Alert } from './alert.ts';
import type { Candidate, Double, SettleRequest } from './contract.ts';

export type DoublesDeps = {
  context: Pick<FhirContext, 'db' | 'search' | 'writer' | 'grants'>;
  clock: Clock;
  /** The name of this node. */
  node: string;
};

const countMax = 200;

/** Alerts of patients whom the grant reaches, the most urgent first. */
export async function listDoubles(
  deps: DoublesDeps,
  grant: Grant,
  { state, patient }: { state: 'open' | 'closed'; patient?: string | undefined },
): Promise<Double[]> {
  const { context } = deps;
  const query = context.search.parse('DetectedIssue', [
    ['identifier', `${alertSystem}|`],
    ...(patient === undefined ? [] : ([['patient', `Patient/${patient}`]] as const)),
    ['_sort', '-_lastUpdated'],
    ['_count', String(countMax)],
    ['_total', 'none'],
  ]);
  const { rows } = await runSearch({ ...context, grant }, query);
  const alerts = rows.flatMap(({ content }) => alertIn(parseJson(content.toString()) as Resource) ?? []);
  const directory = ownDirectory(deps);
  const wanted = alerts.filter((alert) => alert.state === state).sort((a, b) => a.deadline - b.deadline);
  return Promise.all(wanted.map((alert) => shown(deps, grant, directory, alert)));
}

function ownDirectory({ context }: DoublesDeps): Directory {
  return createDirectory({ ...context, grant: context.grants.background('doubles') });
}

async function shown(deps: DoublesDeps, grant: Grant, directory: Directory, alert: Alert): Promise<Double> {
  const { id, kind, state, patient, since, deadline, resolution } = alert;
  const [person] = patient === undefined ? [] : await findMany(deps.context.db, [{ type: 'Patient', id: patient }]);
  const name = person?.content == null ? undefined : personName(parseJson(person.content) as Resource);
  return {
    id,
    kind,
    state,
    patient: patient === undefined ? undefined : { id: patient, name: name ?? '' },
    since: new Date(since).toISOString(),
    deadline: new Date(deadline).toISOString(),
    owner: await directory.ownerOf({ owner: undefined, patient, node: deps.node }),
    candidates: await candidatesOf(deps, grant, alert),
    resolution,
  };
}

/** Those that took it, as far as the grant reaches: two may have wanted one slot, for two patients. */
async function candidatesOf({ context }: DoublesDeps, grant: Grant, { key }: Alert): Promise<Candidate[]> {
  const keys = (await readClaims(context.db, key)).map((name) => {
    const [type = '', id = ''] = name.split('/');
    return { type, id };
  });
  return (await readMany({ ...context, grant }, keys, undefined)).map(candidateOf);
}

const times = ['effectiveDateTime', 'whenHandedOver', 'start'];

function candidateOf({ type, id, versionId, content }: CurrentVersion): Candidate {
  const resource = parseJson(content as string) as Resource;
  const tags = Array.isArray(resource.meta?.tag) ? resource.meta.tag : [];
  const time = times.map((element) => resource[element]).find((value) => typeof value === 'string');
  return {
    resource: `${type}/${id}`,
    status: String(resource['status'] ?? ''),
    title: readable(resource['medicationCodeableConcept'] ?? resource['serviceType'] ?? resource['description']),
    node: writerOf(versionId),
    writtenAt: String(resource.meta?.lastUpdated ?? ''),
    at: typeof time === 'string' ? time : undefined,
    isEmergency: tags.some(({ system, code }) => system === emergencyTag.system && code === emergencyTag.code),
    content: resource,
  };
}

export type Settling = { by: { reference: string; name: string }; grant: Grant };

/** Faults: notFound; conflict for what was settled before; invalid for what is no candidate; forbidden as for any change. */
export async function settleDouble(
  deps: DoublesDeps,
  { by, grant }: Settling,
  id: string,
  request: SettleRequest,
): Promise<Double> {
  const { context, clock } = deps;
  const found = await readCurrent({ ...context, grant }, 'DetectedIssue', id);
  const alert = found?.content == null ? undefined : alertIn(parseJson(found.content) as Resource);
  if (found === undefined || alert === undefined) throw new Fault('notFound', 'There is no such alert here.');
  if (alert.state === 'closed') throw new Fault('conflict', 'This was settled before.');
  const at = new Date(clock.now()).toISOString();
  const settled = settledIssue(alert.issue, request, by, at);
  const mistaken = await mistakenIn(deps, grant, alert, request);
  const task = await findCurrent(context.db, 'Task', id);
  const ended = task?.content == null ? [] : [endedTask(parseJson(task.content) as Resource, request, by, at)];
  await context.writer.apply(grant, [
    { interaction: 'update', resource: settled, id, ifMatch: found.versionId },
    ...[...mistaken, ...ended].map((resource) => ({
      interaction: 'update' as const,
      resource,
      id: resource.id as string,
    })),
  ]);
  return shown(deps, grant, ownDirectory(deps), alertIn({ ...settled }) as Alert);
}

async function mistakenIn(
  deps: DoublesDeps,
  grant: Grant,
  alert: Alert,
  { mistaken }: SettleRequest,
): Promise<Resource[]> {
  if (mistaken === undefined) return [];
  const candidate = (await candidatesOf(deps, grant, alert)).find(({ resource }) => resource === mistaken);
  if (candidate === undefined) throw new Fault('invalid', `${mistaken} is not one of those that may be the same.`);
  return [{ ...(candidate.content as Resource), status: 'entered-in-error' }];
}

/** The Task beside the alert, made once, at the region. */
export async function askAbout(deps: DoublesDeps, issue: Resource): Promise<void> {
  const { context } = deps;
  const alert = alertIn(issue);
  if (alert?.state !== 'open' || (await findCurrent(context.db, 'Task', alert.id)) !== undefined) return;
  const owner = await ownDirectory(deps).ownerOf({ owner: undefined, patient: alert.patient, node: deps.node });
  const named = owner.reference === undefined ? undefined : { reference: owner.reference, name: owner.name };
  const change = { interaction: 'create', resource: taskAbout(alert, named), id: alert.id } as const;
  await context.writer.apply(context.grants.background('doubles'), [change]);
}
