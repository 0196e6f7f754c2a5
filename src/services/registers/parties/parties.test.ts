import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from '../door-for-test.ts';
import { ownDatabaseUrl } from '../../../../test/support/database.ts';
import { testApi, type TestApi } from '../../../../test/support/fhir.ts';
import { checkCertificates } from './check-certificates.ts';
import { writeRevocation } from './certificate-store.ts';
import { syntheticOrganisationNumber } from '#shared/identifiers.ts';

let api: TestApi;
const folder = mkdtempSync(join(tmpdir(), 'fyr-parties-'));

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

async function importRows(register: string, rows: object[]): Promise<any> {
  const path = join(folder, `${register}.json`);
  writeFileSync(path, JSON.stringify(rows));
  return api.record.registers.importFile(register, path, { broken: 'skip', signal: new AbortController().signal });
}

async function ask(path: string): Promise<any> {
  const answer = await api.server.inject({ method: 'GET', url: `/registers/${path}` });
  return { status: answer.statusCode, ...(answer.json() as object) };
}

let sequence = 700;
/** In no test's register: others may share the database. */
const nobody = `ENH:${syntheticOrganisationNumber(87_654)}`;
const newKey = (): string => `ENH:${syntheticOrganisationNumber(sequence++)}`;

test('an organisation knows its region, what is below it, and what it was called then', async () => {
  const [region, trust, hospital] = [newKey(), newKey(), newKey()];
  const rows = [
    { key: 'RSH:880001', name: 'Laboratoriet, Tindevik', partOf: hospital, kinds: ['8624#14'] },
    {
      key: hospital,
      name: 'Tindevik sykehus',
      partOf: trust,
      kinds: ['8624#01'],
      services: ['8655#S02'],
      openingHours: [{ days: ['mon', 'tue'], from: '08:00', to: '15:30' }],
    },
    { key: trust, name: 'Tindevik HF', partOf: region, kinds: ['8628#2'] },
    { key: region, name: 'Helse Tinden', kinds: ['8628#1'] },
    { key: newKey(), name: 'Uten eier', partOf: nobody },
  ];
  const report = await importRows('organisations', rows);
  expect(report.written).toBe(4);
  expect(report.broken).toEqual([{ line: 5, problem: expect.stringMatching(/partOf|is not here/) }]);
  expect(await importRows('organisations', rows.slice(0, 4))).toMatchObject({ written: 0, unchanged: 4 });
  const found = await ask(`organisations/${hospital}`);
  expect(found.region).toMatchObject({ name: 'Helse Tinden' });
  expect(found.below.map((each: any) => each.name)).toEqual(['Laboratoriet, Tindevik']);
  const services = await api.ask('GET', `HealthcareService?organization=${found.organisation.id}`);
  expect(services.body.entry[0].resource.availableTime[0]).toMatchObject({
    daysOfWeek: ['mon', 'tue'],
    availableEndTime: '15:30:00',
  });

  await importRows('organisations', [{ ...rows[1], name: 'Nye Tindevik sykehus', nameFrom: '2025-01-01' }]);
  expect((await ask(`organisations/${hospital}?on=2024-12-31`)).nameThen).toBe('Tindevik sykehus');
  expect((await ask(`organisations/${hospital}?on=2025-01-01`)).nameThen).toBe('Nye Tindevik sykehus');
  expect((await ask('organisations?name=tindevik%20sykehus')).organisations[0].name).toBe('Nye Tindevik sykehus');

  const successor = newKey();
  await importRows('organisations', [
    { key: successor, name: 'Storsykehuset', partOf: trust },
    { ...rows[1], name: 'Nye Tindevik sykehus', replacedBy: successor, replacedOn: '2026-06-01' },
  ]);
  const merged = await ask(`organisations/${hospital}`);
  expect(merged.replacedBy).toMatchObject({ name: 'Storsykehuset', on: '2026-06-01' });
  expect(merged.organisation.active).toBe(false);
});

