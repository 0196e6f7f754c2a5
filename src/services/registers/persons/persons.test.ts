import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from '../door-for-test.ts';
import { wholeGrant } from '../../../../test/support/grant.ts';
import { ownDatabaseUrl } from '../../../../test/support/database.ts';
import { testApi, type TestApi } from '../../../../test/support/fhir.ts';
import { syntheticNationalNumber } from '#shared/identifiers.ts';
import { deriveAgain } from '../derive-again.ts';
import type { RegisterAccess } from '../contract.ts';
import { cellsOf } from '../exchange/source.ts';
import { csvLine } from '../exchange/csv.ts';
import { readEvents } from './read-events.ts';
import { noteProtection } from './protect-address.ts';
import { createRegisters } from '../index.ts';
import { personColumns, type PersonRow } from './person-row.ts';

let api: TestApi;
let access: RegisterAccess = { mayKnowProtectedAddress: false };
const folder = mkdtempSync(join(tmpdir(), 'fyr-registers-'));

beforeAll(async () => {
  api = await testApi();
  // The routes as a node opens them, with an access that the test decides.
  await api.record.registers.register(
    api.server,
    openDoor(() => access),
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api.close();
});

let sequence = 0;
const newNumber = (birthDate = '1981-05-17', dNumber = false): string =>
  syntheticNationalNumber({ birthDate, sex: 'female', sequence: sequence++, dNumber });

const makeRow = (more: Partial<PersonRow> = {}): PersonRow => ({
  number: newNumber(),
  given: 'Tuva Live',
  family: 'Vardheim',
  sex: 'female',
  birthDate: '1981-05-17',
  addressLine: 'Fyrveien 3',
  postalCode: '9993',
  city: 'FYRVÅG',
  municipality: '9901',
  municipalityName: 'Fyrvåg',
  addressFrom: '2019-02-01',
  ...more,
});

async function importRows(rows: (PersonRow | object)[], broken: 'skip' | 'stop' = 'stop', name = 'rows.ndjson') {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  return importPath(path, broken);
}

const importPath = (path: string, broken: 'skip' | 'stop' = 'stop') =>
  api.record.registers.importFile('persons', path, { broken, signal: new AbortController().signal });

async function lookUp(number: string): Promise<any> {
  const answer = await api.server.inject({ method: 'GET', url: `/registers/persons/${number}` });
  return { status: answer.statusCode, ...(answer.json() as object), text: answer.body };
}

async function eventsOf(person: string): Promise<string[]> {
  await api.record.registers.catchUp();
  const kinds: string[] = [];
  for (let after = '0'; ;) {
    const answer = await api.server.inject({
      method: 'GET',
      url: `/registers/persons/events?count=1000&after=${after}`,
    });
    const { events, next } = answer.json() as { events: { person: string; kind: string }[]; next: string };
    kinds.push(...events.filter((each) => each.person === person).map(({ kind }) => kind));
    if (events.length === 0) return kinds;
    after = next;
  }
}

test('imports a CSV and finds the person by number, with municipality and events', async () => {
  const row = makeRow({
    maritalStatus: 'gift',
    earlierNames: [{ given: 'Tuva Live', family: 'Nesland', to: '2010-06-05' }],
  });
  const path = join(folder, 'persons.csv');
  writeFileSync(path, csvLine(personColumns.map(({ name }) => name)) + csvLine(cellsOf(personColumns, row)));
  expect(await importPath(path)).toMatchObject({ rows: 1, written: 1, broken: [] });
  const found = await lookUp(row.number);
  expect(found.address).toMatchObject({ line: 'Fyrveien 3', municipality: '9901' });
  expect(found.patient.name[1]).toMatchObject({ use: 'old', family: 'Nesland', period: { end: '2010-06-05' } });
  expect(await eventsOf(found.patient.id)).toEqual(['PersonIsCreated']);
  expect(await importPath(path)).toMatchObject({ written: 0, unchanged: 1 });
});

test('a number is asked for in a body too, where no log sees it', async () => {
  const row = makeRow();
  await importRows([row]);
  const url = '/registers/persons/by-number';
  const answer = await api.server.inject({ method: 'POST', url, payload: { number: row.number } });
  expect(answer.json()).toMatchObject({ patient: { birthDate: '1981-05-17' } });
  expect((await api.server.inject({ method: 'POST', url, payload: { number: 7 } })).statusCode).toBe(400);
});

test('an old number stays searchable, with the date on which it ceased', async () => {
  const row = makeRow({ number: newNumber('1990-01-01', true) });
  await importRows([row]);
  const next = {
    ...row,
    number: newNumber('1990-01-01'),
    numberFrom: '2024-03-01',
    earlierNumbers: [{ number: row.number, ceased: '2024-03-01' }],
  };
  await importRows([next]);
  const found = await lookUp(row.number);
  expect(found.askedNumberCeased).toBe(true);
  expect(found.numbers).toEqual([
    expect.objectContaining({ value: next.number, inUse: true }),
    expect.objectContaining({ value: row.number, inUse: false, to: '2024-03-01' }),
  ]);
  expect(await eventsOf(found.patient.id)).toEqual(['PersonIsCreated', 'ChangeInNorwegianIdentificationNumber']);
});

test('moves, new names, marriage and death are told as events', async () => {
  const row = makeRow();
  await importRows([row]);
  await importRows([
    {
      ...row,
      municipality: '9902',
      municipalityName: 'Vardfjord',
      addressLine: 'Elvelia 9',
      family: 'Strandmo',
      maritalStatus: 'gift',
    },
  ]);
  await importRows([
    {
      ...row,
      municipality: '9902',
      municipalityName: 'Vardfjord',
      addressLine: 'Elvelia 9',
      family: 'Strandmo',
      maritalStatus: 'gift',
      deathDate: '2026-11-01',
    },
  ]);
  const found = await lookUp(row.number);
  expect((await eventsOf(found.patient.id)).sort()).toEqual([
    'ChangeInMaritalStatus',
    'ChangeInName',
    'ChangeInResidentialAddress',
    'PersonIsCreated',
    'PersonIsDeceased',
  ]);
  expect(found.patient.name.map((name: any) => [name.use, name.family])).toEqual([
    ['official', 'Strandmo'],
    ['old', 'Vardheim'],
  ]);
});

test('parents with responsibility and guardians are relations, which end when they are no longer told', async () => {
  const mother = makeRow();
  const child = makeRow({
    relations: [
      { role: 'mor', number: mother.number, responsibility: 'felles' },
      { role: 'verge', name: 'Odd Verge', scope: 'økonomi' },
    ],
  });
  await importRows([mother, child]);
  const { patient } = await lookUp(child.number);
  const relations = async (): Promise<any[]> =>
    (await api.ask('GET', `RelatedPerson?patient=${patient.id}`)).body.entry.map((each: any) => each.resource);
  expect((await relations()).every((each) => each.active)).toBe(true);
  await importRows([{ ...child, relations: [child.relations![0]] }]);
  expect((await relations()).filter((each) => !each.active)).toHaveLength(1);
  expect(await eventsOf(patient.id)).toEqual(
    expect.arrayContaining(['ChangeInFamilyRelation', 'ChangeInParentalResponsibility', 'ChangeInGuardianship']),
  );
});

test('citizenships, and guardianships with kind and scope, go in and come out as they were told', async () => {
  const citizenships = [
    { country: 'SWE', from: '1981-05-17', to: '2015-01-01' },
    { country: 'NOR', from: '2010-02-03' },
  ];
  const guardians = [
    {
      role: 'verge',
      name: 'Odd Verge',
      guardianship: 'voksen',
      guardianshipScope: 'oekonomiskeInteresser',
      scope: 'ikke bolig',
      from: '2024-01-01',
    },
    { role: 'verge', name: 'Odd Verge', guardianship: 'stadfestetFremtidsfullmakt', from: '2025-01-01' },
  ] as const;
  const row = makeRow({ citizenships: citizenships.slice(0, 1), relations: [...guardians] });
  await importRows([row]);
  await importRows([{ ...row, citizenships }]);
  const { patient } = await lookUp(row.number);
  expect(await eventsOf(patient.id)).toEqual(expect.arrayContaining(['ChangeInCitizenship', 'ChangeInGuardianship']));
  const path = join(folder, 'told.ndjson');
  await api.record.registers.exportFile('persons', path, { access, signal: new AbortController().signal });
  const told = readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as PersonRow);
  const out = told.find(({ number }) => number === row.number);
  expect(out?.citizenships).toEqual(citizenships);
  expect(out?.relations).toEqual(expect.arrayContaining([...guardians]));
  expect(await importRows([{ ...row, citizenships }])).toMatchObject({ unchanged: 1 });
});

