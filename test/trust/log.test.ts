/** The access log over a whole node: what is done is in it, those whose it is see it, it can't be altered unseen, and without it nothing is answered. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Db } from '#kernel/db.ts';
import { logVerify } from '../../src/cli/log-verify.ts';
import { testNode, type TestNode } from '../support/node.ts';
import { patientOf, resourcesIn, truthOf, type Answered } from './asking.ts';

let at: TestNode;
const oldMan = patientOf('oldManWithEverything');
const wife = patientOf('hisWife');
const mother = patientOf('youngMother');
const toddler = patientOf('herToddler');

beforeAll(async () => {
  at = await testNode('log');
}, 120_000);
afterAll(async () => at?.stop());

/** What a citizen's own page says, newest first: who, what they did, whether they were let in. */
async function pageOf(as: string, patient?: string): Promise<{ name: string; action: string; outcome: string }[]> {
  const query = patient === undefined ? '' : `?patient=${patient}`;
  const { status, body, text } = await at.ask('GET', `/api/log/mine${query}`, { as });
  if (status !== 200) throw new Error(`${status} ${text}`);
  return body.lines.map((line: any) => ({
    name: line.who.name,
    action: line.action.code,
    outcome: line.outcome,
  }));
}

test('a diagnosis that somebody tried to read, and could not, is an attempt in the log of whose it is', async () => {
  const [found] = await truthOf(at, [`Condition?patient=${mother}&_count=1`]);
  const [condition] = resourcesIn(found?.body);
  expect((await at.ask('GET', `/fhir/Condition/${condition.id}`, { as: 'nurse' })).status).toBe(404);
  expect((await at.ask('DELETE', `/fhir/Condition/${condition.id}`, { as: 'pharmacist' })).status).toBe(204);
  expect((await at.ask('GET', `/fhir/Observation?patient=${mother}`, { as: 'hospitalDoctor' })).status).toBe(403);
  const page = await pageOf('youngMother');
  expect(page).toContainEqual({ name: 'Håvard Lindnes', action: 'read', outcome: 'refused' });
  expect(page).toContainEqual({ name: 'Øystein Furulund', action: 'delete', outcome: 'refused' });
  expect(page).toContainEqual({ name: 'Ingrid Bergvik', action: 'search', outcome: 'refused' });
  const [still] = await truthOf(at, [`Condition/${condition.id}`]);
  expect(still?.status).toBe(200);
});

test('a citizen reads who saw the own record, on the page and as AuditEvents, with names and without numbers', async () => {
  expect((await at.ask('GET', `/fhir/Observation?patient=${oldMan}&_count=5`, { as: 'hospitalDoctor' })).status).toBe(
    200,
  );
  expect(await pageOf('oldManWithEverything')).toContainEqual({
    name: 'Ingrid Bergvik',
    action: 'search',
    outcome: 'allowed',
  });
  const events = await at.ask('GET', '/fhir/AuditEvent', { as: 'oldManWithEverything' });
  expect(events.status).toBe(200);
  expect(events.body.entry.length).toBeGreaterThan(0);
  const patientsOf = (event: any): string[] =>
    event.entity
      .map((entity: any) => entity.what?.reference)
      .filter((one: unknown) => String(one).startsWith('Patient/'));
  expect(new Set(resourcesIn(events.body).flatMap(patientsOf))).toEqual(new Set([`Patient/${oldMan}`]));
  expect(events.text).not.toMatch(/\b\d{11}\b/);
});

