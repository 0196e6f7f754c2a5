import { generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { directory as resources, now, personnel } from './cases/world-test.ts';
import { checkAttestation, type AttestationReader } from './attestation.ts';
import { attestationOf, makeAttestation, type AttestationDraft } from './attestation-jws.ts';
import type { Attestation } from './attestation-form.ts';
import { attestationRules, brokenRule, type AttestationContext } from './attestation-rules.ts';
import { directoryOf } from './directory.ts';
import { standingOf } from './standing.ts';

const berg = { ...personnel('berg'), hprNumber: '990000001', authorisation: 'LE' };
const directory = directoryOf(new Map(resources.map((one) => [`${one.resourceType}/${one.id}`, one])));
const context: AttestationContext = {
  subject: berg,
  standing: standingOf(berg, directory),
  now,
  isSigned: true,
  isEncrypted: true,
  isMember: () => true,
};
const draft: AttestationDraft = {
  subject: berg,
  patient: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '05898597468' },
  purpose: 'TREAT',
  healthcareService: { code: '110', system: 'urn:oid:2.16.578.1.12.4.1.1.8451' },
  decision: { id: 'Encounter/1', description: 'Admitted', isUserSelected: false },
};
const right = attestationOf(draft, now);
const { practitioner, care_relationship: care } = right;

/** What breaks each rule, and nothing else. */
const wrong: Readonly<Record<string, { attestation?: Attestation; context?: Partial<AttestationContext> }>> = {
  'ATT-2': { context: { isSigned: false } },
  'ATT-3': { context: { isEncrypted: false } },
  'ATT-58': { attestation: { ...right, toa: right.toa + 300 } },
  toa: { attestation: { ...right, toa: right.toa - 3601 } },
  'ATT-9': { context: { subject: { ...berg, securityLevel: 3 } } },
  'ATT-10': {
    attestation: {
      ...right,
      practitioner: { ...practitioner, identifier: { ...practitioner.identifier, system: '2.16.578.1.12.4.1.4.3' } },
    },
  },
  'ATT-11': {
    attestation: {
      ...right,
      practitioner: { ...practitioner, identifier: { ...practitioner.identifier, id: '16858399649' } },
    },
  },
  'ATT-12': { context: { isMember: () => false } },
  'ATT-13': {
    attestation: {
      ...right,
      practitioner: { ...practitioner, legal_entity: { ...practitioner.legal_entity, id: '310000099' } },
    },
  },
  'ATT-15': {
    attestation: {
      ...right,
      practitioner: { ...practitioner, legal_entity: { ...practitioner.legal_entity, system: 'local' } },
    },
  },
  'ATT-18': {
    attestation: {
      ...right,
      practitioner: { ...practitioner, point_of_care: { ...practitioner.point_of_care, system: 'local' } },
    },
  },
  'ATT-19': {
    attestation: {
      ...right,
      practitioner: { ...practitioner, point_of_care: { ...practitioner.point_of_care, id: '310000098' } },
    },
  },
  'ATT-28': { attestation: { ...right, practitioner: { ...practitioner, department: { id: '1', system: 'local' } } } },
  'ATT-29': {
    attestation: { ...right, practitioner: { ...practitioner, hpr_nr: { id: '990000001', system: 'local' } } },
  },
  'ATT-29 (number)': {
    attestation: {
      ...right,
      practitioner: { ...practitioner, hpr_nr: { id: '990000009', system: '2.16.578.1.12.4.1.4.4' } },
    },
  },
  'ATT-32': {
    attestation: {
      ...right,
      practitioner: { ...practitioner, authorization: { code: 'TL', system: 'urn:oid:2.16.578.1.12.4.1.1.9060' } },
    },
  },
  'ATT-37': {
    attestation: { ...right, care_relationship: { ...care, healthcare_service: { code: '1', system: 'local' } } },
  },
  'ATT-38': {
    attestation: {
      ...right,
      care_relationship: { ...care, purpose_of_use: { ...care.purpose_of_use, code: 'HRESCH' } },
    },
  },
  'ATT-43': { attestation: { ...right, care_relationship: { ...care, healthcare_service: undefined } } },
  'ATT-4': { attestation: { ...right, patients: [] } },
  'ATT-48': {
    attestation: { ...right, care_relationship: { ...care, purpose_of_use: { ...care.purpose_of_use, code: 'BTG' } } },
  },
};

