/** What a node below is answered. */
import type { Answer, FeedEntry, FilledResource, FillPage, Request, Span } from '../protocol/messages.ts';
import { receive, receiveAll, receiveFromCopy, type Judging } from '../protocol/receive.ts';
import { rules } from '../protocol/rules.ts';
import { vouch } from '../protocol/purge.ts';
import { aheadFor, fillPageFor, greet, mayFill, pageFor, protocols, reasonsTold } from '../protocol/serve.ts';
import type { Child, Operation, Unit, View } from '../protocol/view.ts';
import * as graph from './graph-store.ts';
import { carry, messageBytesDefault, type Held, type SyncNodeDeps } from './held.ts';
import * as line from './line-store.ts';
import { bucketOfUnit, digestsOfUnits, keysOfUnit, precedes } from './units.ts';

/** Under the lock of the line: nothing is answered before what it rests on is durable. */
export async function serve(node: SyncNodeDeps, held: Held, from: string, request: Request): Promise<Answer> {
  const { db, loaded, line: own } = held;
  const child = node.facts.children.find(({ name }) => name === from);
  const last = await line.readChild(db, from);
  if (request.kind === 'hello') {
    const here = {
      epoch: own.ownEpoch,
      heads: await graph.readSyncHeads(db),
      protocols: node.protocols?.() ?? protocols,
    };
    const { answer, effects } = await loaded.decide((view) => greet(view, child, last, request, here, rules));
    await carry(held, effects, 'below');
    return answer;
  }
  if (!child) return { kind: 'refused', why: 'stranger' };
  if (request.kind === 'handOver') return received(held, request.operations, receiveFromCopy);
  if (last?.token !== request.token) return { kind: 'refused', why: 'hello' };
  switch (request.kind) {
    case 'push':
      return received(held, request.operations, (view, operation) => receive(view, operation, rules));
    case 'pull':
      if (request.epoch === own.ownEpoch) held.readBelow.set(from, request.cursor);
      return page(node, held, child, request);
    case 'rights':
      return rightsAhead(node, held, child, request);
    case 'fill':
      return fillPages(held, child, request);
    case 'vouch':
      await held.loaded.prepare(request.names.map(({ resource }) => ({ resource, patient: undefined })));
      return {
        kind: 'vouched',
        epoch: own.ownEpoch,
        ...(await held.loaded.decide((view) => vouch(view, request.names))),
      };
    case 'compare':
      return compared(held, child, request);
  }
}

async function received(held: Held, operations: readonly Operation[], receiveOne: Judging): Promise<Answer> {
  const { loaded } = held;
  const versions = operations.flatMap(({ ancestry, versions }) => [...(ancestry ?? []), ...versions]);
  await loaded.prepareVerdicts(operations.map(({ id }) => id));
  await loaded.prepare(versions);
  await loaded.prepareReasons(versions.flatMap(({ patient }) => patient ?? []));
  const { verdicts, effects } = await loaded.decide((view) => receiveAll(view, operations, receiveOne));
  await carry(held, effects, 'below');
  return { kind: 'verdicts', clock: held.deps.now, verdicts };
}

/** `spans`: by bucket, ascending. */
type Planned = { spans: Span[]; hasMore: boolean };

function spansOf(heads: ReadonlyMap<number, number>, cursor: ReadonlyMap<number, number>, limit: number): Planned {
  const spans: Span[] = [];
  let planned = 0;
  let hasMore = false;
  for (const [bucket, n] of [...heads].sort(([one], [other]) => one - other)) {
    const from = cursor.get(bucket) ?? 0;
    if (n <= from) continue;
    const to = Math.min(n, from + limit - planned);
    hasMore ||= to < n;
    if (to <= from) continue;
    spans.push({ bucket, from, to });
    planned += to - from;
  }
  return { spans, hasMore };
}

/** As much of what was planned as a message holds: what is large comes nearly alone. */
function withinBytes(
  all: readonly graph.ReadFeedRow[],
  { spans, hasMore }: Planned,
  bytesMax: number,
): Planned & { rows: readonly graph.ReadFeedRow[] } {
  let bytes = 0;
  const end = all.findIndex((row) => {
    const isFull = bytes >= bytesMax;
    bytes += row.bytes;
    return isFull;
  });
  const next = all[end];
  if (next === undefined) return { rows: all, spans, hasMore };
  // Rows come by bucket: those of buckets behind are left for the next page.
  const kept = spans.flatMap((span): Span[] => {
    if (span.bucket < next.bucket) return [span];
    return span.bucket === next.bucket && next.n - 1 > span.from ? [{ ...span, to: next.n - 1 }] : [];
  });
  return { rows: all.slice(0, end), spans: kept, hasMore: true };
}

