/** Attestations that this node sends with its requests to others: signed, for one patient, an hour at most. */
import { CompactSign, type CryptoKey, type KeyObject } from 'jose';
import { identifierSystems } from '#shared/identifiers.ts';
import type { Personnel } from '../subject.ts';
import { attestationType, type Attestation } from './attestation-form.ts';
import { systems } from './codes.ts';
import type { AttestedPurpose } from './facts.ts';

/** Why somebody asks, and of whom. */
export type AttestationDraft = {
  subject: Personnel;
  /** The patient's number: national number or D-number. */
  patient: { system: string; value: string };
  purpose: AttestedPurpose;
  /** What kind of service, or what about it: one of them must be told (ATT-43). */
  healthcareService?: { code: string; system: string; text?: string };
  purposeDetails?: { code: string; system: string; text?: string };
  /** The local decision: what it was found in, or attested; `isUserSelected` where the person let themselves in (ATT-46 to 48). */
  decision: { id: string; description: string; isUserSelected: boolean };
  /** Names of the organisations, for the patient's log. */
  names?: { legalEntity?: string; pointOfCare?: string };
};

/** The attestation itself, as the framework writes it. */
export function attestationOf(draft: AttestationDraft, now: number): Attestation {
  const { subject, patient, purpose, healthcareService, purposeDetails, decision, names } = draft;
  const organisation = (id: string, name: string | undefined): Attestation['practitioner']['legal_entity'] => ({
    id,
    system: identifierSystems.organisationNumber,
    authority: 'https://www.skatteetaten.no',
    ...(name === undefined ? {} : { name }),
  });
  const { role, hprNumber, authorisation } = subject;
  return {
    type: attestationType,
    practitioner: {
      identifier: { id: subject.personNumber, name: subject.name, system: systemOfNumber(subject.personNumber) },
      ...(hprNumber ? { hpr_nr: { id: hprNumber, system: identifierSystems.personnelNumber } } : {}),
      ...(authorisation ? { authorization: { code: authorisation, system: systems.category } } : {}),
      legal_entity: organisation(role.legalEntityNumber, names?.legalEntity),
      point_of_care: organisation(role.pointOfCareNumber, names?.pointOfCare),
      ...(role.department
        ? { department: { id: role.department, system: 'urn:fyr:organization', authority: role.legalEntityNumber } }
        : {}),
    },
    care_relationship: {
      ...(healthcareService ? { healthcare_service: healthcareService } : {}),
      purpose_of_use: { code: purpose, system: systems.purpose },
      ...(purposeDetails ? { purpose_of_use_details: purposeDetails } : {}),
      decision_ref: { id: decision.id, description: decision.description, user_selected: decision.isUserSelected },
    },
    patients: [{ identifier: { id: patient.value, system: patient.system } }],
    toa: Math.floor(now / 1000),
  };
}

/** D-numbers have 4 added to their first digit. */
function systemOfNumber(number: string): string {
  return Number(number[0]) >= 4 ? identifierSystems.dNumber : identifierSystems.nationalNumber;
}

/** How this node signs. */
export type AttestationSigner = {
  key: CryptoKey | KeyObject;
  keyId: string;
  algorithm: 'ES256' | 'EdDSA' | 'PS256';
  /** Of the node, DER in Base64: by it other nodes of the region know whose the key is. */
  certificate?: string;
};

/** A signed attestation (JWS) to be sent with a request; it is of no use for another patient, nor after an hour. */
export async function makeAttestation(
  draft: AttestationDraft,
  signer: AttestationSigner,
  now: number,
): Promise<string> {
  const { key, keyId, algorithm, certificate } = signer;
  const content = JSON.stringify({ [attestationType]: attestationOf(draft, now) });
  return new CompactSign(new TextEncoder().encode(content))
    .setProtectedHeader({
      alg: algorithm,
      kid: keyId,
      typ: 'attestation+jws',
      ...(certificate === undefined ? {} : { x5c: [certificate] }),
    })
    .sign(key);
}
