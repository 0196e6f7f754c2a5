import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { loadDefinitions } from '#fhir/definitions/index.ts';
import { createValidator, type Validator } from '#fhir/validation/index.ts';
import type { Resource } from '#fhir/types.ts';
import { testDatabaseUrl } from '../../../test/support/database.ts';
import { auditEventId, auditEventOf, numberOfAuditEvent } from './audit-event.ts';
import { actions, outcomes } from './canonical.ts';
import type { AccessEntry } from './entry.ts';
import { accessEntry, openTestLog, testIds, type TestLog } from './log-for-test.ts';

let validator: Validator;
beforeAll(() => {
  validator = createValidator({ definitions: loadDefinitions(), strictProfiles: false, clock: systemClock });
});

function problems(resource: Resource): string[] {
  const { issues } = validator.validate(resource);
  return issues
    .filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .map((issue) => JSON.stringify(issue));
}

const citizen = { kind: 'citizen', reference: 'Patient/p', name: 'Kari Nordskog', client: 'portal' } as const;
const { role: _role, ...withoutRole } = accessEntry();
const variants: Partial<AccessEntry>[] = [
  {},
  { what: { types: { Observation: 3 }, resources: ['Observation/1', 'Patient/x'], query: 'Observation?code=1' } },
  { ground: 'attested:TREAT:Basic/1', attestation: 'Basic/1', purpose: 'ETREAT' },
  { ground: 'break-glass:Basic/1', attestation: 'Basic/1', purpose: 'BTG' },
  { patient: undefined },
];

test('an id of another node, or that is none, is nobody’s number', () => {
  expect(numberOfAuditEvent('region.12', 'region')).toBe(12);
  for (const id of [
    'site.12',
    'region.0',
    'region.-1',
    'region.12x',
    'region',
    '12',
    'region.1e3',
    'region.99999999999999999',
  ])
    expect(numberOfAuditEvent(id, 'region')).toBeUndefined();
  expect(auditEventId({ node: 'region', number: 12 })).toBe('region.12');
});

test('every kind of entry is a valid AuditEvent', () => {
  for (const action of actions)
    for (const outcome of outcomes)
      for (const more of variants) {
        const entry = accessEntry({
          action,
          outcome,
          ...(outcome === 'allowed' ? {} : { reason: 'blocked' }),
          ...more,
        });
        expect(problems(auditEventOf({ ...entry, node: 'test', number: 1 }, new Map()))).toEqual([]);
      }
  for (const who of [
    citizen,
    { kind: 'system', reference: 'lab', name: 'Lab' },
    { kind: 'nobody', reference: '', name: '' },
  ] as const)
    expect(
      problems(auditEventOf({ ...withoutRole, who, purpose: 'SELF', node: 'test', number: 1 }, new Map())),
    ).toEqual([]);
});

test('what personnel did follows the trust framework’s profile: one patient, a role, a purpose of use', () => {
  const entry = accessEntry({ patient: 'p1', ground: 'care-relationship:Encounter/e1' });
  const names = new Map([
    ['Organization/ward', 'Medisinsk sengepost'],
    ['Organization/hospital', 'Sykehuset'],
  ]);
  const event = auditEventOf({ ...entry, node: 'region', number: 7 }, names) as any;
  expect(event.meta.profile).toEqual(['http://hl7.no/fhir/StructureDefinition/no-domain-Trustframework-Auditevent']);
  expect(
    event.extension.map(({ url, valueReference }: any) => [url.split('/').at(-1), valueReference?.reference]),
  ).toEqual([
    ['auditevent-patient-extension', 'Patient/p1'],
    ['auditevent-encounter-extension', 'Encounter/e1'],
    ['auditevent-carerelation-metadata-extension', undefined],
  ]);
  expect(event.extension[2].extension.map(({ url }: any) => url)).toEqual([
    'decision-ref-id',
    'decision-ref-description',
    'decision-ref-user-selected',
    'toa',
  ]);
  expect(event.agent).toHaveLength(1);
  const [role, place] = event.contained;
  expect(event.agent[0].who.reference).toBe(`#${role.id}`);
  expect(role).toMatchObject({
    practitioner: { reference: 'Practitioner/kari', display: 'Kari Lege' },
    organization: { display: 'Medisinsk sengepost' },
    location: [{ reference: `#${place.id}` }],
  });
  expect(place.managingOrganization.display).toBe('Sykehuset');
  expect(event.purposeOfEvent[0].coding[0].code).toBe('TREAT');
  expect(event.type.code).toBe('110110');
});

