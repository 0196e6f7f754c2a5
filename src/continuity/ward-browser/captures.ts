/** Hands over what was captured on a device: load, decide, write. Once, however often it is sent, and whatever is killed meanwhile. */
import { createHash } from 'node:crypto';
import type { MedicationAdministration, MedicationRequest } from 'fhir/r4.js';
import type { FhirContext, Grant } from '#fhir/index.ts';
import { readCurrent } from '#fhir/record/reading.ts';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { Signature } from '../back-entry/form-store.ts';
import { statedTimes } from '../back-entry/resources.ts';
import { doubleWithinMs, isPlausibleTime } from '../back-entry/rules.ts';
import { findAll } from '../packs/reading.ts';
import { captureResources, captureSystem, captureTypes } from './capture-resources.ts';
import { findCapture, knownCaptures, markRecorded, takeCapture, type StoredCapture } from './capture-store.ts';
import type { CaptureAnswer, CaptureEntry, CaptureQuestion, CaptureRequest, KnownAnswer } from './contract.ts';

export type CaptureDeps = {
  context: Pick<FhirContext, 'db' | 'search' | 'writer'>;
  clock: Clock;
  /** FYR_NODE. */
  node: string;
};

export type Handing = { by: Signature; grant: Grant };

/** Durable at this node, or not taken at all. Faults: conflict, for another thing under the same id; invalid; forbidden; notFound. */
export function handOver(
  deps: CaptureDeps,
  handing: Handing,
  id: string,
  request: CaptureRequest,
): Promise<CaptureAnswer> {
  return deps.context.writer.inTurn([`capture ${id}`], () => takeOne(deps, handing, id, request));
}

async function takeOne(
  deps: CaptureDeps,
  { by, grant }: Handing,
  id: string,
  request: CaptureRequest,
): Promise<CaptureAnswer> {
  const { context, clock } = deps;
  const { entry } = request;
  const digest = digestOf(request);
  const known = await findCapture(context.db, id);
  if (known !== undefined) return finish(deps, { by, grant }, mustBeSame(known, digest), request);
  const now = clock.now();
  if (statedTimes(entry).some((at) => !isPlausibleTime(Date.parse(at), now)))
    throw new Fault('invalid', 'A time of it lies in the future, or more than a month ago.');
  await mustReach(deps, grant, entry.patient);
  const question = await questionOf(deps, { by, grant }, id, request);
  if (question !== undefined) return { id, state: 'asks', ...question };
  const types = captureTypes(entry);
  const resources = types.map((type) => `${type}/${context.writer.newId(type, entry.patient)}`);
  const taken = await takeCapture(context.db, {
    id,
    kind: entry.kind,
    patient: entry.patient,
    digest,
    device: request.device,
    capturedBy: request.by.reference,
    handedBy: by.reference,
    typed: Date.parse(request.typedAt),
    received: now,
    resources,
  });
  return finish(deps, { by, grant }, mustBeSame(taken, digest), request);
}

/** What of these this node has, of one's own. */
export async function tellKnown({ context }: CaptureDeps, by: Signature, ids: readonly string[]): Promise<KnownAnswer> {
  const known = await knownCaptures(context.db, ids, by.reference);
  return {
    captures: known.map(({ id, kind, received, recorded }) => ({
      id,
      kind,
      at: recorded ?? received,
      isRecorded: recorded !== undefined,
    })),
  };
}

/** Of who captured what about whom; not of how it was sent. */
function digestOf({ by, entry }: CaptureRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([by.reference, entry]))
    .digest('hex');
}

function mustBeSame(known: StoredCapture, digest: string): StoredCapture {
  if (known.digest === digest) return known;
  throw new Fault('conflict', 'Something else was handed over under this id.', { reason: 'other-content' });
}

