/** How control reads and writes the record: under a grant of its own, with the log entry of the caller before the change. */
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { FhirContext } from '#fhir/index.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import type { AccessAction, AccessLog } from '../access-log/entry.ts';
import type { Caller } from '../caller.ts';
import { frameOf } from '../frame.ts';
import { backgroundGrant } from '../grant.ts';
import type { Ground } from '../policy/decision.ts';
import type { Policy } from '../policy/policy.ts';
import { refusal } from '../policy/refusal.ts';
import { holdsScope, type Interaction } from '../policy/scope.ts';

export type ControlDeps = {
  context: Pick<FhirContext, 'db' | 'search' | 'writer'>;
  policy: Pick<Policy, 'accessOf' | 'factsOf' | 'moment' | 'standingOf'>;
  log: AccessLog;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
};

const grant = backgroundGrant('control');

/**
 * Throws a Fault `forbidden` where the application was not granted what it asks for here, as little as by FHIR: a Consent for what patients decide,
 * a Basic for attestations and cases. Our own pages are granted all that the person may.
 */
export async function requireScope(
  { policy }: Pick<ControlDeps, 'policy'>,
  { subject }: Pick<Caller, 'subject'>,
  interaction: Interaction,
  of: { type: 'Basic' | 'Consent'; patient: string | undefined },
): Promise<void> {
  const { scopes } = await policy.standingOf(subject);
  if (!holdsScope(subject, scopes, interaction, of)) throw refusal('scope');
}

/** One resource of the record; undefined where it is not here. */
export async function readOne({ context }: ControlDeps, type: string, id: string): Promise<Resource | undefined> {
  const [found] = await find({ context }, type, [['_id', id]]);
  return found;
}

/** What a search finds, a page of at most a hundred, newest first. */
export async function find(
  { context: { db, search } }: Pick<ControlDeps, 'context'>,
  type: string,
  parameters: readonly (readonly [string, string])[],
): Promise<Resource[]> {
  return (await findPage({ context: { db, search } as ControlDeps['context'] }, type, parameters)).found;
}

export async function findPage(
  { context: { db, search } }: Pick<ControlDeps, 'context'>,
  type: string,
  parameters: readonly (readonly [string, string])[],
): Promise<{ found: Resource[]; next: string | undefined }> {
  const query = search.parse(type, [['_sort', '-_lastUpdated'], ['_count', '100'], ...parameters]);
  const { rows, next } = await runSearch({ db, search, grant }, query);
  return { found: rows.map(({ content }) => JSON.parse(content.toString()) as Resource), next };
}

/** What a change or a reading leaves in the log. */
export type Told = {
  action: AccessAction;
  patient: string | undefined;
  resources: readonly string[];
  query: string;
  ground: Ground | undefined;
  /** Why it was refused. */
  reason?: string;
};

export async function tell({ log, clock, ids }: ControlDeps, caller: Caller, told: Told): Promise<void> {
  const { defaultGround, ...frame } = frameOf(caller, ids.uuid());
  const { purpose, ground, attestation } = told.ground ?? defaultGround;
  const types: { [type: string]: number } = {};
  for (const name of told.resources) {
    const type = name.slice(0, name.indexOf('/'));
    types[type] = (types[type] ?? 0) + 1;
  }
  await log.append([
    {
      ...frame,
      at: clock.now(),
      action: told.action,
      patient: told.patient,
      what: { types, resources: told.resources, query: told.query },
      purpose,
      ground,
      ...(attestation === undefined ? {} : { attestation }),
      outcome: told.reason === undefined ? 'allowed' : 'refused',
      ...(told.reason === undefined ? {} : { reason: told.reason }),
    },
  ]);
}

/** What was read, before it is answered: one entry for each whose record it lies in; one without a patient where nothing was found. */
export async function tellRead(
  deps: ControlDeps,
  caller: Caller,
  told: Omit<Told, 'resources'>,
  read: readonly { patient: string | undefined; name: string }[],
): Promise<void> {
  const patients = read.length === 0 ? [told.patient] : [...new Set(read.map(({ patient }) => patient))];
  for (const patient of patients) {
    const resources = read.flatMap((one) => (one.patient === patient ? [one.name] : []));
    await tell(deps, caller, { ...told, patient, resources });
  }
}

/** In the log before it is in the record. All of it becomes true, or nothing. */
export async function write(
  deps: ControlDeps,
  caller: Caller,
  told: Omit<Told, 'resources'>,
  resources: readonly Resource[],
): Promise<void> {
  const names = resources.map(({ resourceType, id }) => `${resourceType}/${id ?? ''}`);
  await tell(deps, caller, { ...told, resources: names });
  await deps.context.writer.apply(
    grant,
    resources.map((resource) => ({ interaction: 'update' as const, resource, id: resource.id as string })),
  );
}

export const newId = ({ context }: ControlDeps, type: string, patient: string): string =>
  context.writer.newId(type, patient);

/** Does the work; a refusal is in the log before it is told. */
export async function refusingAloud<T>(
  deps: ControlDeps,
  caller: Caller,
  told: Pick<Told, 'action' | 'patient' | 'query'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault && (error.kind === 'forbidden' || error.reason !== undefined)) {
      await tell(deps, caller, { ...told, resources: [], ground: undefined, reason: error.reason ?? error.kind });
    }
    throw error;
  }
}
