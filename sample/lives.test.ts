import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, expect, test } from 'vitest';
import type { Resource } from '#fhir/types.ts';
import { dateText, parseDay, yearsBetween } from '#shared/days.ts';
import { regionItems } from './index.ts';

/** What the tests below look at, of each resident; the records themselves are not kept. */
type Life = {
  age: number;
  isMan: boolean;
  isAlive: boolean;
  diedLastYear: boolean;
  bornLastYear: boolean;
  count: number;
  problems: string[];
  medicines: Map<string, string>;
  results: Map<string, { day: string; value: number }[]>;
  allergies: string[];
  visits: number;
};

const residents = 1200;
const today = '2026-11-01';
const yearAgo = dateText(parseDay(today) - 365);
let lives: Life[];

type Coded = { coding?: { code: string }[] };
const codeOf = (value: unknown): string => (value as Coded).coding?.[0]?.code ?? '';
const firstCode = (value: unknown): string => codeOf((value as unknown[])[0]);

beforeAll(() => {
  lives = [];
  for (const { resources } of regionItems({ residents, seed: 'lives', today })) {
    if (resources[0]?.resourceType === 'Patient') lives.push(lifeOf(resources));
  }
});

function lifeOf(resources: Resource[]): Life {
  const patient = resources[0]!;
  const death = patient['deceasedDateTime'] as string | undefined;
  const birth = String(patient['birthDate']);
  const life: Life = {
    age: yearsBetween(parseDay(birth), parseDay(today)),
    isMan: patient['gender'] === 'male',
    isAlive: death === undefined,
    diedLastYear: death !== undefined && death > yearAgo,
    bornLastYear: birth > yearAgo,
    count: resources.length,
    problems: [],
    medicines: new Map(),
    results: new Map(),
    allergies: [],
    visits: 0,
  };
  for (const resource of resources) read(life, resource);
  return life;
}

function read(life: Life, resource: Resource): void {
  if (resource.resourceType === 'Condition' && firstCode(resource['category']) === 'problem-list-item') {
    if (codeOf(resource['clinicalStatus']) === 'active') life.problems.push(codeOf(resource['code']));
  }
  if (resource.resourceType === 'MedicationRequest') {
    const atc = codeOf(resource['medicationCodeableConcept']);
    const day = String(resource['authoredOn']);
    if (!life.medicines.has(atc) || day < life.medicines.get(atc)!) life.medicines.set(atc, day);
  }
  if (resource.resourceType === 'AllergyIntolerance') life.allergies.push(codeOf(resource['code']));
  if (resource.resourceType === 'Encounter') life.visits++;
  if (resource.resourceType === 'Observation' && resource['valueQuantity']) {
    const code = codeOf(resource['code']);
    const entry = {
      day: String(resource['effectiveDateTime']),
      value: (resource['valueQuantity'] as { value: number }).value,
    };
    const earlier = life.results.get(code);
    if (earlier) earlier.push(entry);
    else life.results.set(code, [entry]);
  }
}

const share = (some: Life[], of: Life[]): number => (100 * some.length) / of.length;
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const valuesOf = (some: Life[], code: string): number[] =>
  some.flatMap(({ results }) => (results.get(code) ?? []).map(({ value }) => value));

test('has about two hundred resources a resident', () => {
  const average = mean(lives.map(({ count }) => count));
  expect(average).toBeGreaterThan(170);
  expect(average).toBeLessThan(260);
});

test('has the age pyramid and the sex balance of a Norwegian region', () => {
  const alive = lives.filter(({ isAlive }) => isAlive);
  const aged = (from: number, to: number): number =>
    share(
      alive.filter(({ age }) => age >= from && age <= to),
      alive,
    );
  expect(Math.abs(aged(0, 17) - 20.5)).toBeLessThan(3);
  expect(Math.abs(aged(18, 66) - 63)).toBeLessThan(4);
  expect(Math.abs(aged(67, 79) - 11.5)).toBeLessThan(3);
  expect(Math.abs(aged(80, 120) - 4.8)).toBeLessThan(1.8);
  expect(
    Math.abs(
      share(
        alive.filter(({ isMan }) => isMan),
        alive,
      ) - 50,
    ),
  ).toBeLessThan(4);
});

