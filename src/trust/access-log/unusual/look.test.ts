/** A day of the log against a real record: what is found, and what is kept. */
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '#kernel/db.ts';
import { plainWriter } from '#fhir/record/record-for-test.ts';
import type { Resource } from '#fhir/types.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import { ownDatabaseUrl } from '../../../../test/support/database.ts';
import { backgroundGrant } from '../../grant.ts';
import type { AccessEntry } from '../entry.ts';
import { accessEntry, openTestLog } from '../log-for-test.ts';
import { createUnusual, type Unusual } from './index.ts';

const monday = Date.parse('2026-11-16T10:00:00+01:00');
const dayMs = 86_400_000;
const number = '45895200148';

async function region(name: string) {
  const url = await ownDatabaseUrl(`unusual_${name}`);
  const db = openDatabase(url, { connectionsMax: 3 });
  const log = await openTestLog(url);
  onTestFinished(async () => {
    await log.stop();
    await db.end();
  });
  const writer = plainWriter(db);
  const put = async (...resources: Resource[]): Promise<void> => {
    for (const resource of resources)
      await writer.apply(backgroundGrant('test'), [{ interaction: 'update', id: resource.id as string, resource }]);
  };
  const unusual = createUnusual({
    db,
    node: 'test',
    now: () => monday + dayMs,
    patientByNumber: async (of) => (of === number ? 'kari-home' : undefined),
  });
  return { db, log, put, unusual };
}

const person = (resourceType: string, id: string, family: string, more: object = {}): Resource =>
  ({ resourceType, id, name: [{ family, given: ['Kari'] }], ...more }) as Resource;
const national = { identifier: [{ system: identifierSystems.nationalNumber, value: number }] };
const home = { address: [{ line: ['Fjellvegen 1'], postalCode: '9000' }] };

function read(patient: string, more: Partial<AccessEntry> = {}): AccessEntry {
  return accessEntry({ at: monday, patient, ...more });
}

async function found(unusual: Unusual, more: object = {}): Promise<{ [patient: string]: string[] }> {
  const { findings } = await unusual.findings({ count: 100, language: 'en', ...more });
  return Object.fromEntries(findings.map(({ patient, reasons }) => [patient ?? '', reasons.map(({ rule }) => rule)]));
}

test('a period that is too long, or none, is refused', async () => {
  const { unusual } = await region('refused');
  await expect(unusual.run(monday, monday)).rejects.toMatchObject({ kind: 'invalid' });
  await expect(unusual.run(monday, monday + 40 * dayMs)).rejects.toMatchObject({ kind: 'invalid' });
  await expect(unusual.findings({ count: 1, cursor: 'x', language: 'nb' })).rejects.toMatchObject({ kind: 'invalid' });
});

