/**
 * Opens what a citizen shared by a code: for whoever has it, as far as the citizen who shared it may see the record at this moment. Each opening, and each
 * attempt with a code that opens nothing, is in the access log before it is answered.
 */
import type { Question } from '#fhir/index.ts';
import { Fault } from '#kernel/fault.ts';
import { createRateLimit } from '#kernel/rate-limit.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import type { Resource } from '#fhir/types.ts';
import type { Entered } from '../door.ts';
import { referenceOf, elementOf, textOf } from '../policy/elements.ts';
import { identifiersOf } from '../policy/directory.ts';
import type { Policy } from '../policy/policy.ts';
import type { Ground } from '../policy/decision.ts';
import { RequestGrant, type Decider, type EntryFrame } from '../request-grant.ts';
import type { Citizen } from '../subject.ts';
import { find, readOne, type ControlDeps } from './record.ts';
import { hashOfCode, readShareCode } from './share-code.ts';
import { holds, shareSystem } from './shares.ts';

/** Who has the code, as they say themselves. */
export type ShareReader = { code: string; name: string; address: string };

export type OpenedShare = Pick<Entered, 'grant' | 'end'> & { patient: string; until: string };

export type OpenShare = (reader: ShareReader) => Promise<OpenedShare>;

export type OpenShareDeps = Omit<ControlDeps, 'policy'> & { policy: Policy };

/** Attempts of one address: ten at once, then one in six seconds. */
const attempts = { perSecond: 1 / 6, burst: 10 };

/** Faults: busy; notFound, the same for a code that never was, has ended, was withdrawn, or opens nothing any more. */
export function createOpenShare(deps: OpenShareDeps): OpenShare {
  const limit = createRateLimit({ ...attempts, clock: deps.clock });
  return async (reader) => {
    const waitMs = limit.take(reader.address);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      throw new Fault('busy', `Too many attempts. Try again in ${seconds} s.`, { retryAfterSeconds: seconds });
    }
    const share = await findShare(deps, reader.code);
    const opened = share === undefined ? undefined : await openAs(deps, share, reader);
    if (opened !== undefined) return opened;
    await tellRefused(deps, reader, share);
    throw new Fault('notFound', 'This code opens nothing. It may have ended or been withdrawn.');
  };
}

async function findShare(deps: OpenShareDeps, typed: string): Promise<Resource | undefined> {
  const code = readShareCode(typed);
  if (code === undefined) return undefined;
  const found = await find(deps, 'Consent', [
    ['identifier', `${shareSystem}|${hashOfCode(code)}`],
    ['status', 'active'],
  ]);
  return found.find((one) => holds(one, deps.clock.now()));
}

async function openAs(deps: OpenShareDeps, share: Resource, reader: ShareReader): Promise<OpenedShare | undefined> {
  const patient = idOf(share['patient']);
  const [performer] = Array.isArray(share['performer']) ? share['performer'] : [];
  const sharer = await citizenOf(deps, idOf(performer), deps.clock.now());
  if (patient === undefined || sharer === undefined) return undefined;
  const access = await deps.policy.accessOf(sharer, patient);
  if (!access.allowed || access.mayWrite !== 'own') return undefined;
  const ground: Ground = { purpose: 'SELF', ground: `shared-by-code:Consent/${share.id ?? ''}` };
  const opened = new RequestGrant({
    decider: deciderOf(deps.policy, sharer, patient, ground),
    log: deps.log,
    clock: deps.clock,
    frame: frameOf(deps, reader, share, ground),
    action: 'operation',
    query: 'shared summary',
    owner: undefined,
    mayChooseIds: false,
    keepOwner: () => Promise.resolve(),
  });
  const { end } = elementOf(elementOf(share['provision'])['period']);
  return { patient, until: textOf(end) ?? '', grant: opened.grant, end: (outcome) => opened.end(outcome) };
}

const idOf = (reference: unknown): string | undefined => {
  const named = referenceOf(reference);
  return named?.startsWith('Patient/') ? named.slice('Patient/'.length) : undefined;
};

/** Whoever shared, as she would come herself. */
async function citizenOf(deps: OpenShareDeps, patient: string | undefined, now: number): Promise<Citizen | undefined> {
  const person = patient === undefined ? undefined : await readOne(deps, 'Patient', patient);
  if (patient === undefined || person === undefined) return undefined;
  const [personNumber = ''] = [identifierSystems.nationalNumber, identifierSystems.dNumber].flatMap((system) =>
    identifiersOf(person, system),
  );
  return {
    kind: 'citizen',
    patient,
    name: '',
    personNumber,
    securityLevel: 4,
    issuer: 'share',
    subject: patient,
    client: 'share',
    scopes: undefined,
    signedInAt: now,
    isOffline: false,
  };
}

/** This patient's record, as far as who shared it sees it, and nothing is written. */
function deciderOf(policy: Policy, sharer: Citizen, patient: string, ground: Ground): Decider {
  const own = policy.of({ subject: sharer });
  return {
    async reach(question: Question) {
      if (question.patient !== patient) return { reach: { kind: 'nothing' }, groundOf: () => undefined };
      const { reach } = await own.reach(question);
      return { reach, groundOf: (one) => (one === patient ? ground : undefined) };
    },
    allowWrites: () => Promise.reject(new Fault('forbidden', 'What is shared is read only.')),
    allowOperation: () => Promise.resolve(),
  };
}

/** The log names the code by the Consent that it was made with, and the reader as they named themselves. */
function frameOf(
  { ids }: OpenShareDeps,
  { name, address }: ShareReader,
  share: Resource | undefined,
  defaultGround: Ground,
): EntryFrame {
  return {
    request: ids.uuid(),
    who: { kind: 'nobody', reference: share === undefined ? 'share' : `share:${share.id ?? ''}`, name },
    from: { address },
    defaultGround,
  };
}

async function tellRefused(deps: OpenShareDeps, reader: ShareReader, share: Resource | undefined): Promise<void> {
  const ground: Ground = { purpose: 'SELF', ground: 'none' };
  const { defaultGround, ...frame } = frameOf(deps, reader, share, ground);
  await deps.log.append([
    {
      ...frame,
      ...defaultGround,
      at: deps.clock.now(),
      action: 'operation',
      patient: idOf(share?.['patient']),
      what: { types: {}, resources: [], query: 'shared summary' },
      outcome: 'refused',
      reason: share === undefined ? 'not-here' : 'not-told',
    },
  ]);
}
