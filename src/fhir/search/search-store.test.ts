/** The same search, asked of PostgreSQL and of memory, must find the same: order, pages and totals included. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { wholeGrant } from '../../../test/support/grant.ts';
import { createDatabase, dropDatabase } from '#kernel/db-create.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import type { Resource } from '../types.ts';
import { runSearch, type Search, type SearchRow } from './index.ts';
import { loadForTest } from './loading-for-test-store.ts';
import { matchesCondition } from './match.ts';
import { populationForTest } from './population-for-test.ts';
import { resolveCondition } from './resolve.ts';
import { parameters, searchForTest } from './search-for-test.ts';

const search = searchForTest();
let population: Resource[] = [];
let db: Db;

// This file counts everybody, so its database is its own.
const name = (): string => `${inject('databaseName')}_search`;

beforeAll(async () => {
  const server = inject('databaseServer');
  await dropDatabase(server, name());
  await createDatabase(server, name(), `${inject('databaseName')}_template`);
  db = openDatabase(server.replace(/\/[^/]*$/, `/${name()}`), { connectionsMax: 2 });
  population = await loadForTest(db, search, populationForTest(20_240_501));
});

afterAll(async () => {
  await db.end();
  await dropDatabase(inject('databaseServer'), name());
});

/** Every page of a search, in order; fails when a resource comes twice. */
async function pages(asked: Search, type: string | undefined, text: string, count = 7): Promise<SearchRow[]> {
  const found: SearchRow[] = [];
  let cursor: string | undefined;
  do {
    const more: [string, string][] = cursor === undefined ? [] : [['_cursor', cursor]];
    const query = asked.parse(type, [...parameters(text), ['_count', String(count)], ...more]);
    const result = await runSearch({ db, search: asked, grant: wholeGrant }, query);
    found.push(...result.rows.filter(({ mode }) => mode === 'match'));
    cursor = result.next;
  } while (cursor !== undefined);
  expect(new Set(found.map(({ type: of, id }) => `${of}/${id}`)).size).toBe(found.length);
  return found;
}

async function inMemory(type: string | undefined, text: string): Promise<string[]> {
  const query = search.parse(type, parameters(text));
  const condition = await resolveCondition({ parts: search.parts, db, grant: wholeGrant }, query.condition);
  return population
    .filter(({ resourceType }) => query.types.includes(resourceType))
    .filter((resource) => matchesCondition(search.parts, condition, resource))
    .map(({ resourceType, id }) => `${resourceType}/${id}`)
    .sort();
}

const keys = (rows: readonly SearchRow[]): string[] => rows.map(({ type, id }) => `${type}/${id}`);

const queries: [string | undefined, string][] = [
  ['Patient', ''],
  ['Patient', 'name=ha'],
  ['Patient', 'name=hans'],
  ['Patient', 'name=hansen'],
  ['Patient', 'family:contains=nse'],
  ['Patient', 'family:contains=s'],
  ['Patient', 'family:exact=Hansen'],
  ['Patient', 'given=aase,ola'],
  ['Patient', 'gender=female&birthdate=ge1980'],
  ['Patient', 'gender:not=female'],
  ['Patient', 'identifier=http://test/ids|7'],
  ['Patient', 'identifier=http://test/ids|'],
  ['Patient', 'address-city:missing=true'],
  ['Patient', 'address-city:missing=false'],
  ['Patient', 'birthdate=1980,1985'],
  ['Patient', 'birthdate=ne1980'],
  ['Patient', 'general-practitioner=Practitioner/gp1'],
  ['Patient', 'general-practitioner:Practitioner.name=berg'],
  ['Patient', 'general-practitioner.name=berg'],
  ['Patient', 'organization.partof.name=helse'],
  ['Patient', '_has:Observation:patient:code=bp'],
  ['Patient', '_has:Observation:patient:value-quantity=gt90||kg'],
  ['Patient', '_has:Observation:subject:code:text=weight'],
  ['Patient', '_has:Encounter:patient:_has:Observation:encounter:code=bp'],
  ['Patient', '_has:Observation:patient:performer.name=berg'],
  ['Practitioner', '_has:Patient:general-practitioner:gender=male'],
  ['Organization', '_has:Patient:organization:birthdate=lt1970'],
  ['Patient', '_filter=(family sw "ha" or family co "erg") and not (gender eq male)'],
  ['Patient', '_filter=general-practitioner[name eq "berg"].active eq true'],
  ['Patient', '_list=list1'],
  ['Patient', '_id=p1,p2,nobody'],
  ['Patient', '_lastUpdated=ge2023-11-14T22:13:20.020Z'],
  ['Observation', 'patient=p1&code=bp'],
  ['Observation', 'patient=p1,p2&code=http://test/codes|weight'],
  ['Observation', 'code=weight'],
  ['Observation', 'code=http://test/codes|'],
  ['Observation', 'code:text=body weight'],
  ['Observation', 'code=weight&value-quantity=gt70||kg'],
  ['Observation', 'value-quantity=gt70000||g&value-quantity=lt80||kg'],
  ['Observation', 'value-quantity=70'],
  ['Observation', 'code-value-quantity=weight$ge80'],
  ['Observation', 'component-code-value-quantity=systolic$gt130'],
  ['Observation', 'combo-code-value-quantity=http://test/codes|diastolic$lt70||mm[Hg]'],
  ['Observation', 'date=2023-05'],
  ['Observation', 'date=2023-05-10'],
  ['Observation', 'date=2023'],
  ['Observation', 'date=ge2023-05-01&date=lt2023-06-15'],
  ['Observation', 'date=sa2023-02-01&patient=p1'],
  ['Observation', 'date=ap2023-05-01'],
  ['Observation', 'date:missing=true'],
  ['Observation', 'subject:Patient.birthdate=lt1970'],
  ['Observation', 'patient.general-practitioner.name=berg'],
  ['Observation', 'encounter.status=finished&status=final'],
  ['Observation', 'performer:missing=true&code=weight'],
  ['Observation', 'code:in=http://test/vs'],
  ['Observation', 'value-string:contains=frisk'],
  ['Observation', '_content=weight'],
  ['Encounter', 'date=ge2023-06-01'],
  ['Encounter', 'date=2023'],
  ['Encounter', 'date=eb2023-10-01'],
  ['Encounter', 'status=finished&class=AMB'],
  ['Location', 'near=59.9|10.7|50|km'],
  [undefined, '_type=Patient,Encounter'],
  [undefined, '_type=Patient,Observation&_content=hansen'],
  [undefined, '_tag=http://test/tags|even'],
  [undefined, '_id=p1'],
];

