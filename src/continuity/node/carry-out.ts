/** Makes the effects of a decision durable: in the record and its search, in the graph, the feed and the lines, in the caller's transaction. */
import type { Db } from '#kernel/db.ts';
import { parseJson } from '#fhir/json/index.ts';
import { noValues, type SearchValues } from '#fhir/search/search-values.ts';
import { findLast, findMany, type CurrentVersion, type StoredVersion } from '#fhir/record/store.ts';
import { writeUnits, type Write } from '#fhir/record/write-store.ts';
import type { Resource } from '#fhir/types.ts';
import type { Effect } from '../protocol/effects.ts';
import { countOf, type Version } from '../protocol/version.ts';
import type { View } from '../protocol/view.ts';
import { keysOf } from '../protocol/vocabulary.ts';
import { forgetClaims, putClaims } from './claim-store.ts';
import * as graph from './graph-store.ts';
import * as line from './line-store.ts';
import { bucketOf } from './loading.ts';
import { forgetAlso, putAlso, readPlaces } from './place-store.ts';
import { purgeResources } from './purge-store.ts';

export type CarryOutDeps = {
  extract(resource: Resource): SearchValues;
  vocabulary: View['vocabulary'];
  /** Milliseconds since 1970, by this node's clock and, as far as it is known, by that of the node above. */
  now: number;
  upstreamNow: number;
};

type VersionEffect = Extract<Effect, { kind: 'version' }>;

/** Thrown when a local write came between: the whole transaction is to be done again. */
export class CameBetween extends Error {
  constructor() {
    super('A local write came between.');
  }
}

/**
 * `came`: from where. `inRecord`: versions that the record has already, being its own, with their numbers. Gives what was written to the record.
 */
export async function carryOut(
  db: Db,
  effects: readonly Effect[],
  deps: CarryOutDeps,
  came: 'here' | 'above' | 'below',
  inRecord: ReadonlyMap<string, number> = new Map(),
): Promise<Write[]> {
  const versions = effects.filter((effect) => effect.kind === 'version');
  const { numbers, writes } = await writeRecord(db, versions, deps, inRecord);
  await putGraph(db, versions, { numbers, came, deps });
  for (const effect of effects) await carryOutOne(db, effect, deps);
  await putTogether(db, effects, deps);
  return writes;
}

function nameOf({ resource, id }: Version): string {
  return `${resource} ${id}`;
}

/** What becomes current goes into the record, in rounds: in each a resource stands once. */
async function writeRecord(
  db: Db,
  versions: readonly VersionEffect[],
  deps: CarryOutDeps,
  inRecord: ReadonlyMap<string, number>,
): Promise<{ numbers: Map<string, number>; writes: Write[] }> {
  const numbers = new Map(inRecord);
  const writes: Write[] = [];
  let isFirst = true;
  // Of what is only known to have been there is nothing to write.
  let left = versions.filter(
    ({ version, tip }) => version.id === tip && version.content !== undefined && !inRecord.has(nameOf(version)),
  );
  while (left.length > 0) {
    const seen = new Set<string>();
    const round = left.filter(({ version }) => !seen.has(version.resource) && seen.add(version.resource));
    left = left.filter((effect) => !round.includes(effect));
    const written = await writeRound(
      db,
      round.map(({ version }) => version),
      deps,
      isFirst,
    );
    isFirst = false;
    for (const [name, n] of written.numbers) numbers.set(name, n);
    writes.push(...written.writes);
  }
  return { numbers, writes };
}

/** What is current, with its buckets locked first: whoever writes there waits, and nothing comes between reading and writing. */
async function findLocked(
  db: Db,
  keys: readonly { type: string; id: string }[],
  buckets: readonly number[],
): Promise<CurrentVersion[]> {
  const locked = new Set(buckets);
  await graph.lockBuckets(db, [...locked]);
  const found = await findMany(db, keys);
  const elsewhere = found.map(({ bucket }) => bucket).filter((bucket) => !locked.has(bucket));
  if (elsewhere.length === 0) return found;
  await graph.lockBuckets(db, elsewhere);
  return findMany(db, keys);
}

