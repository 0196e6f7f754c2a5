/** Personnel attest a care relationship, or break the glass; they see and end what they attested. */
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '#fhir/types.ts';
import type { Caller } from '../caller.ts';
import { systems, trustCodes } from '../policy/codes.ts';
import { elementOf, elementsOf, idIn, referenceOf, textOf } from '../policy/elements.ts';
import { isBlocked, unfit } from '../policy/personnel.ts';
import { attestationExtensions } from '../policy/read-facts.ts';
import { refusal } from '../policy/refusal.ts';
import type { Personnel } from '../subject.ts';
import type { AttestationAnswer } from './contract.ts';
import { find, newId, readOne, refusingAloud, requireScope, tellRead, write, type ControlDeps } from './record.ts';
import { attestationResource, caseResource, type AttestationDraft } from './resources.ts';

export type AttestRequest = {
  patient: string;
  purpose: 'TREAT' | 'ETREAT' | 'COC' | 'BTG';
  reason: string;
  decisionReference?: string | undefined;
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Opens the record for the person from now on. Breaking the glass makes a case for the privacy officer in the same transaction.
 * Faults: `forbidden` for who may not treat, or whom the patient has blocked; `notFound` where there is no such patient.
 */
export async function attest(deps: ControlDeps, caller: Caller, request: AttestRequest): Promise<AttestationAnswer> {
  const { patient, purpose } = request;
  const action = purpose === 'BTG' ? 'break-glass' : 'attest';
  const query = `${action} ${purpose}`;
  return refusingAloud(deps, caller, { action, patient, query }, async () => {
    const subject = await treating(deps, caller, patient);
    const { now, settings } = deps.policy.moment();
    const hours = purpose === 'BTG' ? settings.breakGlassHours : settings.attestedHours;
    const { reason, decisionReference } = request;
    const draft: AttestationDraft = {
      id: newId(deps, 'Basic', patient),
      patient,
      practitioner: subject.practitioner,
      name: subject.name,
      purpose,
      reason,
      decisionReference,
      from: now,
      until: now + hours * hourMs,
    };
    const made = attestationResource(draft);
    const source = `Basic/${draft.id}`;
    const ground = {
      purpose,
      ground: purpose === 'BTG' ? `break-glass:${source}` : `attested:${purpose}:${source}`,
      attestation: source,
    };
    const cases = purpose === 'BTG' ? [caseOfBreakGlass(deps, draft, settings.followUpDays)] : [];
    await write(deps, caller, { action, patient, query, ground }, [made, ...cases]);
    return answerOf(made, now);
  });
}

/** Personnel who may treat people, and whom this patient, who is here, has not blocked. */
async function treating(deps: ControlDeps, { subject }: Caller, patient: string): Promise<Personnel> {
  if (subject.kind !== 'personnel') throw refusal('duty');
  await requireScope(deps, { subject }, 'create', { type: 'Basic', patient });
  const standing = await deps.policy.standingOf(subject);
  const reason = unfit(subject, standing, deps.policy.moment());
  if (reason !== undefined) throw refusal(reason);
  const facts = await deps.policy.factsOf(patient);
  if (!facts.isThere) throw new Fault('notFound', 'There is no such patient here.');
  if (isBlocked(standing, facts, deps.clock.now())) throw refusal('blocked');
  return subject;
}

function caseOfBreakGlass(deps: ControlDeps, draft: AttestationDraft, followUpDays: number): Resource {
  const { patient, practitioner, name, reason, from, id } = draft;
  return caseResource({
    id: newId(deps, 'Basic', patient),
    kind: 'break-glass',
    patient,
    who: { reference: `Practitioner/${practitioner}`, name },
    about: `Basic/${id}`,
    message: reason,
    openedAt: from,
    deadlineAt: from + followUpDays * dayMs,
  });
}

/** What the caller has attested in the last thirty days, newest first. */
export async function listAttestations(deps: ControlDeps, caller: Caller): Promise<AttestationAnswer[]> {
  const told = { action: 'search', patient: undefined, query: 'own attestations' } as const;
  return refusingAloud(deps, caller, told, async () => {
    const { subject } = caller;
    if (subject.kind !== 'personnel') throw refusal('duty');
    await requireScope(deps, { subject }, 'search', { type: 'Basic', patient: undefined });
    const now = deps.clock.now();
    const codes = [trustCodes.attestation, trustCodes.breakGlass].map((code) => `${systems.trust}|${code}`).join(',');
    const found = await find(deps, 'Basic', [
      ['author', `Practitioner/${subject.practitioner}`],
      ['code', codes],
      ['created', `ge${new Date(now - 30 * dayMs).toISOString().slice(0, 10)}`],
    ]);
    const answers = found.map((one) => answerOf(one, now));
    const own = { purpose: 'TREAT', ground: 'own-attestations' } as const;
    await tellRead(
      deps,
      caller,
      { ...told, ground: own },
      answers.map(({ patient, id }) => ({ patient, name: `Basic/${id}` })),
    );
    return answers;
  });
}

/** Ends one of the caller's own; what was read meanwhile stays in the log. Faults: `notFound`. */
export async function endAttestation(deps: ControlDeps, caller: Caller, id: string): Promise<AttestationAnswer> {
  const { subject } = caller;
  const one = await readOne(deps, 'Basic', id);
  const author = textOf(elementOf(one?.['author'])['reference']);
  if (one === undefined || subject.kind !== 'personnel' || author !== `Practitioner/${subject.practitioner}`) {
    throw new Fault('notFound', 'You have no such attestation.');
  }
  await requireScope(deps, caller, 'update', { type: 'Basic', patient: idIn(referenceOf(one['subject'])) });
  const now = deps.clock.now();
  const before = answerOf(one, now);
  if (!before.holds) return before;
  // The end of a period belongs to it.
  const ended = {
    ...one,
    extension: elementsOf(one['extension']).map((each) =>
      each['url'] === attestationExtensions.period
        ? {
            ...each,
            valuePeriod: {
              ...elementOf(each['valuePeriod']),
              end: new Date(Math.max(Date.parse(before.from), now - 1)).toISOString(),
            },
          }
        : each,
    ),
  };
  const ground = {
    purpose: before.purpose,
    ground: `attested:${before.purpose}:Basic/${id}`,
    attestation: `Basic/${id}`,
  };
  await write(deps, caller, { action: 'attest', patient: before.patient, query: 'end attestation', ground }, [ended]);
  return answerOf(ended, now);
}

function answerOf(one: Resource, now: number): AttestationAnswer {
  const extension = (url: string): { readonly [name: string]: unknown } =>
    elementsOf(one['extension']).find((each) => each['url'] === url) ?? {};
  const period = elementOf(extension(attestationExtensions.period)['valuePeriod']);
  const decision = textOf(extension(attestationExtensions.decision)['valueString']);
  const until = textOf(period['end']) ?? '';
  return {
    id: one.id ?? '',
    patient: (textOf(elementOf(one['subject'])['reference']) ?? '').replace(/^Patient\//, ''),
    purpose: String(
      elementOf(extension(attestationExtensions.purpose)['valueCoding'])['code'],
    ) as AttestationAnswer['purpose'],
    reason: textOf(extension(attestationExtensions.reason)['valueString']) ?? '',
    ...(decision === undefined ? {} : { decisionReference: decision }),
    from: textOf(period['start']) ?? '',
    until,
    holds: Date.parse(until) > now,
  };
}
