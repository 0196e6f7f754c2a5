/**
 * The shell of the sync rules over PostgreSQL: loads what a decision asks for, carries its effects out in one transaction, and only then answers. One
 * transaction at a time (`sync_line` is the lock), whatever the number of processes.
 */
import type { Clock } from '#kernel/clock.ts';
import { retried, type Db } from '#kernel/db.ts';
import type { Ids } from '#kernel/ids.ts';
import type { Write } from '#fhir/record/write-store.ts';
import type { Effect } from '../protocol/effects.ts';
import type { LocalUnit } from '../protocol/apply.ts';
import {
  ancestryOf,
  answered,
  drawToken,
  nextRequest,
  type AnswerContext,
  type Session,
} from '../protocol/exchange.ts';

import type { Answer, FeedEntry, FillPage, Request, Span } from '../protocol/messages.ts';
import { receive, receiveFromCopy, release } from '../protocol/receive.ts';
import { rules } from '../protocol/rules.ts';
import { fillOrder, fillPageFor, greet, isFilledWith, mayFill, pageFor, protocols } from '../protocol/serve.ts';
import type { Child, NodeFacts, Operation, Unit, Verdict, View } from '../protocol/view.ts';
import { parentsFirst, type Version } from '../protocol/version.ts';
import type { Vocabulary } from '../protocol/vocabulary.ts';
import { CameBetween, carryOut, type CarryOutDeps } from './carry-out.ts';
import * as graph from './graph-store.ts';
import * as line from './line-store.ts';
import { bucketOf, createLoaded, type Loaded } from './loading.ts';
import { sealLocalWrites } from './seal.ts';

export type SyncNodeDeps = {
  db: Db;
  clock: Clock;
  ids: Ids;
  facts: NodeFacts;
  vocabulary: Vocabulary;
  extract: CarryOutDeps['extract'];
  /** What came from other nodes has been written to the record. */
  onApplied(writes: readonly Write[]): void;
  /** Entries, operations and resources of one message. */
  pageLimit?: number;
};

export type SyncNode = {
  /** What a node below is answered; `from` is the name that its certificate proved. */
  serve(from: string, request: Request): Promise<Answer>;
  /** What to ask the node above now; undefined: nothing may be asked. */
  ask(session: Session): Promise<Request | undefined>;
  /** Takes in what was answered. */
  take(session: Session, request: Request, answer: Answer): Promise<void>;
  /** Takes what people wrote here into the graph. */
  seal(): Promise<void>;
  /** Makes effects durable that no message brought: what a new map of places changes, say. */
  change(patients: readonly string[], effects: (view: View) => readonly Effect[]): Promise<void>;
  /** Tries set-aside operations again. */
  releaseSetAside(): Promise<number>;
};

const pageLimitDefault = 500;
const bucketsTotal = 1024;

type Held = { db: Db; line: line.Line; loaded: Loaded; deps: CarryOutDeps; writes: Write[] };

export function createSyncNode(node: SyncNodeDeps): SyncNode {
  const pageLimit = node.pageLimit ?? pageLimitDefault;
  const locked = <T>(work: (held: Held) => Promise<T>): Promise<T> => inTransaction(node, work);
  return {
    serve: (from, request) => locked((held) => serve(node, held, from, request)),
    seal: () => locked(() => Promise.resolve()),
    // What is remembered in memory rests on what is durable, so it changes when the transaction has ended.
    async ask(session) {
      const asked = await locked((held) => ask(node, held, copyOf(session), pageLimit));
      Object.assign(session, asked.session);
      return asked.request;
    },
    async take(session, request, answer) {
      Object.assign(session, await locked((held) => take(node, held, { session: copyOf(session), request, answer })));
    },
    releaseSetAside: () => locked((held) => releaseSetAside(held)),
    change: (patients, effects) =>
      locked(async (held) => {
        await held.loaded.prepareReasons(patients);
        await carry(held, await held.loaded.decide(effects), 'above');
      }),
  };
}