/**
 * What somebody wrote here since local writes were taken in is not in the graph yet: what was decided did not know of it, and would be put over it.
 * After the first round the buckets are locked, and nothing can come.
 */
async function writeRound(
  db: Db,
  versions: readonly Version[],
  deps: CarryOutDeps,
  isFirst: boolean,
): Promise<{ numbers: Map<string, number>; writes: Write[] }> {
  const keys = versions.map(({ resource, type }) => ({ type, id: resource.slice(type.length + 1) }));
  const found = isFirst ? await findLocked(db, keys, versions.map(bucketOf)) : await findMany(db, keys);
  if (isFirst && !(await graph.knowsAll(db, found))) throw new CameBetween();
  const current = new Map(found.map((one) => [`${one.type}/${one.id}`, one]));
  const last = await findLast(
    db,
    keys.map((key, i) => ({ ...key, bucket: bucketOf(versions[i] as Version) })),
  );
  const writes = versions.flatMap((version) =>
    writesOf(version, current.get(version.resource), last.get(version.resource) ?? 0, deps),
  );
  if ((await writeUnits(db, [{ writes, references: [] }])) !== 'written') throw new CameBetween();
  const put = writes.filter(({ interaction }) => interaction !== 'move');
  const places = await graph.readNumbers(db, put);
  const numbers = new Map(
    put.map((write) => [
      `${write.type}/${write.id} ${write.versionId}`,
      places.get(`${write.type}/${write.id} ${write.version}`) as number,
    ]),
  );
  return { numbers, writes };
}

function placeOf(version: Version): { bucket: number; resource: string } {
  return { bucket: bucketOf(version), resource: version.resource };
}

/** Where it lay in another patient's bucket until now, it is told there that it went on. */
function writesOf(version: Version, before: StoredVersion | undefined, last: number, deps: CarryOutDeps): Write[] {
  const write = writeOf(version, Math.max(last, before?.version ?? 0), deps);
  if (before === undefined || before.bucket === write.bucket) return [write];
  const { bucket } = before;
  return [
    { ...write, movedFrom: bucket },
    { ...write, bucket, interaction: 'move', content: null, values: noValues },
  ];
}

/** Its place in the resource's line here is behind all that are there, and never before what its id counts. */
function writeOf(version: Version, last: number, { extract }: CarryOutDeps): Write {
  const { resource, type, patient, id: versionId, at } = version;
  const content = version.content ?? null;
  const common = {
    bucket: bucketOf(version),
    type,
    id: resource.slice(type.length + 1),
    version: Math.max(last + 1, countOf(versionId)),
    versionId,
    updated: Math.floor(at),
  };
  if (content === null) return { ...common, interaction: 'delete', content, values: noValues };
  const parsed = parseJson(content) as Resource;
  const told = Date.parse(String((parsed['meta'] as { lastUpdated?: unknown } | undefined)?.lastUpdated));
  const updated = Number.isNaN(told) ? common.updated : told;
  const interaction = last === 0 ? 'create' : 'update';
  return { ...common, updated, interaction, content, values: { ...extract(parsed), patient } };
}

