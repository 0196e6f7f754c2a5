/**
 * Keeps the index current by the record's feed, and by the texts that are read out of documents: a page at a time, rows and cursor in one transaction,
 * so that a killed node goes on where it was. `committer.onWritten` only wakes it.
 */
import { readFeed, type StoredVersion } from '#fhir/index.ts';
import type { Committer } from '#fhir/record/committer.ts';
import { findMany } from '#fhir/record/store.ts';
import type { Search } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import { retried, type Db, type Transaction } from '#kernel/db.ts';
import type { Analysis } from './analysis.ts';
import { indexRow } from './index-document.ts';
import * as store from './index-store.ts';
import { searchedTypes, searchTextOf } from './read-texts.ts';

/** To be raised when what is kept of a text changes: everything is indexed again. */
const form = 3;
const pageSize = 500;
const lookEveryMs = 1000;
const gatherMs = 20;

export type Follower = {
  start(): void;
  stop(): Promise<void>;
  /** Resolves when everything that was written before the call is found. */
  catchUp(): Promise<void>;
  /** Makes the index again from the whole feed. `tell`: how many there are so far. Gives how many there are. */
  rebuild(tell?: (documents: number) => void): Promise<number>;
};

export type FollowerDeps = {
  db: Db;
  search: Pick<Search, 'patientOf'>;
  committer: Pick<Committer, 'onWritten'>;
  analysis: Analysis;
  report(event: string, error: unknown): void;
};

export function createFollower(deps: FollowerDeps): Follower {
  const { db, committer, report } = deps;
  const searched = new Set(searchedTypes);
  const taken: Taken = new Map();
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  let [isOn, isWoken] = [false, false];
  const step = (): Promise<boolean> => retried(() => db.begin((transaction) => followPage(deps, transaction, taken)));
  const catchUp = async (): Promise<void> => {
    while (await step());
  };
  const schedule = (afterMs: number): void => {
    if (!isOn) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      turn = takeTurn();
    }, afterMs);
    timer.unref();
  };
  const takeTurn = async (): Promise<void> => {
    isWoken = false;
    try {
      while (isOn && (await step()));
    } catch (error) {
      if (isOn) report('clinical search', error);
    }
    schedule(isWoken ? gatherMs : lookEveryMs);
  };
  committer.onWritten(({ writes }) => {
    if (!isOn || isWoken || !writes.some(({ type }) => searched.has(type))) return;
    isWoken = true;
    void turn.then(() => schedule(gatherMs));
  });
  return {
    catchUp,
    async rebuild(tell) {
      await db.begin(async (transaction) => {
        await store.lockFollower(transaction);
        await store.clearIndex(transaction, form);
      });
      taken.clear();
      while (await step()) tell?.(await store.readSize(db));
      return store.readSize(db);
    },
    start() {
      isOn = true;
      schedule(0);
    },
    async stop() {
      isOn = false;
      clearTimeout(timer);
      await turn;
    },
  };
}

/** Texts that were taken in of late, `id made_at`, and when they were made (milliseconds since 1970). */
type Taken = Map<string, number>;

type Changed = store.Key & { resource: Resource | undefined };

/** False when there was nothing to do. */
async function followPage(deps: FollowerDeps, transaction: Transaction, taken: Taken): Promise<boolean> {
  const state = await store.lockFollower(transaction);
  if (state.form !== form) {
    await store.clearIndex(transaction, form);
    return true;
  }
  const cursor = await store.readCursor(transaction);
  // A transaction is asked as the pool is.
  const page = await readFeed(transaction as unknown as Db, cursor, pageSize, searchedTypes);
  const moved = [...page.cursor].filter(([bucket, n]) => cursor.get(bucket) !== n);
  const changed = lastOfEach(page.entries);
  const asked = { since: state.textsTakenTo, taken: [...taken.keys()], limit: pageSize };
  const texts = await store.textsSince(transaction, asked);
  if (moved.length === 0 && texts.length === 0) return false;
  changed.push(...(await withoutKnown(transaction, await currentOf(transaction, texts, changed))));
  await putChanged(deps, transaction, changed);
  if (moved.length > 0) await store.writeCursor(transaction, moved);
  const last = texts.at(-1);
  if (last !== undefined) await store.writeTextsTakenTo(transaction, last.madeAt);
  if (last !== undefined) {
    // What is older than the store looks back is not asked for again.
    for (const [key, at] of taken) if (at < Date.parse(last.madeAt) - takenForMs) taken.delete(key);
    for (const { id, madeAt } of texts) taken.set(`${id} ${madeAt}`, Date.parse(madeAt));
  }
  return true;
}

