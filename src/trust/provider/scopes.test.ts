import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allowedScopes,
  covers,
  formatScope,
  normaliseScopes,
  parseScope,
  scopeReach,
  type ResourceScope,
} from './scopes.ts';

describe('what is no scope over resources', () => {
  test.for([
    '',
    'openid',
    'launch/patient',
    'patient/',
    'patient/Observation',
    'patient/Observation.',
    'patient/Observation.sr',
    'patient/Observation.rrs',
    'patient/Observation.x',
    'patient/observation.rs',
    'Patient/Observation.rs',
    'patients/Observation.rs',
    'patient/**.rs',
    'patient/Observation.rs?',
    'patient/Observation.rs?category',
    'patient/Observation.rs?category=',
    'patient/Observation.rs?=x',
    'patient/Observation.rs?category=x&',
    'patient/Observation.rs?category=%zz',
    'patient/Observation.rs patient/Patient.rs',
    ' patient/Observation.rs',
    'patient/Observation.rs\n',
    `patient/Observation.rs?code=${'x'.repeat(2000)}`,
  ])('%j', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });
});

test('reads SMART 2, and SMART 1 as what it means now', () => {
  expect(parseScope('user/*.cruds')).toEqual({
    level: 'user',
    type: '*',
    interactions: ['c', 'r', 'u', 'd', 's'],
    search: [],
  });
  expect(formatScope(parseScope('patient/Patient.read')!)).toBe('patient/Patient.rs');
  expect(formatScope(parseScope('patient/Patient.write')!)).toBe('patient/Patient.cud');
  expect(formatScope(parseScope('patient/*.*')!)).toBe('patient/*.cruds');
  const category = 'http://terminology.hl7.org/CodeSystem/observation-category|laboratory';
  expect(parseScope(`patient/Observation.rs?category=${category}`)?.search).toEqual([['category', category]]);
});

test('scopes for the same are taken together, and those that another covers are left out', () => {
  expect(normaliseScopes(['patient/Patient.s', 'openid', 'patient/Patient.r'])).toEqual([
    'openid',
    'patient/Patient.rs',
  ]);
  expect(normaliseScopes(['patient/Patient.r', 'patient/*.rs', 'user/Patient.r'])).toEqual([
    'patient/*.rs',
    'user/Patient.r',
  ]);
  expect(normaliseScopes(['patient/Observation.rs?code=1', 'patient/Observation.r'])).toEqual([
    'patient/Observation.r',
    'patient/Observation.rs?code=1',
  ]);
});

describe('what of the asked may be had', () => {
  const cases: [asked: string, allowed: string, granted: string][] = [
    ['system/*.rs', '', ''],
    ['system/*.rs', 'user/*.rs', ''],
    ['user/Patient.c', 'user/Patient.rs', ''],
    ['user/Patient.rs', 'user/Observation.rs', ''],
    ['user/*.cruds', 'user/Observation.rs', 'user/Observation.rs'],
    ['user/Observation.cruds', 'user/*.rs', 'user/Observation.rs'],
    ['user/Observation.rs', 'user/Observation.rs?category=laboratory', 'user/Observation.rs?category=laboratory'],
    [
      'user/Observation.rs?code=1',
      'user/Observation.rs?category=laboratory',
      'user/Observation.rs?category=laboratory&code=1',
    ],
    ['user/*.rs', 'user/Patient.r user/Observation.rs', 'user/Observation.rs user/Patient.r'],
    ['openid made-up user/*.rs', 'user/*.rs', 'openid user/*.rs'],
  ];
  test.for(cases)('%s of %s: %s', ([asked, allowed, granted]) => {
    const plain = (scope: string): boolean => scope === 'openid';
    expect(allowedScopes(asked.split(' '), allowed.split(' '), plain).join(' ')).toBe(granted);
  });
});