async function page(
  node: SyncNodeDeps,
  held: Held,
  child: Child,
  { cursor, limit }: Extract<Request, { kind: 'pull' }>,
): Promise<Answer> {
  const { db, line: own, loaded } = held;
  const planned = spansOf(await graph.readSyncHeads(db), cursor, limit);
  const { rows, spans, hasMore } = withinBytes(
    planned.spans.length === 0 ? [] : await graph.readFeedRows(db, planned.spans),
    planned,
    node.messageBytes ?? messageBytesDefault,
  );
  const entriesFrom = await readEntries(held, rows);
  return loaded.decide((view) =>
    pageFor(view, child, { epoch: own.ownEpoch, spans, entries: entriesFrom(view), hasMore }),
  );
}

/** The lane of what decides who may read: of all buckets at once, whatever else waits in them. */
async function rightsAhead(
  node: SyncNodeDeps,
  held: Held,
  child: Child,
  { cursor, limit }: Extract<Request, { kind: 'rights' }>,
): Promise<Answer> {
  const { db, line: own, loaded } = held;
  const all = spansOf(await graph.readSyncHeads(db), cursor, Number.MAX_SAFE_INTEGER);
  const found = all.spans.length === 0 ? [] : await graph.readRightsRows(db, all.spans, limit + 1);
  const last = found.length > limit ? found[limit - 1] : undefined;
  const planned = last === undefined ? all : { spans: upTo(all.spans, last), hasMore: true };
  const bytesMax = node.messageBytes ?? messageBytesDefault;
  const { rows, spans, hasMore } = withinBytes(found.slice(0, limit), planned, bytesMax);
  const entriesFrom = await readEntries(held, rows);
  return loaded.decide((view) =>
    aheadFor(view, child, { epoch: own.ownEpoch, spans, entries: entriesFrom(view), hasMore }),
  );
}

function upTo(spans: readonly Span[], { bucket, n }: graph.ReadFeedRow): Span[] {
  return spans.flatMap((span) => (span.bucket > bucket ? [] : [span.bucket === bucket ? { ...span, to: n } : span]));
}

/** What stands in the feed at these rows, as a decision finds it. */
async function readEntries({ loaded }: Held, rows: readonly graph.ReadFeedRow[]): Promise<(view: View) => FeedEntry[]> {
  await loaded.prepare(rows.map(({ resource }) => ({ resource, patient: undefined })));
  const patients = await loaded.decide((view) =>
    rows.flatMap(({ resource, versionId }) => view.resource(resource)?.versions.get(versionId)?.patient ?? []),
  );
  await loaded.prepareReasons(patients);
  return (view) =>
    rows.flatMap(({ bucket, n, resource, versionId, tip, gains, losses }): FeedEntry[] => {
      const version = view.resource(resource)?.versions.get(versionId);
      return version ? [{ bucket, n, version, tip, gains, losses }] : [];
    });
}

async function compared(
  { db, loaded }: Held,
  child: Child,
  { digests }: Extract<Request, { kind: 'compare' }>,
): Promise<Answer> {
  const ours = await digestsOfUnits(db, loaded, [...digests.keys()], child);
  return {
    kind: 'compared',
    different: [...digests].flatMap(([unit, digest]) => (ours.get(unit) === digest ? [] : unit)),
  };
}

async function fillPages(
  { db, line: own, loaded }: Held,
  child: Child,
  { units, limit }: Extract<Request, { kind: 'fill' }>,
): Promise<Answer> {
  const heads = await graph.readSyncHeads(db);
  const pages: FillPage[] = [];
  const notYours: Unit[] = [];
  const told: FilledResource[] = [];
  let left = limit;
  for (const { unit, after } of units) {
    if (left <= 0) break;
    if (!(await loaded.decide((view) => mayFill(view, child, unit)))) {
      notYours.push(unit);
      told.push(...(await loaded.decide((view) => reasonsTold(view, child, unit))));
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
  return { kind: 'fillPages', epoch: own.ownEpoch, pages, notYours, told };
}
