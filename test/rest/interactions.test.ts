/** The RESTful API as a client meets it (R4 http.html). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, testBase, type TestApi } from '../support/fhir.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const unique = (): string => `t${process.hrtime.bigint()}`;
const patient = (more: object = {}): object => ({
  resourceType: 'Patient',
  name: [{ family: 'Nordmo', given: ['Åse'] }],
  ...more,
});
const tagged = (): { tag: string; resource: object } => {
  const tag = unique();
  return { tag, resource: patient({ identifier: [{ system: 'urn:test', value: tag }] }) };
};

test('create answers 201 with Location, ETag, Last-Modified and the resource', async () => {
  const answer = await api.ask('POST', 'Patient', patient());
  expect(answer.status).toBe(201);
  expect(answer.headers['location']).toBe(
    `${testBase}/Patient/${answer.body.id}/_history/${answer.body.meta.versionId}`,
  );
  expect(answer.headers['etag']).toBe('W/"1-test"');
  expect(Date.parse(answer.headers['last-modified'] as string)).toBeGreaterThan(0);
  expect(answer.body.name[0].given).toEqual(['Åse']);
});

test('create ignores an id that the client sends', async () => {
  const made = await api.make(patient({ id: 'mine' }));
  expect(made.id).not.toBe('mine');
});

test('Prefer: return decides what a write answers', async () => {
  const minimal = await api.ask('POST', 'Patient', patient(), { prefer: 'return=minimal' });
  expect([minimal.status, minimal.text]).toEqual([201, '']);
  const outcome = await api.ask('POST', 'Patient', patient(), { prefer: 'return=OperationOutcome' });
  expect(outcome.body.resourceType).toBe('OperationOutcome');
});

test('read gives what was acknowledged, byte for byte, 404 for what never was, 410 for what was deleted', async () => {
  const created = await api.ask('POST', 'Patient', patient());
  const { id } = created.body;
  expect((await api.ask('GET', `Patient/${id}`)).text).toBe(created.text);
  expect((await api.ask('GET', `Patient/${unique()}`)).status).toBe(404);
  expect((await api.ask('DELETE', `Patient/${id}`)).status).toBe(204);
  const gone = await api.ask('GET', `Patient/${id}`);
  expect([gone.status, gone.body.issue[0].code]).toEqual([410, 'deleted']);
});

test('a decimal keeps its text on every way in and out', async () => {
  const made = await api.ask(
    'POST',
    'Observation',
    '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.00,"unit":"g"}}',
  );
  expect(made.status).toBe(201);
  expect((await api.ask('GET', `Observation/${made.body.id}`)).text).toContain('"value":1.00,');
  const xml = await api.ask('GET', `Observation/${made.body.id}`, undefined, { accept: 'application/fhir+xml' });
  expect(xml.text).toContain('<value value="1.00"/>');
  const back = await api.ask('PUT', `Observation/${made.body.id}`, xml.text, {
    'content-type': 'application/fhir+xml',
  });
  expect(back.text).toContain('"value":1.00,');
});

test('HEAD answers as GET, without a body', async () => {
  const made = await api.make(patient());
  const head = await api.ask('HEAD', `Patient/${made.id}`);
  expect([head.status, head.text, head.headers['etag']]).toEqual([200, '', 'W/"1-test"']);
});

test('conditional read answers 304 for a version that the client has', async () => {
  const made = await api.make(patient());
  const at = (headers: { [name: string]: string }) =>
    api.ask('GET', `Patient/${made.id}`, undefined, headers).then((a) => a.status);
  expect(await at({ 'if-none-match': 'W/"1-test"' })).toBe(304);
  expect(await at({ 'if-none-match': 'W/"0-test"' })).toBe(200);
  expect(await at({ 'if-modified-since': new Date(Date.now() + 5000).toUTCString() })).toBe(304);
  expect(await at({ 'if-modified-since': new Date(0).toUTCString() })).toBe(200);
});

test('update makes a new version; vread and history tell the old one', async () => {
  const made = await api.make(patient());
  const updated = await api.ask('PUT', `Patient/${made.id}`, { ...made, active: true });
  expect([updated.status, updated.body.meta.versionId]).toEqual([200, '2-test']);
  const first = await api.ask('GET', `Patient/${made.id}/_history/1-test`);
  expect([first.status, first.body.active]).toEqual([200, undefined]);
  const history = await api.ask('GET', `Patient/${made.id}/_history`);
  expect(history.body).toMatchObject({ type: 'history', total: 2 });
  expect(history.body.entry.map((e: any) => e.resource.meta.versionId)).toEqual(['2-test', '1-test']);
  expect(history.body.entry.map((e: any) => e.request.method)).toEqual(['PUT', 'POST']);
});

test('update-as-create takes any legal id and says 201', async () => {
  for (const id of [unique(), `A.b-${unique()}`, 'x'.repeat(50) + unique().slice(-14)]) {
    expect((await api.ask('PUT', `Patient/${id}`, patient({ id }))).status).toBe(201);
    expect((await api.ask('GET', `Patient/${id}`)).status).toBe(200);
  }
});

test('update refuses another id, another type, or none', async () => {
  const id = unique();
  expect((await api.ask('PUT', `Patient/${id}`, patient({ id: 'other' }))).status).toBe(400);
  expect((await api.ask('PUT', `Patient/${id}`, patient())).status).toBe(400);
  expect((await api.ask('PUT', `Practitioner/${id}`, patient({ id }))).status).toBe(400);
});

test('If-Match refuses an overtaken update with 412', async () => {
  const made = await api.make(patient());
  const put = (etag: string) => api.ask('PUT', `Patient/${made.id}`, made, { 'if-match': etag }).then((a) => a.status);
  expect(await put('W/"1-test"')).toBe(200);
  expect(await put('W/"1-test"')).toBe(412);
});

test('delete is idempotent, shows in history, and what is referred to is kept', async () => {
  const made = await api.make(patient());
  await api.make({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: `Patient/${made.id}` },
  });
  const refused = await api.ask('DELETE', `Patient/${made.id}`);
  expect([refused.status, refused.body.issue[0].code]).toEqual([409, 'conflict']);
  const alone = await api.make(patient());
  expect((await api.ask('DELETE', `Patient/${alone.id}`)).status).toBe(204);
  expect((await api.ask('DELETE', `Patient/${alone.id}`)).status).toBe(204);
  expect((await api.ask('DELETE', `Patient/${unique()}`)).status).toBe(204);
  const history = await api.ask('GET', `Patient/${alone.id}/_history`);
  expect(history.body.entry[0].request.method).toBe('DELETE');
  expect((await api.ask('PUT', `Patient/${alone.id}`, patient({ id: alone.id }))).status).toBe(201);
});

test('conditional create, update, patch and delete act on the one match, and refuse several', async () => {
  const { tag, resource } = tagged();
  const criteria = `identifier=urn:test|${tag}`;
  const first = await api.ask('POST', 'Patient', resource, { 'if-none-exist': criteria });
  const again = await api.ask('POST', 'Patient', resource, { 'if-none-exist': criteria });
  expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
  const updated = await api.ask('PUT', `Patient?${criteria}`, { ...resource, active: true });
  expect([updated.status, updated.body.id]).toEqual([200, first.body.id]);
  const patched = await api.ask('PATCH', `Patient?${criteria}`, [{ op: 'replace', path: '/active', value: false }], {
    'content-type': 'application/json-patch+json',
  });
  expect([patched.status, patched.body.active]).toEqual([200, false]);
  await api.make(resource);
  expect((await api.ask('PUT', `Patient?${criteria}`, resource)).status).toBe(412);
  expect((await api.ask('DELETE', `Patient?${criteria}`)).status).toBe(412);
  expect((await api.ask('DELETE', `Patient?_id=${first.body.id}`)).status).toBe(204);
  expect((await api.ask('DELETE', 'Patient')).status).toBe(412);
});

test('patch by JSON Patch and by FHIRPath Patch', async () => {
  const made = await api.make(patient());
  const json = await api.ask('PATCH', `Patient/${made.id}`, [{ op: 'add', path: '/active', value: true }], {
    'content-type': 'application/json-patch+json',
  });
  expect([json.status, json.body.active, json.body.meta.versionId]).toEqual([200, true, '2-test']);
  const parts = [
    { name: 'type', valueCode: 'replace' },
    { name: 'path', valueString: 'Patient.name[0].family' },
    { name: 'value', valueString: 'Hansen' },
  ];
  const fhirPath = await api.ask('PATCH', `Patient/${made.id}`, {
    resourceType: 'Parameters',
    parameter: [{ name: 'operation', part: parts }],
  });
  expect([fhirPath.status, fhirPath.body.name[0].family]).toEqual([200, 'Hansen']);
  const broken = await api.ask('PATCH', `Patient/${made.id}`, [{ op: 'add', path: '/gender', value: 'blue' }], {
    'content-type': 'application/json-patch+json',
  });
  expect(broken.status).toBe(422);
  expect((await api.ask('GET', `Patient/${made.id}`)).body.meta.versionId).toBe('3-test');
});

test('history of a type and of everything is in pages, newest first, each version once', async () => {
  const since = new Date().toISOString();
  const ids: string[] = [];
  for (let i = 0; i < 7; i++) ids.push((await api.make({ resourceType: 'Basic', code: { text: 'h' } })).id);
  const seen: string[] = [];
  for (let url = `Basic/_history?_since=${since}&_count=3`; url;) {
    const page = await api.ask('GET', url);
    expect(page.status).toBe(200);
    seen.push(...page.body.entry.map((e: any) => e.resource.id));
    url = page.body.link.find((l: any) => l.relation === 'next')?.url.slice(testBase.length + 1);
  }
  expect(seen.filter((id) => ids.includes(id))).toEqual([...ids].reverse());
  expect((await api.ask('GET', '_history?_count=2')).body.entry).toHaveLength(2);
});

test('Binary goes in and out as bytes, or as FHIR', async () => {
  const made = await api.ask('POST', 'Binary', Buffer.from([0, 1, 2, 255]), { 'content-type': 'image/png' });
  expect(made.status).toBe(201);
  const fhir = await api.ask('GET', `Binary/${made.body.id}`, undefined, { accept: 'application/fhir+json' });
  expect(fhir.body).toMatchObject({ contentType: 'image/png', data: Buffer.from([0, 1, 2, 255]).toString('base64') });
  const bytes = await api.ask('GET', `Binary/${made.body.id}`, undefined, { accept: '*/*' });
  expect(bytes.headers['content-type']).toBe('image/png');
});

