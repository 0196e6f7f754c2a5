/** The order of a search as SQL, and where a page begins in it. Whatever lacks a value comes last, in either direction. */
import type { Cursor, SortValue } from './cursor.ts';
import { timestamp, type Statement } from './index-test-store.ts';
import type { Query, SortKey } from './query.ts';

type Ordered = Pick<Query, 'sort' | 'types'>;

export type Order = {
  /** Named expressions to select along, `s0` and on. */
  columns: string;
  /** `order by` without the words. */
  by: string;
  /** What comes after the cursor. */
  after(cursor: Cursor): string;
};

/** The order of a search. Its parameters are added to the statement, so it is made once a statement. */
export function orderOf(query: Ordered, statement: Statement): Order {
  const [only] = query.sort;
  if (query.sort.length === 0 || (query.sort.length === 1 && only?.by === 'id'))
    return idOrder(query, only?.descending ?? false, statement);
  if (query.sort.length === 1 && only?.by === 'updated') return updatedOrder(query, only, statement);
  const expressions = query.sort.map((key) => sortExpression(key, statement));
  const columns = expressions.map((expression, i) => `, ${expression} as s${i}`).join('');
  const directions = query.sort.map((key, i) => `${sortColumn(i, key)} ${key.descending ? 'desc' : 'asc'} nulls last`);
  return {
    columns,
    by: [...directions, 'type', 'id'].join(', '),
    after: (cursor) => afterSorted(query.sort, cursor, statement),
  };
}

const isOneType = ({ types }: Ordered): boolean => types.length === 1;

/** Within one type the index on (type, id) is the order. */
function idOrder(query: Ordered, descending: boolean, statement: Statement): Order {
  const direction = descending ? ' desc' : '';
  const operator = descending ? '<' : '>';
  return {
    columns: '',
    by: keyColumns(query)
      .map((column) => `${column}${direction}`)
      .join(', '),
    after: (cursor) => `${row(keyColumns(query))} ${operator} ${row(keyValues(query, cursor, statement))}`,
  };
}

const row = (columns: readonly string[]): string =>
  columns.length === 1 ? (columns[0] as string) : `(${columns.join(', ')})`;

/** What tells two rows apart that are alike in all else. */
const keyColumns = (query: Ordered): string[] => (isOneType(query) ? ['id'] : ['type', 'id']);

function keyValues(query: Ordered, { type, id }: Cursor, statement: Statement): string[] {
  return (isOneType(query) ? [id] : [type, id]).map((text) => statement.add(text, 'text'));
}

function updatedOrder(query: Ordered, { descending }: SortKey, statement: Statement): Order {
  const direction = descending ? ' desc' : '';
  const columns = ['updated', ...keyColumns(query)];
  return {
    columns: '',
    by: columns.map((column) => `${column}${direction}`).join(', '),
    after: (cursor) => {
      const sought = [timestamp(statement, Number(cursor.values[0])), ...keyValues(query, cursor, statement)];
      return `${row(columns)} ${descending ? '<' : '>'} ${row(sought)}`;
    },
  };
}

const sortColumn = (i: number, key: SortKey): string =>
  key.by === 'string' || key.by === 'id' ? `s${i} collate "C"` : `s${i}`;

function sortExpression(key: SortKey, statement: Statement): string {
  if (key.by === 'id') return 'id';
  if (key.by === 'updated') return 'extract(epoch from updated)::float8 * 1000';
  if (key.by === 'content') throw new Error('a sort by content is not for the database');
  const units = key.uses.map(({ unit }) => unit);
  if (key.by === 'range') {
    const keys = units.map(({ rangeKey }) => rangeKey);
    if (units.length === 1 && units[0]?.path.single) return `range_lows[array_position(range_keys, ${keys[0]})]`;
    const least = key.descending ? 'max' : 'min';
    return `(select ${least}(r.l) from unnest(range_keys, range_lows) as r(k, l) where r.k = any('{${keys.join(',')}}'::int[]))`;
  }
  const starts = units.map(({ stringKey }) => `starts_with(s, ${statement.add(`${stringKey}\u001f`, 'text')})`);
  return `(select ${key.descending ? 'max' : 'min'}(substr(s, strpos(s, chr(31)) + 1) collate "C") from unnest(strings) as s where ${starts.join(' or ')})`;
}

/** `a, -b`: after in a; or equal in a and after in b; or equal in both and a later (type, id). */
function afterSorted(sort: readonly SortKey[], { values, type, id }: Cursor, statement: Statement): string {
  const equal = sort.map((key, i) => equalTo(i, key, values[i] ?? null, statement));
  const later = sort.map((key, i) => laterThan(i, key, values[i] ?? null, statement));
  const steps = later.map((one, i) => [...equal.slice(0, i), one].join(' and '));
  steps.push([...equal, `(type, id) > (${statement.add(type, 'text')}, ${statement.add(id, 'text')})`].join(' and '));
  return `(${steps.map((step) => `(${step})`).join(' or ')})`;
}

function equalTo(i: number, key: SortKey, value: SortValue, statement: Statement): string {
  return value === null ? `s${i} is null` : `${sortColumn(i, key)} = ${parameter(value, statement)}`;
}

function laterThan(i: number, key: SortKey, value: SortValue, statement: Statement): string {
  if (value === null) return 'false';
  return `(${sortColumn(i, key)} ${key.descending ? '<' : '>'} ${parameter(value, statement)} or s${i} is null)`;
}

const parameter = (value: string | number, statement: Statement): string =>
  statement.add(value, typeof value === 'number' ? 'float8' : 'text');