test('the log of others is closed to citizens, open to who represents them, and to nobody by role but the privacy officer', async () => {
  expect((await at.ask('GET', `/api/log/mine?patient=${mother}`, { as: 'hisWife' })).status).toBe(404);
  expect((await at.ask('GET', `/fhir/AuditEvent?patient=${mother}`, { as: 'hisWife' })).status).toBe(404);
  expect(await pageOf('youngMother', toddler)).toEqual(expect.any(Array));
  expect(await pageOf('oldManWithEverything', wife)).toEqual(expect.any(Array));
  for (const as of ['operator', 'researcher']) {
    expect((await at.ask('GET', '/api/log/mine', { as })).status).toBe(403);
    expect((await at.ask('GET', `/fhir/AuditEvent?patient=${mother}`, { as })).status).toBeGreaterThan(402);
  }
  for (const as of ['hospitalDoctor', 'operator', 'researcher', 'youngMother']) {
    for (const path of ['search', 'sample?from=2026-01-01&until=2100-01-01', 'unusual'])
      expect((await at.ask('GET', `/api/log/${path}`, { as })).status).toBe(403);
  }
  const all = await at.ask('GET', `/api/log/search?patient=${mother}`, { as: 'privacyOfficer' });
  expect(all.status).toBe(200);
  expect(all.body.entries.map((entry: any) => entry.who.name)).toEqual(expect.arrayContaining(['Håvard Lindnes']));
  expect(
    (await at.ask('GET', `/fhir/AuditEvent?patient=${mother}`, { as: 'privacyOfficer' })).body.entry.length,
  ).toBeGreaterThan(0);
});

test('who reads the log is in it', async () => {
  await at.ask('GET', `/api/log/search?patient=${wife}`, { as: 'privacyOfficer' });
  const page = await pageOf('hisWife');
  expect(page).toContainEqual({ name: 'Tove Granheim', action: 'log-read', outcome: 'allowed' });
});

test('each route of the FHIR API with patient data leaves an entry that names the patient', async () => {
  const as = 'generalPractitioner';
  const asked: [string, string, object?][] = [
    ['GET', `Patient/${wife}`],
    ['GET', `Patient?_id=${wife}`],
    ['GET', `Patient/${wife}/_history`],
    ['GET', `Patient/${wife}/_history/1-test`],
    ['GET', `Patient/${wife}/Observation?_count=1`],
    ['GET', `Patient/${wife}/$everything?_count=1`],
    ['GET', `Patient/${wife}/$meta`],
    ['GET', `Observation?patient=${wife}&_count=1`],
    ['GET', `Observation?patient=${wife}&_summary=count`],
    ['GET', `Patient?_has:Observation:patient:status=final&_id=${wife}`],
    ['GET', `Encounter?patient=${wife}&_include=Encounter:patient&_count=1`],
    ['GET', `Practitioner?_has:Encounter:participant:patient=${wife}&_count=1`],
    [
      'POST',
      '',
      { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: `Patient/${wife}` } }] },
    ],
    [
      'POST',
      '',
      { resourceType: 'Bundle', type: 'transaction', entry: [{ request: { method: 'GET', url: `Patient/${wife}` } }] },
    ],
    ['POST', 'Observation', reading()],
    ['POST', 'Patient/$match', await matching()],
  ];
  const unlogged: string[] = [];
  for (const [method, path, body] of asked) {
    const before = await entriesOf(wife);
    const answer = await at.ask(method, `/fhir/${path}`, { as, ...(body === undefined ? {} : { body }) });
    expect([200, 201], `${method} ${path}: ${answer.text.slice(0, 300)}`).toContain(answer.status);
    if ((await entriesOf(wife)) === before) unlogged.push(`${method} ${path}`);
  }
  expect(unlogged).toEqual([]);
});

test('a change is in the log before it is in the record, and a read before it is answered', async () => {
  const { rows } = await watched(async () => {
    await at.ask('POST', '/fhir/Observation', { as: 'generalPractitioner', body: reading() });
  });
  expect(rows.indexOf('access_entry')).toBeGreaterThanOrEqual(0);
  expect(rows.indexOf('version')).toBeGreaterThan(rows.indexOf('access_entry'));
});

const reading = (): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'weight' },
  subject: { reference: `Patient/${wife}` },
  valueQuantity: { value: 61, unit: 'kg' },
});

