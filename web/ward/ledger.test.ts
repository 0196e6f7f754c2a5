import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOrderedAway, lostOf, settled, withLine } from './ledger.ts';
import type { LedgerLine } from './store.ts';

test('a copy goes when somebody has signed out since, and when its time is over', () => {
  const copy = { since: 100, until: 200 };
  expect(isOrderedAway(copy, 0, 150)).toBe(false);
  expect(isOrderedAway(copy, 99, 150)).toBe(false);
  expect(isOrderedAway(copy, 101, 150)).toBe(true);
  expect(isOrderedAway(copy, 0, 201)).toBe(true);
});

test('whatever is made, handed over or thrown away: what is neither here nor settled is told as lost, and nothing else', () => {
  const acts = fc.array(fc.record({ id: fc.nat(30).map(String), end: fc.constantFrom('stays', 'settled', 'lost') }));
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40)), acts, (made, ends) => {
      let ledger: LedgerLine[] = [];
      for (const id of made)
        ledger = withLine(ledger, { id: String(id), kind: 'vitals', at: id, isSettled: false }, 1e12);
      const end = new Map(ends.map((one) => [one.id, one.end]));
      const ids = made.map(String);
      ledger = settled(
        ledger,
        ids.filter((id) => end.get(id) === 'settled'),
      );
      const here = ids.filter((id) => (end.get(id) ?? 'stays') === 'stays');
      expect(lostOf(ledger, here).map(({ id }) => id)).toEqual(ids.filter((id) => end.get(id) === 'lost'));
      expect(ledger.length).toBe(made.length);
    }),
  );
});
