/**
 * The rules of the trust framework for attestations (ATT-n of "Forretningsregler for bruk av attestering") that a receiver can check, a row each. The others
 * are met elsewhere, or bind who attests: src/trust/policy/README.md says which and where. Pure.
 */
import { identifierSystems } from '#shared/identifiers.ts';
import type { Personnel } from '../subject.ts';
import { oid, type Attestation } from './attestation-form.ts';
import { systems } from './codes.ts';
import { holdsAt } from './elements.ts';
import type { Standing } from './facts.ts';

/** What an attestation is held against. */
export type AttestationContext = {
  subject: Personnel;
  standing: Standing;
  /** Milliseconds since 1970. */
  now: number;
  /** The signature was checked, or it came in a token whose signature was. */
  isSigned: boolean;
  /** It came over TLS, or did not leave the machine. */
  isEncrypted: boolean;
  /** Organisation numbers that are members of Helsenettet, as far as the register says; undefined: not known here. */
  isMember(organisationNumber: string): boolean | undefined;
};

export type AttestationRule = {
  id: string;
  /** The error code that is answered, and what a person is told. */
  error: string;
  text: string;
  holds(attestation: Attestation, context: AttestationContext): boolean;
};

const organisationNumber = oid(identifierSystems.organisationNumber);
const personSystems: readonly string[] = [identifierSystems.nationalNumber, identifierSystems.dNumber].map(oid);
const volven = (list: string): string => `2.16.578.1.12.4.1.1.${list}`;
const serviceLists: readonly string[] = [
  '8451',
  '8668',
  '8663',
  '8662',
  '8664',
  '8666',
  '7750',
  '8254',
  '8655',
  '8627',
].map(volven);
const purposes: readonly string[] = ['TREAT', 'ETREAT', 'COC', 'BTG'];

export const attestationMaxAgeMs = 60 * 60_000;
const futureMaxMs = 60_000;

