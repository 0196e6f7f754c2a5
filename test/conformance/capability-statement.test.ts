/** The CapabilityStatement and the node say the same (https://hl7.org/fhir/R4/capabilitystatement.html): what it names answers, what answers is named. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '#fhir/http/routing.ts';
import { operations } from '#fhir/operations/index.ts';
import { searchParameters, type SearchParameter } from './expected-searches.ts';
import { askAll, ownNode, type OwnNode } from './own-node.ts';

let api: OwnNode;
let statement: any;
let rest: any;

beforeAll(async () => {
  api = await ownNode('capabilities');
  statement = (await api.ask('GET', 'metadata')).body;
  [rest] = statement.rest;
});
afterAll(() => api.close());

const errorsIn = async (resource: any): Promise<string[]> => {
  const { body } = await api.ask('POST', `${resource.resourceType}/$validate`, resource);
  const errors = body.issue.filter((one: any) => one.severity === 'error' || one.severity === 'fatal');
  return errors.map((one: any) => `${one.expression?.[0]}: ${one.diagnostics}`);
};

/** The address leads nowhere, as opposed to: leads to a resource that isn't there. */
const isNoRoute = ({ status, text }: { status: number; text: string }): boolean =>
  status === 405 ||
  status === 501 ||
  /There is no operation|There is nothing at this address|no resource type/.test(text);

test('the statement is valid R4, for this instance of Fyr, in JSON and XML', async () => {
  expect(statement).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', kind: 'instance' });
  expect(await errorsIn(statement)).toEqual([]);
  const xml = await api.ask('GET', 'metadata?_format=xml');
  expect(xml.text).toContain('<CapabilityStatement xmlns="http://hl7.org/fhir">');
});

test('mode=terminology gives valid TerminologyCapabilities; an unknown mode is refused', async () => {
  const { body } = await api.ask('GET', 'metadata?mode=terminology');
  expect(body.resourceType).toBe('TerminologyCapabilities');
  expect(await errorsIn(body)).toEqual([]);
  expect((await api.ask('GET', 'metadata?mode=normative')).body.resourceType).toBe('CapabilityStatement');
  expect((await api.ask('GET', 'metadata?mode=other')).status).toBe(400);
});

test('every interaction that a type names answers', async () => {
  const requests: Record<string, (type: string) => [method: string, path: string, body?: unknown]> = {
    read: (type) => ['GET', `${type}/none`],
    vread: (type) => ['GET', `${type}/none/_history/1`],
    update: (type) => ['PUT', `${type}/none`, { resourceType: type, id: 'other' }],
    patch: (type) => ['PATCH', `${type}/none`, [{ op: 'remove', path: '/language' }]],
    delete: (type) => ['DELETE', `${type}/none`],
    'history-instance': (type) => ['GET', `${type}/none/_history`],
    'history-type': (type) => ['GET', `${type}/_history`],
    create: (type) => ['POST', type, { resourceType: type, language: 1 }],
    'search-type': (type) => ['GET', `${type}?_count=1`],
  };
  const unanswered: string[] = [];
  for (const { type, interaction } of rest.resource) {
    for (const { code } of interaction) {
      const [method, path, body] = requests[code]?.(type) ?? ['GET', `no-request-for-${code}`];
      const headers: Record<string, string> =
        method === 'PATCH' ? { 'content-type': 'application/json-patch+json' } : {};
      const answer = await api.ask(method, path, body, headers);
      if (answer.status >= 500 || isNoRoute(answer))
        unanswered.push(`${method} ${path} ${answer.status} ${answer.text}`);
    }
  }
  expect(rest.resource).toHaveLength(146);
  expect(unanswered).toEqual([]);
});

test('every interaction of the whole system answers', async () => {
  const bundle = (type: string): object => ({ resourceType: 'Bundle', type, entry: [] });
  const statuses: Record<string, number> = {
    'search-system': (await api.ask('GET', '?_type=Patient&_count=1')).status,
    'history-system': (await api.ask('GET', '_history')).status,
    transaction: (await api.ask('POST', '', bundle('transaction'))).status,
    batch: (await api.ask('POST', '', bundle('batch'))).status,
  };
  const codes = rest.interaction.map((one: any) => one.code);
  expect(codes.toSorted()).toEqual(Object.keys(statuses).toSorted());
  expect(Object.values(statuses)).toEqual([200, 200, 200, 200]);
});

test('every route is named as an interaction', () => {
  const named = new Set(
    [...rest.interaction, ...rest.resource.flatMap((one: any) => one.interaction)].map((i) => i.code),
  );
  // Capabilities are what is being read, and compartments are listed by themselves.
  const unnamed = routes.map((route) => route.interaction).filter((code) => !named.has(code));
  expect(new Set(unnamed)).toEqual(new Set(['capabilities', 'search-compartment']));
  expect(rest.compartment).toHaveLength(5);
});