test('every rule has a case that breaks it', () => {
  expect(Object.keys(wrong).sort()).toEqual(attestationRules.map(({ id }) => id).sort());
});

test.each(attestationRules.map(({ id, error, text }) => [id, text, error] as const))('%s: %s', (id, _text, error) => {
  const { attestation = right, context: other = {} } = wrong[id] ?? {};
  expect(brokenRule(attestation, { ...context, ...other })).toMatchObject({ id, error });
});

test('an attestation that keeps all rules is taken', () => {
  expect(brokenRule(right, context)).toBeUndefined();
  expect(brokenRule({ ...right, toa: right.toa - 3600 }, context)).toBeUndefined();
});

async function signer() {
  const keys = await generateKeyPair('ES256', { extractable: true });
  const reader: AttestationReader = {
    keyOf: () => keys.publicKey,
    patientsOf: (identifiers) => Promise.resolve(identifiers.map(({ value }) => `patient-${value}`)),
  };
  return { keys, reader, own: { key: keys.privateKey, keyId: 'node-1', algorithm: 'ES256' as const } };
}

test('ATT-2: one that others signed, or that was changed, is refused', async () => {
  const { reader, own } = await signer();
  const other = await signer();
  const jws = await makeAttestation(draft, other.own, now);
  await expect(checkAttestation(jws, reader, context)).rejects.toMatchObject({ reason: 'attestation_is_not_signed' });
  const [header, , signature] = (await makeAttestation(draft, own, now)).split('.');
  const changed = `${header}.${Buffer.from(JSON.stringify(right)).toString('base64url')}.${signature}`;
  await expect(checkAttestation(changed, reader, context)).rejects.toMatchObject({
    reason: 'attestation_is_not_signed',
  });
});

test('one without a signature (alg none) is refused', async () => {
  const { reader } = await signer();
  const header = Buffer.from('{"alg":"none"}').toString('base64url');
  const jws = `${header}.${Buffer.from(JSON.stringify(right)).toString('base64url')}.`;
  await expect(checkAttestation(jws, reader, context)).rejects.toMatchObject({ reason: 'attestation_is_not_signed' });
});

test('what is made here is taken there: for its patient, until an hour after', async () => {
  const { reader, own } = await signer();
  const relation = await checkAttestation(await makeAttestation(draft, own, now), reader, context);
  expect(relation).toMatchObject({ purpose: 'TREAT', practitioner: 'berg', patients: ['patient-05898597468'] });
  expect(relation.until - relation.from).toBe(3_600_000);
  expect(relation.told?.decision).toEqual({ id: 'Encounter/1', description: 'Admitted', isUserSelected: false });
});

test('ATT-8: what goes into the log has no number of a person', async () => {
  const { reader, own } = await signer();
  const decision = { id: '1', description: 'Admitted: 058985 97468, by 05898597468', isUserSelected: true };
  const { told } = await checkAttestation(await makeAttestation({ ...draft, decision }, own, now), reader, context);
  expect(told?.decision?.description).toBe('Admitted: …, by …');
  expect(JSON.stringify(told)).not.toContain(berg.personNumber);
  expect(JSON.stringify(told)).not.toMatch(/\b\d{11}\b/);
});

test('ATT-1: what is no JSON, or lacks what it must have, is not readable', async () => {
  const { reader } = await signer();
  for (const raw of [
    '{',
    '{}',
    JSON.stringify({ ...right, toa: '1' }),
    JSON.stringify({ ...right, practitioner: {} }),
  ]) {
    await expect(checkAttestation(raw, reader, context)).rejects.toMatchObject({ reason: 'attestation_is_invalid' });
  }
  await expect(checkAttestation('{'.repeat(30_000), reader, context)).rejects.toMatchObject({ kind: 'invalid' });
});
