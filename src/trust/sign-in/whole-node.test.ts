/** A whole node as `npm start` puts it together: personas sign in at the embedded provider, and the record is theirs as far as it is. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLog } from '#kernel/log.ts';
import { identifierSystems, syntheticNationalNumber, syntheticOrganisationNumber } from '#shared/identifiers.ts';
import type { Resource } from '#fhir/types.ts';
import { startNode, type Node } from '../../app.ts';
import { testDatabaseUrl } from '../../../test/support/database.ts';
import { testConfig } from '../../../test/support/fhir.ts';
import type { PersonaEntry } from '../index.ts';
import { freePort, testBrowser, type Browser, type Page } from './region-test.ts';

let node: Node;
let baseUrl: string;
const run = Math.floor(Math.random() * 1e9).toString(16);
const [doctor, role, hospital, mine, other] = ['doctor', 'role', 'hospital', 'mine', 'other'].map(
  (id) => `${id}-${run}`,
);

const person = (id: string, sequence: number): Resource => ({
  resourceType: 'Patient',
  id,
  active: true,
  identifier: [
    {
      system: identifierSystems.nationalNumber,
      value: syntheticNationalNumber({ birthDate: '1951-02-03', sex: 'female', sequence }),
    },
  ],
  name: [{ family: 'Lyvik', given: ['Silje'] }],
});

const resources: Resource[] = [
  {
    resourceType: 'Organization',
    id: hospital as string,
    active: true,
    name: 'Prøve sykehus',
    identifier: [{ system: identifierSystems.organisationNumber, value: syntheticOrganisationNumber(77) }],
  },
  {
    resourceType: 'Practitioner',
    id: doctor as string,
    active: true,
    identifier: [{ system: identifierSystems.personnelNumber, value: '990000777' }],
    name: [{ family: 'Bergvik', given: ['Ingrid'] }],
    qualification: [
      { code: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9060', code: 'LE', display: 'Lege' }] } },
      { code: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.7704', code: '1', display: 'Autorisasjon' }] } },
    ],
  },
  {
    resourceType: 'PractitionerRole',
    id: role as string,
    active: true,
    practitioner: { reference: `Practitioner/${doctor}` },
    organization: { reference: `Organization/${hospital}` },
  },
  person(mine as string, 7),
  person(other as string, 8),
];

const title = { nb: 'prøve', nn: 'prøve', en: 'trial' };
const personas: PersonaEntry[] = [
  {
    key: 'doctor',
    kind: 'personnel',
    name: 'Ingrid Bergvik',
    title,
    practitioner: doctor as string,
    practitionerRole: role as string,
    duty: 'care',
    personNumber: syntheticNationalNumber({ birthDate: '1970-02-03', sex: 'female', sequence: 9 }),
  },
  { key: 'mother', kind: 'citizen', name: 'Silje Lyvik', title, patient: mine as string },
];

beforeAll(async () => {
  const port = await freePort();
  baseUrl = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'fyr-whole-'));
  const environment = { FYR_PORT: String(port), FYR_DATA: folder, FYR_BASE_URL: baseUrl, FYR_REAL_PERSONS: 'refuse' };
  const { log } = openLog({ level: 'error', file: join(folder, 'log'), node: 'test' });
  node = await startNode(testConfig(environment), testDatabaseUrl(), log, personas);
  await node.fhir.importResources(resources);
});
afterAll(() => node?.stop());

const at = (path: string): string => `${baseUrl}${path}`;

async function signedIn(persona: string): Promise<Browser> {
  const browser = testBrowser();
  const list = await browser.open(at('/sign-in/start?issuer=trial&to=/api/session'));
  const action = /<form[^>]*action="([^"]+)"/.exec(list.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const hidden = [...list.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const form = { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), persona };
  const headers = { origin: baseUrl };
  const page = await browser.open(new URL(action, list.url).href, { method: 'POST', form, headers });
  expect([page.status, page.url], page.text).toEqual([200, at('/api/session')]);
  expect(JSON.parse(page.text)).toMatchObject({ signedIn: true, isTrial: true, isOffline: false });
  return browser;
}

const status = async (page: Promise<Page>): Promise<number> => (await page).status;

test('nobody reads anything without signing in, and is told how', async () => {
  const page = await testBrowser().open(at(`/fhir/Patient/${mine}`));
  expect(page.status).toBe(401);
  expect(page.headers.get('www-authenticate')).toMatch(/^DPoP algs="ES256 /);
  expect(JSON.parse(page.text)).toMatchObject({ resourceType: 'OperationOutcome' });
});

test('a citizen reads the own record and does not learn of another’s', async () => {
  const browser = await signedIn('mother');
  expect(await status(browser.open(at(`/fhir/Patient/${mine}`)))).toBe(200);
  expect(await status(browser.open(at(`/fhir/Patient/${other}`)))).toBe(404);
});

test('a doctor is personnel with her role; a write needs the token of the session', async () => {
  const browser = await signedIn('doctor');
  const session = JSON.parse((await browser.open(at('/api/session'))).text);
  expect(session).toMatchObject({ kind: 'personnel', id: doctor, role: { practitionerRole: role, duty: 'care' } });
  expect(await status(browser.open(at(`/fhir/Practitioner/${doctor}`)))).toBe(200);
  const write = (headers: { [name: string]: string }) =>
    browser.open(at('/fhir/Basic'), { method: 'POST', json: { resourceType: 'Basic' }, headers });
  const forged = await write({ origin: 'https://evil.example', 'x-fyr-csrf': session.csrf });
  expect([forged.status, forged.text]).toEqual([403, expect.stringContaining('not asked for by a page')]);
  expect((await write({ origin: baseUrl })).text).toContain('not asked for by a page');
  expect((await write({ origin: baseUrl, 'x-fyr-csrf': session.csrf })).text).not.toContain('not asked for by a page');
});

test('who signed out is out', async () => {
  const browser = await signedIn('mother');
  const { csrf } = JSON.parse((await browser.open(at('/api/session'))).text);
  await browser.open(at('/sign-out'), { method: 'POST', form: { _csrf: csrf }, headers: { origin: baseUrl } });
  expect(JSON.parse((await browser.open(at('/api/session'))).text)).toMatchObject({ signedIn: false });
  expect(await status(browser.open(at(`/fhir/Patient/${mine}`)))).toBe(401);
});