test('finds the lab of a hospital that takes requisition 1.5, as long as its certificates hold', async () => {
  const hospital = newKey();
  const other = newKey();
  await importRows('organisations', [
    { key: hospital, name: 'Varden sykehus' },
    { key: 'RSH:880011', otherKeys: ['HER:8800111'], name: 'Laboratorium', partOf: hospital, kinds: ['8624#14'] },
    { key: other, name: 'Et annet sykehus' },
  ]);
  const thumbprint = 'ab'.repeat(20);
  const certificates = [
    { use: 'sign', thumbprint, to: '2030-01-01' },
    { use: 'encrypt', thumbprint, from: '2026-01-01', to: '2027-12-31' },
  ];
  const party = {
    kind: 'service',
    organisation: 'RSH:880011',
    services: ['8654#L03'],
    address: 'mailto:lab@edi.example.org',
    certificates,
  };
  const report = await importRows('parties', [
    { ...party, herId: '8800112', name: 'Medisinsk biokjemi', messages: ['REQ_LAB 1.5', 'REQ_LAB 1.4'] },
    { ...party, herId: '8800113', name: 'Patologi', messages: ['REQ_HIST 1.5'] },
    { ...party, herId: '8800114', name: 'Sengepost', services: ['8655#S02'], messages: ['REQ_LAB 1.5'] },
    { ...party, herId: '8800115', name: 'Annet lab', organisation: other, messages: ['REQ_LAB 1.5'] },
    { ...party, herId: '8800111', kind: 'department', name: 'Laboratorium', messages: ['DIALOG_FORESPORSEL 1.1'] },
    { ...party, herId: '8800116', kind: 'person', practitioner: '123', name: 'Ingen', messages: ['EPIKRISE 1.2'] },
  ]);
  expect(report.broken).toEqual([{ line: 6, problem: 'practitioner: HPR 123 is not here' }]);
  const find = async (more = ''): Promise<string[]> => {
    const { parties } = await ask(
      `parties?organisation=${hospital}&service=laboratory&message=REQ_LAB&version=1.5&on=2026-11-23${more}`,
    );
    return parties.map((each: any) => each.herId);
  };
  expect(await find()).toEqual(['8800112']);
  expect((await ask(`parties?organisation=${hospital}&message=REQ_LAB&version=1.6`)).parties).toEqual([]);
  expect(
    (await ask(`parties?organisation=${hospital}&service=laboratory&message=REQ_LAB&version=1.5&on=2028-01-01`))
      .parties,
  ).toEqual([]);
  expect(
    (await ask(`parties?organisation=${hospital}&service=laboratory&on=2026-11-23`)).parties.map(
      (each: any) => each.name,
    ),
  ).toEqual(expect.arrayContaining(['Laboratorium', 'Medisinsk biokjemi', 'Patologi']));
  expect((await ask('parties/8800112')).endpoints[0].address).toBe('mailto:lab@edi.example.org');
  expect((await ask('parties/1')).status).toBe(404);
  expect((await ask(`parties?organisation=${nobody}&message=REQ_LAB`)).status).toBe(404);
});

test('a party whose certificate is withdrawn by its issuer is not found from that day; before a check it is said to be unknown', async () => {
  const hospital = newKey();
  const thumbprint = 'abcdef0123456789abcdef0123456789abcdef01';
  await importRows('organisations', [{ key: hospital, name: 'Nesset sykehus' }]);
  const report = await importRows('parties', [
    {
      herId: '8800777',
      kind: 'service',
      name: 'Nesset laboratorium',
      organisation: hospital,
      address: 'mailto:lab@edi.example.org',
      messages: ['REQ_LAB 1.5'],
      certificates: [{ use: 'encrypt', thumbprint, certificate: Buffer.from('not a certificate').toString('base64') }],
    },
  ]);
  expect(report).toMatchObject({ written: 1, broken: [] });
  const found = async (on: string): Promise<string[]> =>
    (await ask(`parties?organisation=${hospital}&on=${on}`)).parties.map((each: any) => each.revocation);
  expect(await found('2026-11-23')).toEqual(['unknown']);
  const { db } = api.record;
  expect(await api.record.registers.checkCertificates(new AbortController().signal)).toBeUndefined();
  const deps = { db, clock: { now: () => Date.parse('2026-11-23') } };
  await checkCertificates(deps, () => Promise.reject(new Error('nothing')), new AbortController().signal);
  expect(await found('2026-11-23')).toEqual(['unknown']);
  const known = { why: '', checkAgain: Date.parse('2026-12-01') };
  await writeRevocation(db, thumbprint, { ...known, state: 'good' }, Date.parse('2026-11-23'));
  expect(await found('2026-11-23')).toEqual(['good']);
  const revoked = { ...known, state: 'revoked', revokedOn: '2026-11-20' } as const;
  await writeRevocation(db, thumbprint, revoked, Date.parse('2026-11-23'));
  expect([await found('2026-11-23'), await found('2026-11-19')]).toEqual([[], ['unknown']]);
});

