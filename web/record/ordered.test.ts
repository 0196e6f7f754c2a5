import type { MedicationAdministration, MedicationRequest } from 'fhir/r4';
import { expect, test } from 'vitest';
import { dosesOf, orderedOf } from './ordered.ts';

const now = Date.parse('2026-11-23T17:00:00+01:00');
const order = (id: string, more: Partial<MedicationRequest> = {}): MedicationRequest => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/1' },
  authoredOn: '2026-11-22T12:00:00+01:00',
  medicationCodeableConcept: { text: id },
  dosageInstruction: [
    {
      text: '1 g',
      timing: { repeat: { period: 1, periodUnit: 'd', timeOfDay: ['08:00:00', '14:00:00', '20:00:00'] } },
    },
  ],
  ...more,
});
const dose = (
  of: string,
  at: string,
  status: MedicationAdministration['status'] = 'completed',
): MedicationAdministration => ({
  resourceType: 'MedicationAdministration',
  status,
  subject: { reference: 'Patient/1' },
  effectiveDateTime: at,
  request: { reference: `MedicationRequest/${of}` },
});

test('a prescription for outside the house is not given here', () => {
  const community = order('a', { category: [{ coding: [{ code: 'community' }] }] });
  expect(orderedOf([community], [], now)).toEqual([]);
});

test('a time that passed without a word is told as missed, and comes first', () => {
  const [first, second] = orderedOf(
    [order('given'), order('silent')],
    [dose('given', '2026-11-23T14:05:00+01:00'), dose('silent', '2026-11-23T08:05:00+01:00')],
    now,
  );
  expect(first).toMatchObject({ name: 'silent', missed: Date.parse('2026-11-23T14:00:00+01:00') });
  expect(second).toMatchObject({ name: 'given', missed: undefined, due: { kind: 'times' } });
  expect(second?.due).toMatchObject({
    times: [Date.parse('2026-11-23T20:00:00+01:00'), expect.any(Number), expect.any(Number)],
  });
});

test('a dose that was left out is the last word, one entered by mistake is none', () => {
  const doses = [
    dose('a', '2026-11-23T14:05:00+01:00', 'not-done'),
    dose('a', '2026-11-23T15:05:00+01:00', 'entered-in-error'),
    dose('other', '2026-11-23T16:05:00+01:00'),
  ];
  expect(dosesOf(order('a'), doses)).toMatchObject([{ isGiven: false }]);
  expect(orderedOf([order('a')], doses, now)[0]).toMatchObject({ missed: undefined, last: { isGiven: false } });
});
