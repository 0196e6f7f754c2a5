import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, type TestApi } from '../../../../test/support/fhir.ts';
import type { Resource } from '#fhir/types.ts';
import { dirts, inventPerson, patientOf, randomOf, type Dirt, type InventedPerson } from './dirty-persons-test.ts';
import { featuresOf, nameKeys, slipsOfDate } from './features.ts';
import { slipsOfNumber } from './find-matches.ts';
import { skeletonOf, soundOf } from './phonetic.ts';
import { findWithNamesakes } from './match-store.ts';
import { createScorer, isTooCommon } from './score.ts';
import { editDistance, jaroWinkler } from './similarity.ts';

test.each([
  ['Kristian', 'Christian'],
  ['Hvidsten', 'Vidsten'],
  ['Åse', 'Aase'],
  ['Schjøll', 'Sjøl'],
  ['Hansen', 'Hanson'],
  ['Thorvald', 'Torvald'],
  ['Sarah', 'Sara'],
  ['Bergh', 'Berg'],
  ['Strand', 'Stran'],
  ['Yngve', 'Ingve'],
  ['Wilhelm', 'Vilhelm'],
  ['Bærum', 'Berum'],
])('%s sounds as %s', (a, b) => {
  expect(soundOf(a)).toBe(soundOf(b));
  expect(skeletonOf(a)).toBe(skeletonOf(b));
});

test.each([
  ['Kari', 'Karl'],
  ['Berg', 'Bakk'],
  ['Anne', 'Unni'],
])('%s does not sound as %s', (a, b) => expect(soundOf(a)).not.toBe(soundOf(b)));

test('an exchange of two neighbouring letters is one edit, and what is beyond the limit is not counted on', () => {
  expect(editDistance('hansen', 'hanesn', 2)).toBe(1);
  expect(editDistance('abcdef', 'uvwxyz', 2)).toBe(3);
  expect(jaroWinkler('martha', 'marhta')).toBeCloseTo(0.961, 3);
});

test('the slips of a number are few, since control digits leave few valid ones', () => {
  const { number } = inventPerson(1);
  expect(slipsOfNumber(number)).toContain(number);
  expect(slipsOfNumber(number).length).toBeLessThan(4);
  const wrong = number.slice(0, 10) + String((Number(number[10]) + 1) % 10);
  expect(slipsOfNumber(wrong)).toContain(number);
  expect(slipsOfDate('1970-03-12')).toContain('1970-12-03');
});

test.each([
  ['the same number, name and birth date', {}, 'certain'],
  ['another number, all else the same', { number: inventPerson(7).number }, 'possible'],
  ['no number, all else the same', { number: '' }, 'certain'],
  ['no number, a twin', { number: '', given: 'Torvald' }, 'certainly-not'],
  [
    'no number, another name and birth date',
    { number: '', given: 'Zoe', family: 'Quist', birthDate: '1911-01-01' },
    'certainly-not',
  ],
])('%s: %s', (_what, change, grade) => {
  const person: InventedPerson = { ...inventPerson(3), given: 'Marit', family: 'Solbakken', sex: 'female' };
  const asked = { ...person, ...change };
  const other = ['possible', 'certainly-not'].includes(grade)
    ? { ...person, line: 'Et annet sted 1', postalCode: '1111' }
    : person;
  const score = createScorer(featuresOf(patientOf(asked) as Resource));
  expect(score(featuresOf(patientOf(other) as Resource)).grade).toBe(grade);
});

const population = 3200;
const people = Array.from({ length: population }, (_, index) => inventPerson(index));
let api: TestApi;

beforeAll(async () => {
  api = await testApi();
  for (let at = 0; at < population; at += 400) {
    await api.record.fhir.importResources(people.slice(at, at + 400).map((person) => patientOf(person) as Resource));
  }
  await api.record.registers.catchUp();
}, 120_000);

afterAll(() => api.close());

type Asked = { found: number; wrong: number; asked: number; certain: number };