test('the formats: XML in and out, pretty, gzip and br, and a refusal of others', async () => {
  const made = await api.make(patient());
  const xml = await api.ask('GET', `Patient/${made.id}?_format=xml`);
  expect(xml.headers['content-type']).toContain('application/fhir+xml');
  expect(xml.text).toContain('<family value="Nordmo"/>');
  expect((await api.ask('GET', `Patient/${made.id}?_pretty=true`)).text).toContain('\n  "id"');
  expect((await api.ask('GET', `Patient/${made.id}`, undefined, { accept: 'image/png' })).status).toBe(406);
  expect((await api.ask('POST', 'Patient', 'x', { 'content-type': 'text/csv' })).status).toBe(415);
  for (const encoding of ['gzip', 'br']) {
    const squeezed = await api.ask('GET', 'metadata', undefined, { 'accept-encoding': encoding });
    expect(squeezed.headers['content-encoding']).toBe(encoding);
  }
});

test('_summary and _elements leave a part, marked as one', async () => {
  const made = await api.make(patient({ birthDate: '1980-01-01', gender: 'female' }));
  const part = (await api.ask('GET', `Patient/${made.id}?_elements=gender`)).body;
  expect([part.gender, part.birthDate, part.meta.tag[0].code]).toEqual(['female', undefined, 'SUBSETTED']);
  expect((await api.ask('GET', `Patient/${made.id}?_summary=text`)).body.name).toBeUndefined();
});

test('an unknown type, interaction or method is refused with an outcome that says so', async () => {
  for (const [method, path, status] of [
    ['GET', 'Horse/1', 404],
    ['GET', 'Patient/1/_history/2/x', 404],
    ['PATCH', '_history', 405],
    ['GET', 'Patient/$teleport', 501],
    ['PUT', '', 405],
  ] as const) {
    const answer = await api.ask(method, path, method === 'GET' ? undefined : {});
    expect([path, answer.status, answer.body?.resourceType]).toEqual([path, status, 'OperationOutcome']);
    expect(answer.body.issue[0].diagnostics.length).toBeGreaterThan(10);
  }
});
