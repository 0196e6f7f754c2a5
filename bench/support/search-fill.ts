/** A large index, quickly: the documents of one patient again and again under other names and patients, in the record and in the index, by one statement each. */
import type { Db } from '#kernel/db.ts';

export type Filling = { patient: string; documents: number; log(what: string): void };

const patients = 20_000;

/**
 * Each copy is a current resource of one version in a bucket of its own numbering. Indexes over lists of terms are made when the rows are there, as
 * PostgreSQL advises for bulk loads. @returns how many documents were put
 */
export async function fillIndex(db: Db, { patient, documents, log }: Filling): Promise<number> {
  const [own] = await db<{ count: number }[]>`
    select count(*)::int as count from clinical_search_document where patient = ${patient} and type = 'DocumentReference'`;
  const times = Math.floor(documents / Math.max(1, own?.count ?? 0));
  await db`drop index clinical_search_document_terms`;
  await db`drop index resource_tokens`;
  for (let from = 1; from <= times; from += copiesAtOnce) {
    const to = Math.min(times, from + copiesAtOnce - 1);
    await copy(db, patient, { from, to });
    log(`${to * (own?.count ?? 0)} documents`);
  }
  await db`create index clinical_search_document_terms on clinical_search_document using gin (terms)`;
  log('index over terms');
  await db`create index resource_tokens on resource using gin (tokens) where not deleted`;
  await db`insert into clinical_search_term (term, documents)
    select term, count(*) from clinical_search_document, unnest(terms) as term group by term
    on conflict (term) do update set documents = excluded.documents`;
  await db`update clinical_search_follower set documents = (select count(*) from clinical_search_document)`;
  for (const table of ['clinical_search_document', 'clinical_search_term', 'resource', 'version'])
    await db.unsafe(`vacuum analyze ${table}`);
  log('statistics');
  return times * (own?.count ?? 0);
}

const copiesAtOnce = 25;

async function copy(db: Db, patient: string, { from, to }: { from: number; to: number }): Promise<void> {
  const rows = `
    select d.*, r.n, r.updated, r.version, r.tokens, r.strings, r.range_keys, r.range_lows, r.range_highs, v.version_id, v.content as resource,
      d.id || '-' || c as new_id, 'bench-' || (row_number() over ()) % ${patients} as new_patient,
      (d.bucket + c) % 1024 as new_bucket, 1000000000 + c * 10000000::bigint + row_number() over () as new_n
    from clinical_search_document d
    join resource r on r.bucket = d.bucket and r.type = d.type and r.id = d.id
    join version v on v.bucket = r.bucket and v.n = r.n, generate_series(${from}, ${to}) as c
    where d.patient = $1 and d.type = 'DocumentReference'`;
  await db.unsafe(
    `with rows as materialized (${rows}),
    versions as (insert into version (n, updated, bucket, version, type, id, version_id, interaction, content)
      select new_n, updated, new_bucket, 1, type, new_id, version_id, 'create', resource from rows),
    resources as (insert into resource (n, updated, bucket, version, type, id, patient, tokens, strings, range_keys, range_lows, range_highs)
      select new_n, updated, new_bucket, 1, type, new_id, new_patient, tokens, strings, range_keys, range_lows, range_highs from rows)
    insert into clinical_search_document (bucket, type, id, patient, kind, title, at, author, site, content, passages, terms)
      select new_bucket, type, new_id, new_patient, kind, title, at, author, site, content, passages, terms from rows`,
    [patient],
  );
}