/** All under the lock of the line, with what people wrote here taken in first: what is judged is judged against all that is here. */
async function inTransaction<T>(node: SyncNodeDeps, work: (held: Held) => Promise<T>): Promise<T> {
  // Much that people wrote is taken in by transactions of its own: who comes meanwhile need not wait for all of it.
  for (;;) {
    const outcome = await oneTransaction(node, async (held) =>
      (await sealOnePage(held)) ? undefined : { result: await work(held) },
    );
    if (outcome !== undefined) return outcome.result;
  }
}

async function sealOnePage({ db, loaded, deps }: Held): Promise<boolean> {
  return (await sealLocalWrites(db, loaded, deps, pageLimitDefault)) === pageLimitDefault;
}

async function oneTransaction<T>(node: SyncNodeDeps, work: (held: Held) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { result, writes } = await retried(() =>
        node.db.begin((transaction) => underLock(node, transaction as unknown as Db, work)),
      );
      if (writes.length > 0) node.onApplied(writes);
      return result as T;
    } catch (error) {
      if (!(error instanceof CameBetween) || attempt === 20) throw error;
    }
  }
}

async function underLock<T>(
  node: SyncNodeDeps,
  db: Db,
  work: (held: Held) => Promise<T>,
): Promise<{ result: T; writes: Write[] }> {
  const own = await line.lockLine(db, node.ids.uuid());
  const now = node.clock.now();
  const { vocabulary, extract, facts } = node;
  const deps = { extract, vocabulary, now };
  const loaded = await createLoaded(db, facts, { now, heard: own.heard, vocabulary });
  const writes: Write[] = [];
  const result = await work({ db, line: own, loaded, deps, writes });
  return { result, writes };
}

async function carry(
  { db, deps, loaded, writes }: Held,
  effects: readonly Effect[],
  came: 'above' | 'below',
): Promise<void> {
  writes.push(...(await carryOut(db, effects, deps, came)));
  await loaded.forget();
}

async function serve(node: SyncNodeDeps, held: Held, from: string, request: Request): Promise<Answer> {
  const { db, loaded, line: own } = held;
  const child = node.facts.children.find(({ name }) => name === from);
  const last = await line.readChild(db, from);
  if (request.kind === 'hello') {
    const here = { epoch: own.ownEpoch, heads: await graph.readSyncHeads(db), protocols };
    const { answer, effects } = await loaded.decide((view) => greet(view, child, last, request, here, rules));
    await carry(held, effects, 'below');
    return answer;
  }
  if (!child) return { kind: 'refused', why: 'stranger' };
  if (request.kind === 'handOver') return receiveAll(held, request.operations, receiveFromCopy);
  if (last?.token !== request.token) return { kind: 'refused', why: 'hello' };
  switch (request.kind) {
    case 'push':
      return receiveAll(held, request.operations, (view, operation) => receive(view, operation, rules));
    case 'pull':
      return page(held, child, request);
    case 'fill':
      return fillPages(held, child, request);
    case 'compare':
      return { kind: 'compared', different: [] };
  }
}

async function receiveAll(
  held: Held,
  operations: readonly Operation[],
  receiveOne: (view: View, operation: Operation) => { verdict: Verdict; effects: readonly Effect[] },
): Promise<Answer> {
  const verdicts: { operation: string; verdict: Verdict }[] = [];
  for (const operation of operations) {
    await held.loaded.prepare([...(operation.ancestry ?? []), ...operation.versions]);
    const { verdict, effects } = await held.loaded.decide((view) => receiveOne(view, operation));
    await carry(held, effects, 'below');
    verdicts.push({ operation: operation.id, verdict });
    if (verdict.kind === 'needs') break;
  }
  return { kind: 'verdicts', verdicts };
}