export const attestationRules: readonly AttestationRule[] = [
  {
    id: 'ATT-2',
    error: 'attestation_is_not_signed',
    text: 'The attestation must be signed by the organisation that decided the access.',
    holds: (_one, { isSigned }) => isSigned,
  },
  {
    id: 'ATT-3',
    error: 'attestation_is_not_protected',
    text: 'The attestation must come over an encrypted line.',
    holds: (_one, { isEncrypted }) => isEncrypted,
  },
  {
    id: 'ATT-58',
    error: 'attestation_time_is_wrong',
    text: 'The time of attestation lies in the future.',
    holds: ({ toa }, { now }) => toa * 1000 <= now + futureMaxMs,
  },
  {
    id: 'toa',
    error: 'attestation_has_expired',
    text: 'The attestation is older than 60 minutes.',
    holds: ({ toa }, { now }) => now - toa * 1000 <= attestationMaxAgeMs,
  },
  {
    id: 'ATT-9',
    error: 'assurance_level_too_low',
    text: 'The person must be identified at the level "high".',
    holds: (_one, { subject }) => subject.securityLevel >= 4,
  },
  {
    id: 'ATT-10',
    error: 'practitioner_identifier_not_accepted',
    text: 'The person must be named by a national number or a D-number.',
    holds: ({ practitioner }) => personSystems.includes(oid(practitioner.identifier.system)),
  },
  {
    id: 'ATT-11',
    error: 'practitioner_is_not_the_user',
    text: 'The attestation is for another person than the one who signed in.',
    holds: ({ practitioner }, { subject }) => practitioner.identifier.id === subject.personNumber,
  },
  {
    id: 'ATT-12',
    error: 'legal_entity_is_not_a_member',
    text: 'The legal entity is not a member of Helsenettet.',
    holds: ({ practitioner }, { isMember }) => isMember(practitioner.legal_entity.id) !== false,
  },
  {
    id: 'ATT-13',
    error: 'legal_entity_is_another',
    text: 'The legal entity is another than the one that the sign-in vouches for.',
    holds: ({ practitioner }, { subject }) => practitioner.legal_entity.id === subject.role.legalEntityNumber,
  },
  {
    id: 'ATT-15',
    error: 'legal_entity_system_not_accepted',
    text: 'The legal entity must be given by its number in Brønnøysundregistrene.',
    holds: ({ practitioner }) => oid(practitioner.legal_entity.system) === organisationNumber,
  },
  {
    id: 'ATT-18',
    error: 'point_of_care_system_not_accepted',
    text: 'The point of care must be given by its number in Brønnøysundregistrene.',
    holds: ({ practitioner }) => oid(practitioner.point_of_care.system) === organisationNumber,
  },
  {
    id: 'ATT-19',
    error: 'point_of_care_is_another',
    text: 'The point of care is neither the one that the sign-in vouches for nor the legal entity itself.',
    holds: ({ practitioner: { point_of_care: place, legal_entity: owner } }, { subject }) =>
      place.id === subject.role.pointOfCareNumber || place.id === owner.id,
  },
  {
    id: 'ATT-28',
    error: 'department_without_authority',
    text: 'A department must have a system and an authority.',
    holds: ({ practitioner: { department } }) => department === undefined || (department.authority ?? '') !== '',
  },
  {
    id: 'ATT-29',
    error: 'hpr_system_not_accepted',
    text: 'An HPR number must be given in the system of Helsepersonellregisteret.',
    holds: ({ practitioner: { hpr_nr: number } }) =>
      number === undefined || oid(number.system) === oid(identifierSystems.personnelNumber),
  },
  {
    id: 'ATT-29 (number)',
    error: 'hpr_number_is_another',
    text: 'The HPR number is another than that of the person who signed in.',
    holds: ({ practitioner: { hpr_nr: number } }, { subject }) =>
      number === undefined || number.id === subject.hprNumber,
  },
  {
    id: 'ATT-32',
    error: 'authorization_not_in_register',
    text: 'The register of personnel does not have this authorisation for the person.',
    holds: ({ practitioner: { authorization } }, { standing, now }) =>
      authorization === undefined ||
      (oid(authorization.system) === oid(systems.category) &&
        standing.authorisations.some((one) => one.category === authorization.code && holdsAt(one, now))),
  },
  {
    id: 'ATT-37',
    error: 'healthcare_service_system_not_accepted',
    text: 'The healthcare service must be of one of the code lists that the framework names.',
    holds: ({ care_relationship: { healthcare_service: service } }) =>
      service === undefined || serviceLists.includes(oid(service.system)),
  },
  {
    id: 'ATT-38',
    error: 'purpose_of_use_not_accepted',
    text: 'The purpose must be TREAT, ETREAT, COC or BTG.',
    holds: ({ care_relationship: { purpose_of_use: purpose } }) =>
      oid(purpose.system) === oid(systems.purpose) && purposes.includes(purpose.code),
  },
  {
    id: 'ATT-43',
    error: 'care_relationship_not_described',
    text: 'Either the healthcare service or the details of the purpose must be given.',
    holds: ({ care_relationship: one }) =>
      one.healthcare_service !== undefined || one.purpose_of_use_details !== undefined,
  },
  {
    id: 'ATT-4',
    error: 'patient_is_missing',
    text: 'The attestation must name the patient.',
    holds: ({ patients }) => patients.length > 0,
  },
  {
    id: 'ATT-48',
    error: 'break_the_glass_is_self_selected',
    text: 'Who breaks the glass has chosen so: user_selected must be true.',
    holds: ({ care_relationship: { purpose_of_use: purpose, decision_ref: decision } }) =>
      purpose.code !== 'BTG' || decision?.user_selected === true,
  },
];

/** The first rule that does not hold. */
export function brokenRule(attestation: Attestation, context: AttestationContext): AttestationRule | undefined {
  return attestationRules.find((rule) => !rule.holds(attestation, context));
}
