/** Citizens decide: blocks, reservation, what parents of a child of 12 to 15 see, and who acts for whom. */
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '#fhir/types.ts';
import type { Caller } from '../caller.ts';
import { ageOf } from '../policy/citizen.ts';
import { consentKinds, systems } from '../policy/codes.ts';
import type { Ground } from '../policy/decision.ts';
import { codesOf, elementOf, elementsOf, isCoded, referenceOf, textOf } from '../policy/elements.ts';
import { isOnlyTheirOwn } from '../policy/own-writing.ts';
import { closedByName } from '../policy/patients-choices.ts';
import { relatedPatients } from '../policy/related.ts';
import { refusal } from '../policy/refusal.ts';
import type { Interaction } from '../policy/scope.ts';
import type { Citizen } from '../subject.ts';
import type { BlockAnswer, RepresentationAnswer } from './contract.ts';
import { scopesOfTypes } from './power-scopes.ts';
import { find, newId, readOne, refusingAloud, requireScope, tellRead, write, type ControlDeps } from './record.ts';
import { choiceResource, type ChoiceDraft } from './resources.ts';

export type BlockRequest = {
  patient?: string | undefined;
  document?: string | undefined;
  for?: { practitioner: string } | { organization: string } | undefined;
  besides?: string[] | undefined;
};

type Given = RepresentationAnswer['given'][number];
type Acting = { subject: Citizen; patient: string; ground: Ground };

/** The citizen, and for whom: oneself, or one whose record one may steer, by an application that was granted it. Faults: `forbidden`, `notFound`. */
export async function acting(
  deps: ControlDeps,
  { subject }: Caller,
  named: string | undefined,
  interaction: Interaction,
): Promise<Acting> {
  if (subject.kind !== 'citizen') throw refusal('patients-choice');
  const patient = named ?? subject.patient;
  await requireScope(deps, { subject }, interaction, { type: 'Consent', patient });
  const access = await deps.policy.accessOf(subject, patient);
  if (!access.allowed) throw refusal(access.reason);
  if (access.mayWrite !== 'own') throw refusal('read-only');
  if (access.limits.types !== undefined && !access.limits.types.includes('Consent'))
    throw refusal('representation-scope');
  return { subject, patient, ground: access.ground };
}

/** Closes the record, or a document, for somebody or for all but emergencies: from when this answers, everywhere on this node. */
export async function addBlock(deps: ControlDeps, caller: Caller, request: BlockRequest): Promise<BlockAnswer> {
  const told = { action: 'block', patient: request.patient ?? ownPatient(caller), query: 'block' } as const;
  return refusingAloud(deps, caller, told, async () => {
    const { subject, patient, ground } = await acting(deps, caller, request.patient, 'create');
    if (request.document !== undefined) await requireDocument(deps, patient, request.document);
    const actors = await actorsOf(deps, request.for);
    const made = choiceResource({
      ...draftOf(deps, subject, patient, 'block'),
      actors,
      besides: (request.besides ?? []).map((id) => `Practitioner/${id}`),
      document: request.document,
    });
    await write(deps, caller, { ...told, patient, ground }, [made]);
    return blockAnswer(made);
  });
}

export const ownPatient = ({ subject }: Caller): string | undefined =>
  subject.kind === 'citizen' ? subject.patient : undefined;

export function draftOf(
  deps: ControlDeps,
  { patient: chosenBy }: Citizen,
  patient: string,
  kind: ChoiceDraft['kind'],
): Omit<ChoiceDraft, 'actors'> {
  return { id: newId(deps, 'Consent', patient), kind, patient, chosenBy, from: deps.clock.now() };
}

async function requireDocument(deps: ControlDeps, patient: string, id: string): Promise<void> {
  const found = await readOne(deps, 'DocumentReference', id);
  if (found === undefined || referenceOf(found['subject']) !== `Patient/${patient}`) {
    throw new Fault('notFound', 'There is no such document in the record.');
  }
}

async function actorsOf(deps: ControlDeps, named: BlockRequest['for']): Promise<string[]> {
  if (named === undefined) return [];
  const [type, id] =
    'practitioner' in named ? ['Practitioner', named.practitioner] : ['Organization', named.organization];
  if ((await readOne(deps, type, id)) === undefined) throw new Fault('notFound', 'There is nobody of this name here.');
  return [`${type}/${id}`];
}

