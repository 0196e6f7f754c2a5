import { expect, test } from 'vitest';
import {
  breakGlass,
  colleague,
  endedRelationship,
  markedPatient,
  noRelationship,
  oddHours,
  ownRecord,
  reasonsFor,
  sameAddress,
  sameFamilyName,
  volume,
  type AccessFacts,
  type PairFacts,
  type Rule,
} from './rules.ts';
import { reasonWords } from './words.ts';

/** A Monday, ten o'clock. */
const access: AccessFacts = {
  number: 1,
  at: 1000 * 86_400_000,
  weekday: 1,
  minute: 600,
  ground: 'care-relationship:Encounter/1',
  purpose: 'TREAT',
};
const nobody = { family: undefined, identity: undefined, nationalNumbers: [], addresses: [] };

function facts(
  more: {
    accesses?: AccessFacts[];
    who?: Partial<PairFacts['who']>;
    patient?: Partial<PairFacts['patient']>;
    ended?: number;
  } = {},
): PairFacts {
  return {
    accesses: more.accesses ?? [access],
    who: { ...nobody, organisations: ['hospital'], hours: undefined, ...more.who },
    patient: { ...nobody, marks: [], worksAt: [], ...more.patient },
    endedAt: more.ended === undefined ? new Map() : new Map([['Encounter/1', more.ended]]),
  };
}

test('an ordinary access gives no reason', () => {
  expect(
    reasonsFor(
      facts({
        who: {
          family: 'Berg',
          nationalNumbers: ['1'],
          addresses: ['vegen 1 0001'],
          hours: [{ weekday: 1, from: 480, until: 930 }],
        },
        patient: { family: 'Dahl', nationalNumbers: ['2'], addresses: ['vegen 2 0001'], worksAt: ['elsewhere'] },
        ended: access.at - 86_400_000,
      }),
    ),
  ).toEqual([]);
});

test('own record: the same number, or the same whole name and birth date; unknown is never the same', () => {
  expect(ownRecord(facts())).toBeUndefined();
  expect(ownRecord(facts({ who: { nationalNumbers: ['1'] }, patient: { nationalNumbers: ['1'] } }))?.weight).toBe(3);
  expect(
    ownRecord(facts({ who: { identity: 'kari berg 1980-01-01' }, patient: { identity: 'kari berg 1980-01-01' } })),
  ).toBeDefined();
});

test('the same address, which is not also their own record', () => {
  const lives = { addresses: ['vegen 1 0001'] };
  expect(sameAddress(facts({ who: lives, patient: lives }))?.weight).toBe(3);
  expect(sameAddress(facts({ who: lives, patient: { addresses: ['vegen 1 0002'] } }))).toBeUndefined();
  const own = { ...lives, nationalNumbers: ['1'] };
  expect(sameAddress(facts({ who: own, patient: own }))).toBeUndefined();
});

test('the same family name, also as a part of a double name; more when nothing but their word stands for it', () => {
  const attested = [{ ...access, ground: 'attested:TREAT:Basic/1' }];
  expect(sameFamilyName(facts({ who: { family: 'Berg' }, patient: { family: 'Berger' } }))).toBeUndefined();
  expect(sameFamilyName(facts({ who: { family: 'Berg' }, patient: { family: 'BERG' } }))?.weight).toBe(1);
  expect(sameFamilyName(facts({ who: { family: 'Berg-Dahl' }, patient: { family: 'Dahl' } }))?.weight).toBe(1);
  expect(
    sameFamilyName(facts({ accesses: attested, who: { family: 'Berg' }, patient: { family: 'Berg' } }))?.weight,
  ).toBe(2);
});

test('a colleague: the patient works where the access was made', () => {
  expect(colleague(facts({ patient: { worksAt: ['clinic'] } }))).toBeUndefined();
  expect(colleague(facts({ patient: { worksAt: ['hospital'] } }))?.rule).toBe('colleague');
});

test('a record that is marked', () => {
  expect(markedPatient(facts())).toBeUndefined();
  expect(markedPatient(facts({ patient: { marks: ['CEL'] } }))?.detail).toEqual({ mark: 'CEL' });
});

