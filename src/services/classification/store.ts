/** Models and decisions in this node's database. */
import type { Db } from '#kernel/db.ts';

export type StoredModel = { version: string; madeAt: number; chosenAt: number | null };

/** The version in use; undefined where none was ever chosen. */
export async function findChosen(db: Db): Promise<string | undefined> {
  const [row] = await db<{ version: string }[]>`
    select version from classification_model where chosen_at is not null order by chosen_at desc limit 1`;
  return row?.version;
}

export async function findModelFile(db: Db, version: string): Promise<Uint8Array | undefined> {
  const [row] = await db<
    { file: Uint8Array | null }[]
  >`select file from classification_model where version = ${version}`;
  return row?.file ?? undefined;
}

/** Oldest first. */
export async function findModels(db: Db): Promise<StoredModel[]> {
  return db<StoredModel[]>`
    select version, made_at as "madeAt", chosen_at as "chosenAt" from classification_model order by made_at, version`;
}

export async function addModel(db: Db, version: string, file: Uint8Array, now: number): Promise<void> {
  await db`insert into classification_model (version, made_at, file) values (${version}, ${now}, ${file})`;
}

/** From now on this one is in use; `file` stays as it is. */
export async function chooseModel(db: Db, version: string, now: number): Promise<void> {
  await db`insert into classification_model (version, made_at, chosen_at) values (${version}, ${now}, ${now})
    on conflict (version) do update set chosen_at = excluded.chosen_at`;
}

export type Decision = {
  documentHash: Uint8Array;
  decidedAt: number;
  model: string;
  suggested: string;
  confidence: number;
  decided: string;
  bits: number;
  buckets: Uint8Array;
  blocks: Uint8Array;
  counts: Uint8Array;
};

/** A later decision of the same document takes the place of the earlier one. */
export async function putDecision(db: Db, one: Decision): Promise<void> {
  await db`
    insert into classification_decision
      (document_hash, decided_at, model, suggested, confidence, decided, bits, buckets, blocks, counts)
    values (${one.documentHash}, ${one.decidedAt}, ${one.model}, ${one.suggested}, ${one.confidence}, ${one.decided},
      ${one.bits}, ${one.buckets}, ${one.blocks}, ${one.counts})
    on conflict (document_hash) do update set decided_at = excluded.decided_at, model = excluded.model,
      suggested = excluded.suggested, confidence = excluded.confidence, decided = excluded.decided, bits = excluded.bits,
      buckets = excluded.buckets, blocks = excluded.blocks, counts = excluded.counts`;
}

/** The latest decisions, in the order of their documents' hashes: as good as by chance, and the same each time. */
export async function findDecisions(db: Db, most: number): Promise<Decision[]> {
  return db<Decision[]>`
    select * from (
      select document_hash as "documentHash", decided_at as "decidedAt", model, suggested, confidence, decided, bits,
        buckets, blocks, counts
      from classification_decision order by decided_at desc limit ${most}) latest
    order by "documentHash"`;
}
