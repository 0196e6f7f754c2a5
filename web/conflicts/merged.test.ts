import { expect, test } from 'vitest';
import type { ConflictShown } from '#continuity/conflicts/contract.ts';
import { isPickedWhole, mayMerge, mergedOf } from './merged.ts';

const row = (element: string, isDifferent: boolean) => ({
  element,
  isDifferent,
  values: [],
  texts: [],
  before: undefined,
});
const shown = (...contents: (object | undefined)[]): ConflictShown =>
  ({
    sides: contents.map((content) => ({ content })),
    elements: [row('status', false), row('dosage', true), row('note', true)],
  }) as unknown as ConflictShown;
const here = {
  resourceType: 'MedicationStatement',
  id: '1',
  status: 'active',
  dosage: [{ text: '5 mg' }],
  note: [{ text: 'a' }],
};
const there = { resourceType: 'MedicationStatement', id: '1', status: 'active', dosage: [{ text: '2,5 mg' }] };

test('nothing is put together with what was deleted, nor before each difference is decided', () => {
  expect(mayMerge(shown(here, undefined))).toBe(false);
  expect(mayMerge(shown(here, there))).toBe(true);
  expect(isPickedWhole(shown(here, there), { dosage: 1 })).toBe(false);
  expect(isPickedWhole(shown(here, there), { dosage: 1, note: 0 })).toBe(true);
});

test('each element comes from the version that it was picked of, also where that one has none', () => {
  expect(mergedOf(shown(here, there), { dosage: 1, note: 0 })).toEqual({ ...here, dosage: there.dosage });
  const { note: _, ...without } = here;
  expect(mergedOf(shown(here, there), { dosage: 0, note: 1 })).toEqual(without);
});
