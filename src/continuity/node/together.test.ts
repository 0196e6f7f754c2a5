/** Any writers, in any number of buckets, read in pages of any size: what became true together is told together, and all in an order in which it became true. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupsOf, type Placed } from './together.ts';

type Row = Placed & { unit: number };

/** Units as writers commit them one after the other: each raises the heads of its buckets. */
function committed(units: readonly (readonly number[])[]): Row[] {
  const heads = new Map<number, number>();
  return units.flatMap((buckets, unit) =>
    buckets.map((bucket) => {
      const n = (heads.get(bucket) ?? 0) + 1;
      heads.set(bucket, n);
      return { bucket, n, unit, together: buckets.length === 1 ? null : `${buckets.length} of ${unit}` };
    }),
  );
}

const units = fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }), { maxLength: 40 });

test('pages of any size give every unit whole, once, and each bucket in its order', () => {
  fc.assert(
    fc.property(units, fc.integer({ min: 1, max: 30 }), (written, limit) => {
      const rows = committed(written);
      const sealed = new Map<number, number>();
      const told: Row[][] = [];
      for (let most = limit; told.flat().length < rows.length;) {
        const left = rows.filter(({ bucket, n }) => n > (sealed.get(bucket) ?? 0));
        const page = left.sort((a, b) => a.bucket - b.bucket || a.n - b.n).slice(0, most);
        const groups = groupsOf(page);
        most = groups.length === 0 ? most * 4 : limit;
        for (const { bucket, n } of groups.flat()) {
          expect(n).toBe((sealed.get(bucket) ?? 0) + 1);
          sealed.set(bucket, n);
        }
        told.push(...groups);
      }
      for (const group of told) {
        expect(new Set(group.map(({ unit }) => unit)).size).toBe(1);
        expect(group).toHaveLength(written[group[0]?.unit ?? 0]?.length ?? 0);
      }
    }),
  );
});
