/** Watching a node and declaring downtime, by its sockets: who may, what is told, what is in the log. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFhirVocabulary } from '../node/fhir-vocabulary.ts';
import { testNode, type TestNode } from '../../../test/support/node.ts';

let at: TestNode;
beforeAll(async () => {
  at = await testNode('operations');
}, 120_000);
afterAll(async () => at?.stop());

const administration = async (): Promise<string[]> => {
  const rows = await at.db<{ content: string }[]>`select content from access_entry order by number`;
  return rows.map(({ content }) => content).filter((content) => content.includes('administration'));
};

test('numbers of the node are for those who run it: others are refused, and that is logged', async () => {
  for (const path of ['/api/operations', '/api/operations/history?number=backlog']) {
    expect((await at.ask('GET', path)).status).toBe(401);
    expect((await at.ask('GET', path, { as: 'nurse' })).status).toBe(403);
  }
  expect((await administration()).some((content) => content.includes('operations'))).toBe(true);
});

test('metrics are for this machine; through a proxy only for those who run the node', async () => {
  const own = await at.ask('GET', '/metrics');
  expect(own.status).toBe(200);
  expect(own.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(own.text).toMatch(/^fyr_http_requests_total\{.*route="\/metrics|^# TYPE fyr_http_requests_total counter/m);
  expect(own.text).toMatch(/^fyr_database_bytes \d+/m);
  // What nobody can tell is left out, not 0.
  expect(own.text).not.toMatch(/fyr_feed_lag_seconds/);
  for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
    expect((await at.ask('GET', '/metrics', { headers: { [header]: '10.0.0.1' } })).status).toBe(401);
  }
  const asOperator = await at.ask('GET', '/metrics', { as: 'operator', headers: { via: '1.1 proxy' } });
  expect(asOperator.status).toBe(200);
  expect((await at.ask('GET', '/metrics', { as: 'nurse', headers: { via: '1.1 proxy' } })).status).toBe(403);
});

test('the state of the node tells numbers, alarms and their words; the history is kept by the minute', async () => {
  const { status, body } = await at.ask('GET', '/api/operations', { as: 'operator' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ node: 'test', role: 'region' });
  expect(body.numbers.databaseAnswerMs).toBeGreaterThanOrEqual(0);
  expect(Math.abs(body.numbers.clockOffsetDatabaseMs)).toBeLessThan(5000);
  expect(body.numbers.dataFreeShare).toBeGreaterThan(0);
  expect(body.numbers.conflicts).toBe(0);
  await at.db`insert into operation_sample (at, process, numbers) values (now(), 'test', '{"databaseBytes": 5}')`;
  const history = await at.ask('GET', '/api/operations/history?number=databaseBytes&hours=1', { as: 'operator' });
  expect(history.body.samples.at(-1)?.[1]).toBe(5);
  expect((await at.ask('GET', '/api/operations/history?number=secrets', { as: 'operator' })).status).toBe(400);
});

test('a downtime: begun in two steps, in the banner for all, ended after the check-list, with a report', async () => {
  expect((await at.ask('GET', '/api/downtime')).status).toBe(401);
  expect((await at.ask('GET', '/api/downtime', { as: 'nurse' })).body).toEqual({ node: 'test' });
  const citizen = await at.ask('POST', '/api/downtime', {
    as: 'youngMother',
    body: { kind: 'network', reason: 'no web' },
  });
  expect(citizen.status).toBe(403);
  const wrong = await at.ask('POST', '/api/downtime', { as: 'nurse', body: { kind: 'network', reason: '' } });
  expect(wrong.status).toBe(400);
  const begun = await at.ask('POST', '/api/downtime', {
    as: 'nurse',
    body: { kind: 'network', reason: 'The hospital network is gone' },
  });
  expect([begun.status, begun.body.downtime.state]).toEqual([201, 'proposed']);
  const { id } = begun.body.downtime;
  const again = await at.ask('POST', '/api/downtime', { as: 'operator', body: { kind: 'other', reason: 'The same' } });
  expect(again.status).toBe(409);
  expect((await at.ask('POST', `/api/downtime/${id}/declare`, { as: 'operator', body: {} })).body.downtime.state).toBe(
    'declared',
  );
  const banner = (await at.ask('GET', '/api/downtime', { as: 'youngMother' })).body.downtime;
  expect(banner).toMatchObject({ state: 'declared', kind: 'network', reason: 'The hospital network is gone' });
  expect(banner.care.nn).toMatch(/naudpakken/);
  const early = await at.ask('POST', `/api/downtime/${id}/end`, { as: 'operator', body: {} });
  expect(early.status).toBe(409);
  const checked = await at.ask('POST', `/api/downtime/${id}/reconcile`, { as: 'operator', body: {} });
  expect(checked.body.checks.map(({ name }: { name: string }) => name)).toEqual([
    'waiting',
    'conflicts',
    'quarantine',
    'paper',
    'doubles',
    'digests',
  ]);
  for (const { name, isOpen } of checked.body.checks) {
    if (isOpen)
      await at.ask('POST', `/api/downtime/${id}/settle`, {
        as: 'operator',
        body: { name, words: 'looked at by hand' },
      });
  }
  expect((await at.ask('POST', `/api/downtime/${id}/end`, { as: 'operator', body: {} })).body.downtime.state).toBe(
    'ended',
  );
  expect((await at.ask('GET', '/api/downtime', { as: 'nurse' })).body).toEqual({ node: 'test' });
  const report = await at.ask('GET', `/api/downtime/${id}/report?format=html&language=nn`, { as: 'nurse' });
  expect(report.headers.get('content-disposition')).toMatch(/^attachment; filename="downtime-\d{4}-\d\d-\d\d\.html"/);
  expect(report.text).toContain('The hospital network is gone');
  expect(report.text).toContain('Kva som var i tvil');
  expect((await at.ask('GET', `/api/downtime/${id}/report`, { as: 'nurse' })).body).toMatchObject({
    node: 'test',
    downtime: { id },
  });
  const log = await administration();
  for (const step of ['begin', 'declare', 'reconcile', 'end']) {
    expect(log.some((content) => content.includes(`downtime: ${step}`))).toBe(true);
  }
});

test('reasons that are markup are told as words', async () => {
  const begun = await at.ask('POST', '/api/downtime', {
    as: 'nurse',
    body: { kind: 'other', reason: '<script>alert(1)</script>' },
  });
  const { id } = begun.body.downtime;
  const { text } = await at.ask('GET', `/api/downtime/${id}/report?format=html`, { as: 'nurse' });
  expect(text).not.toContain('<script>');
  await at.ask('POST', `/api/downtime/${id}/dismiss`, { as: 'nurse', body: { words: 'a test' } });
});

test('conflicts and doubles are counted as the sync rules make them', async () => {
  const vocabulary = createFhirVocabulary({ nodeOfPlace: () => undefined });
  const version = {
    resource: 'Basic/1',
    type: 'Basic',
    id: '1-site',
    at: 0,
    patient: undefined,
    parents: [],
    seal: '',
    parentSeals: [],
    content: '{}',
  };
  const task = vocabulary.reconciliationTask(version as never);
  const alert = JSON.parse(vocabulary.doubleAlert('dose-1', undefined)) as { [name: string]: unknown };
  expect(task).toContain('"reconcile-versions"');
  expect(task).toContain('https://fyr.no/fhir/CodeSystem/continuity');
  expect(alert).toMatchObject({
    status: 'preliminary',
    identifier: [{ system: 'https://fyr.no/fhir/CodeSystem/continuity/done-twice' }],
  });
});

test('jobs that failed are told without numbers of people, and are run again by an operator alone', async () => {
  expect((await at.ask('GET', '/api/operations/jobs', { as: 'nurse' })).status).toBe(403);
  await at.db`select job.add_job('no-such-work', '{"patient":"hidden"}', max_attempts => 1)`;
  const [row] = await at.db<{ id: string }[]>`
    update job._private_jobs j set attempts = 1, last_error = ${`no place for 13847198754\n at file`}
    from job._private_tasks t where t.id = j.task_id and t.identifier = 'no-such-work' returning j.id::text as id`;
  const { body, text } = await at.ask('GET', '/api/operations/jobs', { as: 'operator' });
  const [first] = body.jobs;
  expect(first).toMatchObject({ id: row?.id, name: 'no-such-work', state: 'given-up', attempts: 1, attemptsMax: 1 });
  expect(first.problem).toBe('no place for <number>');
  expect(text).not.toContain('hidden');
  expect(body.all).toBeGreaterThanOrEqual(body.jobs.length);
  const again = (as: string, id = row?.id ?? ''): Promise<{ status: number }> =>
    at.ask('POST', `/api/operations/jobs/${id}/again`, { as, body: {} });
  expect((await again('nurse')).status).toBe(403);
  expect((await again('operator', '999999999')).status).toBe(409);
  expect((await again('operator', 'x')).status).toBe(400);
  expect((await again('operator')).status).toBe(200);
  const { body: after } = await at.ask('GET', '/api/operations/jobs', { as: 'operator' });
  expect(after.jobs.find(({ id }: { id: string }) => id === row?.id)).toMatchObject({ state: 'tried', attempts: 0 });
  expect((await administration()).some((content) => content.includes(`job: again ${row?.id}`))).toBe(true);
});

test('backups are listed, the newest first, with whether they were proven', async () => {
  expect((await at.ask('GET', '/api/operations/backups', { as: 'privacyOfficer' })).status).toBe(403);
  await at.db`insert into backup_made (id, at, finished, folder, rows, bytes_written, blobs, blobs_damaged, verified) values
    ('aaaaaaaa', now() - interval '2 days', now() - interval '2 days', '/mnt/backup', 10, 2000, 3, 0, now()),
    ('bbbbbbbb', now() - interval '1 hour', now(), '/mnt/backup', 4, 900, 3, 1, null)`;
  const { body } = await at.ask('GET', '/api/operations/backups', { as: 'operator' });
  expect(
    body.backups.map(({ id, verified }: { id: string; verified?: number }) => [id, verified !== undefined]),
  ).toEqual([
    ['bbbbbbbb', false],
    ['aaaaaaaa', true],
  ]);
  expect(body.backups[0]).toMatchObject({ bytesWritten: 900, blobsDamaged: 1, folder: '/mnt/backup' });
});
