/** Where the next page begins: the sort values of the last row, its type and id. Opaque to clients; checked when it comes back. */
import { Fault } from '#kernel/fault.ts';
import type { Query } from './query.ts';

/** A sort value: a number, a text, or null where the resource has none. */
export type SortValue = number | string | null;

export type Cursor = { values: SortValue[]; type: string; id: string };

const version = 1;
const legalKey = /^[A-Za-z]{1,64}\/[A-Za-z0-9.-]{1,64}$/;

/** The order that a cursor belongs to: with another `_sort` it means nothing. */
const orderOf = ({ sort }: Pick<Query, 'sort'>): string =>
  sort.map(({ code, descending }) => `${descending ? '-' : ''}${code}`).join(',');

export function writeCursor(query: Pick<Query, 'sort'>, { values, type, id }: Cursor): string {
  const written = values.map((value) => (value === Infinity ? 'Infinity' : value === -Infinity ? '-Infinity' : value));
  return Buffer.from(JSON.stringify([version, orderOf(query), written, type, id])).toString('base64url');
}

/** Throws `invalid` for anything that `writeCursor` did not write for this order. */
export function readCursor(query: Pick<Query, 'sort'>, text: string): Cursor {
  const parsed = decoded(text);
  if (!Array.isArray(parsed)) throw refused();
  const [saidVersion, order, values, type, id] = parsed as unknown[];
  const isOurs =
    saidVersion === version && order === orderOf(query) && Array.isArray(values) && values.length === query.sort.length;
  if (!isOurs || typeof type !== 'string' || typeof id !== 'string' || !legalKey.test(`${type}/${id}`)) throw refused();
  const read = (values as unknown[]).map((value, i): SortValue => {
    if (value === null) return null;
    const byText = ['string', 'content', 'id'].includes(query.sort[i]?.by ?? '');
    if (byText && typeof value === 'string' && !value.includes('\u0000')) return value;
    if (!byText && typeof value === 'number') return value;
    if (!byText && (value === 'Infinity' || value === '-Infinity')) return Number(value);
    throw refused();
  });
  return { values: read, type, id };
}

const refused = (): Fault =>
  new Fault('invalid', 'This page link is not one of ours for this search. Begin the search anew.');

function decoded(text: string): unknown {
  if (text.length > 10_000) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
