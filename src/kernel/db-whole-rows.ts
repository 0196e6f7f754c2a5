/**
 * Rows of a statement without those that an earlier one left empty. The driver (postgres 3.4) counts rows until a statement is complete; one that fails after its
 * first rows (a timeout, a damaged page) leaves its count to the next on that connection, whose rows then begin with as many holes: what is there would read as not there.
 */
import type { Db } from './db.ts';

type Answering = { resolve?: (rows: unknown) => void };

/** The same database; in transactions the rollback sets the count right, so what they are handed needs nothing. */
export function withWholeRows(db: Db): Db {
  return new Proxy(db, {
    apply: (target, self, words) => watched(Reflect.apply(target as never, self, words) as object),
    get(target, name, receiver) {
      const member = Reflect.get(target, name, receiver) as unknown;
      if (name !== 'unsafe') return member;
      return (...words: unknown[]) => watched((member as (...words: unknown[]) => object)(...words));
    },
  });
}

function watched<Query extends object>(query: Query): Query {
  const answering = query as Answering;
  const { resolve } = answering;
  if (resolve !== undefined) {
    answering.resolve = (rows) => {
      dropHoles(rows);
      resolve(rows);
    };
  }
  return query;
}

function dropHoles(rows: unknown): void {
  if (!Array.isArray(rows) || rows.length === 0 || 0 in rows) return;
  const first = rows.findIndex((_, place) => place in rows);
  rows.splice(0, first < 0 ? rows.length : first);
}