async function matching(): Promise<object> {
  const [found] = await truthOf(at, [`Patient/${wife}`]);
  const { name, birthDate, gender } = (found as Answered).body;
  const resource = { resourceType: 'Patient', name, birthDate, gender };
  return { resourceType: 'Parameters', parameter: [{ name: 'resource', resource }] };
}

async function entriesOf(patient: string): Promise<number> {
  const [row] = await at.db<{ count: number }[]>`
    select count(*)::int as count from access_entry where content like ${`%${patient}%`}`;
  return row?.count ?? 0;
}

/** In which order tables get rows while something is done: by triggers that tell a table of their own. */
async function watched(work: () => Promise<void>): Promise<{ rows: string[] }> {
  await at.db.unsafe(`
    create sequence told_order; create table told (n bigint default nextval('told_order'), name text);
    create function tell() returns trigger language plpgsql as $$
      begin insert into told (name) values (tg_argv[0]); return null; end $$;
    create trigger tell_entry after insert on access_entry for each statement execute function tell('access_entry');
    create trigger tell_version after insert on version for each statement execute function tell('version');`);
  try {
    await work();
    const rows = await at.db<{ name: string }[]>`select name from told order by n`;
    return { rows: rows.map(({ name }) => name) };
  } finally {
    await at.db.unsafe(`
      drop trigger tell_entry on access_entry; drop trigger tell_version on version;
      drop function tell; drop table told; drop sequence told_order;`);
  }
}

test('while the log can not be written to, nothing is answered and nothing is written: 503', async () => {
  const superuser: Db = openDatabase(at.databaseUrl, { connectionsMax: 1 });
  const before = await observations();
  await superuser.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$;
    create trigger refuse before insert on access_entry for each statement execute function refuse();`);
  try {
    for (const [method, path, body] of [
      ['GET', `Patient/${wife}`],
      ['GET', `Observation?patient=${wife}&_count=1`],
      ['GET', `Observation?patient=${mother}&_count=1`],
      ['POST', 'Observation', reading()],
    ] as const) {
      const answer = await at.ask(method, `/fhir/${path}`, {
        as: 'generalPractitioner',
        ...(body === undefined ? {} : { body }),
      });
      expect([path, answer.status]).toEqual([path, 503]);
      expect(answer.text).not.toContain('Nordskog');
      expect(answer.body.resourceType).toBe('OperationOutcome');
    }
    expect(await observations()).toBe(before);
    expect((await at.ask('GET', '/fhir/metadata')).status).toBe(200);
  } finally {
    await superuser.unsafe('drop trigger refuse on access_entry; drop function refuse;');
    await superuser.end();
  }
  expect((await at.ask('GET', `/fhir/Patient/${wife}`, { as: 'generalPractitioner' })).status).toBe(200);
});

async function observations(): Promise<number> {
  const [found] = await truthOf(at, [`Observation?patient=${wife}&_summary=count`]);
  return found?.body.total;
}

test('an entry altered by the database’s superuser is named by `fyr log verify`, with its time and who', async () => {
  const verify = async (): Promise<{ code: number; said: string }> => {
    const command = at.command();
    const code = await logVerify.run([], command);
    return { code, said: command.written() };
  };
  await expect.poll(async () => (await verify()).said).toMatch(/[^\d]0 not sealed yet/);
  expect((await verify()).code).toBe(0);
  const [entry] = await at.db<{ number: number; content: string }[]>`
    select number, content from access_entry where content like ${`%${mother}%`} and content like '%refused%' order by number limit 1`;
  await at.db`
    update access_entry set content = replace(content, 'refused', 'allowed') where number = ${entry?.number ?? 0}`;
  const { code, said } = await verify();
  expect(code).toBe(1);
  expect(said).toMatch(new RegExp(`\\b${entry?.number}\\b`));
  expect(said).toMatch(/Håvard Lindnes.*altered/);
});