test('says which interactions on which types, and with which searches', () => {
  const scopes = [
    'patient/Observation.rs?category=laboratory',
    'patient/Observation.rs?category=vital-signs',
    'user/Patient.r',
  ];
  expect(scopeReach(scopes, 's', 'Patient')).toBe('none');
  expect(scopeReach(scopes, 'r', 'Patient')).toBe('all');
  expect(scopeReach(scopes, 'r', 'Patient', 'patient')).toBe('none');
  expect(scopeReach(scopes, 'c', 'Observation')).toBe('none');
  expect(scopeReach(scopes, 's', 'Observation')).toEqual([[['category', 'laboratory']], [['category', 'vital-signs']]]);
  expect(scopeReach([...scopes, 'patient/*.s'], 's', 'Observation')).toBe('all');
});

const interactions = ['c', 'r', 'u', 'd', 's'] as const;
const scope: fc.Arbitrary<ResourceScope> = fc
  .record({
    level: fc.constantFrom('patient' as const, 'user' as const, 'system' as const),
    type: fc.constantFrom('*', 'Patient', 'Observation', 'Condition'),
    interactions: fc.subarray([...interactions], { minLength: 1 }),
    search: fc.array(
      fc.tuple(
        fc.constantFrom('category', 'code', '_tag'),
        fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
      ),
      { maxLength: 2 },
    ),
  })
  .map((drawn) => parseScope(formatScope(drawn))!);

const text = fc.oneof(scope.map(formatScope), fc.constantFrom('openid', 'launch'));

describe('whatever the scopes are', () => {
  test('what was written is read as it was, and is a scope by RFC 6749', () => {
    fc.assert(
      fc.property(scope, (one) => {
        expect(parseScope(formatScope(one))).toEqual(one);
        expect(formatScope(one)).toMatch(/^[\x21\x23-\x5B\x5D-\x7E]+$/);
      }),
    );
  });

  test('reading never fails, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => void parseScope(`patient/Observation.rs?${any}`)));
  });

  test('normalised scopes allow the same as before, and are their own normal form', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), (scopes) => {
        const normal = normaliseScopes(scopes);
        expect(normaliseScopes(normal)).toEqual(normal);
        for (const type of ['Patient', 'Observation', 'Encounter'])
          for (const interaction of interactions)
            for (const level of ['patient', 'user', 'system'] as const)
              expect(allows(normal, interaction, type, level)).toEqual(allows(scopes, interaction, type, level));
      }),
    );
  });

  test('nobody gets more than was asked for, nor more than is allowed', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), fc.array(text, { maxLength: 4 }), (asked, allowed) => {
        const all = (scopes: string[]): ResourceScope[] => scopes.map(parseScope).filter((one) => one !== undefined);
        for (const granted of all(allowedScopes(asked, allowed, () => true))) {
          for (const interaction of granted.interactions) {
            const single = { ...granted, interactions: [interaction] };
            expect(all(asked).some((one) => covers(one, single))).toBe(true);
            expect(all(allowed).some((one) => covers(one, single))).toBe(true);
          }
        }
      }),
    );
  });

  test('what was allowed whole is granted whole', () => {
    fc.assert(
      fc.property(fc.array(scope.map(formatScope), { minLength: 1, maxLength: 4 }), (scopes) => {
        expect(allowedScopes(scopes, scopes, () => false)).toEqual(normaliseScopes(scopes));
      }),
    );
  });
});

/** The searches that open something, without those that another opens wider. */
function allows(
  scopes: string[],
  interaction: 'c' | 'r' | 'u' | 'd' | 's',
  type: string,
  level: ResourceScope['level'],
): unknown {
  const reach = scopeReach(scopes, interaction, type, level);
  if (typeof reach === 'string') return reach;
  const texts = reach.map((search) => search.map((pair) => pair.join('=')));
  const widest = texts.filter(
    (one) => !texts.some((other) => other.length < one.length && other.every((pair) => one.includes(pair))),
  );
  return [...new Set(widest.map((one) => one.join('&')))].sort();
}
