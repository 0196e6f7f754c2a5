/** Made-up people and what was measured of them: enough variety that every kind of search finds some and misses some. */
import type { Resource } from '../types.ts';

/** A small generator with a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const families = ['Hansen', 'Haugen', 'Øverland', 'Olsen', 'Berg', 'Tromsø', 'Åsen', 'Noel', 'Bærum', 'Jenssen'];
const given = ['Åse', 'Ola', 'Kari', 'Nils', 'Ingrid', 'Bjørn'];
const cities = ['Tromsø', 'Oslo', 'Bergen', undefined];
const zones = ['Z', '+02:00', '-05:00', '+10:00'];

type Pick = <T>(from: readonly T[]) => T;

const twoDigits = (n: number): string => String(n).padStart(2, '0');

/** The same population for the same seed. References lead to members of it. */
export function populationForTest(seed: number): Resource[] {
  const random = randomFrom(seed);
  const pick: Pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const below = (n: number): number => Math.floor(random() * n);
  const patients = Array.from({ length: 40 }, (_none, i) => patient(i, pick, below));
  const encounters = Array.from({ length: 50 }, (_none, i) => encounter(i, pick, below));
  const observations = Array.from({ length: 220 }, (_none, i) => observation(i, pick, below));
  return [...places(), ...patients, ...encounters, ...observations];
}

function places(): Resource[] {
  return [
    { resourceType: 'Organization', id: 'parent', name: 'Helse Nord' },
    { resourceType: 'Organization', id: 'child', name: 'Sykehuset', partOf: { reference: 'Organization/parent' } },
    { resourceType: 'Organization', id: 'alone', name: 'Legekontoret' },
    { resourceType: 'Practitioner', id: 'gp1', active: true, name: [{ family: 'Berg', given: ['Anne'] }] },
    { resourceType: 'Practitioner', id: 'gp2', active: false, name: [{ family: 'Bergersen' }] },
    { resourceType: 'Practitioner', id: 'gp3', active: true, name: [{ family: 'Dahl' }] },
    { resourceType: 'Location', id: 'oslo', position: { latitude: 59.91, longitude: 10.75 } },
    { resourceType: 'Location', id: 'bergen', position: { latitude: 60.39, longitude: 5.32 } },
    {
      resourceType: 'List',
      id: 'list1',
      status: 'current',
      mode: 'working',
      entry: [
        { item: { reference: 'Patient/p1' } },
        { item: { reference: 'Patient/p5' } },
        { deleted: true, item: { reference: 'Patient/p6' } },
      ],
    },
  ];
}

function patient(i: number, pick: Pick, below: (n: number) => number): Resource {
  const city = pick(cities);
  return {
    resourceType: 'Patient',
    id: `p${i}`,
    ...(i % 2 === 0 ? { meta: { tag: [{ system: 'http://test/tags', code: 'even' }] } } : {}),
    identifier: [{ ...(i % 3 === 0 ? {} : { system: 'http://test/ids' }), value: String(i) }],
    name: [{ family: pick(families), given: [pick(given)] }],
    gender: pick(['male', 'female']),
    birthDate: pick([
      `19${twoDigits(50 + below(50))}`,
      `198${below(10)}-0${1 + below(9)}`,
      `196${below(10)}-01-${twoDigits(1 + below(28))}`,
    ]),
    ...(city === undefined ? {} : { address: [{ city }] }),
    generalPractitioner: [{ reference: `Practitioner/gp${1 + below(3)}` }],
    managingOrganization: { reference: `Organization/${pick(['child', 'alone'])}` },
  };
}

function encounter(i: number, pick: Pick, below: (n: number) => number): Resource {
  const start = `2023-${twoDigits(1 + below(12))}-${twoDigits(1 + below(28))}`;
  const end = pick([undefined, start, '2023-12-31', '2024-03-01']);
  return {
    resourceType: 'Encounter',
    id: `e${i}`,
    status: pick(['finished', 'in-progress']),
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: pick(['AMB', 'IMP']) },
    subject: { reference: `Patient/p${below(20)}` },
    period: { start, ...(end === undefined ? {} : { end }) },
  };
}

function observation(i: number, pick: Pick, below: (n: number) => number): Resource {
  const date = `2023-${twoDigits(1 + below(12))}-${twoDigits(1 + below(28))}`;
  const effectiveDateTime = pick([
    date,
    date.slice(0, 7),
    `${date}T${twoDigits(below(24))}:30:00${pick(zones)}`,
    undefined,
  ]);
  const coded = (code: string, display: string) => ({ coding: [{ system: 'http://test/codes', code, display }] });
  const base = {
    resourceType: 'Observation',
    id: `o${i}`,
    status: pick(['final', 'preliminary']),
    subject: { reference: `Patient/p${below(40)}` },
    ...(i % 3 === 0 ? { encounter: { reference: `Encounter/e${below(50)}` } } : {}),
    ...(i % 4 === 0 ? { performer: [{ reference: `Practitioner/gp${1 + below(3)}` }] } : {}),
    ...(effectiveDateTime === undefined ? {} : { effectiveDateTime }),
  };
  const mmHg = (value: number) => ({ value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' });
  if (i % 4 === 0) {
    const component = [
      { code: coded('systolic', 'Systolic'), valueQuantity: mmHg(100 + below(60)) },
      { code: coded('diastolic', 'Diastolic'), valueQuantity: mmHg(50 + below(50)) },
    ];
    return { ...base, code: coded('bp', 'Blood pressure'), component };
  }
  if (i % 4 === 1)
    return {
      ...base,
      code: { coding: [{ system: 'http://test/cs', code: 'a1' }] },
      valueString: pick(['Frisk', 'Ikke helt frisk', 'Syk']),
    };
  const inGrams = i % 4 === 2;
  const kilograms = 50 + below(60);
  const unit = inGrams ? 'g' : 'kg';
  const valueQuantity = {
    value: inGrams ? kilograms * 1000 : kilograms,
    unit,
    system: 'http://unitsofmeasure.org',
    code: unit,
  };
  return { ...base, code: coded('weight', 'Body weight'), valueQuantity };
}
