import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from '../door-for-test.ts';
import { testApi, type TestApi } from '../../../../test/support/fhir.ts';

let api: TestApi;
const folder = mkdtempSync(join(tmpdir(), 'fyr-personnel-'));

beforeAll(async () => {
  api = await testApi();
  await api.record.registers.register(
    api.server,
    openDoor(() => ({ mayKnowProtectedAddress: false })),
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api.close();
});

async function importCsv(text: string): Promise<any> {
  const path = join(folder, 'personnel.csv');
  writeFileSync(path, text);
  return api.record.registers.importFile('personnel', path, { broken: 'skip', signal: new AbortController().signal });
}

async function ask(number: string, category: string, on: string): Promise<any> {
  const answer = await api.server.inject({
    method: 'GET',
    url: `/registers/personnel/${number}/authorisation?category=${category}&on=${on}`,
  });
  return answer.json();
}

const cell = (value: object): string => `"${JSON.stringify(value).replaceAll('"', '""')}"`;

test('was this nurse authorised on that day', async () => {
  const authorisations = [
    { category: 'SP', approval: '4', from: '2012-02-01', to: '2012-12-31' },
    { category: 'SP', approval: '1', from: '2013-06-15', withdrawn: '2021-03-01', withdrawnWhy: 'fratatt etter § 57' },
    { category: 'JO', approval: '17', from: '2015-01-01', restriction: 'bare ved helsestasjon' },
  ];
  const report = await importCsv(`number;given;family;authorisations;specialities
991000001;Kari;Nordmo;${cell(authorisations)};${cell([{ code: '501', from: '2018-01-01' }])}
99x;Feil;Nummer;[]
991000002;Ola;Nordmo;ikke json`);
  expect(report).toMatchObject({ written: 1, broken: [{ line: 3 }, { line: 4 }] });
  const cases: [string, string, boolean, RegExp][] = [
    ['SP', '2011-05-01', false, /Not before 2012-02-01/],
    ['SP', '2012-12-31', true, /Authorised/],
    ['SP', '2013-03-01', false, /did not hold/],
    ['SP', '2013-06-15', true, /Authorised/],
    ['SP', '2021-02-28', true, /Authorised/],
    ['SP', '2021-03-01', false, /Withdrawn from 2021-03-01: fratatt/],
    ['JO', '2020-01-01', true, /restriction: bare ved/],
    ['LE', '2020-01-01', false, /no authorisation or licence in the category LE/],
  ];
  for (const [category, on, authorised, reason] of cases) {
    const answer = await ask('991000001', category, on);
    expect([category, on, answer.authorised]).toEqual([category, on, authorised]);
    expect(answer.reason).toMatch(reason);
  }
  expect((await ask('991000001', 'SP', '2019-01-01')).specialities).toEqual(['501']);
  expect(await ask('991000099', 'SP', '2019-01-01')).toMatchObject({
    authorised: false,
    reason: 'Nobody here has this HPR number.',
  });
});

test('reads a category and an approval that stand in two qualifications after each other', async () => {
  await api.make({
    resourceType: 'Practitioner',
    identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.4', value: '991000003' }],
    qualification: [
      { code: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9060', code: 'LE' }] } },
      { code: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.7704', code: '1' }] }, period: { start: '2001' } },
    ],
  });
  await api.record.registers.catchUp();
  expect(await ask('991000003', 'LE', '2001-02-03')).toMatchObject({ authorised: true });
  expect(await ask('991000003', 'LE', '2000-12-31')).toMatchObject({ authorised: false });
});

test('what happens to authorisations is told in a feed of its own, with the date that it has', async () => {
  const number = '991000044';
  const authorisation = { category: 'LE', approval: '1', from: '2001-07-01' };
  const row = async (authorisations: object[], specialities: object[] = []): Promise<void> => {
    await importCsv(`number;given;family;authorisations;specialities
${number};Eli;Strandmo;${cell(authorisations)};${cell(specialities)}`);
  };
  const feed = async (after: string): Promise<any> => {
    const url = `/registers/personnel/events?count=1000&after=${after}`;
    return (await api.server.inject({ method: 'GET', url })).json();
  };
  const { next } = await feed('0');
  await row([authorisation]);
  await row([{ ...authorisation, restriction: 'ikke A-preparater' }], [{ code: '501', from: '2010-01-01' }]);
  await row([{ ...authorisation, withdrawn: '2026-03-01', withdrawnWhy: 'fratatt' }]);
  await row([authorisation]);
  const practitioner = (
    await api.server.inject({ method: 'GET', url: `/registers/personnel/${number}` })
  ).json() as any;
  const told = (await feed(next)).events.filter((each: any) => each.practitioner === practitioner.id);
  expect(told.map(({ kind, detail }: any) => [kind, detail])).toEqual([
    ['PractitionerIsCreated', undefined],
    ['AuthorisationIsGiven', 'LE 1'],
    ['AuthorisationIsRestricted', 'LE 1'],
    ['SpecialityIsGiven', '501'],
    ['AuthorisationIsWithdrawn', 'LE 1'],
    ['RestrictionIsLifted', 'LE 1'],
    ['SpecialityIsRemoved', '501'],
    ['AuthorisationIsRestored', 'LE 1'],
  ]);
  expect([told[1].occurred, told[4].occurred]).toEqual(['2001-07-01', '2026-03-01']);
  expect((await api.server.inject({ method: 'GET', url: '/registers/personnel/events?after=x' })).statusCode).toBe(400);
});
