import type { Encounter, Flag, Observation, Patient } from 'fhir/r4';
import { expect, test } from 'vitest';
import { byWorst, wardRowsOf, type WardRecords } from './ward-rows.ts';

const now = Date.parse('2026-11-23T17:00:00+01:00');
const role = 'PractitionerRole/me';
const patient = (id: string): Patient => ({ resourceType: 'Patient', id });
const stay = (of: string, bed: string, more: Partial<Encounter> = {}): Encounter => ({
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { code: 'IMP' },
  subject: { reference: `Patient/${of}` },
  location: [{ status: 'active', location: { display: `Sengepost, Rom ${bed}, seng A` } }],
  ...more,
});
const sign = (of: string, code: string, value: number): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ code }] },
  subject: { reference: `Patient/${of}` },
  effectiveDateTime: '2026-11-23T16:00:00+01:00',
  valueQuantity: { value },
});
const round = (of: string, pulse: number): Observation[] => [
  sign(of, '8867-4', pulse),
  sign(of, '9279-1', 16),
  sign(of, '2708-6', 97),
  sign(of, '8310-5', 37),
  { ...sign(of, '85354-9', 0), component: [{ code: { coding: [{ code: '8480-6' }] }, valueQuantity: { value: 120 } }] },
];
const flag = (of: string, text: string): Flag => ({
  resourceType: 'Flag',
  status: 'active',
  code: { text },
  subject: { reference: `Patient/${of}` },
});
const none: WardRecords = { observations: [], flags: [], consents: [], requests: [], doses: [], reports: [] };

test('beds are in the order of their numbers, and what is another patient’s stays theirs', () => {
  const rows = wardRowsOf(
    {
      encounters: [stay('b', '10'), stay('a', '9', { participant: [{ individual: { reference: role } }] })],
      patients: [patient('a'), patient('b')],
    },
    { ...none, flags: [flag('a', 'HLR minus'), flag('b', 'Isolat (MRSA)'), flag('b', 'Pacemaker')] },
    role,
    now,
  );
  expect(rows.map(({ bed, isMine }) => [bed, isMine])).toEqual([
    ['Rom 9, seng A', true],
    ['Rom 10, seng A', false],
  ]);
  expect(rows.map(({ limits, isolation }) => [limits, isolation])).toEqual([
    [['HLR minus'], []],
    [[], ['Isolat (MRSA)']],
  ]);
});

test('a stay whose patient one may not see is left out', () => {
  expect(wardRowsOf({ encounters: [stay('a', '1')], patients: [] }, none, role, now)).toEqual([]);
});

test('the worst is first, and nobody knows of who was not measured', () => {
  const rows = wardRowsOf(
    {
      encounters: [stay('well', '1'), stay('unknown', '2'), stay('ill', '3')],
      patients: ['well', 'unknown', 'ill'].map(patient),
    },
    { ...none, observations: [...round('well', 70), ...round('ill', 140)] },
    role,
    now,
  );
  expect(rows.toSorted(byWorst).map((row) => row.patient.id)).toEqual(['ill', 'unknown', 'well']);
});