async function page(
  { db, line: own, loaded }: Held,
  child: Child,
  { cursor, limit }: Extract<Request, { kind: 'pull' }>,
): Promise<Answer> {
  const heads = await graph.readSyncHeads(db);
  const spans: Span[] = [];
  let planned = 0;
  let hasMore = false;
  for (const [bucket, n] of heads) {
    const from = cursor.get(bucket) ?? 0;
    if (n <= from) continue;
    const to = Math.min(n, from + limit - planned);
    hasMore ||= to < n;
    if (to <= from) continue;
    spans.push({ bucket, from, to });
    planned += to - from;
  }
  const rows = spans.length === 0 ? [] : await graph.readFeedRows(db, spans);
  await loaded.prepare(rows.map(({ resource }) => ({ resource, patient: undefined })));
  const patients = await loaded.decide((view) =>
    rows.flatMap(({ resource, versionId }) => view.resource(resource)?.versions.get(versionId)?.patient ?? []),
  );
  await loaded.prepareReasons(patients);
  return loaded.decide((view) => {
    const entries = rows.flatMap(({ bucket, n, resource, versionId, tip, gains, losses }): FeedEntry[] => {
      const version = view.resource(resource)?.versions.get(versionId);
      return version ? [{ bucket, n, version, tip, gains, losses }] : [];
    });
    return pageFor(view, child, { epoch: own.ownEpoch, spans, entries, hasMore });
  });
}

async function fillPages(
  { db, line: own, loaded }: Held,
  child: Child,
  { units, limit }: Extract<Request, { kind: 'fill' }>,
): Promise<Answer> {
  const heads = await graph.readSyncHeads(db);
  const pages: FillPage[] = [];
  const notYours: Unit[] = [];
  let left = limit;
  for (const { unit, after } of units) {
    if (left <= 0) break;
    if (!(await loaded.decide((view) => mayFill(view, child, unit)))) {
      notYours.push(unit);
      continue;
    }
    const bucket = bucketOfUnit(unit);
    const asOf = heads.get(bucket) ?? 0;
    // What was never written to has nothing to be read.
    const keys = asOf === 0 ? [] : await keysOfUnit(db, loaded, unit, child);
    const page = await loaded.decide((view) => {
      const behind = keys.filter((key) => after === undefined || precedes(view, after, key)).slice(0, left + 1);
      return fillPageFor(view, child, { unit, after, limit: left }, { asOf, keys: behind });
    });
    left -= page.resources.length;
    pages.push(page);
  }
  return { kind: 'fillPages', epoch: own.ownEpoch, pages, notYours };
}

function bucketOfUnit(unit: Unit): number {
  return unit.startsWith('#') ? Number(unit.slice(1)) : bucketOf({ patient: unit, resource: unit });
}

async function keysOfUnit(
  db: Db,
  loaded: Loaded,
  unit: Unit,
  child: Pick<Child, 'tier' | 'subtree'>,
): Promise<string[]> {
  const patient = unit.startsWith('#') ? undefined : unit;
  const among = await graph.readKeys(db, bucketOfUnit(unit), patient);
  await loaded.prepare(among.map((resource) => ({ resource, patient })));
  return loaded.decide((view) =>
    among
      .filter((key) => {
        const state = view.resource(key);
        return state !== undefined && isFilledWith(view, state, child, unit);
      })
      .sort((a, b) => (precedes(view, a, b) ? -1 : 1)),
  );
}

function precedes(view: View, one: string, other: string): boolean {
  const order = (key: string): number => fillOrder(view, key.slice(0, key.indexOf('/')));
  return order(one) < order(other) || (order(one) === order(other) && one < other);
}

function copyOf(session: Session): Session {
  return { ...session, denied: new Set(session.denied) };
}

async function ask(
  node: SyncNodeDeps,
  held: Held,
  session: Session,
  limit: number,
): Promise<{ session: Session; request: Request | undefined }> {
  const { db, line: own, loaded } = held;
  if (node.facts.upstream === undefined) return { session, request: undefined };
  const drawn = session.isWelcome ? [] : drawToken(session, own, node.ids.uuid());
  await carry(held, drawn, 'above');
  const contact =
    drawn.length === 0 ? own.contact : { ...own.contact, tried: [...own.contact.tried, session.token as string] };
  const filling = [...loaded.holdings()]
    .filter(([, { state, isStuck }]) => state === 'filling' && !isStuck)
    .map(([unit, { after }]) => ({ unit, after }))
    .sort((a, b) => Number(b.unit.startsWith('#')) - Number(a.unit.startsWith('#')));
  const waiting = await waitingOperations(db, loaded, limit);
  const wanted = { line: { ...own, contact }, waiting, filling, protocols, clock: node.clock.now(), limit };
  return { session, request: nextRequest(session, wanted) };
}

