import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { startPeer, type OpenIdPeer } from './openid-peer-test.ts';
import {
  freePort,
  startTestNode,
  testBrowser,
  testRegion,
  type Browser,
  type Region,
  type TestNode,
} from './region-test.ts';

const db = testDatabase({ connectionsMax: 8 });
let region: Region;
let helseId: OpenIdPeer;
let idPorten: OpenIdPeer;
let node: TestNode;

beforeAll(async () => {
  region = await testRegion();
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  helseId = await startPeer(baseUrl, 'helseid');
  idPorten = await startPeer(baseUrl, 'idporten');
  const audience = `${baseUrl}/fhir`;
  node = await startTestNode({
    db,
    region,
    port,
    issuers: [
      {
        name: 'helseid',
        kind: 'helseid',
        url: helseId.url,
        audience,
        clientId: 'fyr',
        key: helseId.clientKey,
        organisation: { parent: region.numbers.trust, child: region.numbers.hospital },
      },
      { name: 'idporten', kind: 'idporten', url: idPorten.url, audience, clientId: 'fyr', key: idPorten.clientKey },
    ],
  });
});
afterAll(async () => {
  await node.stop();
  await helseId.stop();
  await idPorten.stop();
  await region.api.close();
  await db.end();
});

function comesDoctor(more: object = {}): void {
  helseId.person = {
    sub: 'doctor-at-helseid',
    claims: {
      'helseid://claims/identity/pid': region.numbers.doctor,
      'helseid://claims/identity/security_level': '4',
      'helseid://claims/hpr/hpr_number': region.numbers.hpr,
      name: 'Ingrid Bergvik',
      ...more,
    },
  };
}

function comesCitizen(): void {
  idPorten.person = { sub: 'citizen-at-idporten', claims: { pid: region.numbers.citizen, acr: 'idporten-loa-high' } };
}

const start = (issuer: string): string => `${node.baseUrl}/sign-in/start?issuer=${issuer}&to=/who`;

test('a doctor signs in by HelseID: PAR, PKCE, private_key_jwt, DPoP with nonce, and the organisation', async () => {
  comesDoctor();
  const page = await testBrowser().open(start('helseid'));
  expect(page.url, [page.text, ...helseId.seen.errors].join()).toBe(`${node.baseUrl}/who`);
  expect(JSON.parse(page.text)).toMatchObject({
    subject: {
      kind: 'personnel',
      practitioner: region.ids.doctor,
      name: 'Ingrid Bergvik',
      hprNumber: region.numbers.hpr,
      authorisation: 'LE',
      duty: 'care',
      securityLevel: 4,
      isOffline: false,
      role: {
        legalEntity: region.ids.trust,
        pointOfCare: region.ids.hospital,
        department: region.ids.department,
        legalEntityNumber: region.numbers.trust,
        practitionerRole: region.ids.roles[0],
      },
    },
  });
});