describe('finds in the database what it finds in memory', () => {
  test.each(queries)('%s?%s', async (type, text) => {
    const expected = await inMemory(type, text);
    const found = await pages(search, type, text);
    expect(keys(found).sort()).toEqual(expected);
    const counted = await runSearch(
      { db, search, grant: wholeGrant },
      search.parse(type, [...parameters(text), ['_summary', 'count']]),
    );
    expect(counted.total).toBe(expected.length);
  });

  test('and is not a test of nothing', async () => {
    const sizes = await Promise.all(queries.map(([type, text]) => inMemory(type, text)));
    const empty = queries.filter((_query, i) => sizes[i]?.length === 0).map(([, text]) => text);
    expect(empty).toEqual([]);
  });
});

const orders: [string, string][] = [
  ['Patient', '_sort=_id'],
  ['Patient', '_sort=-_id'],
  ['Patient', '_sort=-_lastUpdated'],
  ['Patient', '_sort=_lastUpdated'],
  ['Patient', '_sort=family'],
  ['Patient', '_sort=-family,birthdate'],
  ['Patient', '_sort=birthdate,-_lastUpdated'],
  ['Patient', '_sort=gender,-birthdate'],
  ['Patient', '_sort=address-city,_id'],
  ['Observation', 'patient=p1&_sort=-date'],
  ['Observation', '_sort=value-quantity,-date'],
  ['Observation', '_sort=-value-quantity'],
  ['Observation', 'code:text=weight&_sort=-date,_id'],
  ['Observation', 'patient=p2&_sort=code,status'],
  ['Encounter', '_sort=-date'],
];

describe('pages in the order asked for, each resource once', () => {
  test.each(orders)('%s?%s', async (type, text) => {
    const whole = keys(await pages(search, type, text, 1000));
    expect(keys(await pages(search, type, text, 7))).toEqual(whole);
    expect(whole.toSorted()).toEqual(await inMemory(type, text.replace(/&?_sort=.*/, '')));
  });

  test('by date downwards, those without a date last', async () => {
    const rows = await pages(search, 'Observation', 'patient=p1&_sort=-date', 5);
    const dates = rows.map(({ content }) => (JSON.parse(content) as { effectiveDateTime?: string }).effectiveDateTime);
    const known = dates.flatMap((date) => date ?? []).map((date) => search.parts.calendar.parse(date)?.low ?? 0);
    expect(known).toEqual(known.toSorted((a, b) => b - a));
    expect(dates.slice(known.length).every((date) => date === undefined)).toBe(true);
  });

  test('by name, Norwegian spellings together', async () => {
    const rows = await pages(search, 'Patient', '_sort=family', 5);
    const families = rows.map(
      ({ content }) => (JSON.parse(content) as { name: { family: string }[] }).name[0]?.family ?? '',
    );
    expect(families.filter((one) => /^[ØO]/.test(one)).length).toBeGreaterThan(1);
    const at = families.map((one, i) => (/^[ØO]/.test(one) ? i : -1)).filter((i) => i >= 0);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBe(at.length - 1);
  });
});

