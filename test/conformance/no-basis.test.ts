/** The Norwegian base profiles (../shared/norway/fhir-no-basis), added as an operator adds them, judge what comes in. Skipped where they are not at hand. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { personControlDigits } from '#shared/control-digits.ts';
import { identifierSystems, syntheticNationalNumber } from '#shared/identifiers.ts';
import { runCommand } from '../../src/cli/index.ts';
import { testApi, type TestApi } from '../support/fhir.ts';
import { ownNode, type OwnNode } from './own-node.ts';

const packages = new URL('../../../shared/norway/fhir-no-basis/packages/', import.meta.url);
const isHere = existsSync(packages);
const profile = 'http://hl7.no/fhir/StructureDefinition/no-basis-Patient';
const middleName = 'http://hl7.no/fhir/StructureDefinition/no-basis-middlename';

let bare: OwnNode;
let lenient: TestApi;
let strict: TestApi;
const said: string[] = [];

beforeAll(async () => {
  bare = await ownNode('no_basis');
  if (!isHere) return;
  const folder = mkdtempSync(join(tmpdir(), 'fyr-no-basis-'));
  const environment = { DATABASE_URL: bare.databaseUrl, FYR_DATA: folder, FYR_SAMPLE: '0' };
  for (const name of readdirSync(packages).toSorted()) {
    const code = await runCommand(['definitions', 'add', fileURLToPath(new URL(name, packages))], {
      readConfig: () => readConfig(environment, folder),
      folder,
      output: { write: (text: string) => said.push(text) },
      signal: new AbortController().signal,
    });
    expect(code, name).toBe(0);
  }
  rmSync(folder, { recursive: true });
  lenient = await testApi({ FYR_REAL_PERSONS: 'accept' }, bare.databaseUrl);
  strict = await testApi({ FYR_PROFILES: 'strict', FYR_REAL_PERSONS: 'refuse' }, bare.databaseUrl);
}, 60_000);
afterAll(async () => {
  if (isHere) await Promise.all([lenient.close(), strict.close()]);
  else console.log(`no-basis: skipped, there is no ${packages.pathname}`);
  await bare.close();
});

const number = syntheticNationalNumber({ birthDate: '1977-03-21', sex: 'male', sequence: 0 });
const claimed = (more: object): object => ({ resourceType: 'Patient', meta: { profile: [profile] }, ...more });
const withNumber = (value: string, system: string = identifierSystems.nationalNumber): object => ({
  resourceType: 'Patient',
  identifier: [{ system, value }],
});
const errorsOf = (body: any): string[] =>
  body.issue.filter((one: any) => one.severity === 'error').map((one: any) => one.expression?.[0]);

const norwegian = {
  identifier: [{ system: identifierSystems.nationalNumber, value: number }],
  name: [{ family: 'Eksempel', given: ['Espen'], extension: [{ url: middleName, valueString: 'Ørn' }] }],
  gender: 'male',
  birthDate: '1977-03-21',
  address: [
    {
      use: 'home',
      line: ['Stålverkskroken 14'],
      city: 'Oslo',
      postalCode: '0661',
      country: 'NO',
      extension: [
        {
          url: 'http://hl7.no/fhir/StructureDefinition/no-basis-propertyinformation',
          extension: [
            {
              url: 'municipality',
              valueCoding: { system: 'urn:oid:2.16.578.1.12.4.1.1.3402', code: '0301', display: 'Oslo' },
            },
          ],
        },
      ],
    },
  ],
};

test.runIf(isHere)('both packages are taken whole', async () => {
  expect(said.filter((line) => line.includes('definitions added'))).toHaveLength(readdirSync(packages).length);
  const { body } = await lenient.ask('GET', `StructureDefinition?url=${encodeURIComponent(profile)}`);
  expect(body.entry.map((one: any) => one.resource.url)).toContain(profile);
  const named = (await lenient.ask('GET', 'metadata')).body.rest[0].resource.find((one: any) => one.type === 'Patient');
  expect(named.supportedProfile).toContain(profile);
});

test.runIf(isHere)('a Norwegian patient who claims the profile is taken, without a warning of it', async () => {
  for (const api of [lenient, strict]) {
    const { status, text } = await api.ask('POST', 'Patient', claimed(norwegian), {
      prefer: 'return=OperationOutcome',
    });
    expect([status, text.includes(profile)], text).toEqual([201, false]);
  }
  const found = await lenient.ask('GET', `Patient?identifier=${number}&_profile=${encodeURIComponent(profile)}`);
  expect(found.body.entry.length).toBe(2);
});

test.runIf(isHere).each<[what: string, change: object, expression: string]>([
  [
    'a number without its value',
    { identifier: [{ system: identifierSystems.nationalNumber }] },
    'Patient.identifier[0].value',
  ],
  [
    'a middle name that is a number',
    { name: [{ family: 'Eksempel', extension: [{ url: middleName, valueInteger: 1 }] }] },
    'Patient.name[0].extension[0].value',
  ],
  [
    'a municipality that is text',
    {
      address: [
        {
          extension: [
            {
              url: 'http://hl7.no/fhir/StructureDefinition/no-basis-propertyinformation',
              extension: [{ url: 'municipality', valueString: 'Oslo' }],
            },
          ],
        },
      ],
    },
    'Patient.address[0].extension[0].extension[0].value',
  ],
])('%s is refused with 422 and its place', async (_what, change, expression) => {
  const { status, body } = await lenient.ask('POST', 'Patient', claimed({ ...norwegian, ...change }));
  expect([status, errorsOf(body).some((one) => one?.startsWith(expression))], JSON.stringify(body.issue)).toEqual([
    422,
    true,
  ]);
});

test('a profile that is not here is a warning, or with FYR_PROFILES=strict a refusal', async () => {
  const unknown = { resourceType: 'Patient', meta: { profile: ['http://example.org/no-such-profile'] } };
  const taken = await bare.ask('POST', 'Patient', unknown, { prefer: 'return=OperationOutcome' });
  expect(taken.status).toBe(201);
  expect(taken.body.issue[0]).toMatchObject({ severity: 'warning' });
  expect(taken.text).toContain('http://example.org/no-such-profile');
  const node = await testApi({ FYR_PROFILES: 'strict' }, bare.databaseUrl);
  const refused = await node.ask('POST', 'Patient', unknown);
  await node.close();
  expect([refused.status, refused.body.resourceType]).toEqual([422, 'OperationOutcome']);
  expect(refused.text).toContain('http://example.org/no-such-profile');
});

test('a number with a wrong check digit is refused with 422 and its place, whoever it may be of', async () => {
  const last = (Number(number.at(-1)) + 1) % 10;
  for (const value of [number.slice(0, -1) + String(last), number.slice(0, -1), '123', `${number} `]) {
    const { status, body } = await bare.ask('POST', 'Patient', withNumber(value));
    expect([status, errorsOf(body)[0]], value).toEqual([422, 'Patient.identifier[0].value']);
  }
  expect((await bare.ask('POST', 'Patient', withNumber(number, identifierSystems.dNumber))).status).toBe(422);
  expect((await bare.ask('POST', 'Patient', withNumber(number))).status).toBe(201);
});

test('with FYR_REAL_PERSONS=refuse a number of the kind that real people have is refused', async () => {
  // Born in 2039: valid in form, and of nobody.
  const nine = '311239999';
  const real = nine + String(personControlDigits(nine));
  const node = await testApi({ FYR_REAL_PERSONS: 'refuse' }, bare.databaseUrl);
  const refused = await node.ask('POST', 'Patient', withNumber(real));
  const taken = await node.ask('POST', 'Patient', withNumber(number));
  await node.close();
  expect([refused.status, errorsOf(refused.body)[0], taken.status]).toEqual([422, 'Patient.identifier[0].value', 201]);
  const accepting = await testApi({ FYR_REAL_PERSONS: 'accept' }, bare.databaseUrl);
  expect((await accepting.ask('POST', 'Patient', withNumber(real))).status).toBe(201);
  await accepting.close();
});
