/** Search parameters as a client brings them, on a node whose queue runs. */
import { expect, onTestFinished, test } from 'vitest';
import { startJobs } from '#kernel/jobs.ts';
import { openLog } from '#kernel/log.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { testApi, type TestApi } from '../../../test/support/fhir.ts';

async function nodeOn(name: string): Promise<TestApi> {
  const databaseUrl = await ownDatabaseUrl(name);
  const api = await testApi({}, databaseUrl);
  const { log, close } = openLog({ level: 'error', node: 'test', file: '/dev/null' });
  const { handlers } = api.record.fhir.context.reindex;
  const jobs = await startJobs({ databaseUrl, handlers, log });
  await api.record.fhir.context.reindex.start(jobs);
  onTestFinished(async () => {
    await jobs.stop();
    await api.close();
    await close();
  });
  return api;
}

const shoe = (more: object = {}): object => ({
  resourceType: 'SearchParameter',
  id: 'shoe',
  url: 'http://example.no/SearchParameter/shoe',
  name: 'shoe',
  status: 'active',
  description: 'The size of the shoes',
  code: 'shoe',
  base: ['Patient'],
  type: 'number',
  expression: "Patient.extension.where(url='http://example.no/shoe').value.ofType(integer)",
  ...more,
});
const patient = (size: number): object => ({
  resourceType: 'Patient',
  extension: [{ url: 'http://example.no/shoe', valueInteger: size }],
});
const valueOf = (parameters: any, name: string): unknown =>
  Object.entries(parameters.parameter.find((one: any) => one.name === name) ?? {}).find(([key]) =>
    key.startsWith('value'),
  )?.[1];

test('a search parameter is taken into use without a restart, and searches on it wait for its fill', async () => {
  const api = await nodeOn('reindex_api');
  const [small, large] = [await api.make(patient(36)), await api.make(patient(47))];
  expect((await api.ask('GET', 'Patient?shoe=gt40')).status).toBe(400);
  expect((await api.ask('PUT', 'SearchParameter/shoe', shoe())).status).toBe(201);
  const early = await api.ask('GET', 'Patient?shoe=gt40');
  expect([early.status, early.body.issue[0].code, early.headers['retry-after']]).toEqual([503, 'transient', '5']);
  expect(early.body.issue[0].diagnostics).toContain('is being indexed');
  expect(valueOf((await api.ask('GET', '$reindex-status')).body, 'pending')).toContain('Patient|');
  await expect.poll(async () => (await api.ask('GET', 'Patient?shoe=gt40')).status, { timeout: 20_000 }).toBe(200);
  const idsOf = (bundle: any): string[] => (bundle.entry ?? []).map((one: any) => one.resource.id);
  expect(idsOf((await api.ask('GET', 'Patient?shoe=gt40')).body)).toEqual([large.id]);
  expect(idsOf((await api.ask('GET', 'Patient?shoe=36')).body)).toEqual([small.id]);
  const status = (await api.ask('GET', '$reindex-status')).body;
  expect([valueOf(status, 'state'), valueOf(status, 'percent'), valueOf(status, 'pending')]).toEqual([
    'done',
    100,
    undefined,
  ]);
  expect((await api.ask('GET', `Patient/${small.id}/_history`)).body.total).toBe(1);
  const { rest } = (await api.ask('GET', 'metadata')).body;
  const listed = rest[0].resource.find((one: any) => one.type === 'Patient').searchParam;
  expect(listed).toContainEqual(expect.objectContaining({ name: 'shoe', type: 'number' }));
  expect((await api.ask('DELETE', 'SearchParameter/shoe')).status).toBeLessThan(300);
  expect((await api.ask('GET', 'Patient?shoe=gt40')).status).toBe(400);
});

test('a search parameter that can not be used is refused with the reason', async () => {
  const api = await nodeOn('reindex_api_refused');
  const answer = await api.ask('PUT', 'SearchParameter/shoe', shoe({ expression: 'Patient.shoe.size(' }));
  expect(answer.status).toBe(422);
  const errors = answer.body.issue.filter((one: any) => one.severity === 'error');
  expect(errors).toEqual([expect.objectContaining({ expression: ['SearchParameter.expression'] })]);
  expect((await api.ask('PUT', 'SearchParameter/shoe', shoe({ code: 'name' }))).status).toBe(422);
  expect((await api.ask('PUT', 'SearchParameter/shoe', shoe({ status: 'draft', expression: '(' }))).status).toBe(201);
});

test('an operator may have everything indexed anew', async () => {
  const api = await nodeOn('reindex_api_asked');
  await api.make(patient(40));
  expect((await api.ask('GET', '$reindex')).status).toBe(405);
  expect((await api.ask('POST', '$reindex?_type=Shoes')).status).toBe(400);
  expect((await api.ask('POST', '$reindex?speed=9')).status).toBe(400);
  const begun = await api.ask('POST', '$reindex?_type=Patient,Observation');
  expect([begun.status, begun.headers['content-location']]).toEqual([202, 'http://fyr.test/fhir/$reindex-status']);
  const state = async (): Promise<unknown> => valueOf((await api.ask('GET', '$reindex-status')).body, 'state');
  await expect.poll(state, { timeout: 20_000 }).toBe('done');
  expect(valueOf((await api.ask('GET', '$reindex-status')).body, 'seen')).toBe(1);
});
