/** Order by codes, references and URIs, whose texts the index does not keep: sorted in memory, paged by the same cursors. */
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import type { Cursor, SortValue } from './cursor.ts';
import { collapse, plainFold } from './fold.ts';
import type { TypedValue } from './path.ts';
import type { Query, SortKey } from './query.ts';
import type { Found, Placed } from './search-store.ts';
import type { SearchParts } from './search.ts';
import { codedValues, dateIntervals, measures, numbers, pointers, textOf } from './values.ts';

/** The page after the cursor, and one row more, of all that match. */
export function sortByContent(
  parts: SearchParts,
  query: Query,
  found: readonly Found[],
  after: Cursor | undefined,
): Placed[] {
  const placed = found.map((row): Placed => {
    const resource = parseJson(row.content) as Resource;
    const values = query.sort.map((key) => sortValue(parts, key, row, resource));
    return { row, cursor: { values, type: row.type, id: row.id } };
  });
  placed.sort((a, b) => compare(query.sort, a.cursor, b.cursor));
  const rest = after === undefined ? placed : placed.filter(({ cursor }) => compare(query.sort, cursor, after) > 0);
  return rest.slice(0, query.count + 1);
}

function sortValue(parts: SearchParts, key: SortKey, row: Found, resource: Resource): SortValue {
  if (key.by === 'id') return row.id;
  if (key.by === 'updated') return row.updated;
  const read = key.uses
    .filter(({ unit }) => unit.type === row.type)
    .flatMap((use) => use.unit.path.read(resource).map((value) => ({ use, value })));
  const values = read.flatMap(({ use, value }) => sortValues(parts, use.unit.kind, value));
  const [first, ...others] = values;
  if (first === undefined) return null;
  return others.reduce((best, one) => (order(one, best) < 0 !== key.descending ? one : best), first);
}

function sortValues(parts: SearchParts, kind: string, value: TypedValue): (string | number)[] {
  switch (kind) {
    case 'token':
      return codedValues(value).flatMap(({ code, text }) => code ?? text ?? []);
    case 'reference':
      return pointers(value, parts.ownAddress).flatMap(({ literal, identifier }) => literal ?? identifier?.code ?? []);
    case 'date':
      return dateIntervals(value, parts.calendar).map(({ low }) => low);
    case 'number':
      return numbers(value).map(({ low }) => low);
    case 'quantity':
      return measures(value).map(({ low }) => low);
    case 'string':
      return [textOf(value)].flatMap((text) => (text === undefined ? [] : collapse(plainFold(text))));
    default:
      return [textOf(value)].flatMap((text) => text ?? []);
  }
}

const order = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whatever lacks a value comes last, in either direction; then by type and id. */
function compare(sort: readonly SortKey[], a: Cursor, b: Cursor): number {
  for (const [i, key] of sort.entries()) {
    const left = a.values[i] ?? null;
    const right = b.values[i] ?? null;
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    const difference = order(left, right);
    if (difference !== 0) return key.descending ? -difference : difference;
  }
  return order(a.type, b.type) || order(a.id, b.id);
}