test('a person who was registered twice goes on in one, and is split again', async () => {
  const [one, two] = [makeRow(), makeRow()];
  await importRows([one, two]);
  const [first, second] = [await lookUp(one.number), await lookUp(two.number)];
  await importRows([{ number: two.number, mergedInto: one.number }]);
  const merged = await lookUp(two.number);
  expect(merged.patient.id).toBe(first.patient.id);
  expect(merged.askedNumberCeased).toBe(true);
  const asked = {
    resourceType: 'Patient',
    identifier: [{ value: two.number }],
    name: [{ given: ['Tuva'], family: 'Vardheim' }],
  };
  const match = await api.ask('POST', 'Patient/$match', asked);
  expect(match.body.entry[0].resource.id).toBe(first.patient.id);
  expect(await eventsOf(second.patient.id)).toContain('PersonIsDiscontinuedAsDuplicate');
  expect(await eventsOf(first.patient.id)).toContain('PersonIsContinuedAsValidUponMerger');
  await importRows([two]);
  expect((await lookUp(two.number)).patient.id).toBe(second.patient.id);
  expect(await eventsOf(second.patient.id)).toContain('PersonIsRestoredBySplitting');
  expect((await lookUp(one.number)).patient.link).toBeUndefined();
});

test('broken rows are told with their line: skipped, or nothing is written at all', async () => {
  const good = [makeRow(), makeRow()];
  const rows = [good[0]!, makeRow({ number: '12345678901' }), { ...makeRow(), shoeSize: 43 }, good[1]!, good[0]!];
  const stopped = await importRows(rows, 'stop');
  expect(stopped).toMatchObject({ stopped: true, written: 0 });
  expect(stopped.broken.map(({ line }) => line)).toEqual([2, 3, 5]);
  expect((await lookUp(good[0]!.number)).status).toBe(404);
  expect(await importRows(rows, 'skip')).toMatchObject({ written: 2, stopped: false });
  expect((await lookUp(good[1]!.number)).status).toBe(200);
});

