/** A node is given secrets in every place that a client can write to, at the most talkative level; its log must hold none of them. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLog } from '#kernel/log.ts';
import { startNode } from '../src/app.ts';
import { ownDatabaseUrl } from './support/database.ts';
import { testConfig } from './support/fhir.ts';

const number = '13897499538';
const token = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.${'planted'.repeat(6)}`;
const secrets = {
  authorization: `Bearer ${token}`,
  dpop: token,
  cookie: '__Host-fyr=planted-cookie',
  'x-api-key': 'planted-key',
  'x-request-id': `planted-request ${number}`,
};
const person = {
  resourceType: 'Patient',
  identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: number }],
  name: [{ family: 'Planted' }],
};

const asked: readonly [string, string, string?, string?][] = [
  ['GET', `/fhir/Patient?identifier=urn:oid:2.16.578.1.12.4.1.4.1%7C${number}`],
  ['GET', `/fhir/Patient/${number}`],
  ['GET', `/fhir/Patient?planted=${number}&_count=x`],
  ['POST', '/fhir/Patient/_search', `identifier=${number}&name=Planted`, 'application/x-www-form-urlencoded'],
  ['POST', '/fhir/Patient', JSON.stringify(person), 'application/fhir+json'],
  ['POST', '/fhir/Patient', `{"planted": "${number}"`, 'application/fhir+json'],
  [
    'POST',
    '/fhir',
    JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry: [{ resource: person }] }),
    'application/fhir+json',
  ],
  ['GET', `/sign-in/callback?code=planted-code-0123456789&state=${token}`],
  [
    'POST',
    '/oidc/token',
    `grant_type=authorization_code&code=planted-code-0123456789&client_assertion=${token}&client_secret=planted`,
    'application/x-www-form-urlencoded',
  ],
  ['GET', `/nowhere/${number}?access_token=planted`],
];

test('secrets that clients send are in no line of the log', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'fyr-log-')), 'fyr.log');
  const { log, close } = openLog({ level: 'debug', file, node: 'test' });
  const port = 20_000 + (process.pid % 20_000);
  const folder = mkdtempSync(join(tmpdir(), 'fyr-log-data-'));
  const environment = {
    FYR_PORT: String(port),
    FYR_DATA: folder,
    FYR_BASE_URL: `http://127.0.0.1:${port}`,
    FYR_LOG: 'debug',
  };
  const config = testConfig(environment);
  const node = await startNode(config, await ownDatabaseUrl('log_secrets'), log);
  try {
    log.info({ event: 'start', config }, 'starting');
    for (const [method, path, body, type] of asked) {
      const headers = { ...secrets, ...(type === undefined ? {} : { 'content-type': type }) };
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
      });
      expect(answer.status, path).toBeLessThan(500);
    }
    await brokenRequest(port);
    // A bug whose message cites what was sent.
    node.server.log.error(
      { err: new Error(`duplicate: ${number}`, { cause: { headers: secrets, body: person } }) },
      `bug with ${token}`,
    );
  } finally {
    await node.stop();
    await close();
  }
  const text = readFileSync(file, 'utf8');
  expect(text.split('\n').length).toBeGreaterThan(2);
  expect(text).not.toMatch(/planted/i);
  expect(text).not.toContain(number);
  expect(text).not.toContain(token);
});

/** What is no HTTP at all. */
function brokenRequest(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(`GET /x planted ${number}\r\ncookie: planted\r\n\r\n`));
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });
}
