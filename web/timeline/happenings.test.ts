import type { FhirResource } from 'fhir/r4';
import { expect, test } from 'vitest';
import { around, happeningsOf, inside, isSpan, partsOf } from './happenings.ts';

const dayOf = (at: string): string => at.slice(0, 10);
const all = happeningsOf([
  {
    resourceType: 'Immunization',
    id: '1',
    status: 'completed',
    vaccineCode: { text: 'Influensa' },
    patient: {},
    occurrenceDateTime: '2025-10-02',
  },
  { resourceType: 'Condition', id: '2', code: { text: 'KOLS' }, subject: {}, onsetDateTime: '2014' },
  {
    resourceType: 'Encounter',
    id: '3',
    status: 'finished',
    class: { display: 'Konsultasjon' },
    period: { start: '2026-11-23T10:00:00+01:00' },
  },
  {
    resourceType: 'Encounter',
    id: '4',
    status: 'entered-in-error',
    class: {},
    period: { start: '2026-11-23T11:00:00+01:00' },
  },
  { resourceType: 'Procedure', id: '5', status: 'completed', subject: {} },
] satisfies FhirResource[]);

test('mistakes and what has no time are not there; the newest comes first', () => {
  expect(all.map(({ title }) => title)).toEqual(['Konsultasjon', 'Influensa', 'KOLS']);
});

test('a life has years, a year months, a month days, a day nothing below it', () => {
  expect(partsOf(all, '', dayOf)).toEqual([
    { span: '2014', count: 1 },
    { span: '2025', count: 1 },
    { span: '2026', count: 1 },
  ]);
  expect(partsOf(all, '2026', dayOf)).toEqual([{ span: '2026-11', count: 1 }]);
  expect(partsOf(all, '2026-11-23', dayOf)).toEqual([]);
  // What is known to the year alone is in the year and in no month.
  expect(partsOf(all, '2014', dayOf)).toEqual([]);
  expect(inside(all, '2014', dayOf)).toHaveLength(1);
});

test('a span is a whole life, a year, a month or a day, and has one around it', () => {
  expect(['', '2026', '2026-11', '2026-11-23'].every(isSpan)).toBe(true);
  expect(['2026-', '26', '2026-11-23T10', '.*'].some(isSpan)).toBe(false);
  expect([around('2026-11-23'), around('2026-11'), around('2026')]).toEqual(['2026-11', '2026', '']);
});