test('every operation that is named answers at its level, and every registered one is named', async () => {
  const { id } = await api.make({ resourceType: 'Patient' });
  const parameters = { resourceType: 'Parameters' };
  const unanswered: string[] = [];
  const call = async (paths: string[]): Promise<void> => {
    const posted = paths.map((path) => api.ask('POST', path, parameters));
    // What only tells something may take GET alone: the state of an export.
    const answers = await Promise.all([...posted, ...paths.map((path) => api.ask('GET', path))]);
    if (answers.every(isNoRoute) || answers.some(({ status }) => status === 500)) {
      unanswered.push(`${paths.join(', ')}: ${answers.map((a) => `${a.status} ${a.text.slice(0, 200)}`).join(', ')}`);
    }
  };
  for (const { name } of rest.operation) await call([`$${name}`]);
  for (const { type, operation = [] } of rest.resource) {
    for (const { name } of operation)
      await call([`${type}/$${name}`, `${type}/${type === 'Patient' ? id : 'none'}/$${name}`]);
  }
  expect(unanswered).toEqual([]);
  for (const { name, definition, levels, types } of operations) {
    const isNamed = (list: any[] = []): boolean =>
      list.some((one) => one.name === name && one.definition === definition);
    if (levels.includes('system')) expect(isNamed(rest.operation), name).toBe(true);
    if (!levels.includes('type') && !levels.includes('instance')) continue;
    for (const one of rest.resource) {
      if (types === undefined || types.includes(one.type))
        expect(isNamed(one.operation), `${one.type} ${name}`).toBe(true);
    }
  }
});

const plausible: Record<string, string> = {
  date: '2020',
  number: '1',
  quantity: '1',
  string: 'abc',
  token: 'abc',
  reference: 'none',
  uri: 'urn:abc',
  special: '60|10|1|km',
};
/** Parameters whose values have a form of their own; `_has` is written into the name. */
const ownForm: Record<string, string> = { _filter: '_id eq abc', _text: 'abc', _content: 'abc', _type: 'Patient' };

test('every search parameter of R4 is named for its types, and each that is named is accepted', async () => {
  const standard = searchParameters();
  const all = new Map<string, SearchParameter>(
    rest.resource.flatMap(({ type }: any) => standard(type).map((one) => [one.url, one])),
  );
  const valueOf = ({ name, type, definition }: any): string => {
    if (type !== 'composite') return ownForm[name] ?? (plausible[type] as string);
    return (all.get(definition)?.component ?? [])
      .map((one) => plausible[all.get(one.definition)?.type ?? ''])
      .join('$');
  };
  const urls: string[] = [];
  for (const { type, searchParam } of rest.resource) {
    const names = searchParam.map((one: any) => one.name);
    expect(new Set(names).size, `${type} names each parameter once`).toBe(names.length);
    const missing = standard(type).filter(({ code, url, type: kind }) => {
      return !searchParam.some((one: any) => one.name === code && one.definition === url && one.type === kind);
    });
    expect(missing.map(({ code }) => `${type}.${code}`)).toEqual([]);
    for (const one of searchParam) {
      if (one.name !== '_has') urls.push(`${type}?${one.name}=${encodeURIComponent(valueOf(one))}&_count=1`);
    }
  }
  for (const one of rest.searchParam) {
    if (one.name !== '_has') urls.push(`?${one.name}=${encodeURIComponent(valueOf(one))}&_type=Patient&_count=1`);
  }
  urls.push('Patient?_has:Observation:patient:code=abc');
  expect(await refusalsOf(urls)).toEqual([]);
  expect(urls.length).toBeGreaterThan(2_500);
}, 60_000);

test('a search parameter that is not named is refused, for every type', async () => {
  const answers = await askAll(
    api,
    rest.resource.map(({ type }: any) => `${type}?no-such-parameter=1`),
  );
  expect(new Set(answers.map(({ response }) => response.status))).toEqual(new Set(['400']));
});

test('every include and reverse include that is named is accepted', async () => {
  const urls: string[] = [];
  for (const { type, searchInclude = [], searchRevInclude } of rest.resource) {
    for (const [name, values] of [
      ['_include', searchInclude],
      ['_revinclude', searchRevInclude],
    ]) {
      for (let i = 0; i < values.length; i += 40) {
        urls.push(
          `${type}?_id=none&${values
            .slice(i, i + 40)
            .map((one: string) => `${name}=${one}`)
            .join('&')}`,
        );
      }
    }
  }
  expect(await refusalsOf(urls)).toEqual([]);
}, 60_000);

async function refusalsOf(urls: string[]): Promise<string[]> {
  const answers = await askAll(api, urls);
  return urls.flatMap((url, i) => {
    const { status, outcome } = answers[i].response;
    return status === '200' ? [] : [`${url} ${status} ${outcome?.issue?.[0]?.diagnostics}`];
  });
}
