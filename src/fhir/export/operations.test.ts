/** Bulk export as a client sees it: kick-off, status, files, cancel, and the refusals. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import { testApi, testBase, type Answer, type TestApi } from '../../../test/support/fhir.ts';

type Api = TestApi & { work(): Promise<void> };

const respondAsync = { prefer: 'respond-async' };

async function apiOn(name: string): Promise<Api> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-export-api-'));
  const api = await testApi({ FYR_DATA: folder }, await ownDatabaseUrl(name));
  onTestFinished(async () => {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const queue: [string, unknown][] = [];
  const { handlers } = api.record.fhir.context.exports;
  await api.record.fhir.context.exports.start({ add: async (job, payload) => void queue.push([job, payload]) });
  const signal = new AbortController().signal;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      if (next[0] === 'export') await handlers['export']?.(next[1], { signal, attempt: 1 });
    }
  };
  return { ...api, work };
}

const pathOf = (answer: Answer): string => String(answer.headers['content-location']).slice(testBase.length + 1);
const lines = (text: string): { resourceType: string; id: string }[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { resourceType: string; id: string });

test('an export is kicked off, followed, read and removed', async () => {
  const api = await apiOn('export_api');
  const patient = await api.make({ resourceType: 'Patient', gender: 'female' });
  const kickOff = await api.ask('GET', '$export?_type=Patient,Observation', undefined, respondAsync);
  expect([kickOff.status, kickOff.text]).toEqual([202, '']);
  const status = pathOf(kickOff);
  const waiting = await api.ask('GET', status);
  expect([waiting.status, waiting.headers['x-progress'], waiting.headers['retry-after']]).toEqual([
    202,
    'waiting',
    '2',
  ]);
  await api.work();
  const done = await api.ask('GET', status);
  expect(done.headers['content-type']).toContain('application/json');
  expect(Date.parse(String(done.headers['expires']))).toBeGreaterThan(Date.now());
  expect(done.body).toEqual({
    transactionTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    request: `${testBase}/$export?_type=Patient%2CObservation`,
    requiresAccessToken: true,
    output: [{ type: 'Patient', url: expect.stringContaining('$export-file?job=') as string, count: 1 }],
    deleted: [],
    error: [],
  });
  const file = (done.body.output[0].url as string).slice(testBase.length + 1);
  const read = await api.ask('GET', file, undefined, { accept: 'application/fhir+ndjson' });
  expect(read.headers['content-type']).toContain('application/fhir+ndjson');
  expect(lines(read.text)).toEqual([patient]);
  expect((await api.ask('DELETE', status)).status).toBe(202);
  for (const path of [status, file]) expect((await api.ask('GET', path)).status).toBe(404);
  expect((await api.ask('DELETE', status)).status).toBe(404);
});

test('a file comes compressed to who accepts it', async () => {
  const api = await apiOn('export_gzip');
  for (let i = 0; i < 30; i++) await api.make({ resourceType: 'Patient' });
  const status = pathOf(await api.ask('GET', 'Patient/$export', undefined, respondAsync));
  await api.work();
  const { url } = (await api.ask('GET', status)).body.output[0];
  const answer = await api.server.inject({
    url: `/fhir${url.slice(testBase.length)}`,
    headers: { 'accept-encoding': 'br, gzip' },
  });
  expect(answer.headers['content-encoding']).toBe('gzip');
  expect(lines(gunzipSync(answer.rawPayload).toString())).toHaveLength(30);
});

test('an export of a group has its members, and of those only the patients that are named', async () => {
  const api = await apiOn('export_api_group');
  const [a, b, c] = [
    await api.make({ resourceType: 'Patient' }),
    await api.make({ resourceType: 'Patient' }),
    await api.make({ resourceType: 'Patient' }),
  ];
  const member = [
    { entity: { reference: `Patient/${a.id}` } },
    { entity: { reference: `Patient/${b.id}` } },
    { entity: { reference: `Patient/${c.id}` }, inactive: true },
  ];
  const group = await api.make({ resourceType: 'Group', type: 'person', actual: true, member });
  const of = async (kickOff: Answer): Promise<string[]> => {
    expect(kickOff.status, kickOff.text).toBe(202);
    await api.work();
    const { output } = (await api.ask('GET', pathOf(kickOff))).body;
    const files = await Promise.all(output.map((one: any) => api.ask('GET', one.url.slice(testBase.length + 1))));
    return files
      .flatMap((file) => lines(file.text))
      .map((one) => one.id)
      .sort();
  };
  const all = await api.ask('GET', `Group/${group.id}/$export?_type=Patient`, undefined, respondAsync);
  expect(await of(all)).toEqual([a.id, b.id].sort());
  const body = {
    resourceType: 'Parameters',
    parameter: [{ name: 'patient', valueReference: { reference: `Patient/${b.id}` } }],
  };
  expect(await of(await api.ask('POST', `Group/${group.id}/$export?_type=Patient`, body, respondAsync))).toEqual([
    b.id,
  ]);
  const stranger = {
    resourceType: 'Parameters',
    parameter: [{ name: 'patient', valueReference: { reference: `Patient/${c.id}` } }],
  };
  expect((await api.ask('POST', `Group/${group.id}/$export`, stranger, respondAsync)).status).toBe(400);
  expect((await api.ask('GET', 'Group/none/$export', undefined, respondAsync)).status).toBe(404);
});

test('a filter chooses, and elements leave the rest out', async () => {
  const api = await apiOn('export_api_filter');
  const wanted = await api.make({ resourceType: 'Patient', gender: 'female', birthDate: '1990-01-01', active: true });
  await api.make({ resourceType: 'Patient', gender: 'male', birthDate: '1990-01-01' });
  const filter = encodeURIComponent('Patient?gender=female&birthdate=lt2000,Patient?gender=other');
  const status = pathOf(
    await api.ask('GET', `$export?_typeFilter=${filter}&_elements=birthDate`, undefined, respondAsync),
  );
  await api.work();
  const [file] = (await api.ask('GET', status)).body.output;
  const [only, ...others] = lines((await api.ask('GET', file.url.slice(testBase.length + 1))).text);
  expect(others).toEqual([]);
  expect(only).toMatchObject({ id: wanted.id, birthDate: '1990-01-01' });
  expect(only).not.toHaveProperty('gender');
});

test('a kick-off that can not be met is refused with the reason', async () => {
  const api = await apiOn('export_api_refused');
  const refused = async (path: string, headers: { [name: string]: string } = respondAsync): Promise<string> => {
    const answer = await api.ask('GET', path, undefined, headers);
    expect([answer.status, answer.body.resourceType], path).toEqual([400, 'OperationOutcome']);
    return answer.body.issue[0].diagnostics as string;
  };
  expect(await refused('$export', {})).toContain('Prefer: respond-async');
  expect(await refused('$export?_type=Patients')).toContain('no resource type "Patients"');
  expect(await refused('Patient/$export?_type=Organization')).toContain("not part of a patient's record");
  expect(await refused('$export?_since=yesterday')).toContain('_since');
  expect(await refused('$export?_outputFormat=application/fhir%2Bparquet')).toContain('_outputFormat');
  expect(await refused('$export?includeAssociatedData=LatestProvenanceResources')).toContain('not supported');
  expect(await refused('$export?_tpye=Patient')).toContain('does not know the parameter "_tpye"');
  expect(await refused('$export?_typeFilter=Patient')).toContain('_typeFilter');
  expect(await refused('$export?_typeFilter=Patient%3Fno-such%3D1')).toContain('no-such');
  expect(await refused('$export?_typeFilter=Patient%3F_sort%3Dname')).toContain('_sort');
  expect(await refused('$export?_typeFilter=Patient%3Forganization.name%3Dx')).toContain('chains');
  expect(await refused('$export?_type=Patient&_typeFilter=Observation%3Fcode%3Dx')).toContain('not exported');
  expect(await refused('$export?_elements=Patient.shoe')).toContain('_elements');
  expect(await refused('Patient/$export?patient=Patient/1')).toContain('POST');
  const lenient = { prefer: 'respond-async, handling=lenient' };
  expect((await api.ask('GET', '$export?_tpye=Patient&_outputFormat=csv', undefined, lenient)).status).toBe(202);
  expect((await api.ask('DELETE', '$export', undefined, respondAsync)).status).toBe(405);
  expect((await api.ask('GET', '$export-file?job=x&file=../../etc/passwd')).status).toBe(404);
  expect((await api.ask('GET', '$export-status?job=x')).status).toBe(404);
});
