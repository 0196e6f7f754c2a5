/**
 * What is damaged here comes anew from the node at the other end of a line: each tells the other what it lacks, and gives what it has. What comes is taken
 * only when it is what the version's seal says, so that nobody can change the record this way. Where the page itself can not be read it is not touched: the
 * content is put in a new place, and plain reads find it there.
 */
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import type { Db } from '#kernel/db.ts';
import type { Fhir, Resource } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { writeUnits } from '#fhir/record/write-store.ts';
import { bringContent, moveToRecord, readNumbers } from '../node/graph-store.ts';
import { bucketOf } from '../node/loading.ts';
import type { SyncNode } from '../node/sync-node.ts';
import { isMember } from '../protocol/membership.ts';
import type { Version } from '../protocol/version.ts';
import type { Child } from '../protocol/view.ts';
import * as store from './damage-store.ts';
import { isSound } from './record-scrub.ts';

/** Below `/continuity/` on a line port: POST what is lacking and what is given, answered by the same. */
export const healPath = '/continuity/heal';
export const healBytesMax = 32 * 1024 * 1024;

const wantedShape = z.strictObject({
  bucket: z.number().int().min(0).max(1023),
  resource: z.string().regex(/^[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9.-]{1,64}$/),
  version: z.string().regex(/^[1-9]\d{0,9}-[A-Za-z0-9.-]{1,53}$/),
  seal: z.string().min(1).max(128),
});
const givenShape = wantedShape.extend({ content: z.string().nullable() });
export const healShape = z.strictObject({
  wanted: z.array(wantedShape).max(100),
  given: z.array(givenShape).max(100),
});
export type Healing = z.output<typeof healShape>;

export type HealDeps = { db: Db; fhir: Pick<Fhir, 'context'>; sync: Pick<SyncNode, 'change'> };

const most = 100;
const givenCharactersMax = 8_000_000;
const nothing: Healing = { wanted: [], given: [] };

/** The lower side: asks, takes what comes, and gives what the node above lacks. How many were healed here. */
export async function healOverLine(deps: HealDeps, ask: (body: Healing) => Promise<string>): Promise<number> {
  const lacking = await store.readDamaged(deps.db, most);
  const answered = await exchanged(ask, { ...nothing, wanted: lacking.map(named) });
  const healed = await take(deps, answered.given);
  const given = await give(deps, answered.wanted, undefined);
  if (given.length > 0) await exchanged(ask, { ...nothing, given });
  return healed;
}

async function exchanged(ask: (body: Healing) => Promise<string>, body: Healing): Promise<Healing> {
  try {
    return healShape.parse(JSON.parse(await ask(body)));
  } catch (error) {
    // A node of an older program has no such address.
    if (error instanceof Fault && error.kind === 'notFound') return nothing;
    throw error;
  }
}

/** The upper side. */
export async function healBelow(deps: HealDeps, child: Child, { wanted, given }: Healing): Promise<Healing> {
  await take(deps, given);
  const lacking = await store.readDamaged(deps.db, most);
  return { wanted: lacking.map(named), given: await give(deps, wanted, child) };
}

function named({ bucket, resource, version, seal }: store.Named): store.Named {
  return { bucket, resource, version, seal };
}

/** What is sound here. A node below gets nothing of whom it has no reason to hold. */
async function give(
  { db, sync }: HealDeps,
  wanted: readonly store.Named[],
  child: Child | undefined,
): Promise<Healing['given']> {
  if (wanted.length === 0) return [];
  const given: Healing['given'] = [];
  let characters = 0;
  for (const { bucket, version } of await store.readNamed(db, wanted)) {
    if (!isSound(version) || (child !== undefined && !(await mayHave(sync, version, child)))) continue;
    characters += version.content?.length ?? 0;
    if (characters > givenCharactersMax && given.length > 0) break;
    const { resource, id, seal, content } = version;
    given.push({ bucket, resource, version: id, seal, content: content ?? null });
  }
  return given;
}

async function mayHave(sync: HealDeps['sync'], { patient, type }: Version, child: Child): Promise<boolean> {
  if (patient === undefined) return true;
  let isHeld = false;
  await sync.change([patient], (view) => {
    isHeld = isMember(view, patient, child.subtree) || (child.tier !== 'ward' && view.vocabulary.isSummary(type));
    return [];
  });
  return isHeld;
}

async function take(deps: HealDeps, given: Healing['given']): Promise<number> {
  if (given.length === 0) return 0;
  const lacking = new Map((await store.readDamaged(deps.db, 10 * most)).map((one) => [keyOf(one), one]));
  let healed = 0;
  for (const { content, ...one } of given) {
    const damaged = lacking.get(keyOf(one));
    if (damaged !== undefined && (await takeOne(deps, damaged, content))) healed++;
  }
  if (healed > 0) await store.countHealed(deps.db, healed);
  return healed;
}

function keyOf({ bucket, resource, version, seal }: store.Named): string {
  return `${bucket} ${resource} ${version} ${seal}`;
}

async function takeOne(deps: HealDeps, damaged: store.Damaged, content: string | null): Promise<boolean> {
  return deps.db.begin(async (transaction) => {
    const db = transaction as unknown as Db;
    await store.lockGraph(db);
    const place = await store.readPlace(db, damaged);
    if (place === undefined) {
      // Purged meanwhile.
      await store.forgetDamage(db, damaged);
      return false;
    }
    const version = { ...place, content };
    if (!isSound(version) || bucketOf(version) !== damaged.bucket) return false;
    if (damaged.isUnreadable) await putAnew(db, deps.fhir, damaged, version);
    else await bringContent(db, damaged.bucket, version);
    await store.forgetDamage(db, damaged);
    return true;
  });
}

/** In a new place; the current version also where plain reads look. */
async function putAnew(
  db: Db,
  { context }: Pick<Fhir, 'context'>,
  damaged: store.Damaged,
  version: Version & { content: string | null },
): Promise<void> {
  const { bucket } = damaged;
  const { resource, type, id: versionId, content, patient, at } = version;
  const last = await store.detach(db, damaged, content);
  if (last === undefined || content === null) return;
  const id = resource.slice(type.length + 1);
  const parsed = parseJson(content) as Resource;
  const told = Date.parse(String((parsed['meta'] as { lastUpdated?: unknown } | undefined)?.lastUpdated));
  const updated = Number.isNaN(told) ? Math.floor(at) : told;
  const values = { ...context.search.extract(parsed), patient };
  const key = { bucket, type, id, version: last + 1 };
  const write = { ...key, versionId, updated, interaction: 'update' as const, content, values };
  if ((await writeUnits(db, [{ writes: [write], references: [] }])) !== 'written')
    throw new Fault('unavailable', 'Somebody writes there now.');
  const n = (await readNumbers(db, [key])).get(`${type}/${id} ${key.version}`);
  if (n !== undefined) await moveToRecord(db, [{ bucket, version, n }]);
}
