/** HL7's own R4 examples (npm hl7.fhir.r4.examples): all go in, come back as they were, and are found by each of their search parameters. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi } from '../support/fhir.ts';
import { createOracle, examples, searchParameters, type ExpectedSearch } from './expected-searches.ts';
import { askAll, ownNode, type OwnNode } from './own-node.ts';

const isWhole = process.env['FYR_TEST_WHOLE'] === '1';
const isLong = process.env['FYR_TEST_LONG'] === '1';
let api: OwnNode;
const taken = new Map<string, string>();
const figures = { examples: 0, searches: 0, pairs: 0 };

beforeAll(async () => {
  api = await ownNode('examples', { FYR_REFERENCES: 'lenient', FYR_REAL_PERSONS: 'accept' });
});
afterAll(async () => {
  await api.close();
  const { length } = Object.keys(broken);
  console.log(
    `official examples: ${figures.examples} taken, ${length} exceptions, ${figures.searches} searches over ${figures.pairs} parameters of types`,
  );
});

const emptyNarrative = ['text.div', 'the narrative has no text (txt-2)'] as const;
const noBase = ['SearchParameter.base', 'base is required, and not there'] as const;
const noBaseDefinition = ['StructureDefinition', 'not abstract, and no baseDefinition (sdf-4)'] as const;
/** Examples that R4 itself refuses: where, and why. */
const broken: Record<string, readonly [expression: string, reason: string]> = {
  'ActivityDefinition-blood-tubes-supply': emptyNarrative,
  'ActivityDefinition-heart-valve-replacement': emptyNarrative,
  'Bundle-dataelements': ['Bundle', 'one fullUrl in several entries (bdl-7)'],
  'DeviceMetric-example': ['DeviceMetric.parent', 'refers to a DeviceDefinition; R4 allows Device'],
  'DeviceUseStatement-example': [
    'DeviceUseStatement.reasonReference',
    'refers to a Procedure, which R4 does not allow',
  ],
  'EventDefinition-example': emptyNarrative,
  'ImplementationGuide-fhir': ['ImplementationGuide.name', 'name and status are required, and not there'],
  'ig-r4': ['ImplementationGuide.name', 'name and status are required, and not there'],
  'MedicationRequest-medrx0301': [
    'MedicationRequest.dispenseRequest.performer',
    'a Practitioner; R4 allows Organization',
  ],
  'Observation-clinical-gender': ['Observation.performer', 'refers to an Encounter'],
  'Questionnaire-qs1': ['Questionnaire.item[0].item[0].linkId', 'linkId is required, and not there'],
  'Questionnaire-zika-virus-exposure-assessment': emptyNarrative,
  'SearchParameter-codesystem-extensions-CodeSystem-author': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-effective': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-end': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-keyword': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-workflow': noBase,
  'SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject': ['', 'an id of 67 characters'],
  'SearchParameter-valueset-extensions-ValueSet-author': noBase,
  'SearchParameter-valueset-extensions-ValueSet-effective': noBase,
  'SearchParameter-valueset-extensions-ValueSet-end': noBase,
  'SearchParameter-valueset-extensions-ValueSet-keyword': noBase,
  'SearchParameter-valueset-extensions-ValueSet-workflow': noBase,
  'StructureDefinition-Definition': noBaseDefinition,
  'StructureDefinition-Event': noBaseDefinition,
  'StructureDefinition-FiveWs': noBaseDefinition,
  'StructureDefinition-Request': noBaseDefinition,
};

test('every official example is taken, but for those that break a rule of R4', async () => {
  const wrong: string[] = [];
  for (const name of exampleFiles()) {
    const text = readFileSync(new URL(name, examples), 'utf8');
    const { resourceType, id } = JSON.parse(text) as { resourceType: string; id: string };
    const { status, body } = await api.ask('PUT', `${resourceType}/${id}`, text);
    const errors = (body.issue ?? []).filter((one: any) => one.severity === 'error');
    const expected = broken[name.slice(0, -'.json'.length)];
    if (expected === undefined && status < 300) taken.set(`${resourceType}/${id}`, name);
    else if (expected === undefined || status < 400 || !(errors[0].expression?.[0] ?? '').includes(expected[0])) {
      wrong.push(`${name} ${status} ${JSON.stringify(errors[0])}`);
    }
  }
  figures.examples = taken.size;
  expect(wrong).toEqual([]);
  expect(taken.size).toBeGreaterThan(isWhole ? 5_000 : 1_300);
}, 300_000);

test('every example is read as it was written, decimals to the letter', async () => {
  const wrong: string[] = [];
  for (const [address, name] of taken) {
    const { text } = await api.ask('GET', address);
    if (!isDeepStrictEqual(comparable(text), comparable(readFileSync(new URL(name, examples), 'utf8'))))
      wrong.push(name);
  }
  expect(wrong).toEqual([]);
}, 300_000);

test('examples survive the way through XML and back', async () => {
  const wrong: string[] = [];
  for (const address of sample([...taken.keys()], isWhole ? 100 : 3)) {
    const before = await api.ask('GET', address);
    const xml = await api.ask('GET', address, undefined, { accept: 'application/fhir+xml' });
    const headers = { 'content-type': 'application/fhir+xml' };
    const put = await api.ask('PUT', address, xml.text, headers);
    const after = await api.ask('GET', address);
    if (put.status >= 300) wrong.push(`${address} ${put.status} ${put.text.slice(0, 300)}`);
    else if (!isDeepStrictEqual(comparable(after.text), comparable(before.text))) {
      wrong.push(`${address} ${firstDifference(comparable(before.text), comparable(after.text))}`);
    }
  }
  expect(wrong).toEqual([]);
}, 300_000);

