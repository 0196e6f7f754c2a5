import { expect, test } from 'vitest';
import { ageFactor, childRangeOf } from './age-and-results.ts';
import { analyses } from './analyses.ts';

const ages = [0.02, 0.2, 0.7, 1.5, 3, 5, 7, 9, 11, 13, 15.5, 17];

test('the usual value of a healthy child lies in the range of that age', () => {
  for (const analysis of analyses.values()) {
    for (const sex of ['female', 'male'] as const) {
      for (const age of ages) {
        const range = childRangeOf(analysis.key, age, sex);
        if (!range) continue;
        const typical = typeof analysis.typical === 'number' ? analysis.typical : analysis.typical[sex];
        const value = typical * ageFactor(analysis.key, age);
        const [low = -Infinity, high = Infinity] = range;
        expect(value > low && value < high, `${analysis.key} ${value} at ${age}, ${sex}: ${low}–${high}`).toBe(true);
      }
    }
  }
});

test('adults have no range of children', () => {
  for (const { key } of analyses.values()) expect(childRangeOf(key, 18, 'male')).toBeUndefined();
});