test('nobody who may not know learns of a protected address: not by read, history, search, match, export or events', async () => {
  const row = makeRow({ addressLine: 'Hemmelig vei 77', postalCode: '9996' });
  await importRows([{ ...row, addressLine: 'Første vei 1', municipality: '9903' }]);
  await importRows([row]);
  const { patient } = await lookUp(row.number);
  const related = await api.make({
    resourceType: 'RelatedPerson',
    identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: row.number }],
    patient: { reference: `Patient/${(await api.make({ resourceType: 'Patient' })).id}` },
    address: [{ line: ['Hemmelig vei 77'] }],
  });
  await api.record.registers.catchUp();
  await importRows([{ ...row, addressGrade: 'strictlyConfidential', addressLine: 'Skjult gate 1' }]);

  const told = [
    (await lookUp(row.number)).text,
    (await api.ask('GET', `Patient/${patient.id}`)).text,
    (await api.ask('GET', `Patient/${patient.id}/_history`)).text,
    (await api.ask('GET', `Patient/${patient.id}/_history/1-test`)).text,
    (await api.ask('GET', `RelatedPerson/${related.id}/_history`)).text,
    (await api.ask('GET', `Patient/${patient.id}/$everything`)).text,
    (
      await api.ask('POST', 'Patient/$match', {
        resourceType: 'Parameters',
        parameter: [{ name: 'resource', resource: patient }],
      })
    ).text,
  ];
  told.push((await lookUp(`${row.number}/protected-addresses`)).text);
  for (const text of told) expect(text).not.toMatch(/Hemmelig|Skjult|Første|9996|onfidential|addressGrade/);
  expect((await api.ask('GET', `Patient?_id=${patient.id}&address=Hemmelig&_summary=count`)).body.total).toBe(0);
  expect(await eventsOf(patient.id)).not.toContain('ChangeInAddressProtection');
  const [{ count } = { count: -1 }] = await api.record.db<{ count: number }[]>`
    select count(*) as count from register_event where person = ${patient.id} and stream = 'open' and detail is not null`;
  expect(count).toBe(0);
  const path = join(folder, 'out.ndjson');
  const signal = new AbortController().signal;
  await api.record.registers.exportFile('persons', path, { access, signal });
  expect(readFileSync(path, 'utf8')).toContain(row.number);
  expect(readFileSync(path, 'utf8')).not.toMatch(/Hemmelig|Skjult|addressGrade/);

  access = { mayKnowProtectedAddress: true };
  try {
    expect(await lookUp(row.number)).toMatchObject({
      addressGrade: 'strictlyConfidential',
      address: { line: 'Skjult gate 1' },
    });
    const history = await lookUp(`${row.number}/protected-addresses`);
    expect(history.addresses).toEqual([
      expect.objectContaining({
        grade: 'strictlyConfidential',
        address: expect.objectContaining({ line: 'Skjult gate 1' }),
      }),
    ]);
    expect(await eventsOf(patient.id)).toContain('ChangeInAddressProtection');
    await api.record.registers.exportFile('persons', path, { access, signal });
    expect(readFileSync(path, 'utf8')).toContain('Skjult gate 1');
  } finally {
    access = { mayKnowProtectedAddress: false };
  }
});