async function ask(patient: object, extra: object[] = []): Promise<any> {
  return api.ask('POST', 'Patient/$match', {
    resourceType: 'Parameters',
    parameter: [{ name: 'resource', resource: patient }, ...extra],
  });
}

test('answers whom it may be with score and grade, and only the certain one when asked so', async () => {
  const person = people[10]!;
  const answer = await ask(patientOf(person), [{ name: 'onlyCertainMatches', valueBoolean: true }]);
  expect(answer.status).toBe(200);
  expect(answer.body.entry).toHaveLength(1);
  const [{ resource, search }] = answer.body.entry;
  expect(resource.identifier[0].value).toBe(person.number);
  expect(search.score).toBeGreaterThan(0.99);
  expect(search.extension[0].valueCode).toBe('certain');
});

test('refuses a question without number or name, and one without a Patient', async () => {
  expect((await ask({ resourceType: 'Patient', gender: 'female' })).status).toBe(422);
  expect((await api.ask('POST', 'Patient/$match', { resourceType: 'Parameters', parameter: [] })).status).toBe(400);
});

test('the CapabilityStatement tells of $match', async () => {
  const { body } = await api.ask('GET', 'metadata');
  const patient = body.rest[0].resource.find((each: any) => each.type === 'Patient');
  expect(patient.operation.map((each: any) => each.name)).toContain('match');
});

test('namesakes are counted as persons come, change their names and go', async () => {
  const rename = async (family: string, id?: string): Promise<string> => {
    const patient = { resourceType: 'Patient', name: [{ given: ['Zoe', 'Kari'], family }] };
    if (id === undefined) return (await api.make(patient)).id as string;
    await api.ask('PUT', `Patient/${id}`, { ...patient, id });
    return id;
  };
  const ids = await Promise.all(['Quistberg', 'Quistberg', 'Solbakken'].map((family) => rename(family)));
  await api.record.registers.catchUp();
  await rename('Quistberg', ids[2]);
  await rename('Lindmo', ids[1]);
  await api.ask('DELETE', `Patient/${ids[0]}`);
  await api.record.registers.catchUp();
  const names = nameKeys(featuresOf(await readPatient(ids[2]!)).names);
  expect(await findWithNamesakes(api.record.db, [], names, 10)).toEqual({ candidates: [], namesakes: 2 });
  const wrong = await api.record.db`
    select from (select key, count(*) as persons from register_person, unnest(names) as key group by key) as real
    full join (select key, persons from register_namesake where persons <> 0) as counted using (key)
    where real.persons is distinct from counted.persons`;
  expect(wrong).toHaveLength(0);
});

const readPatient = async (id: string): Promise<Resource> => (await api.ask('GET', `Patient/${id}`)).body;

test('without a birth date one is found by a rare name, or by a name and an address', async () => {
  const [rare] = people.filter(
    ({ given, family }) => people.filter((each) => each.given === given && each.family === family).length === 1,
  );
  const { name, address, gender, identifier } = patientOf(rare!) as any;
  const byName = await ask({ resourceType: 'Patient', name, address, gender });
  expect(byName.body.entry[0].resource.identifier).toEqual(identifier);
  expect([isTooCommon(0), isTooCommon(1000)]).toEqual([false, true]);
});

