import { expect, test } from 'vitest';
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';
import {
  icd10,
  icpc2,
  gender,
  genderSystem,
  core,
  terminology,
  withSource,
  record,
  codesOf,
  out,
  letters,
} from './terminology-for-test.ts';

test('a change of a stored code system is seen at the next question', async () => {
  const store = record(letters);
  const from = withSource(store);
  const ask = async () => out(await from.validateCode('CodeSystem', { url: 'urn:letters', code: 'c' }), 'result');
  expect([await ask(), await ask()]).toEqual([false, false]);
  expect(store.asked).toEqual(['CodeSystem urn:letters']);
  store.put({ ...letters, concept: [{ code: 'c' }] });
  from.changed('urn:letters');
  expect(await ask()).toBe(true);
});

test("HL7's own value sets can't be replaced by storing one with the same url", async () => {
  const forged: Resource = {
    resourceType: 'ValueSet',
    url: gender,
    compose: { include: [{ system: genderSystem, concept: [{ code: 'x' }] }] },
  };
  const answer = await withSource(record(forged)).validateCode('ValueSet', {
    url: gender,
    system: genderSystem,
    code: 'x',
  });
  expect(out(answer, 'result')).toBe(false);
});

test('a value set that cannot be worked out tells nothing of a code, and its slow filter is slow once', async () => {
  const long: Resource = { ...letters, concept: [{ code: `${'a'.repeat(60)}!` }] };
  const made = (url: string, filter: object): Resource => ({
    resourceType: 'ValueSet',
    url,
    compose: { include: [{ system: 'urn:letters', filter: [filter] }] },
  });
  const store = record(
    long,
    made('urn:slow', { property: 'code', op: 'regex', value: '((a+)+)+b' }),
    made('urn:odd', { property: 'x', op: '=', value: 'y' }),
  );
  const from = withSource(store);
  await from.prepare(['urn:slow', 'urn:odd']);
  const started = performance.now();
  for (let time = 0; time < 20; time += 1)
    expect(from.validateCodeSync('urn:slow', 'urn:letters', `${'a'.repeat(60)}!`)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(2000);
  expect(from.validateCodeSync('urn:odd', 'urn:letters', `${'a'.repeat(60)}!`)).toBeUndefined();
});

test('a stored code system without its concepts does not hide the one that has them', async () => {
  const stored: Resource = {
    resourceType: 'CodeSystem',
    url: 'http://terminology.hl7.org/CodeSystem/v3-ActMood',
    content: 'not-present',
  };
  const answer = await withSource(record(stored)).validateCode('CodeSystem', {
    url: String(stored['url']),
    code: 'EVN',
  });
  expect(out(answer, 'result')).toBe(true);
});

test('expandCodes lists a value set for :in, ICD-10 in both spellings', async () => {
  expect(await terminology.expandCodes(gender)).toHaveLength(4);
  expect(await terminology.expandCodes(`${icd10}?fhir_vs=isa/E119`)).toEqual([
    { system: icd10, code: 'E119' },
    { system: icd10, code: 'E11.9' },
  ]);
  expect(await terminology.expandCodes('urn:none')).toBeUndefined();
});

test('whatever a value set is composed of, its expansion lists exactly the codes that it says it holds', async () => {
  const code = fc.constantFrom('vowel', 'a', 'e', 'é', 'o', 'b');
  const filters = fc.array(
    fc.record({
      property: fc.constant('concept'),
      op: fc.constantFrom('is-a', 'descendent-of', 'is-not-a', 'generalizes', '='),
      value: code,
    }),
    { minLength: 1, maxLength: 2 },
  );
  const include = fc.oneof(
    fc.constant({ system: 'urn:letters' }),
    fc.record({ system: fc.constant('urn:letters'), filter: filters }),
    fc.record({
      system: fc.constant('urn:letters'),
      concept: fc.array(
        code.map((each) => ({ code: each })),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    fc.record({ valueSet: fc.constant(['urn:nested']) }),
    fc.record({ system: fc.constant('urn:letters'), valueSet: fc.constant(['urn:nested']) }),
  );
  const nested: Resource = {
    resourceType: 'ValueSet',
    url: 'urn:nested',
    compose: { include: [{ system: 'urn:letters', filter: [{ property: 'concept', op: 'is-a', value: 'e' }] }] },
  };
  const compose = fc.record({
    include: fc.array(include, { minLength: 1, maxLength: 3 }),
    exclude: fc.array(include, { maxLength: 2 }),
    inactive: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(compose, async (drawn) => {
      const { exclude, ...rest } = drawn;
      const made = { ...rest, ...(exclude.length === 0 ? {} : { exclude }) };
      const from = withSource(record(letters, nested, { resourceType: 'ValueSet', url: 'urn:drawn', compose: made }));
      const listed = await codesOf({ url: 'urn:drawn' }, from);
      const held = ['vowel', 'a', 'e', 'é', 'o', 'b'].filter(
        (each) => from.validateCodeSync('urn:drawn', 'urn:letters', each) === true,
      );
      expect(new Set(listed)).toEqual(new Set(held));
      expect(listed).toHaveLength(held.length);
    }),
    { numRuns: 200 },
  );
});

test('a text filter over ICD-10 finds by the word', async () => {
  const codes = await codesOf({ url: `${icd10}?fhir_vs`, filter: 'hjerteinfarkt', count: '20' });
  expect(codes).toContain('I210');
  expect(codes.length).toBeLessThanOrEqual(20);
});

test('every value set of R4 either lists its codes or says which list is missing', async () => {
  // The one `notSupported` is the standard's own example of a filter on a property that its code system does not declare.
  const counts: Record<string, number> = { listed: 0, notFound: 0, notSupported: 0 };
  for (const { resourceType, url } of core as (Resource & { url: string })[]) {
    if (resourceType !== 'ValueSet') continue;
    const kind = await terminology.expand({ url }).then(
      () => 'listed',
      (error: unknown) => (error instanceof Fault ? error.kind : 'bug'),
    );
    expect(counts, url).toHaveProperty([kind]);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  console.log('R4 value sets:', counts);
  expect(counts['listed']).toBeGreaterThan(1000);
});

const shared = new URL('../../../../shared/data/terminology/', import.meta.url);
test.skipIf(!existsSync(shared))(
  'the national lists are covered whole (skipped where the reference data is not at hand)',
  () => {
    for (const [file, system] of [
      ['ICD10-no.json', icd10],
      ['ICPC2-no.json', icpc2],
    ] as const) {
      const codes = JSON.parse(readFileSync(new URL(file, shared), 'utf8')) as { code: string; text: string }[];
      const known = codes.filter(({ code, text }) => terminology.display(system, code) === text);
      console.log(`${file}: ${known.length} of ${codes.length} known with the same text`);
      expect(known.length).toBe(codes.length);
    }
  },
);