test('an address that someone writes into the Patient of a protected person goes away again', async () => {
  const row = makeRow({ addressGrade: 'confidential', addressLine: 'Stille sti 5' });
  await importRows([row]);
  const { patient } = await lookUp(row.number);
  expect(patient.address).toBeUndefined();
  await api.ask('PUT', `Patient/${patient.id}`, { ...patient, address: [{ line: ['Stille sti 5'] }] });
  await api.record.registers.catchUp();
  expect((await api.ask('GET', `Patient/${patient.id}/_history`)).text).not.toContain('Stille');
});

test('a node that was killed before an address had left history goes on at its next start', async () => {
  const url = await ownDatabaseUrl('persons_settle');
  const one = await testApi({}, url);
  const { id } = await one.make({ resourceType: 'Patient', address: [{ line: ['Avbrutt vei 1'] }] });
  await one.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id, address: [{ line: ['Avbrutt vei 2'] }] });
  await noteProtection({ ...one.record.fhir.context, grant: wholeGrant }, id, {
    grade: 'confidential',
    address: { line: 'Avbrutt vei 2' },
  });
  await one.close();
  const two = await testApi({}, url);
  const history = await two.ask('GET', `Patient/${id}/_history`);
  expect(history.body.entry).toHaveLength(3);
  expect(history.text).not.toContain('Avbrutt');
  await two.close();
});

test('a new release that derives otherwise makes the index again, and tells no event twice', async () => {
  const own = await testApi({}, await ownDatabaseUrl('persons_again'));
  try {
    const patient = await own.make({
      resourceType: 'Patient',
      name: [{ family: 'Igjen', given: ['Ole'] }],
      birthDate: '1950-02-03',
    });
    await own.record.registers.catchUp();
    await own.record.db`update register_person set keys = '{}'`;
    const ask = async (): Promise<any> => (await own.ask('POST', 'Patient/$match', { ...patient, id: undefined })).body;
    expect((await ask()).total).toBe(0);
    await deriveAgain({ ...own.record.fhir.context, grant: wholeGrant }, new AbortController().signal);
    expect((await ask()).total).toBe(1);
    expect((await readEvents(own.record.db, { limit: 10, access })).events).toHaveLength(1);
  } finally {
    await own.close();
  }
});

test('a version that can not be derived is passed over, and those around it are not', async () => {
  const own = await testApi({}, await ownDatabaseUrl('persons_poison'));
  const errors: string[] = [];
  try {
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        own.make({ resourceType: 'Patient', name: [{ family: `Nr${index}`, given: ['Ola'] }] }),
      ),
    );
    await own.record.db`update version set content = '{"resourceType":' where id = ${made[7].id}`;
    const { context, committer } = own.record.fhir;
    const registers = await createRegisters({
      context: { ...context, grant: wholeGrant },
      committer,
      report: (event) => void errors.push(event),
    });
    await registers.catchUp();
    const { events } = await readEvents(own.record.db, { limit: 100, access });
    expect(events).toHaveLength(19);
    expect(errors).toEqual(['registers: a version was passed over']);
  } finally {
    await own.close();
  }
});

