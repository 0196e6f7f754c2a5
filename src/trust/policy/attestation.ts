/** An attestation that came with a request: read, checked by every rule, tied to its patients, and turned into what the policy and the log need. */
import { compactVerify, type CompactVerifyGetKey } from 'jose';
import { Fault } from '#kernel/fault.ts';
import type { AttestedEntry } from '../access-log/entry.ts';
import { attestationMaxAgeMs, brokenRule, type AttestationContext } from './attestation-rules.ts';
import { attestationType, readAttestation, type Attestation } from './attestation-form.ts';
import type { AttestedForPatients, AttestedPurpose } from './facts.ts';

/** How the receiver knows what the attestation speaks of. */
export type AttestationReader = {
  /** The key of who signed an attestation that is a JWS of its own. */
  keyOf: CompactVerifyGetKey;
  /** `Patient/id`s (without the type) of these numbers; those who are not here are left out. */
  patientsOf(identifiers: readonly { system: string; value: string }[]): Promise<string[]>;
};

/** Longer ones are refused unread. */
const lengthMax = 20_000;

/**
 * Checks what came with a request (`Caller.attestation`): a JWS, or the JSON of a token's authorization details, which is signed with the token.
 * Faults: `invalid` where it can't be read; `forbidden` with the framework's error code as the reason where a rule does not hold.
 */
export async function checkAttestation(
  raw: string,
  reader: AttestationReader,
  context: Omit<AttestationContext, 'isSigned'>,
): Promise<AttestedForPatients> {
  const attestation = readAttestation(await contentOf(raw, reader));
  const broken = brokenRule(attestation, { ...context, isSigned: true });
  if (broken !== undefined) throw new Fault('forbidden', broken.text, { reason: broken.error });
  const patients = await reader.patientsOf(
    attestation.patients.map(({ identifier: { system, id } }) => ({ system: asUrn(system), value: id })),
  );
  return relationOf(attestation, patients, context);
}

const asUrn = (system: string): string => (/^[\d.]+$/.test(system) ? `urn:oid:${system}` : system);

async function contentOf(raw: string, { keyOf }: AttestationReader): Promise<unknown> {
  if (raw.length > lengthMax) throw unreadable('it is too long');
  try {
    if (raw.trimStart().startsWith('{')) return JSON.parse(raw);
    const { payload } = await compactVerify(raw, keyOf, { algorithms: ['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA'] });
    const claims = JSON.parse(new TextDecoder().decode(payload)) as { [claim: string]: unknown };
    return claims[attestationType] ?? claims;
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable('it is not JSON');
    throw new Fault('forbidden', 'The signature of the attestation is not that of who it says.', {
      reason: 'attestation_is_not_signed',
      cause: error,
    });
  }
}

const unreadable = (why: string): Fault =>
  new Fault('invalid', `The attestation is not readable: ${why}.`, { reason: 'attestation_is_invalid' });

/** For its patients only (ATT-4), from its time until an hour later. */
function relationOf(
  attestation: Attestation,
  patients: readonly string[],
  { subject }: Pick<AttestationContext, 'subject'>,
): AttestedForPatients {
  const { care_relationship: care, toa } = attestation;
  return {
    source: `attestation/${care.decision_ref?.id ?? toa}`,
    practitioner: subject.practitioner,
    purpose: care.purpose_of_use.code as AttestedPurpose,
    from: toa * 1000,
    until: toa * 1000 + attestationMaxAgeMs,
    patients,
    told: toldOf(attestation),
  };
}

/** For the access log: what the source must keep (ATT-7, 16, 20, 23, 34, 42, 46, 52). The purpose is the ground's. */
function toldOf({ practitioner, care_relationship: care, toa }: Attestation): AttestedEntry {
  const { department } = practitioner;
  const { healthcare_service: service, purpose_of_use_details: details, decision_ref: decision } = care;
  return {
    ...(details ? { purposeDetails: withoutNumbers(details.text ?? details.code) } : {}),
    ...(service ? { healthcareService: withoutNumbers(service.text ?? service.code) } : {}),
    legalEntity: practitioner.legal_entity.name ?? practitioner.legal_entity.id,
    pointOfCare: practitioner.point_of_care.name ?? practitioner.point_of_care.id,
    ...(department ? { department: department.name ?? department.id } : {}),
    ...(decision
      ? {
          decision: {
            ...(decision.id === undefined ? {} : { id: decision.id }),
            ...(decision.description === undefined ? {} : { description: withoutNumbers(decision.description) }),
            isUserSelected: decision.user_selected,
          },
        }
      : {}),
    attestedAt: toa * 1000,
  };
}

/** Whatever others write in their texts: no number of a person is kept (ATT-8). */
const withoutNumbers = (text: string): string => text.replace(/\d{6} ?\d{5}/g, '…');
