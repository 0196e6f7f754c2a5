import { expect, test } from 'vitest';
import { news2, type VitalValues } from './news2.ts';

const healthy: Required<VitalValues> = {
  breathing: 16,
  saturation: 97,
  hasOxygen: false,
  systolic: 125,
  pulse: 70,
  consciousness: 'A',
  temperature: 37,
};

test('of a healthy person it is nought, with nothing missing', () => {
  expect(news2(healthy)).toEqual({ sum: 0, missing: [], hasThree: false, risk: 'low' });
});

test.each<[keyof VitalValues, unknown, string]>([
  ['breathing', undefined, 'breathing'],
  ['saturation', undefined, 'saturation'],
  ['hasOxygen', undefined, 'oxygen'],
  ['systolic', undefined, 'systolic'],
  ['pulse', undefined, 'pulse'],
  ['consciousness', undefined, 'consciousness'],
  ['temperature', undefined, 'temperature'],
])('without %s it says what is missing', (key, _, missing) => {
  const { [key]: _left, ...rest } = healthy;
  expect(news2(rest as VitalValues).missing).toEqual([missing]);
});

test('with nothing measured everything is missing, and nothing is a score', () => {
  expect(news2({}).missing).toHaveLength(7);
});

/** Chart 1 of the Royal College of Physicians: each bound from both sides. */
test.each<[keyof VitalValues, [value: number | boolean | string, points: number][]]>([
  [
    'breathing',
    [
      [8, 3],
      [9, 1],
      [11, 1],
      [12, 0],
      [20, 0],
      [21, 2],
      [24, 2],
      [25, 3],
    ],
  ],
  [
    'saturation',
    [
      [91, 3],
      [92, 2],
      [93, 2],
      [94, 1],
      [95, 1],
      [96, 0],
      [100, 0],
    ],
  ],
  [
    'hasOxygen',
    [
      [true, 2],
      [false, 0],
    ],
  ],
  [
    'systolic',
    [
      [90, 3],
      [91, 2],
      [100, 2],
      [101, 1],
      [110, 1],
      [111, 0],
      [219, 0],
      [220, 3],
    ],
  ],
  [
    'pulse',
    [
      [40, 3],
      [41, 1],
      [50, 1],
      [51, 0],
      [90, 0],
      [91, 1],
      [110, 1],
      [111, 2],
      [130, 2],
      [131, 3],
    ],
  ],
  [
    'consciousness',
    [
      ['A', 0],
      ['C', 3],
      ['V', 3],
      ['P', 3],
      ['U', 3],
    ],
  ],
  [
    'temperature',
    [
      [35, 3],
      [35.1, 1],
      [36, 1],
      [36.1, 0],
      [38, 0],
      [38.1, 1],
      [39, 1],
      [39.1, 2],
    ],
  ],
])('%s', (key, table) => {
  for (const [value, points] of table) {
    const { sum, hasThree } = news2({ ...healthy, [key]: value });
    expect([value, sum, hasThree]).toEqual([value, points, points === 3]);
  }
});

test.each<[saturation: number, air: number, oxygen: number]>([
  [83, 3, 3],
  [84, 2, 2],
  [85, 2, 2],
  [86, 1, 1],
  [87, 1, 1],
  [88, 0, 0],
  [92, 0, 0],
  [93, 0, 1],
  [94, 0, 1],
  [95, 0, 2],
  [96, 0, 2],
  [97, 0, 3],
])('on scale 2 a saturation of %i gives %i on air, %i on oxygen', (saturation, air, oxygen) => {
  expect(news2({ ...healthy, saturation }, { scale: 2 }).sum).toBe(air);
  expect(news2({ ...healthy, saturation, hasOxygen: true }, { scale: 2 }).sum).toBe(oxygen + 2);
});

test('on scale 2 a saturation counts only where it is known whether there is oxygen', () => {
  const { hasOxygen: _, ...rest } = healthy;
  expect(news2(rest, { scale: 2 }).missing).toEqual(['saturation', 'oxygen']);
});

test.each<[VitalValues, string]>([
  [{ pulse: 131 }, 'lowMedium'],
  [{ pulse: 115, breathing: 22 }, 'low'],
  [{ pulse: 115, breathing: 22, temperature: 38.5 }, 'medium'],
  [{ pulse: 131, breathing: 26, temperature: 38.5 }, 'high'],
])('the risk of %j is %s', (values, risk) => {
  expect(news2({ ...healthy, ...values }).risk).toBe(risk);
});