test('every example is found by each of its search parameters, and not by wrong values', async () => {
  const { expected, unevaluated } = expectedSearches();
  figures.searches = expected.length;
  const answers = await askAll(
    api,
    expected.map(({ address, query }) => `${address.replace('/', '?_id=')}&${query}`),
  );
  const wrong = expected.flatMap(({ address, query, isFound }, i) => {
    const { resource, response } = answers[i];
    const hits = (resource?.entry ?? []).filter((entry: any) => entry.search?.mode !== 'outcome').length;
    if (response.status === '200' && hits === (isFound ? 1 : 0)) return [];
    const why = response.outcome?.issue?.[0]?.diagnostics ?? '';
    return [
      `${address} ${decodeURIComponent(query)} ${isFound ? 'is not found' : 'is found'} ${response.status} ${why}`,
    ];
  });
  expect(wrong).toEqual([]);
  expect(unevaluated).toEqual([]);
  expect(figures.pairs).toBeGreaterThan(2_000);
}, 300_000);

test('a node with many stored definitions starts again, and knows them', async () => {
  const system = 'urn:example:many';
  const entry = Array.from({ length: 700 }, (_, i) => ({
    resource: {
      resourceType: 'ValueSet',
      id: `many-${i}`,
      url: `http://example.org/many-${i}`,
      status: 'active',
      compose: { include: [{ system, concept: [{ code: `code-${i}` }] }] },
    },
    request: { method: 'PUT', url: `ValueSet/many-${i}` },
  }));
  expect((await api.ask('POST', '', { resourceType: 'Bundle', type: 'batch', entry })).status).toBe(200);
  const again = await testApi({}, api.databaseUrl);
  const url = encodeURIComponent('http://example.org/many-699');
  const found = await again.ask('GET', `ValueSet/$validate-code?url=${url}&system=${system}&code=code-699`);
  await again.close();
  expect(found.body.parameter).toContainEqual({ name: 'result', valueBoolean: true });
}, 60_000);

/**
 * With FYR_TEST_WHOLE, all. Else the definitions that R4 consists of (nine in ten of the examples) are represented by every fourth, and
 * the Bundles of all of them by none.
 */
function exampleFiles(): string[] {
  const names = readdirSync(examples).filter((name) => /^[A-Za-z].*\.json$/.test(name) && name !== 'package.json');
  if (isWhole) return names;
  const definitions = /^(?:SearchParameter|ValueSet|CodeSystem|StructureDefinition)-/;
  const isSmall = (name: string): boolean => statSync(new URL(name, examples)).size < 1_500_000;
  return names.filter(
    (name, i) => name.slice(0, -5) in broken || ((i % 4 === 0 || !definitions.test(name)) && isSmall(name)),
  );
}

/** Numbers as they are written, without what the server gives. */
function comparable(text: string): any {
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? `number ${context?.source}` : value;
  const { meta = {}, ...rest } = JSON.parse(text, reviver as Parameters<typeof JSON.parse>[1]);
  const { versionId: _v, lastUpdated: _l, ...kept } = meta;
  return { ...rest, ...(Object.keys(kept).length > 0 ? { meta: kept } : {}) };
}

function firstDifference(before: any, after: any, path = ''): string {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) {
    return before === after
      ? ''
      : `${path}: ${JSON.stringify(before)?.slice(0, 200)} → ${JSON.stringify(after)?.slice(0, 200)}`;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const found = firstDifference(before[key], after[key], `${path}.${key}`);
    if (found !== '') return found;
  }
  return '';
}

/** So many of each type, spread over all of them, the same ones each time. */
function sample(addresses: string[], most: number): string[] {
  const byType = Map.groupBy(addresses, (address) => address.split('/')[0]);
  return [...byType.values()].flatMap((all) => {
    const step = Math.max(1, all.length / most);
    return Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)] as string);
  });
}

/** Every parameter of every type each time; how many of its values and examples, as one has time. */
function searchesAtMost(): { ofType: number; ofPair: number; ofResource: number } {
  if (isWhole) return { ofType: 1_000, ofPair: 400, ofResource: 40 };
  return isLong ? { ofType: 30, ofPair: 24, ofResource: 12 } : { ofType: 30, ofPair: 6, ofResource: 6 };
}

type Expected = ExpectedSearch & { address: string };

/** Some searches of every parameter of every type that an example has a value for. */
function expectedSearches(): { expected: Expected[]; unevaluated: string[] } {
  const parametersOf = searchParameters();
  const all = new Map(
    ['Resource', ...new Set([...taken.keys()].map((a) => a.split('/')[0] as string))].flatMap((type) =>
      parametersOf(type).map((one) => [one.url, one] as const),
    ),
  );
  const oracle = createOracle((url) => all.get(url));
  const expected: Expected[] = [];
  const unevaluated: string[] = [];
  const perPair = new Map<string, number>();
  const most = searchesAtMost();
  for (const address of sample([...taken.keys()], most.ofType)) {
    const text = readFileSync(new URL(taken.get(address) as string, examples), 'utf8');
    if (text.length > 500_000) continue;
    const resource = JSON.parse(text);
    for (const parameter of parametersOf(resource.resourceType)) {
      const pair = `${resource.resourceType}.${parameter.code}`;
      const before = perPair.get(pair) ?? 0;
      if (before >= most.ofPair) continue;
      try {
        const searches = oracle.searches(resource, parameter).slice(0, most.ofResource);
        expected.push(...searches.map((one) => ({ ...one, address })));
        if (searches.length > 0) perPair.set(pair, before + searches.length);
      } catch (error) {
        unevaluated.push(`${pair}: ${String(error).slice(0, 200)}`);
      }
    }
  }
  figures.pairs = perPair.size;
  return { expected, unevaluated };
}