test('each reason is found in what the record says; what was refused, and what citizens and the log’s readers do, is left out', async () => {
  const { log, put, unusual } = await region('reasons');
  await put(
    person('Practitioner', 'kari', 'Berg', national),
    {
      resourceType: 'PractitionerRole',
      id: 'kari-ward',
      practitioner: { reference: 'Practitioner/kari' },
      availableTime: [{ daysOfWeek: ['mon'], availableStartTime: '08:00:00', availableEndTime: '15:30:00' }],
    } as Resource,
    person('Patient', 'kari-home', 'Berg', { ...national, ...home }),
    person('Patient', 'husband', 'Dahl', home),
    person('Patient', 'namesake', 'Berg-Lund'),
    person('Patient', 'famous', 'Stjerne', {
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'CEL' }] },
    }),
    ...['stranger', 'ended', 'ordinary', 'night'].map((id) => person('Patient', id, 'Vik')),
    person('Practitioner', 'per', 'Moen', { birthDate: '1980-01-01' }),
    person('Patient', 'per-home', 'Moen', { birthDate: '1980-01-01' }),
    { resourceType: 'Encounter', id: 'long-ago', status: 'finished', period: { end: '2026-06-01' } } as Resource,
  );
  await log.append([
    read('kari-home'),
    read('husband'),
    read('namesake'),
    read('famous'),
    read('stranger', { ground: 'attested:TREAT:Basic/1' }),
    read('ended', { ground: 'care-relationship:Encounter/long-ago' }),
    read('night', { at: monday + 12 * 3_600_000, purpose: 'BTG', ground: 'break-glass:Basic/2' }),
    read('ordinary'),
    read('per-home'),
    read('ordinary', { who: { kind: 'personnel', reference: 'Practitioner/per', name: 'Per', authorisation: 'SP' } }),
    read('stranger', { outcome: 'refused', reason: 'blocked', ground: 'break-glass:Basic/1' }),
    read('ordinary', { who: { kind: 'citizen', reference: 'Patient/ordinary', name: 'Kari Vik' }, purpose: 'BTG' }),
    read('ordinary', { action: 'log-read', ground: 'break-glass:x' }),
    read('ordinary', { at: monday - dayMs, purpose: 'BTG' }),
  ]);
  expect(await unusual.run(monday, monday + 1)).toEqual({ days: 1, findings: 8 });
  expect(await found(unusual)).toEqual({
    'kari-home': ['own-record'],
    husband: ['same-address'],
    namesake: ['same-family-name'],
    famous: ['marked-patient'],
    stranger: ['no-relationship'],
    ended: ['ended-relationship'],
    night: ['break-glass', 'odd-hours'],
    'per-home': ['colleague'],
  });
  expect(Object.keys(await found(unusual, { rule: 'colleague' }))).toEqual(['per-home']);
  expect(Object.keys(await found(unusual, { from: monday + dayMs }))).toEqual([]);
  const { findings, next } = await unusual.findings({ count: 3, language: 'nb' });
  expect(findings.map(({ score }) => score)).toEqual([3, 3, 3]);
  expect(findings[0]?.reasons[0]?.words).toMatch(/egen journal|adresse|arbeidstid|nødtilgang/);
  expect((await unusual.findings({ count: 10, cursor: next as string, language: 'nb' })).findings).toHaveLength(5);
});

test('volume is held against the person’s own days and the day of others; looking again changes nothing', async () => {
  const { log, unusual } = await region('volume');
  const by = (who: string, day: number, patients: number): AccessEntry[] =>
    Array.from({ length: patients }, (_, i) =>
      read(`p${i}`, {
        at: monday + day * dayMs,
        who: { kind: 'personnel', reference: `Practitioner/${who}`, name: who, authorisation: 'SP' },
      }),
    );
  for (let day = -6; day < 0; day++) await log.append(by('curious', day, 5));
  await log.append(by('curious', 0, 60));
  for (const peer of ['a', 'b', 'c']) await log.append(by(peer, 0, 6));
  const week = [monday - 6 * dayMs, monday + 1] as const;
  const first = await unusual.run(...week);
  expect(first).toMatchObject({ days: 7, findings: 1 });
  expect(await unusual.run(...week)).toEqual(first);
  const { findings } = await unusual.findings({ count: 5, language: 'en' });
  expect(findings[0]).toMatchObject({ who: 'Practitioner/curious', entries: 60, score: 3 });
  expect(findings[0]?.reasons[0]?.words).toBe('60 patients in a day, usually 5');
});

test('the nightly job looks at the last days and asks to be run the next night', async () => {
  const { log, unusual } = await region('nightly');
  await log.append([read('x', { purpose: 'BTG' })]);
  const added: (number | undefined)[] = [];
  await unusual.start({ add: async (_name, _payload, options) => void added.push(options?.notBefore) });
  const [handle] = Object.values(unusual.jobHandlers);
  await handle?.({}, { attempt: 1, signal: new AbortController().signal });
  expect(Object.keys(await found(unusual))).toEqual(['x']);
  expect(added).toEqual([Date.parse('2026-11-18T02:00:00+01:00'), Date.parse('2026-11-18T02:00:00+01:00')]);
});