async function putGraph(
  db: Db,
  versions: readonly VersionEffect[],
  {
    numbers,
    came,
    deps,
  }: { numbers: ReadonlyMap<string, number>; came: 'here' | 'above' | 'below'; deps: CarryOutDeps },
): Promise<void> {
  if (versions.length === 0) return;
  const placed = versions.map((effect) => ({
    ...effect,
    bucket: bucketOf(effect.version),
    n: numbers.get(nameOf(effect.version)),
    came,
  }));
  await graph.insertVersions(
    db,
    placed.filter(({ isNew }) => isNew),
    deps.now,
  );
  const moved = placed.filter(({ isNew, n }) => !isNew && n !== undefined) as (VersionEffect & {
    bucket: number;
    n: number;
  })[];
  await graph.moveToRecord(db, moved);
  await putTips(db, placed);
  const reasons = placed.flatMap(({ bucket, version }) =>
    version.patient !== undefined && deps.vocabulary.meaning(version).reasons
      ? [{ bucket, patient: version.patient, resource: version.resource }]
      : [],
  );
  await graph.putReasons(db, reasons);
  const claims = placed.flatMap(({ version }) => {
    const { claim } = deps.vocabulary.meaning(version);
    return claim ? keysOf(claim).map((key) => ({ key, resource: version.resource })) : [];
  });
  await putClaims(db, claims);
  await graph.appendFeed(
    db,
    placed.map(({ bucket, version, tip, gains, losses }) => ({
      bucket,
      resource: version.resource,
      versionId: version.id,
      tip,
      gains: [...gains],
      losses: [...losses],
      decidesAccess: deps.vocabulary.isAccessInput(version.type),
    })),
  );
  await line.putHeard(db, Math.max(...versions.map(({ version }) => version.at)));
}

/** In every bucket where versions of the resource lie, since it may be looked for in any. */
async function putTips(db: Db, placed: readonly (VersionEffect & { bucket: number })[]): Promise<void> {
  const tips = new Map(placed.map(({ version, tip }) => [version.resource, tip]));
  const places = await readPlaces(db, [...tips.keys()]);
  const all = new Map<string, Set<number>>();
  for (const { resource, bucket } of [...places, ...placed.map(({ version }) => placeOf(version))])
    all.set(resource, (all.get(resource) ?? new Set()).add(bucket));
  const rows = [...all].flatMap(([resource, buckets]) => [...buckets].map((bucket) => ({ resource, bucket })));
  await putAlso(
    db,
    rows.filter(({ resource }) => (all.get(resource)?.size ?? 0) > 1),
  );
  await graph.putTips(
    db,
    rows.map((row) => ({ ...row, tip: tips.get(row.resource) as string })),
  );
}

/** What there may be many of. Of holdings and cursors the last of each counts; after a new epoch, so that its cursor is not what was read in the one before. */
async function putTogether(db: Db, effects: readonly Effect[], { now, upstreamNow }: CarryOutDeps): Promise<void> {
  const holdings = new Map(
    effects.flatMap((effect) => (effect.kind === 'holding' ? [[effect.unit, effect.holding] as const] : [])),
  );
  if (holdings.size > 0) await line.putHoldings(db, holdings);
  const cursor = new Map(
    effects.flatMap((effect) => (effect.kind === 'cursor' ? [[effect.bucket, effect.n] as const] : [])),
  );
  if (cursor.size > 0) await line.putCursor(db, cursor);
  const sent = effects.flatMap((effect) => (effect.kind === 'send' ? [effect.operation] : []));
  await line.appendOutbox(db, sent, now);
  await line.putVerdicts(
    db,
    effects.filter((effect) => effect.kind === 'verdict'),
    now,
  );
  await line.putAnswered(
    db,
    effects.filter((effect) => effect.kind === 'answered'),
    { now, upstreamNow },
  );
}

async function carryOutOne(db: Db, effect: Effect, { now }: CarryOutDeps): Promise<void> {
  switch (effect.kind) {
    case 'version':
      return;
    case 'content':
      return graph.bringContent(db, bucketOf(effect.version), effect.version);
    case 'setAside':
      return line.putSetAside(db, effect, now);
    case 'released':
      return line.deleteSetAside(db, effect.operation);
    case 'ancestry':
      return line.putAncestry(db, effect.operation);
    case 'holding':
    case 'cursor':
    case 'send':
    case 'verdict':
    case 'answered':
      return;
    case 'epoch':
      return line.putEpoch(db, effect.epoch, effect.cursor, now);
    case 'contact':
      return line.putContact(db, effect.confirmed, effect.tried);
    case 'child':
      return line.putChild(db, effect.child, effect);
    case 'purge': {
      if (!(await purgeResources(db, await readPlaces(db, effect.resources), now))) throw new CameBetween();
      await forgetClaims(db, effect.resources);
      return forgetAlso(db, effect.resources);
    }
  }
}
