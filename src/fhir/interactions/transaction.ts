/**
 * transaction (R4 http.html#transaction): all entries become true together, or none. Deletions, then creations, then updates and patches, then reads;
 * references between the entries and conditional references are resolved first, over the whole bundle.
 */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import type { FhirAnswer, FhirRequest } from '../http/request.ts';
import { parseJson } from '../json/index.ts';
import { faultInEntry, warningsOf } from '../outcome.ts';
import { eachReference, keyOfReference, replaceReferences } from '../record/reference.ts';
import { readCurrent } from '../record/reading.ts';
import type { Change, Changed } from '../record/writer.ts';
import type { Resource } from '../types.ts';
import { type BundleRequest } from './bundle-request.ts';
import { criteriaOf, findOne, turnOf, type Found } from './conditional.ts';
import { answerOfChange, answerOfFound, resourceOfType } from './create.ts';
import { applyPatch } from './patch.ts';
import { precondition, requireReached, targetOf, versionToMatch } from './update.ts';

type Context = Pick<RequestContext, 'db' | 'writer' | 'search' | 'definitions' | 'grant'>;

/** What an entry comes to: something to write, something found that makes writing needless, or a read for afterwards. */
type Plan =
  | { do: 'write'; change: Change }
  | { do: 'nothing'; answer: FhirAnswer; found?: { type: string; id: string } }
  /** A conditional create with the very condition of an earlier entry: what that one makes is what this one asked for. */
  | { do: 'same'; change: Change & { interaction: 'create' } }
  | { do: 'read' };

/**
 * The answers, one an entry, in the order of the entries; a Fault when nothing was written. `dispatch` answers the reads, after the commit;
 * it must not throw for what is refused, as nothing can be undone then.
 */
export async function transaction(
  context: Context,
  requests: readonly BundleRequest[],
  dispatch: (request: FhirRequest) => Promise<FhirAnswer>,
): Promise<FhirAnswer[]> {
  return context.writer.inTurn(conditionsOf(requests), () => inItsTurn(context, requests, dispatch));
}

/** The conditions by which something may be created. */
function conditionsOf(requests: readonly BundleRequest[]): string[] {
  return requests.flatMap(({ method, segments: [type = '', id], headers, parameters }) => {
    const condition = headers['if-none-exist'];
    if (method === 'POST' && condition !== undefined) return [turnOf(type, criteriaOf(condition))];
    return method === 'PUT' && id === undefined ? [turnOf(type, parameters)] : [];
  });
}

async function inItsTurn(
  context: Context,
  requests: readonly BundleRequest[],
  dispatch: (request: FhirRequest) => Promise<FhirAnswer>,
): Promise<FhirAnswer[]> {
  const plans = await Promise.all(requests.map((request, i) => planEntry(context, request, `Bundle.entry[${i}]`)));
  createOnce(requests, plans);
  giveIds(context, requests, plans);
  const resources = plans.flatMap((p) =>
    p.do === 'write' && p.change.interaction !== 'delete' ? [p.change.resource] : [],
  );
  const replacements = await replacementsOf(context, requests, plans, resources);
  for (const [i, planned] of plans.entries()) {
    if (planned.do !== 'write' || planned.change.interaction === 'delete') continue;
    const { resource } = planned.change;
    replaceReferences(resource, besideItself(resource, requests[i]?.fullUrl, replacements));
    replaceReferences(resource, replacements);
  }
  const changes = plans.flatMap((p) => (p.do === 'write' ? [p.change] : []));
  const changed = await context.writer.apply(context.grant, inOrder(changes));
  const byKey = new Map(changed.map((c) => [`${c.type}/${c.id}`, c]));
  return Promise.all(
    requests.map((request, i) => {
      const planned = plans[i] as Plan;
      if (planned.do === 'nothing') return planned.answer;
      if (planned.do === 'same') return { ...answerOf(planned.change, byKey), status: 200 };
      return planned.do === 'read' ? dispatch(request) : answerOf(planned.change, byKey);
    }),
  );
}

const order = { delete: 0, create: 1, update: 2 } as const;

function inOrder(changes: readonly Change[]): Change[] {
  return [...changes].sort((a, b) => order[a.interaction] - order[b.interaction]);
}

function answerOf(change: Change, changed: ReadonlyMap<string, Changed>): FhirAnswer {
  const key =
    change.interaction === 'delete' ? `${change.type}/${change.id}` : `${change.resource.resourceType}/${change.id}`;
  const done = changed.get(key) as Changed;
  if (change.interaction === 'delete') return { status: 204, versionId: done.versionId };
  return { ...answerOfChange(done), warnings: warningsOf(done.warnings) };
}

