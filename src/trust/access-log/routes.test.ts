/** The JSON routes over a real server and a real log; who may is decided by what the tests hand in. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import { createHttpServer, type HttpServer } from '#kernel/http.ts';
import { testDatabaseUrl } from '../../../test/support/database.ts';
import type { Caller } from '../caller.ts';
import type { AccessEntry, LoggedEntry } from './entry.ts';
import { accessEntry, openTestLog, testIds, type TestLog } from './log-for-test.ts';
import { registerLogRoutes, type WrongAccess } from './routes.ts';
import { createPeople } from './people.ts';

let log: TestLog;
let server: HttpServer;
const cases: WrongAccess[] = [];

beforeAll(async () => {
  log = await openTestLog(testDatabaseUrl(), { anchorFolder: 'none' });
  server = await createHttpServer({ bodyBytesMax: 100_000, requestTimeoutMs: 0 });
  await registerLogRoutes(server, {
    people: createPeople({ find: () => Promise.resolve([]) }),
    log,
    reader: log.reader,
    names: log.names,
    unusual: log.unusual,
    reports: log.reports,
    casesSince: async () => [],
    clock: systemClock,
    ids: testIds,
    node: 'test',
    require: async ({ headers }) => {
      const [kind, id = ''] = String(headers['x-caller'] ?? '').split(' ');
      if (kind === 'citizen') return citizen(id);
      if (kind === 'officer') return officer;
      throw new Fault('unauthenticated', 'Sign in first.');
    },
    mayReadLogOf: async ({ subject }, patient) => {
      if (subject.kind === 'citizen' && subject.patient === patient) return { purpose: 'SELF', ground: 'own-record' };
      if (subject.kind === 'citizen' && patient === `child-of-${subject.patient}`)
        return { purpose: 'REPRESENT', ground: 'parent:RelatedPerson/1' };
      throw new Fault('notFound', 'Nobody here.');
    },
    mayOversee: async (caller) => {
      if (caller !== officer) throw new Fault('forbidden', 'For the privacy officer.');
      return { purpose: 'PRIVACY', ground: 'privacy-oversight' };
    },
    openCase: async (wrong) => `case-${cases.push(wrong)}`,
  });
});
afterAll(async () => {
  await server.close();
  await log.stop();
});

const signed = { issuer: 'i', subject: 's', client: 'fyr-pages', scopes: undefined, signedInAt: 0, isOffline: false };
const citizen = (patient: string): Caller => ({
  subject: {
    ...signed,
    kind: 'citizen',
    patient,
    name: 'Solveig Nordskog',
    personNumber: '45895200148',
    securityLevel: 4,
  },
  address: '192.0.2.1',
  session: 's1',
});
const officer: Caller = {
  subject: {
    ...signed,
    kind: 'personnel',
    practitioner: 'tove',
    name: 'Tove Granheim',
    personNumber: '45895200148',
    duty: 'privacyOfficer',
    securityLevel: 4,
    role: {
      legalEntity: 'hf',
      pointOfCare: 'hospital',
      legalEntityNumber: '983974678',
      pointOfCareNumber: '974589095',
    },
  },
  address: '192.0.2.2',
};

async function ask(caller: string, path: string, payload?: object) {
  const answer = await server.inject({
    method: payload ? 'POST' : 'GET',
    url: `/api/log/${path}`,
    headers: { 'x-caller': caller },
    ...(payload ? { payload } : {}),
  });
  const isJson = String(answer.headers['content-type']).startsWith('application/json');
  const body = isJson ? answer.json() : undefined;
  return { status: answer.statusCode, body, headers: answer.headers, text: answer.body };
}

async function logOf(patient: string, action: AccessEntry['action']): Promise<LoggedEntry[]> {
  return Array.fromAsync(log.reader.entries({ patient, actions: [action] }));
}

test('who has not signed in sees nothing', async () => {
  for (const path of ['mine', 'search', 'sample?from=2026-01-01&until=2026-02-01', 'unusual'])
    expect((await ask('', path)).status).toBe(401);
});

test('another’s log is not there, and the attempt is in it', async () => {
  const [patient, other] = [testIds.uuid(), testIds.uuid()];
  await log.append([accessEntry({ patient: other })]);
  expect((await ask(`citizen ${patient}`, `mine?patient=${other}`)).status).toBe(404);
  const [attempt] = await logOf(other, 'log-read');
  expect(attempt).toMatchObject({ outcome: 'refused', who: { reference: `Patient/${patient}` } });
});

test('only the privacy officer looks through the log, and has no page of their own', async () => {
  const patient = testIds.uuid();
  for (const path of ['search', 'sample?from=2026-01-01&until=2026-02-01', 'unusual'])
    expect((await ask(`citizen ${patient}`, path)).status).toBe(403);
  expect((await ask(`citizen ${patient}`, 'unusual/run', { from: '2026-11-01', until: '2026-11-02' })).status).toBe(
    403,
  );
  expect((await ask('officer', 'mine')).status).toBe(403);
});

test.for([
  'mine?count=0',
  'mine?count=1000',
  'mine?cursor=abc',
  'mine?from=yesterday',
  'mine?color=red',
  'mine?kind=x',
  'mine?who=Practitioner/1',
  'mine?count=1&count=2',
])('what is not understood is refused: %s', async (path) => {
  const { status, body } = await ask(`citizen ${testIds.uuid()}`, path);
  expect(status).toBe(400);
  expect(body.problem).toMatch(/./);
});

test('a report about an entry of another is refused and opens no case', async () => {
  const [patient, other] = [testIds.uuid(), testIds.uuid()];
  await log.append([accessEntry({ patient: other })]);
  const [entry] = await Array.fromAsync(log.reader.entries({ patient: other }));
  const before = cases.length;
  const wrong = (id: string) => ask(`citizen ${patient}`, 'mine/wrong', { entry: id, message: 'Who is this?' });
  expect((await wrong(`test.${entry?.number}`)).status).toBe(404);
  expect((await wrong('elsewhere.1')).status).toBe(404);
  expect((await ask(`citizen ${patient}`, 'mine/wrong', { entry: 'x', message: '' })).status).toBe(400);
  expect(cases.length).toBe(before);
});

test('one’s own page tells who, what, when, from where and why in plain words, and no number of anybody', async () => {
  const patient = testIds.uuid();
  await log.append([
    accessEntry({ patient, what: { types: { Observation: 2, Condition: 1 }, resources: ['Observation/1'] } }),
    accessEntry({ patient, purpose: 'BTG', ground: 'break-glass:Basic/1' }),
    accessEntry({ patient, outcome: 'refused', reason: 'blocked' }),
  ]);
  const { status, body, headers, text } = await ask(`citizen ${patient}`, 'mine?language=nb');
  expect(status).toBe(200);
  expect(headers['cache-control']).toBe('no-store');
  expect(body.lines).toHaveLength(3);
  expect(body.lines[2]).toMatchObject({
    count: 1,
    who: { name: 'Kari Lege', profession: 'lege', isSelf: false },
    organisation: { id: 'hospital' },
    kind: 'read',
    action: { words: 'åpnet' },
    what: { words: ['prøvesvar og målinger', 'diagnoser'] },
    why: { words: 'besøk eller innleggelse' },
    outcome: 'allowed',
    isEmergency: false,
    node: 'test',
  });
  expect(body.lines[1]).toMatchObject({ isEmergency: true, why: { words: 'nødtilgang, som blir fulgt opp' } });
  expect(text).not.toMatch(/45895200148|Practitioner\/|983974678/);
  const inEnglish = await ask(`citizen ${patient}`, 'mine?language=en&by=others');
  expect(inEnglish.body.lines.at(-1).what.words).toEqual(['test results and measurements', 'diagnoses']);
});

test('reading the log is in the log, and is on the page the next time, unless one asks for others only', async () => {
  const patient = testIds.uuid();
  expect((await ask(`citizen ${patient}`, 'mine')).body.lines).toEqual([]);
  const [own] = await logOf(patient, 'log-read');
  expect(own).toMatchObject({
    purpose: 'SELF',
    ground: 'own-record',
    outcome: 'allowed',
    from: { address: '192.0.2.1', session: 's1' },
  });
  expect((await ask(`citizen ${patient}`, 'mine')).body.lines[0]).toMatchObject({ kind: 'log', who: { isSelf: true } });
  expect((await ask(`citizen ${patient}`, 'mine?by=others')).body.lines).toEqual([]);
});

test('a parent reads a child’s page by the ground that the policy gave', async () => {
  const parent = testIds.uuid();
  await log.append([accessEntry({ patient: `child-of-${parent}` })]);
  const { body } = await ask(`citizen ${parent}`, `mine?patient=child-of-${parent}`);
  expect(body.lines).toHaveLength(1);
  expect((await logOf(`child-of-${parent}`, 'log-read'))[0]).toMatchObject({
    purpose: 'REPRESENT',
    ground: 'parent:RelatedPerson/1',
  });
});

test('the page is narrowed by time, person, organisation and kind, and turned', async () => {
  const patient = testIds.uuid();
  const at = Date.parse('2026-11-20T12:00:00Z');
  const ola = { kind: 'personnel', reference: 'Practitioner/ola', name: 'Ola' } as const;
  await log.append([
    accessEntry({ patient, at }),
    accessEntry({ patient, at: at - 86_400_000, who: ola }),
    accessEntry({
      patient,
      at: at - 2 * 86_400_000,
      action: 'update',
      role: { ...accessEntry().role!, pointOfCare: 'clinic' },
    }),
  ]);
  const me = `citizen ${patient}`;
  const lines = async (more: string) =>
    (await ask(me, `mine?by=others&${more}`)).body.lines.map(({ last }: any) => last.slice(0, 10));
  expect(await lines('')).toEqual(['2026-11-20', '2026-11-19', '2026-11-18']);
  expect(await lines('from=2026-11-19&until=2026-11-19')).toEqual(['2026-11-19']);
  expect(await lines('organisation=clinic')).toEqual(['2026-11-18']);
  expect(await lines('kind=write')).toEqual(['2026-11-18']);
  const key = (await ask(me, 'mine?by=others')).body.lines[1].who.key;
  expect(await lines(`who=${key}`)).toEqual(['2026-11-19']);
  const first = await ask(me, 'mine?by=others&count=2');
  expect(first.body.lines).toHaveLength(2);
  expect(await lines(`count=2&cursor=${first.body.next}`)).toEqual(['2026-11-18']);
});

test('“this looks wrong” opens a case for the privacy officer with what the entry says', async () => {
  const patient = testIds.uuid();
  await log.append([accessEntry({ patient })]);
  const me = `citizen ${patient}`;
  const { body } = await ask(me, 'mine');
  const entry = body.lines[0].id;
  const answer = await ask(me, 'mine/wrong', { entry, message: 'I have never met her.' });
  expect(answer.body).toEqual({ case: `case-${cases.length}` });
  expect(cases.at(-1)).toMatchObject({
    patient,
    entry: { id: entry, reference: 'Practitioner/kari', name: 'Kari Lege' },
    message: 'I have never met her.',
  });
});

test('the privacy officer searches by patient, person, organisation, ground and outcome; each patient’s log says so', async () => {
  const [patient, other] = [testIds.uuid(), testIds.uuid()];
  const who = { kind: 'personnel', reference: `Practitioner/${testIds.uuid()}`, name: 'Nils' } as const;
  const unit = { ...accessEntry().role!, department: testIds.uuid() };
  await log.append([
    accessEntry({ patient, who, role: unit }),
    accessEntry({ patient: other, who, role: unit, ground: 'attested:TREAT:Basic/1', attestation: 'Basic/1' }),
    accessEntry({ patient: other, who, outcome: 'refused', reason: 'no-relationship' }),
  ]);
  const patients = async (more: string) =>
    (await ask('officer', `search?${more}`)).body.entries.map((each: any) => each.patient);
  expect(await patients(`who=${who.reference}`)).toEqual([other, other, patient]);
  expect(await patients(`who=${who.reference}&ground=attested:`)).toEqual([other]);
  expect(await patients(`organisation=${unit.department}`)).toEqual([other, patient]);
  expect(await patients(`patient=${other}&outcome=refused`)).toEqual([other]);
  const { body } = await ask('officer', `search?patient=${patient}&language=en&action=read`);
  expect(body.entries[0]).toMatchObject({
    who: { reference: who.reference, name: 'Nils' },
    ground: 'care-relationship:Encounter/1',
    why: { words: 'visit or stay' },
    from: { address: '10.0.0.7' },
  });
  expect((await logOf(other, 'log-read')).length).toBeGreaterThanOrEqual(4);
  const page = await ask('officer', `search?who=${who.reference}&count=2`);
  expect(page.body.entries).toHaveLength(2);
  expect(
    (await ask('officer', `search?who=${who.reference}&count=2&cursor=${page.body.next}`)).body.entries,
  ).toHaveLength(1);
});

test('a sample is drawn from the period it names, without repeats', async () => {
  const at = Date.parse('2020-05-05T12:00:00Z') + testIds.below(1_000_000);
  const patients = Array.from({ length: 10 }, () => testIds.uuid());
  await log.append(patients.map((patient) => accessEntry({ patient, at })));
  const period = 'from=2020-05-05&until=2020-05-05';
  const few = (await ask('officer', `sample?${period}&count=4`)).body.entries.map((each: any) => each.patient);
  expect(new Set(few).size).toBe(4);
  expect(patients).toEqual(expect.arrayContaining(few));
  expect((await ask('officer', `sample?${period}&count=50`)).body.entries).toHaveLength(10);
  expect((await ask('officer', 'sample?from=2019-05-05&until=2019-05-05')).body.entries).toEqual([]);
});

test('what looks unusual is looked for on demand and read with its reasons', async () => {
  const patient = testIds.uuid();
  const at = Date.parse('2020-06-06T12:00:00Z');
  await log.append([accessEntry({ patient, at, purpose: 'BTG', ground: 'break-glass:Basic/1' })]);
  const ran = await ask('officer', 'unusual/run', { from: '2020-06-06', until: '2020-06-06' });
  expect(ran.body).toMatchObject({ days: 1 });
  const { body } = await ask('officer', `unusual?patient=${patient}&language=en`);
  expect(body.findings[0]).toMatchObject({
    day: '2020-06-06',
    reasons: [{ rule: 'break-glass', words: 'used emergency access' }],
  });
});

test('the report of the weeks is for the privacy officer, also as a table, and asking for it is in the log', async () => {
  expect((await ask(`citizen ${testIds.uuid()}`, 'report')).status).toBe(403);
  expect((await ask('officer', 'report?weeks=99')).status).toBe(400);
  const { status, body } = await ask('officer', 'report?weeks=3&language=en');
  expect([status, body.weeks.length, body.openNow]).toEqual([200, 3, 0]);
  expect(body.accesses.some(({ roleWords }: { roleWords: string }) => roleWords === 'doctor')).toBe(true);
  const table = await ask('officer', 'report.csv?weeks=1');
  expect(table.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(table.headers['content-disposition']).toMatch(/attachment; filename="access-report-\d{4}-\d\d-\d\d\.csv"/);
  expect(table.text).toMatch(/^week;measure;role;kind;outcome;count\r\n/);
  const entries = log.reader.entries({ actions: ['log-read'] });
  const { value: newest } = await entries.next();
  expect(newest?.what.query).toBe('report 1 weeks');
});