test('has births and deaths in the order of a thousandth each of the population', () => {
  const born = (1000 * lives.filter(({ bornLastYear }) => bornLastYear).length) / residents;
  const died = (1000 * lives.filter(({ diedLastYear }) => diedLastYear).length) / residents;
  expect(born).toBeGreaterThan(5);
  expect(born).toBeLessThan(16);
  expect(died).toBeGreaterThan(3);
  expect(died).toBeLessThan(14);
});

test('has chronic disease about as often as surveys say', () => {
  const alive = lives.filter(({ isAlive }) => isAlive);
  const having = (...codes: string[]): number =>
    share(
      alive.filter(({ problems }) => codes.some((code) => problems.includes(code))),
      alive,
    );
  const diabetes = having('T89', 'T90');
  // Two standard deviations of 1,200 residents about five in a hundred.
  expect(diabetes).toBeGreaterThan(3.7);
  expect(diabetes).toBeLessThan(7);
  expect(having('R96')).toBeGreaterThan(3.7);
  expect(having('R96')).toBeLessThan(7);
  expect(having('K86')).toBeGreaterThan(10);
  expect(having('K86')).toBeLessThan(22);
  expect(
    share(
      lives.filter(({ problems, age }) => age < 18 && problems.includes('P70')),
      lives,
    ),
  ).toBe(0);
});

test('gives people with type 2 diabetes a series of HbA1c above that of others, and most of them metformin', () => {
  const diabetics = lives.filter(({ problems }) => problems.includes('T90'));
  const others = lives.filter(({ problems }) => !problems.includes('T90') && !problems.includes('T89'));
  expect(mean(valuesOf(diabetics, 'NPU27300'))).toBeGreaterThan(46);
  expect(mean(valuesOf(others, 'NPU27300'))).toBeLessThan(39);
  expect(
    share(
      diabetics.filter(({ results }) => (results.get('NPU27300')?.length ?? 0) >= 2),
      diabetics,
    ),
  ).toBeGreaterThan(75);
  expect(
    share(
      diabetics.filter(({ medicines }) => medicines.has('A10BA02')),
      diabetics,
    ),
  ).toBeGreaterThan(70);
});

test('follows warfarin with INR in the treatment range, from the day it began', () => {
  const takers = lives.filter(({ medicines, isAlive }) => medicines.has('B01AA03') && isAlive);
  expect(takers.length).toBeGreaterThan(0);
  for (const { medicines, results } of takers) {
    const after = (results.get('NPU01685') ?? []).filter(({ day }) => day > medicines.get('B01AA03')!);
    expect(after.length).toBeGreaterThan(0);
    expect(Math.abs(mean(after.map(({ value }) => value)) - 2.5)).toBeLessThan(0.7);
  }
});

test('prescribes nothing that the resident is recorded not to tolerate', () => {
  const allergic = lives.filter(({ allergies }) => allergies.includes('J01C') || allergies.includes('J01CE02'));
  expect(allergic.length).toBeGreaterThan(10);
  for (const { medicines } of allergic)
    expect([...medicines.keys()].filter((atc) => atc.startsWith('J01C'))).toEqual([]);
});

test('gives children no tablets that are not for them, and nobody two statins', () => {
  for (const { age, medicines } of lives) {
    const codes = [...medicines.keys()];
    if (age < 8) expect(codes.filter((atc) => /^(J01AA|J01MA|N02A|M01AB)/.test(atc))).toEqual([]);
    expect(codes.filter((atc) => atc.startsWith('C10AA')).length).toBeLessThanOrEqual(1);
  }
});

test('sends the old to the doctor more often than the young', () => {
  const old = lives.filter(({ age, isAlive }) => age >= 70 && isAlive);
  const young = lives.filter(({ age }) => age >= 20 && age < 40);
  expect(mean(old.map(({ visits }) => visits))).toBeGreaterThan(1.4 * mean(young.map(({ visits }) => visits)));
});

test('makes thousands of records without keeping them', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used: number[] = [];
  let count = 0;
  for (const { label } of regionItems({ residents: 1500, seed: 'memory', today })) {
    if (!label.startsWith('resident ') || ++count % 500 !== 0) continue;
    collect();
    used.push(process.memoryUsage().heapUsed);
  }
  expect(used).toHaveLength(3);
  expect(used[2]! - used[0]!).toBeLessThan(20e6);
});
