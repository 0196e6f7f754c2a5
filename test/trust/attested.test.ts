/** An attestation of the trust framework that comes in a header, over a whole node: nobody's word opens nothing. */
import { generateKeyPair } from 'jose';
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
