/** The trust framework's attestation that comes in a token's authorization details, over a whole node: enforced, and all of it that must be kept in the log. */
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const [person] = await truthOf(at, [`Patient/${mother}`]);
  const { system, value } = person?.body.identifier[0];
  const draft = {
    subject: { kind: 'personnel', personNumber: value, name: 'x', role: {} } as never,
    patient: { system, value },
    purpose: 'TREAT' as const,
    decision: { id: '1', description: 'x', isUserSelected: true },
  };
  const jws = await makeAttestation(draft, { key: privateKey, keyId: 'a', algorithm: 'ES256' }, Date.now());
  expect(JSON.stringify(await exportJWK(publicKey))).not.toBe('');
  for (const sent of [jws, `${jws.slice(0, -4)}AAAA`, '{"type":"nhn:tillitsrammeverk:parameters"}', 'x.y.z']) {
    const headers = { 'x-fyr-attestation': sent };
    const answer = await at.ask('GET', `/fhir/Observation?patient=${mother}`, { as: 'nurse', headers });
    expect([sent.slice(0, 5), [400, 403].includes(answer.status)]).toEqual([sent.slice(0, 5), true]);
    expect(resourcesIn(answer.body)).toEqual([]);
  }
});
