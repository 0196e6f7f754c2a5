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
