/** Takes in what the record's Subscription resources say: new ones begin, changed ones go on as they now are, deleted ones end. */
import { Fault } from '#kernel/fault.ts';
import { readHeads } from '../record/feed-store.ts';
import { writeJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { compileSubscription } from './compiled.ts';
import type { CompiledCache } from './compiled.ts';
import type { SubscriptionDeps } from './deps.ts';
import { resumed } from './rules.ts';
import * as store from './subscription-store.ts';
import type { SubscriptionState } from './subscription-store.ts';
import { readTopic } from './topics.ts';

type EnrolDeps = Pick<SubscriptionDeps, 'db' | 'clock' | 'all' | 'save' | 'matcher' | 'condition' | 'endpoints'>;

/** Compares every Subscription of the record with what is known of it. */
export async function enrol(deps: EnrolDeps, cache: CompiledCache): Promise<void> {
  const hasNewTopics = await takeTopics(deps, cache);
  const states = new Map((await store.readStates(deps.db)).map((state) => [state.id, state]));
  for (const resource of await deps.all('Subscription')) {
    const id = resource.id ?? '';
    await enrolOne(deps, cache, resource, states.get(id), hasNewTopics);
    states.delete(id);
  }
  for (const id of states.keys()) await store.deleteState(deps.db, id);
}

async function takeTopics(deps: EnrolDeps, cache: CompiledCache): Promise<boolean> {
  const topics = (await deps.all('Basic')).map(readTopic).filter((topic) => topic !== undefined);
  const next = new Map(topics.map((topic) => [topic.url, topic]));
  if (JSON.stringify([...next]) === JSON.stringify([...cache.topics()])) return false;
  cache.useTopics(next);
  return true;
}

async function enrolOne(
  deps: EnrolDeps,
  cache: CompiledCache,
  resource: Resource,
  state: SubscriptionState | undefined,
  hasNewTopics: boolean,
): Promise<void> {
  const wish = resource['status'];
  const isWanted = wish === 'requested' || wish === 'active';
  if (isWanted && isOver(resource, deps.clock.now())) return end(deps, resource, state);
  const isKnown = state !== undefined && state.versionId === resource.meta?.versionId;
  if (isKnown && !(hasNewTopics && isWanted)) return;
  if (!isWanted) {
    if (state !== undefined && wish === 'off') await take(deps, resource, state, 'off');
    else if (state !== undefined) await store.replaceContent(deps.db, takenIn(resource));
    return;
  }
  const refusal = refusalOf(resource, cache, deps);
  if (refusal !== undefined) return refuse(deps, resource, state, refusal);
  if (isKnown) return;
  if (state === undefined || state.status === 'off') return begin(deps, resource, state);
  await take(deps, resource, state, wish);
}

function isOver(resource: Resource, now: number): boolean {
  const end = resource['end'];
  return typeof end === 'string' && Date.parse(end) <= now;
}

function refusalOf(resource: Resource, cache: CompiledCache, deps: EnrolDeps): string | undefined {
  try {
    compileSubscription(resource, cache.topics(), deps);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

/** The subscription starts where the feed stands now. When it is the only one, the feed need not be read up to here. */
async function begin(
  { db, clock }: EnrolDeps,
  resource: Resource,
  known: SubscriptionState | undefined,
): Promise<void> {
  if (known !== undefined) await store.replaceContent(db, takenIn(resource));
  await store.withCursor(db, async (transaction, heads) => {
    const now = new Map((await readHeads(db)).map(({ bucket, n }) => [bucket, n]));
    const others = (await store.readStates(transaction)).filter(({ status }) => status !== 'off');
    const state: SubscriptionState = {
      ...takenIn(resource),
      status: 'requested',
      start: now,
      lastNumber: 0,
      deliveredNumber: 0,
      failures: 0,
      failingSince: null,
      nextAttempt: clock.now(),
      lastContact: null,
      error: null,
    };
    if (known === undefined) await store.insertState(transaction, state);
    else await store.restartState(transaction, known.id, now, clock.now());
    return others.length === 0 || heads === undefined ? now : heads;
  });
}

/** Another version: a subscription in error (or off) that is wanted again goes on; one that goes well just goes on as it now is. */
async function take(
  deps: EnrolDeps,
  resource: Resource,
  state: SubscriptionState,
  wish: 'requested' | 'active' | 'off',
): Promise<void> {
  await store.replaceContent(deps.db, takenIn(resource));
  if (wish === 'off') return store.setStatus(deps.db, state.id, 'off', null);
  if (state.status === 'active' && wish === 'active') return;
  const status = state.status === 'requested' ? 'requested' : wish;
  await store.saveDelivery(deps.db, state.id, resumed(state, status, deps.clock.now()));
}

/** What can't be served says so in the Subscription itself; its author corrects it and asks again. */
async function refuse(
  deps: EnrolDeps,
  resource: Resource,
  state: SubscriptionState | undefined,
  why: string,
): Promise<void> {
  await deps.save({ ...resource, status: 'error', error: why });
  if (state !== undefined) await store.setStatus(deps.db, state.id, 'error', why);
}

async function end(deps: EnrolDeps, resource: Resource, state: SubscriptionState | undefined): Promise<void> {
  await deps.save({ ...resource, status: 'off' });
  if (state !== undefined) await store.setStatus(deps.db, state.id, 'off', null);
}

function takenIn(resource: Resource): Pick<SubscriptionState, 'id' | 'versionId' | 'content' | 'channel'> {
  const channel =
    (resource['channel'] as { type?: unknown } | undefined)?.type === 'websocket' ? 'websocket' : 'rest-hook';
  return { id: resource.id ?? '', versionId: resource.meta?.versionId ?? '', content: writeJson(resource), channel };
}