/** What is closed now, newest first. */
export async function listBlocks(deps: ControlDeps, caller: Caller, named: string | undefined): Promise<BlockAnswer[]> {
  const told = { action: 'search', patient: named ?? ownPatient(caller), query: 'blocks' } as const;
  return refusingAloud(deps, caller, told, async () => {
    const { patient, ground } = await acting(deps, caller, named, 'search');
    const blocks = (await consentsOf(deps, patient)).filter((one) => kindOf(one) === 'block');
    await tellRead(
      deps,
      caller,
      { ...told, patient, ground },
      blocks.map(({ id }) => ({ patient, name: `Consent/${id}` })),
    );
    return blocks.map(blockAnswer);
  });
}

/** What the patient has decided and not taken back. */
export async function consentsOf(deps: ControlDeps, patient: string): Promise<Resource[]> {
  return find(deps, 'Consent', [
    ['patient', `Patient/${patient}`],
    ['status', 'active'],
    ['scope', `${systems.consentScope}|patient-privacy`],
  ]);
}

/** Like the policy reads it: a `deny` that says nothing else is a block. */
export function kindOf(consent: Resource): string {
  const [kind] = codesOf(consent['category'], systems.consentKind);
  return kind ?? (elementOf(consent['provision'])['type'] === 'deny' ? consentKinds.block : '');
}