test('organisations, parties and personnel that are exported are imported unchanged', async () => {
  const own = await testApi({}, await ownDatabaseUrl('register_round'));
  const signal = new AbortController().signal;
  const [hospital, region] = [newKey(), newKey()];
  const files: { [register: string]: object[] } = {
    organisations: [
      { key: region, name: 'Helse; "Nord"', kinds: ['8628#1'], aliases: ['HN', 'Nord'] },
      {
        key: hospital,
        otherKeys: ['RSH:77'],
        name: 'Sykehuset',
        partOf: region,
        formerNames: [{ name: 'Gamle', to: '2001-01-01' }],
        services: ['8655#S02'],
        openingHours: [{ days: ['mon'], from: '08:00', to: '16:00' }],
        municipality: '9901',
        municipalityName: 'Fyrvåg',
      },
    ],
    personnel: [
      {
        number: '991',
        given: 'Eli',
        family: 'Moe',
        authorisations: [{ category: 'LE', approval: '1', from: '2001-01-01' }],
      },
    ],
    parties: [
      {
        herId: '88',
        kind: 'person',
        practitioner: '991',
        organisation: hospital,
        name: 'Eli Moe',
        address: 'mailto:a@example.org',
        messages: ['EPIKRISE 1.2'],
      },
      {
        herId: '89',
        kind: 'service',
        organisation: hospital,
        name: 'Lab',
        services: ['8654#L'],
        address: 'amqps://x.example.org',
        connection: 'amqp',
        messages: ['REQ_LAB 1.5'],
      },
    ],
  };
  try {
    for (const [register, rows] of Object.entries(files)) {
      const given = join(folder, `${register}.json`);
      writeFileSync(given, JSON.stringify(rows));
      expect(await own.record.registers.importFile(register, given, { broken: 'stop', signal })).toMatchObject({
        written: rows.length,
      });
      const path = join(folder, `${register}.csv`);
      await own.record.registers.exportFile(register, path, { access: { mayKnowProtectedAddress: false }, signal });
      const again = await own.record.registers.importFile(register, path, { broken: 'stop', signal });
      expect([register, again]).toEqual([
        register,
        { rows: rows.length, written: 0, unchanged: rows.length, broken: [], stopped: false },
      ]);
    }
  } finally {
    await own.close();
  }
});

test.each([
  'organisations/constructor:1',
  'organisations/ENH',
  'organisations?name=',
  'organisations?name=%25_%5C&name=x&count=abc',
  'parties?organisation=__proto__:1',
  'parties?service=constructor&message=toString',
  'parties?version=1.5',
  'parties?on=2026-99-99',
  'parties/%00',
  'personnel/x/authorisation?category=SP&on=now',
  'personnel/x/authorisation',
  'persons/12345678901',
  'persons/events?after=-1',
  'persons/events?count=0',
])('%s is answered plainly, without a bug', async (path) => {
  const answer = await api.server.inject({ method: 'GET', url: `/registers/${path}` });
  expect([200, 400, 404]).toContain(answer.statusCode);
});

test('what happens to organisations is told: renamed, moved, merged, closed', async () => {
  const [owner, one, two] = [newKey(), newKey(), newKey()];
  const { next } = await ask('organisations/events?count=1000');
  await importRows('organisations', [
    { key: owner, name: 'Havna kommune' },
    { key: one, name: 'Havna legesenter' },
    { key: two, name: 'Fjorden legesenter' },
  ]);
  await importRows('organisations', [{ key: one, name: 'Havna legehus', partOf: owner }]);
  await importRows('organisations', [
    { key: one, name: 'Havna legehus', active: false, replacedBy: two, replacedOn: '2026-01-01' },
  ]);
  await importRows('organisations', [{ key: two, name: 'Fjorden legesenter', active: false }]);
  const id = async (key: string): Promise<string> => (await ask(`organisations/${key}`)).organisation.id as string;
  const { events } = await ask(`organisations/events?count=1000&after=${next}`);
  const of = (organisation: string): string[] =>
    events.filter((each: any) => each.organisation === organisation).map(({ kind }: any) => kind as string);
  expect(of(await id(one))).toEqual([
    'OrganisationIsCreated',
    'ChangeInName',
    'ChangeInParent',
    'OrganisationIsMerged',
  ]);
  expect(of(await id(two))).toEqual(['OrganisationIsCreated', 'OrganisationIsClosed']);
  const merged = events.find((each: any) => each.kind === 'OrganisationIsMerged');
  expect(merged).toMatchObject({ occurred: '2026-01-01', detail: `Organization/${await id(two)}` });
});
