/** Is the record whole? What `fyr check` asks. Each statement goes over everything, so it belongs to an operator's hour. */
import type { Db } from '#kernel/db.ts';
import { keyOfReference } from './reference.ts';
import { findMany, type ResourceKey } from './store.ts';

export type Finding = { problem: string; where: string };

/** Gives false to leave off. */
export type CheckProgress = (done: number, total: number) => boolean;

const pageSize = 2000;

/** Findings as they are met; none means that numbers, versions, current rows and references all agree. */
export async function* checkRecord(db: Db, progress: CheckProgress = () => true): AsyncGenerator<Finding> {
  yield* numbering(db);
  yield* currentRows(db);
  yield* danglingReferences(db, progress);
}

/** n is dense from 1 to the head's number in every bucket. */
async function* numbering(db: Db): AsyncGenerator<Finding> {
  const rows = await db<{ bucket: number; head: number; count: number; last: number }[]>`
    /* fan-out: a check reads everything */
    select h.bucket, h.n as head, count(v.n) as count, coalesce(max(v.n), 0) as last
    from head h left join version v on v.bucket = h.bucket group by h.bucket, h.n
    having h.n <> count(v.n) or h.n <> coalesce(max(v.n), 0)`;
  for (const { bucket, head, count, last } of rows) {
    yield {
      problem: `the head says ${head}, but there are ${count} versions, the last numbered ${last}`,
      where: `bucket ${bucket}`,
    };
  }
}

/** Every current row is the last version of its resource in its bucket, and every resource that has versions has a row. */
async function* currentRows(db: Db): AsyncGenerator<Finding> {
  const rows = await db<{ type: string; id: string; bucket: number; row: number | null; last: number | null }[]>`
    /* fan-out: a check reads everything */
    select coalesce(r.type, v.type) as type, coalesce(r.id, v.id) as id, coalesce(r.bucket, v.bucket) as bucket,
      r.version as row, v.last
    from resource r full join (
      select bucket, type, id, max(version) as last, max(n) as n from version group by bucket, type, id
    ) v on v.bucket = r.bucket and v.type = r.type and v.id = r.id
    where r.n is distinct from v.n or r.version is distinct from v.last`;
  for (const { type, id, bucket, row, last } of rows) {
    yield {
      problem: `the current row is version ${row ?? 'none'}, the last version is ${last ?? 'none'}`,
      where: `${type}/${id} in bucket ${bucket}`,
    };
  }
}

type Page = { bucket: number; n: number; type: string; id: string; content: string };

/** References that lead nowhere: possible after a lenient load. */
async function* danglingReferences(db: Db, progress: CheckProgress): AsyncGenerator<Finding> {
  const [{ count: total } = { count: 0 }] = await db<{ count: number }[]>`
    /* fan-out: a check reads everything */ select count(*) as count from resource where not deleted`;
  let after = { bucket: -1, n: 0 };
  for (let done = 0; ;) {
    const page: Page[] = await db<Page[]>`
      select v.bucket, v.n, v.type, v.id, v.content from resource r join version v on v.bucket = r.bucket and v.n = r.n
      where not r.deleted and (v.bucket, v.n) > (${after.bucket}, ${after.n})
      order by v.bucket, v.n limit ${pageSize}`;
    yield* danglingOf(db, page);
    done += page.length;
    if (!progress(done, total)) return;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last;
  }
}

async function* danglingOf(db: Db, page: readonly Page[]): AsyncGenerator<Finding> {
  const wanted = new Map<string, ResourceKey & { from: string }>();
  for (const { type, id, content } of page) {
    if (type === 'Bundle') continue;
    for (const [, reference = ''] of content.matchAll(/"reference":"([A-Z][A-Za-z]+\/[^"]+)"/g)) {
      const key = keyOfReference(reference);
      if (key) wanted.set(`${key.type}/${key.id}`, { ...key, from: `${type}/${id}` });
    }
  }
  const found = await findMany(db, [...wanted.values()]);
  for (const { type, id, content } of found) if (content !== null) wanted.delete(`${type}/${id}`);
  for (const { type, id, from } of wanted.values()) {
    yield { problem: `the reference ${type}/${id} leads nowhere`, where: from };
  }
}