test('finds people by dirty descriptions: precision and recall by kind of dirt', { timeout: 120_000 }, async () => {
  const random = randomOf(42);
  const table: Record<string, Asked> = {};
  const measure = async (name: string, dirt: Dirt, second: Dirt | undefined, withNumber: boolean): Promise<void> => {
    const row = (table[name] = { found: 0, wrong: 0, asked: 0, certain: 0 });
    for (let i = 0; i < 25; i++) {
      const index = random.below(population);
      const person = people[index]!;
      let asked: InventedPerson = dirts[dirt](person, random);
      if (second) asked = dirts[second](asked, random);
      const patient = patientOf(withNumber ? asked : { ...asked, number: '' });
      if (!withNumber) patient['identifier'] = undefined;
      if (dirt === 'maiden name') patient['name'] = [{ given: asked.given.split(' '), family: asked.family }];
      // Half of those who ask know no address.
      if (i % 2 === 0) patient['address'] = undefined;
      const answer = await ask(JSON.parse(JSON.stringify(patient)));
      const best = answer.body.entry?.[0];
      row.asked++;
      const isRight = best?.resource.identifier[0].value === person.number;
      const grade = best?.search.extension[0].valueCode;
      if (grade === 'certain' || grade === 'probable') row[isRight ? 'found' : 'wrong']++;
      if (grade === 'certain' && isRight) row.certain++;
    }
  };
  for (const dirt of Object.keys(dirts) as Dirt[]) {
    const isAboutNumber = dirt === 'digits exchanged' || dirt === 'wrong digit';
    await measure(dirt, dirt, undefined, isAboutNumber);
  }
  await measure('two at once: by ear, day and month', 'by ear', 'day and month exchanged', false);
  await measure('two at once: letters exchanged, wrong digit', 'letters exchanged', 'wrong digit', true);
  await measure('nobody of the register', 'nothing', undefined, false);
  const stranger: Asked = { found: 0, wrong: 0, asked: 0, certain: 0 };
  for (let i = 0; i < 50; i++) {
    const patient = patientOf({ ...inventPerson(500_000 + i, 9), number: '' });
    patient['identifier'] = undefined;
    const answer = await ask(JSON.parse(JSON.stringify(patient)));
    const grade = answer.body.entry?.[0]?.search.extension[0].valueCode;
    stranger.asked++;
    if (grade === 'certain' || grade === 'probable') stranger.wrong++;
  }
  // Who is not in the register, beside one who is: a twin at the same address, and a namesake.
  const relatives: [string, (person: InventedPerson, index: number) => InventedPerson][] = [
    ['a twin who is not here', (person, index) => ({ ...person, given: inventPerson(700_000 + index).given })],
    [
      'a namesake who is not here',
      (person, index) => ({ ...person, birthDate: inventPerson(800_000 + index).birthDate, postalCode: '1234' }),
    ],
  ];
  for (const [name, make] of relatives) {
    const row = (table[name] = { found: 0, wrong: 0, asked: 0, certain: 0 });
    for (let i = 0; i < 50; i++) {
      const person = people[random.below(population)]!;
      const relative = make(person, i);
      if (relative.given.split(' ').some((word) => person.given.includes(word)) === name.includes('twin')) continue;
      const patient = patientOf(relative);
      patient['identifier'] = undefined;
      const answer = await ask(JSON.parse(JSON.stringify(patient)));
      const grade = answer.body.entry?.[0]?.search.extension[0].valueCode;
      row.asked++;
      if (grade === 'certain' || grade === 'probable') row.wrong++;
    }
    stranger.wrong += row.wrong;
  }
  table['nobody of the register'] = stranger;
  const lines = Object.entries(table).map(([name, { found, wrong, asked, certain }]) => {
    const precision = found + wrong === 0 ? 1 : found / (found + wrong);
    return {
      dirt: name,
      asked,
      precision: precision.toFixed(3),
      recall: (found / asked).toFixed(3),
      certain: (certain / asked).toFixed(3),
    };
  });
  console.table(lines);
  const all = Object.entries(table)
    .filter(([name]) => !name.endsWith('not here') && name !== 'nobody of the register')
    .map(([, row]) => row);
  const sum = (of: keyof Asked): number => all.reduce((total, row) => total + row[of], 0);
  const precision = sum('found') / (sum('found') + sum('wrong') + stranger.wrong);
  const recall = sum('found') / sum('asked');
  console.log(
    `$match: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)} over ${sum('asked')} dirty descriptions`,
  );
  expect(precision).toBeGreaterThan(0.99);
  expect(recall).toBeGreaterThan(0.9);
});