async function planEntry(context: Context, request: BundleRequest, entry: string): Promise<Plan> {
  try {
    const planned = await plan(context, request);
    if (planned.do === 'write') planned.change.entry = entry;
    return planned;
  } catch (error) {
    throw faultInEntry(error, entry);
  }
}

/** Of several creates under one condition that nothing meets yet, the first creates. */
function createOnce(requests: readonly BundleRequest[], plans: Plan[]): void {
  const first = new Map<string, Change & { interaction: 'create' }>();
  for (const [i, planned] of plans.entries()) {
    const condition = requests[i]?.headers['if-none-exist'];
    if (condition === undefined || planned.do !== 'write' || planned.change.interaction !== 'create') continue;
    const key = `${planned.change.resource.resourceType}?${condition}`;
    const earlier = first.get(key);
    if (earlier) plans[i] = { do: 'same', change: earlier };
    else first.set(key, planned.change);
  }
}

/**
 * A relative reference in an entry whose fullUrl is RESTful means the entry at that address below the same base (R4 bundle.html#references):
 * `Organization/9` beside `http://other/fhir/Patient/8` is `http://other/fhir/Organization/9`.
 */
function besideItself(
  resource: Resource,
  fullUrl: string | undefined,
  replacements: ReadonlyMap<string, string>,
): Map<string, string> {
  const beside = new Map<string, string>();
  const base = /^(https?:\/\/.+\/)[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.exec(fullUrl ?? '')?.[1];
  if (base === undefined) return beside;
  eachReference(resource, (reference) => {
    const key = keyOfReference(reference);
    const replacement = key && replacements.get(`${base}${key.type}/${key.id}`);
    if (replacement !== undefined) beside.set(reference, replacement);
  });
  return beside;
}

async function plan(context: Context, request: BundleRequest): Promise<Plan> {
  const [type, id] = request.segments;
  if (request.method === 'GET' || request.method === 'HEAD') return { do: 'read' };
  if (type === undefined || type.startsWith('$') || request.segments.length > 2 || id?.startsWith('$')) {
    throw new Fault(
      'notSupported',
      `A transaction can't hold ${request.method} ${request.segments.join('/')}. Send it alone or in a batch.`,
    );
  }
  if (request.method === 'POST') return planCreate(context, request, type, id);
  if (request.method === 'DELETE') return planDelete(context, request, type, id);
  return request.method === 'PUT' ? planUpdate(context, request, type, id) : planPatch(context, request, type, id);
}

async function planCreate(
  context: Context,
  request: BundleRequest,
  type: string,
  id: string | undefined,
): Promise<Plan> {
  if (id !== undefined) throw new Fault('invalid', `POST ${type}/${id}: a create has no id in its address.`);
  const resource = resourceOfType(request, type);
  const condition = request.headers['if-none-exist'];
  const found = condition === undefined ? undefined : await findOne(context, type, criteriaOf(condition));
  return found ? alreadyThere(found) : { do: 'write', change: { interaction: 'create', resource } };
}

function alreadyThere(found: Found): Plan {
  return { do: 'nothing', answer: answerOfFound(found), found };
}

async function planDelete(
  context: Context,
  request: BundleRequest,
  type: string,
  id: string | undefined,
): Promise<Plan> {
  const target = id ?? (await findOne(context, type, request.parameters))?.id;
  if (target === undefined) return { do: 'nothing', answer: { status: 204 } };
  const ifMatch = versionToMatch(request);
  return {
    do: 'write',
    change: { interaction: 'delete', type, id: target, ...(ifMatch === undefined ? {} : { ifMatch }) },
  };
}

async function planUpdate(
  context: Context,
  request: BundleRequest,
  type: string,
  id: string | undefined,
): Promise<Plan> {
  const resource = resourceOfType(request, type);
  if (id !== undefined) {
    if (resource.id !== undefined && resource.id !== id) {
      throw new Fault('invalid', `The id in the resource is not the one in the address, ${type}/${id}.`);
    }
    await requireReached(context, type, id);
    return { do: 'write', change: { ...precondition(request), resource, id } };
  }
  const target = targetOf(resource, await findOne(context, type, request.parameters));
  if (target === undefined) return { do: 'write', change: { interaction: 'create', resource } };
  await requireReached(context, type, target);
  return { do: 'write', change: { ...precondition(request), resource, id: target } };
}

async function planPatch(
  context: Context,
  request: BundleRequest,
  type: string,
  id: string | undefined,
): Promise<Plan> {
  const target = id ?? (await findOne(context, type, request.parameters))?.id;
  const current = target === undefined ? undefined : await readCurrent(context, type, target);
  if (target === undefined || current === undefined || current.content === null) {
    throw new Fault('notFound', `${type}/${target ?? '?'} is not here, so it can't be patched.`);
  }
  const resource = applyPatch(context, request, parseJson(current.content) as Resource);
  const asked = versionToMatch(request);
  const ifMatch = asked === undefined || asked === '*' ? current.versionId : asked;
  return { do: 'write', change: { interaction: 'update', resource, id: target, ifMatch } };
}

/** Gives ids to what is to be created: patients first, then the others in the bucket of the patient that they refer to. */
function giveIds(context: Context, requests: readonly BundleRequest[], plans: readonly Plan[]): void {
  const patients = new Map<string, string>();
  const inCompartment = context.definitions.compartments.find((c) => c.code === 'Patient')?.params ?? {};
  for (const [i, planned] of plans.entries()) {
    const fullUrl = requests[i]?.fullUrl;
    if (planned.do !== 'write' || planned.change.interaction === 'delete') continue;
    const { change } = planned;
    if (change.resource.resourceType !== 'Patient') continue;
    if (change.interaction === 'create' && change.id === undefined) giveId(context, change, 'Patient');
    if (fullUrl !== undefined && change.id !== undefined) patients.set(fullUrl, change.id);
  }
  for (const planned of plans) {
    if (planned.do !== 'write' || planned.change.interaction !== 'create' || planned.change.id !== undefined) continue;
    const { resource } = planned.change;
    const patient = resource.resourceType in inCompartment ? patientOf(resource, patients) : undefined;
    giveId(context, planned.change, resource.resourceType, patient);
  }
}

function giveId(context: Context, change: Change & { interaction: 'create' }, type: string, patient?: string): void {
  change.id = context.writer.newId(type, patient);
  change.fresh = true;
}

function patientOf(resource: Resource, patients: ReadonlyMap<string, string>): string | undefined {
  let patient: string | undefined;
  eachReference(resource, (reference) => {
    if (patient !== undefined) return;
    const key = keyOfReference(reference);
    patient = patients.get(reference) ?? (key?.type === 'Patient' ? key.id : undefined);
  });
  return patient;
}

/** What each `urn:uuid:`, full URL and conditional reference of the bundle stands for. */
async function replacementsOf(
  context: Context,
  requests: readonly BundleRequest[],
  plans: readonly Plan[],
  resources: readonly Resource[],
): Promise<Map<string, string>> {
  const replacements = new Map<string, string>();
  for (const [i, planned] of plans.entries()) {
    const fullUrl = requests[i]?.fullUrl;
    if (fullUrl === undefined) continue;
    if (planned.do === 'nothing' && planned.found)
      replacements.set(fullUrl, `${planned.found.type}/${planned.found.id}`);
    if (planned.do === 'same')
      replacements.set(fullUrl, `${planned.change.resource.resourceType}/${planned.change.id}`);
    if (planned.do === 'write' && planned.change.interaction !== 'delete') {
      const { resource, id } = planned.change;
      if (replacements.has(fullUrl))
        throw new Fault('invalid', `The fullUrl ${fullUrl.slice(0, 200)} stands in the bundle twice.`);
      replacements.set(fullUrl, `${resource.resourceType}/${id}`);
    }
  }
  await resolveConditional(context, resources, replacements);
  return replacements;
}

async function resolveConditional(
  context: Context,
  resources: readonly Resource[],
  replacements: Map<string, string>,
): Promise<void> {
  const conditional = new Set<string>();
  for (const resource of resources) {
    eachReference(resource, (reference) => {
      if (/^[A-Z][A-Za-z]+\?./.test(reference)) conditional.add(reference);
    });
  }
  await Promise.all(
    [...conditional].map(async (reference) => {
      const type = reference.slice(0, reference.indexOf('?'));
      const found = await findOne(context, type, criteriaOf(reference));
      if (!found)
        throw new Fault('preconditionFailed', `The conditional reference ${reference.slice(0, 200)} leads to nothing.`);
      replacements.set(reference, `${type}/${found.id}`);
    }),
  );
}