test('emergency access', () => {
  expect(breakGlass(facts())).toBeUndefined();
  expect(breakGlass(facts({ accesses: [access, { ...access, purpose: 'BTG' }] }))?.weight).toBe(2);
});

test('no relationship: every access rests on their own word', () => {
  const attested = { ...access, ground: 'attested:TREAT:Basic/1' };
  expect(noRelationship(facts({ accesses: [access, attested] }))).toBeUndefined();
  expect(noRelationship(facts({ accesses: [] }))).toBeUndefined();
  expect(noRelationship(facts({ accesses: [attested] }))?.rule).toBe('no-relationship');
});

test('an ended relationship: more than 60 days before every access', () => {
  const day = 86_400_000;
  expect(endedRelationship(facts({ ended: access.at - 60 * day }))).toBeUndefined();
  expect(endedRelationship(facts())).toBeUndefined();
  expect(endedRelationship(facts({ ended: access.at - 61 * day }))?.detail).toEqual({ days: 61 });
});

test('odd hours: outside working hours by more than an hour; nothing is odd where hours are not known', () => {
  const at = (weekday: number, minute: number): AccessFacts[] => [{ ...access, weekday, minute }];
  const who = { hours: [{ weekday: 1, from: 480, until: 930 }] };
  expect(oddHours(facts({ accesses: at(1, 120) }))).toBeUndefined();
  expect(oddHours(facts({ accesses: at(1, 421), who }))).toBeUndefined();
  expect(oddHours(facts({ accesses: at(1, 419), who }))?.detail).toEqual({ time: '06:59' });
  expect(oddHours(facts({ accesses: at(2, 600), who }))?.weight).toBe(1);
  expect(oddHours(facts({ accesses: [...at(2, 600), ...at(1, 600)], who }))).toBeUndefined();
});

test('a night shift over midnight, and over the end of the week, is within hours', () => {
  const night = [
    { weekday: 6, from: 1305, until: 1440 },
    { weekday: 0, from: 0, until: 465 },
  ];
  for (const [weekday, minute] of [
    [6, 1439],
    [0, 10],
    [0, 500],
    [6, 1250],
  ] as const)
    expect(oddHours(facts({ accesses: [{ ...access, weekday, minute }], who: { hours: night } }))).toBeUndefined();
  expect(
    oddHours(facts({ accesses: [{ ...access, weekday: 0, minute: 30 }], who: { hours: [night[0]!] } })),
  ).toBeUndefined();
});

test.for([
  ['few patients are never many', { patients: 9, own: [1, 1, 1, 1, 1], peers: [1, 1, 1] }, undefined],
  [
    'a person without a past and without peers gives no ground to say',
    { patients: 500, own: [3], peers: [4] },
    undefined,
  ],
  ['many, but so have the others that day', { patients: 60, own: [10, 12, 11, 9, 10], peers: [50, 55, 60] }, undefined],
  ['many, but so it is for this person', { patients: 60, own: [55, 60, 58, 61, 50], peers: [10, 10, 10] }, undefined],
  ['more than own days and others', { patients: 60, own: [10, 12, 11, 9, 10], peers: [9, 10, 11] }, 2],
  ['far more than own days and others', { patients: 400, own: [10, 12, 11, 9, 10], peers: [9, 10, 11] }, 3],
  ['no past, more than others', { patients: 60, own: [], peers: [9, 10, 11] }, 2],
] as const)('volume: %s', ([, day, weight]) => {
  expect(volume(day)?.weight).toBe(weight);
});

test('every reason has words in all three languages, with their details', () => {
  const rules: Rule[] = [
    'own-record',
    'same-address',
    'same-family-name',
    'colleague',
    'marked-patient',
    'break-glass',
    'no-relationship',
    'ended-relationship',
    'odd-hours',
    'volume',
  ];
  const detail = { mark: 'CEL', days: 70, time: '03:00', patients: 60, usual: 10 };
  for (const rule of rules)
    for (const language of ['nb', 'nn', 'en'] as const)
      expect(reasonWords({ rule, weight: 1, detail }, language)).toMatch(/^[^{}]{5,}$/);
});