async function waitingOperations(db: Db, loaded: Loaded, limit: number): Promise<Operation[]> {
  const operations: Operation[] = [];
  for (const { operation, withAncestry } of await line.readOutbox(db, limit)) {
    if (!withAncestry) operations.push(operation);
    else {
      const ancestry = await loaded.decide((view) => ancestryOf(operation, (key) => view.resource(key)));
      operations.push({ ...operation, ancestry });
    }
  }
  return operations;
}

async function take(
  node: SyncNodeDeps,
  held: Held,
  { session, request, answer }: { session: Session; request: Request; answer: Answer },
): Promise<Session> {
  const { db, line: own, loaded } = held;
  await prepareAnswer(loaded, answer);
  const context = await contextOf(node, db, loaded, own, answer);
  const { after, effects } = await loaded.decide((view) => {
    const after = copyOf(session);
    return { after, effects: answered(view, after, request, answer, context(view), rules) };
  });
  await carry(held, effects, 'above');
  return after;
}

/** What an answer is about is loaded at once: a decision that asks for it one by one is made again for each. */
async function prepareAnswer(loaded: Loaded, answer: Answer): Promise<void> {
  const versions =
    answer.kind === 'page'
      ? answer.entries.map(({ version }) => version)
      : answer.kind === 'fillPages'
        ? answer.pages.flatMap(({ resources }) => resources.flatMap((resource) => resource.versions))
        : [];
  await loaded.prepare(versions.map(({ resource }) => ({ resource, patient: undefined })));
  await loaded.prepareReasons(versions.flatMap(({ patient }) => patient ?? []));
}

async function contextOf(
  node: SyncNodeDeps,
  db: Db,
  loaded: Loaded,
  own: line.Line,
  answer: Answer,
): Promise<(view: View) => AnswerContext> {
  const held = [...loaded.holdings().keys()].filter((unit) => !unit.startsWith('#'));
  const waiting = new Set(
    (await line.readOutbox(db, 1_000_000)).flatMap(({ operation }) =>
      operation.versions.map((v) => `${v.resource} ${v.id}`),
    ),
  );
  const isWaiting = (resource: string, version: string): boolean => waiting.has(`${resource} ${version}`);
  const keys = new Map<Unit, string[]>();
  const heads = await graph.readSyncHeads(db);
  for (const { unit } of answer.kind === 'fillPages' ? answer.pages : [])
    if (heads.has(bucketOfUnit(unit))) keys.set(unit, await keysOfUnit(db, loaded, unit, node.facts));
  const buckets = Array.from({ length: bucketsTotal }, (_, bucket) => bucket);
  const leaving =
    answer.kind === 'welcome' ? held.filter((unit) => loaded.holdings().get(unit)?.state === 'leaving') : [];
  const versions = new Map<Unit, Version[]>();
  for (const unit of leaving) versions.set(unit, await settledVersions(db, loaded, unit, isWaiting));
  const versionsOf = (unit: Unit): readonly Version[] => versions.get(unit) ?? [];
  const local = (view: View, { unit, after, next }: FillPage): LocalUnit => ({
    keys: (keys.get(unit) ?? []).filter(
      (key) =>
        (after === undefined || precedes(view, after, key)) && (next === undefined || !precedes(view, next, key)),
    ),
    isWaiting,
  });
  return (view) => ({ line: own, buckets, held, local: (page) => local(view, page), versionsOf });
}

async function settledVersions(
  db: Db,
  loaded: Loaded,
  patient: Unit,
  isWaiting: (resource: string, version: string) => boolean,
): Promise<Version[]> {
  const keys = await graph.readKeys(db, bucketOfUnit(patient), patient);
  await loaded.prepare(keys.map((resource) => ({ resource, patient })));
  return loaded.decide((view) =>
    keys
      .flatMap((key) => parentsFirst(view.resource(key)?.versions.values() ?? []))
      .filter(({ resource, id, content }) => content !== undefined && !isWaiting(resource, id)),
  );
}

async function releaseSetAside(held: Held): Promise<number> {
  let released = 0;
  for (const operation of await line.readSetAside(held.db)) {
    const taken = await held.loaded.decide((view) => release(view, operation, rules));
    if (!taken) continue;
    await carry(held, taken.effects, 'below');
    released++;
  }
  return released;
}
