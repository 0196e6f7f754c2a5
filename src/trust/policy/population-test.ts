/** Random records for the property of the reach: people, contacts, closings, relatives and content, from a seed. References are made to fit. */
import type { Resource } from '#fhir/types.ts';
import { consentKinds } from './codes.ts';
import * as the from './cases/record-test.ts';
import { at, directory, on, ref } from './cases/world-test.ts';

/** A small generator with a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export type Random = { below(n: number): number; pick<T>(from: readonly T[]): T; chance(share: number): boolean };

export function randomOf(seed: number): Random {
  const next = randomFrom(seed);
  return {
    below: (n) => Math.floor(next() * n),
    pick: (from) => from[Math.floor(next() * from.length)] as (typeof from)[number],
    chance: (share) => next() < share,
  };
}

export const units = ['medicine', 'surgery', 'emergency', 'ward-a', 'practice', 'home-care', 'hospital'];
export const roles = ['berg', 'lind', 'dahl', 'ness', 'moen', 'aas', 'brekke', 'haug'];
const relations = ['mor', 'far', 'barn', 'ektefelleEllerPartner', 'søsken'];

/** All ids of one population begin alike, so that several lie in one database. */
export type Population = { patients: readonly string[]; resources: readonly Resource[] };

/** So many patients, each with a handful of resources; a few of them shared, closed, labelled. */
export function populationOf(seed: number, patientCount: number): Population {
  const random = randomOf(seed);
  const patients = Array.from({ length: patientCount }, (_none, index) => `p${seed}-${index}`);
  const resources = [...directory, ...patients.flatMap((id) => recordOf(random, id, patients))];
  return { patients, resources: resources.map((resource, index) => placed(resource, `${seed}-${index}`)) };
}

/** With an id of the population, unless it is of a directory, a patient, or named elsewhere. */
function placed(resource: Resource, id: string): Resource {
  const isNamed = !/^r\d+$/.test(resource.id ?? '') && resource.id !== undefined;
  return isNamed ? resource : { ...resource, id: `x${id}` };
}

function recordOf(random: Random, id: string, patients: readonly string[]): Resource[] {
  const other = random.pick(patients);
  const documents = [0, 1, 2].map((index) => `doc-${id}-${index}`);
  const made = [
    personOf(random, id),
    ...some(random, 3, () => onSomeWord(random, relationOf(random))),
    ...some(random, 3, () => closingOf(random, documents, other)),
    ...some(random, 2, () => the.relative(other, kinOf(random))),
    ...documents.map((name) => labelled(random, the.document(name))),
    ...documents.map(() => labelled(random, the.observation())),
    the.ofPatient('Condition'),
    the.flag(random.pick(['7517', 'other'])),
    ...(random.chance(0.3) ? [the.caseOf(`case-${id}`)] : []),
    ...(random.chance(0.4) ? [the.prescription({ from: -100, to: random.pick([200, -60]) })] : []),
    ...(random.chance(0.3)
      ? [
          {
            ...the.attested({ by: random.pick(roles), purpose: random.pick(['TREAT', 'ETREAT', 'BTG']) }),
            id: `basic-${id}`,
          },
        ]
      : []),
  ];
  const own = made.map((resource) => ofPatient(resource, id));
  const shared =
    random.chance(0.4) && other !== id ? [the.appointment('Practitioner/berg', 1, 'booked', [id, other])] : [];
  return [...own, ...shared.map((one) => ({ ...one, minutesDuration: 10 }))];
}

const some = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: random.below(most + 1) }, make);

function personOf(random: Random, id: string): Resource {
  const years = random.pick([5, 13, 17, 40, 80]);
  return {
    ...the.child(years, id),
    ...(random.chance(0.4)
      ? {
          generalPractitioner: [
            ref(random.pick(['PractitionerRole/moen-role', 'Practitioner/aas', 'Organization/practice'])),
          ],
        }
      : {}),
    ...(random.chance(0.15) ? { deceasedDateTime: at(-5) } : {}),
  };
}

function onSomeWord(random: Random, relation: Resource): Resource {
  if (!random.chance(0.3)) return relation;
  return the.onWordOf(relation, random.pick([`Practitioner/${random.pick(roles)}`, 'Organization/hospital']));
}

function relationOf(random: Random): Resource {
  const by = `PractitionerRole/${random.pick(roles)}-role`;
  const unit = random.pick(units);
  const from = random.pick([-200, -60, -20, -1, 5, 20]);
  switch (random.below(6)) {
    case 0:
      return the.encounter({ unit, by, from, to: from + random.pick([1, 10]) });
    case 1:
      return the.encounter({ unit, from, status: random.pick(['in-progress', 'cancelled']) });
    case 2:
      return the.appointment(by, from);
    case 3:
      return the.referral({
        by,
        to: `Organization/${unit}`,
        written: -Math.abs(from),
        status: random.pick(['active', 'completed']),
      });
    case 4:
      return the.careTeam(by, { status: random.pick(['active', 'inactive']) });
    default:
      return the.episode({ unit, from: -250, ...(random.chance(0.5) ? { to: random.pick([-1, -90]) } : {}) });
  }
}

function closingOf(random: Random, documents: readonly string[], other: string): Resource {
  const status = random.pick(['active', 'active', 'inactive']);
  switch (random.below(7)) {
    case 0:
      return the.block({ actors: [`Practitioner/${random.pick(roles)}`], status });
    case 1:
      return the.block({ actors: [`Organization/${random.pick(units)}`], status });
    case 2:
      return the.block({ status });
    case 3:
      return the.block({ data: [`DocumentReference/${random.pick(documents)}`], status });
    case 4:
      return the.block({ types: ['Condition'], actors: [`Practitioner/${random.pick(roles)}`], status });
    case 5:
      return the.consent(consentKinds.powerOfAttorney, {
        to: `Patient/${other}`,
        status,
        ...(random.chance(0.5) ? { types: ['Appointment'] } : {}),
      });
    default:
      return the.consent(consentKinds.youthGrant, { to: `Patient/${other}`, status });
  }
}

function kinOf(random: Random): Parameters<typeof the.relative>[1] {
  const role = random.pick(relations);
  return {
    role,
    active: random.chance(0.9),
    born: on(-9000),
    ...(random.chance(0.7) ? { responsibility: random.pick(['felles', 'mor']) } : {}),
  };
}

const labels = ['NORN_FFL', 'NORN_FORANS', 'NORN_UNGDOM', 'NORS', 'N'];
const labelled = (random: Random, resource: Resource): Resource =>
  random.chance(0.4) ? the.withheld(resource, random.pick(labels)) : resource;

/** What the builders write of `kari`, of another patient. */
function ofPatient(resource: Resource, id: string): Resource {
  return JSON.parse(JSON.stringify(resource).replaceAll('Patient/kari', `Patient/${id}`)) as Resource;
}