/** Writes what was taken. The ids were given when it was taken: what is there already was written before a kill. */
async function finish(
  deps: CaptureDeps,
  { by, grant }: Handing,
  capture: StoredCapture,
  request: CaptureRequest,
): Promise<CaptureAnswer> {
  const { context, clock, node } = deps;
  const { id, resources, received, recorded } = capture;
  const told = (at: number, was: boolean): CaptureAnswer => ({ id, state: 'recorded', at, resources, was });
  if (recorded !== undefined) return told(recorded, true);
  await mustReach(deps, grant, capture.patient);
  const ids = resources.map((name) => name.slice(name.indexOf('/') + 1));
  const made = captureResources(
    {
      id,
      node,
      entry: request.entry,
      receivedAt: new Date(received).toISOString(),
      capturedBy: request.by,
      handedBy: by,
    },
    ids,
  );
  const [first] = made;
  const isThere = first !== undefined && (await hasIt(deps, grant, first.resourceType, first.id ?? ''));
  if (!isThere) {
    const changes = made.map((resource) => ({ interaction: 'update' as const, resource, id: resource.id as string }));
    await context.writer.apply(grant, changes);
  }
  return told(await markRecorded(context.db, id, clock.now()), false);
}

async function hasIt({ context }: CaptureDeps, grant: Grant, type: string, id: string): Promise<boolean> {
  return (await readCurrent({ ...context, grant }, type, id))?.content != null;
}

/** What a person has to look at first; undefined: nothing. */
async function questionOf(
  deps: CaptureDeps,
  { by, grant }: Handing,
  id: string,
  { by: capturedBy, entry, isConfirmed, isForOther }: CaptureRequest,
): Promise<{ question: CaptureQuestion; about: string } | undefined> {
  if (capturedBy.reference !== by.reference && isForOther !== true)
    return { question: 'other-person', about: capturedBy.name };
  await refuseElsewhere(deps, grant, id, entry);
  if (entry.kind !== 'doses' || isConfirmed === true) return undefined;
  for (const { request, at, given, medicine } of entry.rows) {
    if (request === undefined || !given) continue;
    const known = await doubleOf(deps, grant, entry.patient, request, Date.parse(at));
    if (known !== undefined) return { question: 'possible-double', about: known };
    if (await isStopped(deps, grant, entry.patient, request)) return { question: 'order-stopped', about: medicine };
  }
  return undefined;
}

/** Handed over at another node, which told this one since. Faults: conflict. */
async function refuseElsewhere(deps: CaptureDeps, grant: Grant, id: string, entry: CaptureEntry): Promise<void> {
  const type = captureTypes(entry)[0] as string;
  const found = await findAll({ ...deps.context, grant }, type, [
    [type === 'DocumentReference' ? 'subject' : 'patient', `Patient/${entry.patient}`],
    ['identifier', `${captureSystem}|${id}/1`],
  ]);
  if (found.length === 0) return;
  throw new Fault('conflict', 'It is in the record already: another node has taken it.', { reason: 'taken-elsewhere' });
}

/** When the same order was given so near to it that it may be the same dose: ISO 8601. */
async function doubleOf(
  { context }: CaptureDeps,
  grant: Grant,
  patient: string,
  request: string,
  at: number,
): Promise<string | undefined> {
  const given = (await findAll({ ...context, grant }, 'MedicationAdministration', [
    ['patient', `Patient/${patient}`],
    ['request', `MedicationRequest/${request}`],
    ['effective-time', `ge${new Date(at - doubleWithinMs).toISOString()}`],
    ['effective-time', `le${new Date(at + doubleWithinMs).toISOString()}`],
  ])) as unknown as MedicationAdministration[];
  const known = given.find(({ status }) => status === 'completed' || status === 'in-progress');
  return known === undefined ? undefined : (known.effectiveDateTime ?? known.effectivePeriod?.start ?? '');
}

/** The order is no longer in force: what was given was given, and somebody has to know. */
async function isStopped({ context }: CaptureDeps, grant: Grant, patient: string, request: string): Promise<boolean> {
  const [order] = (await findAll({ ...context, grant }, 'MedicationRequest', [
    ['patient', `Patient/${patient}`],
    ['_id', request],
  ])) as unknown as MedicationRequest[];
  return order !== undefined && ['stopped', 'cancelled', 'entered-in-error', 'completed'].includes(order.status);
}

/** Throws the policy's refusal where the caller may not read the patient's record. */
async function mustReach({ context }: CaptureDeps, grant: Grant, patient: string): Promise<void> {
  const types = ['Encounter', 'Observation', 'MedicationRequest'];
  const reach = await grant.reach({ by: 'read', patient, isNamed: true, types });
  const found = reach.kind === 'nothing' ? undefined : await readCurrent({ ...context, grant }, 'Patient', patient);
  if (found?.content == null) throw new Fault('notFound', `Patient/${patient} is not here.`);
}