test('nothing that can be written stops the follower', async () => {
  const odd = ['\\u0000', '\\ud800', '\\uffff', '𝒳'];
  const told: number[] = [];
  for (const text of odd) {
    const patient = `{"resourceType":"Patient","identifier":[{"system":"urn:x${text}","value":"v|${text}"}],"name":[{"family":"F${text}"}],"address":[{"line":["${text}"],"postalCode":"${text}"}],"telecom":[{"system":"phone","value":"${text}"}]}`;
    told.push((await api.ask('POST', 'Patient', patient)).status);
    const organisation = `{"resourceType":"Organization","name":"O${text}","alias":["${text}"],"identifier":[{"system":"urn:oid:2.16.578.1.12.4.1.2","value":"12${text}"}],"type":[{"coding":[{"system":"urn:oid:2.16.578.1.12.4.1.1.8624","code":"${text}"}]}]}`;
    told.push((await api.ask('POST', 'Organization', organisation)).status);
  }
  expect(told.every((status) => [201, 400, 422].includes(status))).toBe(true);
  await api.record.registers.catchUp();
});

test('a protection that has ended gives the address back', async () => {
  const row = makeRow({ addressGrade: 'client', addressLine: 'Myrtunet 8' });
  await importRows([row]);
  expect((await lookUp(row.number)).address).toBeUndefined();
  await importRows([{ ...row, addressGrade: 'unclassified' }]);
  expect((await lookUp(row.number)).address).toMatchObject({ line: 'Myrtunet 8' });
});

test('what is exported is imported unchanged, and into an empty register whole', async () => {
  const signal = new AbortController().signal;
  const one = await testApi({}, await ownDatabaseUrl('persons_one'));
  const two = await testApi({}, await ownDatabaseUrl('persons_two'));
  try {
    const twice = makeRow();
    const rows = [
      makeRow({
        middle: 'Hauge',
        maritalStatus: 'skilt',
        relations: [{ role: 'ektefelleEllerPartner', name: 'Per; "Pelle"' }],
      }),
      twice,
      makeRow({ addressGrade: 'confidential', generalPractitioner: '990', generalPractitionerFrom: '2020-01-01' }),
      { ...makeRow(), given: 'Død', deathDate: '2020-02-02' },
    ];
    const given = join(folder, 'given.ndjson');
    writeFileSync(
      given,
      [...rows, { number: newNumber(), given: 'B', family: 'C' }].map((row) => JSON.stringify(row)).join('\n'),
    );
    const options = { broken: 'stop', signal } as const;
    expect(await one.record.registers.importFile('persons', given, options)).toMatchObject({ written: 5 });
    writeFileSync(given, JSON.stringify({ number: twice.number, mergedInto: rows[0]!.number }));
    expect(await one.record.registers.importFile('persons', given, options)).toMatchObject({ written: 1 });
    const out = join(folder, 'round.csv');
    const all = { access: { mayKnowProtectedAddress: true }, signal };
    expect(await one.record.registers.exportFile('persons', out, all)).toBe(5);
    expect(await one.record.registers.importFile('persons', out, options)).toMatchObject({
      written: 0,
      unchanged: 5,
      broken: [],
    });
    expect(await two.record.registers.importFile('persons', out, { ...options, broken: 'skip' })).toMatchObject({
      written: 5,
    });
  } finally {
    await one.close();
    await two.close();
  }
});

test('two nodes that follow the same feed tell nothing twice, and one that was away catches up', async () => {
  const url = await ownDatabaseUrl('persons_follow');
  const [one, two] = [await testApi({}, url), await testApi({}, url)];
  try {
    const patients = Array.from({ length: 300 }, (_, index) => ({
      resourceType: 'Patient',
      name: [{ family: `F${index}`, given: ['G'] }],
    }));
    await one.record.fhir.importResources(patients);
    await Promise.all([one.record.registers.catchUp(), two.record.registers.catchUp(), one.record.registers.catchUp()]);
    const three = await testApi({}, url);
    await three.record.registers.catchUp();
    const page = await readEvents(three.record.db, { limit: 1000, access });
    expect(page.events).toHaveLength(300);
    expect(new Set(page.events.map(({ person }) => person)).size).toBe(300);
    await three.close();
  } finally {
    await one.close();
    await two.close();
  }
});
