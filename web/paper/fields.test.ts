import { expect, test } from 'vitest';
import { formEntry } from '#continuity/back-entry/contract.ts';
import { entryOf, fieldsOf, firstRows, hasRows, isEmptyRow, lackOf } from './fields.ts';

const at = '2026-11-23T04:10';

test('what is needed, no time and no number is told', () => {
  const [time, breathing] = fieldsOf.vitals;
  expect(lackOf(time!, {})).toBe('lacks');
  expect(lackOf(time!, { at: 'i natt' })).toBe('time');
  expect(lackOf(breathing!, { breathing: 'mye' })).toBe('number');
  expect(lackOf(breathing!, {})).toBe(undefined);
});

test('what is typed of each kind is what the node takes', () => {
  const typed = {
    vitals: { at, pulse: '88', temperature: '38,2', consciousness: 'A' },
    doses: { request: 'r1', medicine: 'Paracetamol', given: 'yes', at, amount: '2,5', unit: 'mg' },
    order: { order: 'service', what: 'Røntgen thorax', urgency: 'urgent', at, by: 'I. Bergvik' },
    note: { at, by: 'H. Lindnes', title: 'Natt', text: 'Sov.' },
    newPatient: { at, by: 'H. Lindnes', statedName: 'Kari' },
  } as const;
  for (const kind of Object.keys(typed) as (keyof typeof typed)[]) {
    const entry = entryOf(kind, 'p1', [typed[kind]], false);
    expect(formEntry.safeParse(entry), kind).toMatchObject({ success: true });
  }
  expect(entryOf('vitals', 'p1', [typed.vitals], false)).toEqual({
    kind: 'vitals',
    patient: 'p1',
    rows: [{ at: '2026-11-23T03:10:00.000Z', pulse: 88, temperature: 38.2, consciousness: 'A' }],
  });
});

test('orders that nothing was written of stay out', () => {
  const rows = firstRows({ kind: 'doses', rows: [{ request: 'r1', medicine: 'A' }] } as never);
  expect(rows.every((row) => isEmptyRow('doses', row))).toBe(true);
  expect(entryOf('doses', 'p1', rows, true)).toEqual({ kind: 'doses', patient: 'p1', rows: [], isDouble: true });
  expect(hasRows('note')).toBe(false);
  expect(firstRows(undefined)).toEqual([{}]);
});
