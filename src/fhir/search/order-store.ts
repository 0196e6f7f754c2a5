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

/** The order over columns of `resource`, or over the names of `columns` where it is asked for a second time. */
export function orderOf(query: Ordered, statement: Statement): Order {
  const [only] = query.sort;
  if (query.sort.length === 0 || (query.sort.length === 1 && only?.by === 'id'))
    return idOrder(query, only?.descending ?? false);
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
function idOrder(query: Ordered, descending: boolean): Order {
  const direction = descending ? ' desc' : '';
  return {
    columns: '',
    by: isOneType(query) ? `id${direction}` : `type${direction}, id${direction}`,
    after: ({ type, id }) => afterId(query, descending, type, id),
  };
  function afterId(of: Ordered, isDescending: boolean, type: string, id: string): string {
    const operator = isDescending ? '<' : '>';
    return isOneType(of) ? `id ${operator} ${quoted(id)}` : `(type, id) ${operator} (${quoted(type)}, ${quoted(id)})`;
  }
}

/** Ids and types are of letters, digits, dots and dashes; anything else is no cursor of ours. */
function quoted(text: string): string {
  if (!/^[A-Za-z0-9.-]{1,64}$/.test(text)) throw new Error('an id is of letters, digits, dots and dashes');
  return `'${text}'`;
}

function updatedOrder(query: Ordered, { descending }: SortKey, statement: Statement): Order {
  const direction = descending ? ' desc' : '';
  const tie = isOneType(query) ? ['id'] : ['type', 'id'];
  return {
    columns: '',
    by: ['updated', ...tie].map((column) => `${column}${direction}`).join(', '),
    after: ({ values, type, id }) => {
      const sought = [
        timestamp(statement, Number(values[0])),
        ...(isOneType(query) ? [quoted(id)] : [quoted(type), quoted(id)]),
      ];
      return `(${['updated', ...tie].join(', ')}) ${descending ? '<' : '>'} (${sought.join(', ')})`;
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
  steps.push([...equal, `(type, id) > (${quoted(type)}, ${quoted(id)})`].join(' and '));
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