const takenForMs = 60_000;

function lastOfEach(entries: readonly StoredVersion[]): Changed[] {
  const last = new Map<string, Changed>();
  // Within a bucket the feed is in the order of what was written.
  for (const { bucket, type, id, interaction, content } of entries) {
    const isGone = content === null || interaction === 'move';
    const resource = isGone ? undefined : (JSON.parse(content) as Resource);
    last.set(`${bucket} ${type}/${id}`, { bucket, type, id, resource });
  }
  return [...last.values()];
}

/** The documents whose texts came, as they are now. */
async function currentOf(
  transaction: Transaction,
  texts: readonly { bucket: number; id: string }[],
  changed: readonly Changed[],
): Promise<Changed[]> {
  const there = new Set(changed.map(({ type, id }) => `${type}/${id}`));
  const wanted = texts.filter(({ id }) => !there.has(`DocumentReference/${id}`));
  if (wanted.length === 0) return [];
  const found = await findMany(
    transaction as unknown as Db,
    wanted.map(({ id }) => ({ type: 'DocumentReference', id })),
  );
  return found.map(({ bucket, type, id, content }) => ({
    bucket,
    type,
    id,
    resource: content === null ? undefined : (JSON.parse(content) as Resource),
  }));
}

/** A document whose text stands in it is in the index already when the same text is read out of it. */
async function withoutKnown(transaction: Transaction, documents: readonly Changed[]): Promise<Changed[]> {
  if (documents.length === 0) return [];
  const [bodies, contents] = [
    await store.readDocumentTexts(transaction, documents),
    await store.readDocumentContents(transaction, documents),
  ];
  return documents.filter(({ id, resource }) => {
    const known = contents.get(id);
    return resource === undefined || known === undefined || searchTextOf(resource, bodies.get(id))?.content !== known;
  });
}

async function putChanged(deps: FollowerDeps, transaction: Transaction, changed: readonly Changed[]): Promise<void> {
  if (changed.length === 0) return;
  const bodies = await store.readDocumentTexts(
    transaction,
    changed.filter(({ type }) => type === 'DocumentReference'),
  );
  const rows = changed.flatMap((one) => rowOf(deps, one, bodies.get(one.id)) ?? []);
  const removed = await store.removeRows(transaction, changed);
  await store.putRows(transaction, rows);
  await store.notePatients(transaction, [...removed, ...rows]);
  const change = new Map<number, number>();
  for (const { terms } of removed) for (const term of terms) change.set(term, (change.get(term) ?? 0) - 1);
  for (const { terms } of rows) for (const term of terms) change.set(term, (change.get(term) ?? 0) + 1);
  await store.countTerms(transaction, change, rows.length - removed.length);
}

/** What can't be read stops nobody: it is told and not found. */
function rowOf(
  { search, analysis, report }: FollowerDeps,
  { bucket, type, id, resource }: Changed,
  body: string | undefined,
): store.Put | undefined {
  if (resource === undefined) return undefined;
  try {
    const patient = search.patientOf(resource);
    const text =
      patient === undefined ? undefined : searchTextOf(resource, type === 'DocumentReference' ? body : undefined);
    if (patient === undefined || text === undefined) return undefined;
    return { bucket, type, id, patient, ...indexRow(analysis, text) };
  } catch (error) {
    report('clinical search: a resource was passed over', error);
    return undefined;
  }
}
