/** An attestation of the trust framework that comes in a header, over a whole node: nobody's word opens nothing. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { createAuthority, initAuthority, makeRequest, unlockAuthority, writeIdentity } from '#trust/authority/index.ts';
import type { NodeIdentity } from '#trust/authority/index.ts';
import { workplaceOf } from '#trust/sign-in/workplace.ts';
import { makeAttestation } from '#trust/policy/attestation-jws.ts';
import { testNode, type TestNode } from '../support/node.ts';
import { patientOf, resourcesIn, truthOf } from './asking.ts';

let at: TestNode;
const mother = patientOf('youngMother');

beforeAll(async () => {
  at = await testNode('attested');
}, 120_000);
afterAll(async () => at?.stop());

test('an attestation in a header that nobody whom the node knows has signed is refused, and opens nothing', async () => {
  const { privateKey } = await generateKeyPair('ES256');
  const [person] = await truthOf(at, [`Patient/${mother}`]);
  const { system, value } = (person as { body: any }).body.identifier[0];
  const draft = {
    subject: { kind: 'personnel', personNumber: value, name: 'x', role: {} } as never,
    patient: { system, value },
    purpose: 'TREAT' as const,
    decision: { id: '1', description: 'x', isUserSelected: true },
  };
  const jws = await makeAttestation(draft, { key: privateKey, keyId: 'a', algorithm: 'ES256' }, Date.now());
  for (const sent of [jws, `${jws.slice(0, -4)}AAAA`, '{"type":"nhn:tillitsrammeverk:parameters"}', 'x.y.z']) {
    const headers = { 'x-fyr-attestation': sent };
    const answer = await at.ask('GET', `/fhir/Observation?patient=${mother}`, { as: 'nurse', headers });
    expect([sent.slice(0, 5), [400, 403].includes(answer.status)]).toEqual([sent.slice(0, 5), true]);
    expect(resourcesIn(answer.body)).toEqual([]);
  }
});

/** Two nodes of a region: this one, which keeps what it is told of itself, and a ward. */
async function joined(): Promise<NodeIdentity> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-attested-'));
  const passphrase = 'correct horse battery';
  await initAuthority(
    folder,
    { name: 'Attested', passphrase, now: Date.now(), days: 30, work: 16_384 },
    systemRandomness,
  );
  const authority = await unlockAuthority(folder, passphrase);
  const region = createAuthority({ authority, db: at.db, clock: systemClock, randomness: systemRandomness });
  const identity = async (node: string): Promise<NodeIdentity> => {
    const { key, request } = await makeRequest(node);
    const { certificate } = await region.issue(request, node, []);
    return { certificate, key, authority: region.certificate, revocationList: await region.revocationList() };
  };
  writeIdentity(join(at.config.dataFolder, 'identity'), await identity('test'));
  return identity('ward');
}

test('what another node of the region attests for one of its people opens that patient’s record and no other, and is kept', async () => {
  const ward = await joined();
  const { practitioner, practitionerRole, name } = personaEntries().find(({ key }) => key === 'nurse') as any;
  const read = async (type: string, id: string): Promise<any> => (await truthOf(at, [`${type}/${id}`]))[0]?.body;
  const [person, role, patient] = [
    await read('Practitioner', practitioner),
    await read('PractitionerRole', practitionerRole),
    await read('Patient', mother),
  ];
  const numberOf = (resource: any, ending: string): any =>
    resource.identifier.find(({ system }: any) => system.endsWith(ending));
  const reader = { read, find: () => Promise.resolve([]) };
  const workplace = await workplaceOf(
    role.organization.reference.slice('Organization/'.length),
    practitionerRole,
    reader,
  );
  const subject = {
    kind: 'personnel',
    name,
    personNumber:
      numberOf(person, '.1.4.1')?.value ?? (personaEntries().find(({ key }) => key === 'nurse') as any).personNumber,
    hprNumber: numberOf(person, '.1.4.4')?.value,
    authorisation: person.qualification[0].code.coding[0].code,
    role: workplace?.role,
  } as never;
  const draft = {
    subject,
    patient: numberOf(patient, '.1.4.1'),
    purpose: 'TREAT' as const,
    healthcareService: { code: '110', system: 'urn:oid:2.16.578.1.12.4.1.1.8451', text: 'Indremedisin' },
    decision: { id: 'Encounter/of-the-ward', description: 'Innlagt på sengeposten', isUserSelected: false },
  };
  const certificate = new X509Certificate(ward.certificate).raw.toString('base64');
  const signer = { key: createPrivateKey(ward.key), keyId: 'ward', algorithm: 'ES256', certificate } as const;
  const headers = { 'x-fyr-attestation': await makeAttestation(draft, signer, Date.now()) };
  const results = (id: string, as = 'nurse') =>
    at.ask('GET', `/fhir/Observation?patient=${id}&_summary=count`, { as, headers });
  const opened = await results(mother);
  expect([opened.status, opened.text]).toEqual([200, expect.any(String)]);
  expect(opened.body.total).toBeGreaterThan(0);
  expect((await results(patientOf('withBlocks'))).status).toBe(403);
  expect((await results(mother, 'midwife')).status).toBe(403);
  const old = { 'x-fyr-attestation': await makeAttestation(draft, signer, Date.now() - 3_700_000) };
  expect((await at.ask('GET', `/fhir/Observation?patient=${mother}`, { as: 'nurse', headers: old })).status).toBe(403);
  const events = await at.ask('GET', `/fhir/AuditEvent?patient=${mother}&_count=20`, { as: 'privacyOfficer' });
  expect(events.text).toContain('Innlagt på sengeposten');
  expect(events.text).toContain('Indremedisin');
  expect((await at.ask('GET', `/fhir/Observation?patient=${mother}`, { as: 'nurse' })).status).toBe(403);
});