let db: Db;
let log: TestLog;
beforeAll(async () => {
  const url = testDatabaseUrl();
  db = openDatabase(url, { connectionsMax: 2 });
  log = await openTestLog(url, { anchorFolder: 'none' });
});
afterAll(async () => {
  await log.stop();
  await db.end();
});

const limits = { countDefault: 50, countMax: 100 };
const ids = (page: { resources: Resource[] }): (string | undefined)[] => page.resources.map(({ id }) => id);

test.for([
  [['color', 'red']],
  [['patient', 'a b']],
  [['date', 'yesterday']],
  [['outcome', '5']],
  [['action', 'X']],
  [['_count', '-1']],
  [['_sort', 'date']],
  [['_cursor', '%%%']],
] as [string, string][][])('a search that is not understood is refused: %s', async (parameters) => {
  await expect(log.auditEvents.search(parameters, limits)).rejects.toMatchObject({ kind: 'invalid' });
});

test('what is not among the patients whose log one may read is not there', async () => {
  const patient = testIds.uuid();
  await log.append([accessEntry({ patient })]);
  const { resources } = await log.auditEvents.search([['patient', patient]], limits);
  const id = resources[0]?.id as string;
  await expect(log.auditEvents.read(id, ['another'])).rejects.toMatchObject({ kind: 'notFound' });
  await expect(log.auditEvents.read('test.999999999')).rejects.toMatchObject({ kind: 'notFound' });
  expect(await log.auditEvents.search([['patient', patient]], { ...limits, among: ['another'] })).toMatchObject({
    resources: [],
  });
  expect((await log.auditEvents.read(id, [patient])).patient).toBe(patient);
});

test('a patient’s entries are found newest first, by date, agent, outcome and action, page by page', async () => {
  const patient = testIds.uuid();
  const at = Date.parse('2026-11-20T12:00:00Z');
  const day = 86_400_000;
  await log.append([
    accessEntry({ patient, at }),
    accessEntry({ patient, at: at - day, outcome: 'refused', reason: 'blocked' }),
    accessEntry({ patient, at: at - 2 * day, action: 'create', who: { ...citizen, reference: `Patient/${patient}` } }),
    accessEntry({ at }),
  ]);
  const find = (...more: [string, string][]) =>
    log.auditEvents.search([['patient', `Patient/${patient}`], ...more], limits);
  const [newest, refused, own] = ids(await find());
  expect(ids(await find(['date', 'ge2026-11-19'], ['date', 'lt2026-11-20']))).toEqual([refused]);
  expect(ids(await find(['date', '2026-11-20']))).toEqual([newest]);
  expect(ids(await find(['date', 'le2026-11-18']))).toEqual([own]);
  expect(ids(await find(['agent', `Patient/${patient}`]))).toEqual([own]);
  expect(ids(await find(['outcome', '4']))).toEqual([refused]);
  expect(ids(await find(['action', 'C']))).toEqual([own]);
  expect(ids(await find(['_id', String(refused)]))).toEqual([refused]);
  const first = await find(['_count', '2']);
  expect(ids(first)).toEqual([newest, refused]);
  const second = await find(['_count', '2'], ['_cursor', first.next as string]);
  expect(ids(second)).toEqual([own]);
  expect(second.next).toBeUndefined();
});
