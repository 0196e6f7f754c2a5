/** What issuers last told of themselves. */
import type { Db } from '#kernel/db.ts';

export type StoredIssuer = {
  metadata: { [name: string]: unknown };
  keys: { [name: string]: unknown }[];
  fetched: number;
};

export async function findIssuer(db: Db, url: string): Promise<StoredIssuer | undefined> {
  const [row] = await db<StoredIssuer[]>`select metadata, keys, fetched from token_issuer where url = ${url}`;
  return row;
}

export async function keepIssuer(db: Db, url: string, told: StoredIssuer): Promise<void> {
  await db`
    insert into token_issuer (url, metadata, keys, fetched)
    values (${url}, ${db.json(told.metadata as never)}, ${db.json(told.keys as never)}, ${told.fetched})
    on conflict (url) do update set metadata = excluded.metadata, keys = excluded.keys, fetched = excluded.fetched
    where token_issuer.fetched < excluded.fetched`;
}