test('a page that begins before a write and ends after it shows each earlier resource once', async () => {
  const tag = 'http://test/tags|while-writing';
  const made = (id: string): Resource => ({
    resourceType: 'Basic',
    id,
    code: { text: 'x' },
    meta: { tag: [{ system: 'http://test/tags', code: 'while-writing' }] },
  });
  await loadForTest(db, search, ['b', 'd', 'f', 'h', 'j'].map(made));
  const first = await runSearch(
    { db, search, grant: wholeGrant },
    search.parse('Basic', [
      ['_tag', tag],
      ['_count', '2'],
    ]),
  );
  await loadForTest(db, search, ['a', 'c', 'e', 'g'].map(made));
  const rest = await runSearch(
    { db, search, grant: wholeGrant },
    search.parse('Basic', [
      ['_tag', tag],
      ['_count', '100'],
      ['_cursor', first.next ?? ''],
    ]),
  );
  expect(first.rows.map(({ id }) => id)).toEqual(['b', 'd']);
  expect(rest.rows.map(({ id }) => id)).toEqual(['e', 'f', 'g', 'h', 'j']);
});

describe('includes', () => {
  const included = async (type: string, text: string): Promise<string[]> => {
    const result = await runSearch({ db, search, grant: wholeGrant }, search.parse(type, parameters(text)));
    return result.rows
      .filter(({ mode }) => mode === 'include')
      .map(({ type: of, id }) => `${of}/${id}`)
      .sort();
  };

  test('what is referred to, once', async () => {
    expect(await included('Observation', 'patient=p1&_include=Observation:patient')).toEqual(['Patient/p1']);
  });

  test('of one target type only', async () => {
    expect(await included('Observation', 'patient=p1&_include=Observation:subject:Device')).toEqual([]);
  });

  test('step by step with :iterate, and only then', async () => {
    const one = 'patient=p1&_include=Observation:patient';
    const references = population.find(({ id }) => id === 'p1')?.['generalPractitioner'] as { reference: string }[];
    const gp = references[0]?.reference ?? '';
    expect(await included('Observation', `${one}&_include=Patient:general-practitioner`)).toEqual(['Patient/p1']);
    expect(await included('Observation', `${one}&_include:iterate=Patient:general-practitioner`)).toEqual([
      'Patient/p1',
      gp,
    ]);
  });

  test('everything that a resource refers to, with *', async () => {
    expect(await included('Patient', '_id=p1&_include=*')).toHaveLength(2);
  });

  test('what refers to it', async () => {
    const expected = await inMemory('Observation', 'patient=p1');
    expect(await included('Patient', '_id=p1&_revinclude=Observation:patient')).toEqual(expected);
    expect((await included('Patient', '_id=p1&_revinclude=*')).length).toBeGreaterThan(expected.length);
  });

  test('no more than is allowed', async () => {
    const strict = searchForTest({ limits: { includedMax: 3 } });
    const query = strict.parse('Patient', parameters('_revinclude=Observation:patient'));
    await expect(runSearch({ db, search: strict, grant: wholeGrant }, query)).rejects.toMatchObject({
      kind: 'tooCostly',
    });
  });
});

describe('totals', () => {
  test('come free when the first page holds all', async () => {
    const result = await runSearch(
      { db, search, grant: wholeGrant },
      search.parse('Observation', parameters('patient=p1&code=bp')),
    );
    expect(result.total).toBe(result.rows.length);
  });

  test('are left out, estimated or exact as asked', async () => {
    const total = async (text: string) =>
      (await runSearch({ db, search, grant: wholeGrant }, search.parse('Observation', parameters(text)))).total;
    const all = (await inMemory('Observation', '')).length;
    expect(await total('_count=2')).toBeUndefined();
    expect(await total('_count=2&_total=accurate')).toBe(all);
    expect(await total('_count=2&_total=estimate')).toBe(all);
    expect(await total('_count=2&code:text=weight&_total=accurate')).toBe(
      (await inMemory('Observation', 'code:text=weight')).length,
    );
  });
});

describe('refuses to go through too much', () => {
  test.each([
    ['Observation', 'subject:Patient.gender=female', { chainedMax: 2 }],
    ['Patient', '_has:Observation:patient:code:text=weight', { chainedMax: 2 }],
    ['Patient', '_sort=gender', { sortedMax: 2 }],
    ['Observation', 'code:text=nowhere', { candidatesMax: 20 }],
  ])('%s?%s', async (type, text, limits) => {
    const strict = searchForTest({ limits });
    const query = strict.parse(type, [...parameters(text), ['_count', '5']]);
    await expect(runSearch({ db, search: strict, grant: wholeGrant }, query)).rejects.toMatchObject({
      kind: 'tooCostly',
    });
  });

  test('a value set that is not here', async () => {
    const query = search.parse('Observation', parameters('code:in=http://test/nowhere'));
    await expect(runSearch({ db, search, grant: wholeGrant }, query)).rejects.toMatchObject({ kind: 'notSupported' });
  });
});

test('hostile text is only ever text', async () => {
  for (const text of [
    "' or 1=1 --",
    '{"}',
    '\\',
    '$1',
    '%',
    '_',
    '"; drop table resource; --',
    '\u001f',
    '😀'.repeat(40),
  ]) {
    for (const code of ['name', 'name:contains', 'name:exact', 'identifier', '_id', '_content', 'address:contains']) {
      const query = (): ReturnType<typeof search.parse> => search.parse('Patient', [[code, `zz${text}zz`]]);
      expect((await runSearch({ db, search, grant: wholeGrant }, query())).rows).toEqual([]);
    }
  }
});