function blockAnswer(consent: Resource): BlockAnswer {
  const provision = elementOf(consent['provision']);
  const [actor] = elementsOf(provision['actor']).map(({ reference }) => referenceOf(reference) ?? '');
  const [document] = closedByName(consent).filter((name) => name.startsWith('DocumentReference/'));
  const besides = elementsOf(provision['provision']).flatMap(({ actor: others }) =>
    elementsOf(others).flatMap(({ reference }) => referenceOf(reference)?.replace(/^Practitioner\//, '') ?? []),
  );
  const idOf = (reference: string): string => reference.slice(reference.indexOf('/') + 1);
  return {
    id: consent.id ?? '',
    ...(document === undefined ? {} : { document: idOf(document) }),
    ...(actor === undefined || actor === ''
      ? {}
      : { for: actor.startsWith('Organization/') ? { organization: idOf(actor) } : { practitioner: idOf(actor) } }),
    besides,
    since: textOf(elementOf(provision['period'])['start']) ?? '',
  };
}

/** Takes back a choice: a block, a power of attorney, a parent's access. It stays in the history. Faults: `notFound`. */
export async function takeBack(deps: ControlDeps, caller: Caller, id: string, kinds: readonly string[]): Promise<void> {
  const consent = await readOne(deps, 'Consent', id);
  const patient = referenceOf(consent?.['patient'])?.replace(/^Patient\//, '');
  const told = { action: 'unblock', patient, query: 'take back' } as const;
  await refusingAloud(deps, caller, told, async () => {
    if (
      consent === undefined ||
      patient === undefined ||
      consent['status'] !== 'active' ||
      !kinds.includes(kindOf(consent))
    ) {
      throw new Fault('notFound', 'There is nothing of this kind to take back.');
    }
    const { ground } = await acting(deps, caller, patient, 'update');
    // As by FHIR: who acts for the patient does not decide who else does.
    if (ground.purpose === 'REPRESENT' && isOnlyTheirOwn({ before: consent, after: undefined }))
      throw refusal('patients-choice');
    await write(deps, caller, { ...told, ground }, [{ ...consent, status: 'inactive' }]);
  });
}

/** Reserves against a summary record, or takes that back. */
export async function reserve(
  deps: ControlDeps,
  caller: Caller,
  { patient: named, isReserved }: { patient?: string | undefined; isReserved: boolean },
): Promise<void> {
  const action = isReserved ? 'block' : 'unblock';
  const told = { action, patient: named ?? ownPatient(caller), query: 'reservation' } as const;
  await refusingAloud(deps, caller, told, async () => {
    const { subject, patient, ground } = await acting(deps, caller, named, isReserved ? 'create' : 'update');
    const held = (await consentsOf(deps, patient)).filter(isOfSummary);
    if (isReserved === held.length > 0) return;
    const changes = isReserved
      ? [choiceResource({ ...draftOf(deps, subject, patient, 'reservation'), actors: [] })]
      : held.map((one) => ({ ...one, status: 'inactive' }));
    await write(deps, caller, { ...told, patient, ground }, changes);
  });
}

/** Against the summary record; a reservation with a purpose (research) is another. */
const isOfSummary = (consent: Resource): boolean =>
  kindOf(consent) === consentKinds.reservation && elementOf(consent['provision'])['purpose'] === undefined;

/** A child of 12 to 15 lets a parent see the record. Only the child can. */
export async function grantParent(
  deps: ControlDeps,
  caller: Caller,
  relatedPerson: string | undefined,
): Promise<string> {
  const told = { action: 'unblock', patient: ownPatient(caller), query: 'parental access' } as const;
  return refusingAloud(deps, caller, told, async () => {
    const { subject, patient, ground } = await acting(deps, caller, undefined, 'create');
    const age = ageOf(await deps.policy.factsOf(patient), deps.clock.now());
    if (age === undefined || age < 12 || age > 15) {
      throw new Fault('unprocessable', 'Only a child of 12 to 15 decides whether parents see the record.');
    }
    if (relatedPerson !== undefined) {
      const parent = await readOne(deps, 'RelatedPerson', relatedPerson);
      if (parent === undefined || referenceOf(parent['patient']) !== `Patient/${patient}`) {
        throw new Fault('notFound', 'There is no such parent in the record.');
      }
    }
    const actors = relatedPerson === undefined ? [] : [`RelatedPerson/${relatedPerson}`];
    const made = choiceResource({ ...draftOf(deps, subject, patient, 'youth-grant'), actors });
    await write(deps, caller, { ...told, patient, ground }, [made]);
    return made.id as string;
  });
}

/** For whom the citizen may act, and to whom the citizen has given that. */
export async function listRepresentation(deps: ControlDeps, caller: Caller): Promise<RepresentationAnswer> {
  const told = { action: 'search', patient: ownPatient(caller), query: 'representation' } as const;
  return refusingAloud(deps, caller, told, async () => {
    const { subject } = caller;
    if (subject.kind !== 'citizen') throw refusal('duty');
    await requireScope(deps, { subject }, 'search', { type: 'Consent', patient: undefined });
    const answer = await representationOf(deps, subject);
    const ground = { purpose: 'SELF', ground: 'own-record' } as const;
    const { patient: own } = subject;
    await tellRead(
      deps,
      caller,
      { ...told, ground },
      answer.given.map(({ id }) => ({ patient: own, name: `Consent/${id}` })),
    );
    for (const { patient, as } of answer.represents) {
      const representing = { ...told, ground: { purpose: 'REPRESENT', ground: as } } as const;
      await tellRead(deps, caller, representing, [{ patient, name: `Patient/${patient}` }]);
    }
    return answer;
  });
}

async function representationOf(deps: ControlDeps, subject: Citizen): Promise<RepresentationAnswer> {
  const represents: RepresentationAnswer['represents'] = [];
  for (const patient of await relatedPatients(deps.context, subject)) {
    if (patient === subject.patient) continue;
    const access = await deps.policy.accessOf(subject, patient);
    if (!access.allowed) continue;
    const as = access.ground.ground.replace(/:.*$/, '');
    represents.push({ patient, as, mayWrite: access.mayWrite === 'own' });
  }
  const given = (await consentsOf(deps, subject.patient)).flatMap((one) => {
    const kind = kindOf(one);
    if (kind !== consentKinds.powerOfAttorney && kind !== consentKinds.youthGrant) return [];
    return [givenAnswer(one, kind)];
  });
  return { represents, given };
}

function givenAnswer(one: Resource, kind: Given['kind']): Given {
  const { period, actor, class: classes, action } = elementOf(one['provision']);
  const { start, end } = elementOf(period);
  const [to] = elementsOf(actor).map(({ reference }) => elementOf(reference));
  const [reference, name] = [textOf(to?.['reference']), textOf(to?.['display'])];
  const scopes = scopesOfTypes(elementsOf(classes).flatMap(({ code }) => textOf(code) ?? []));
  return {
    id: one.id ?? '',
    kind,
    ...(reference === undefined ? {} : { to: reference }),
    ...(name === undefined ? {} : { name }),
    ...(typeof start === 'string' ? { since: start } : {}),
    ...(typeof end === 'string' ? { until: end } : {}),
    ...(scopes === undefined ? {} : { scopes }),
    mayWrite: isCoded(action, 'http://terminology.hl7.org/CodeSystem/consentaction', 'correct'),
  };
}
