import type { Observation } from 'fhir/r4';
import { expect, test } from 'vitest';
import { seriesOf } from '../record/words.ts';
import { aligned, linesOf, named, samplesOf, within } from './series.ts';

const result = (code: string, at: string, value: number, more: Partial<Observation> = {}): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'urn:test', code, display: code }] },
  effectiveDateTime: at,
  valueQuantity: { value, unit: 'mmol/L' },
  ...more,
});

const all = [
  result('P-Natrium', '2026-11-23T07:00:00+01:00', 138, { referenceRange: [{ low: { value: 137 } }] }),
  result('P-Kalium', '2026-11-23T07:00:00+01:00', 4.1),
  result('P-Natrium', '2026-11-22T07:00:00+01:00', 141),
  result('P-Kalium', '2026-10-01T07:00:00+02:00', 9.9, { status: 'entered-in-error' }),
];

test('what was entered by mistake is in no sample and on no line', () => {
  expect(samplesOf(all).map(({ at }) => at)).toEqual(['2026-11-23T07:00:00+01:00', '2026-11-22T07:00:00+01:00']);
  const lines = seriesOf(all).flatMap(linesOf);
  expect(lines.map(({ name, points }) => [name, points.map(({ value }) => value)])).toEqual([
    ['P-Natrium', [141, 138]],
    ['P-Kalium', [4.1]],
  ]);
  expect(lines[0]).toMatchObject({ unit: 'mmol/L', low: 137, high: undefined });
});

test('lines with different times share one row of times, with holes', () => {
  const [times, sodium, potassium] = aligned(seriesOf(all).flatMap(linesOf));
  expect(times).toHaveLength(2);
  expect(sodium).toEqual([141, 138]);
  expect(potassium).toEqual([null, 4.1]);
});

test('a blood pressure is two lines', () => {
  const pressure: Observation = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'Blodtrykk', coding: [{ code: '85354-9' }] },
    effectiveDateTime: '2026-11-23T07:00:00+01:00',
    component: [
      { code: { coding: [{ code: '8480-6', display: 'Systolic' }] }, valueQuantity: { value: 120 } },
      { code: { coding: [{ code: '8462-4', display: 'Diastolic' }] }, valueQuantity: { value: 80 } },
    ],
  };
  expect(
    seriesOf([pressure])
      .flatMap(linesOf)
      .map(({ name }) => name),
  ).toEqual(['Blodtrykk: Systolic', 'Blodtrykk: Diastolic']);
});

test('a period and typed words narrow what is shown', () => {
  const now = Date.parse('2026-11-23T12:00:00+01:00');
  expect(within(all, 'month', now)).toHaveLength(3);
  expect(within(all, 'all', now)).toHaveLength(4);
  expect(named(seriesOf(all), 'kal').map(({ name }) => name)).toEqual(['P-Kalium']);
});
