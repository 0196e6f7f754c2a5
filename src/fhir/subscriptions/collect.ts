/**
 * From the change feed to events: each version that is read is asked of each live subscription, and what concerns one becomes its next
 * event, in the transaction that moves the cursor. So a node that dies neither loses an event nor numbers one twice.
 */
import { readFeed } from '../record/feed-store.ts';
import type { StoredVersion } from '../record/store.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import type { Compiled, CompiledCache } from './compiled.ts';
import type { SubscriptionDeps } from './deps.ts';
import * as store from './subscription-store.ts';
import type { NewEvent, SubscriptionState, VersionKey } from './subscription-store.ts';
import type { Change } from './topics.ts';

const pageSize = 500;

type Live = { state: SubscriptionState; resource: Resource; compiled: Compiled; lastNumber: number };

/** Reads one page of the feed. False when there was nothing to read. */
export async function collectPage(
  deps: Pick<SubscriptionDeps, 'db' | 'maySee'>,
  cache: CompiledCache,
): Promise<boolean> {
  let isMore = false;
  await store.withCursor(deps.db, async (transaction, heads) => {
    const states = (await store.readStates(transaction)).filter(({ status }) => status !== 'off');
    if (heads === undefined || states.length === 0) return heads;
    const page = await readFeed(deps.db, new Map(heads), pageSize);
    isMore = page.entries.length > 0;
    const live = states.flatMap((state): Live[] => {
      const compiled = cache.of(state);
      return compiled === undefined
        ? []
        : [{ state, resource: parseJson(state.content) as Resource, compiled, lastNumber: state.lastNumber }];
    });
    const before = await store.readBefore(transaction, previousKeys(page.entries, live));
    const events: NewEvent[] = [];
    for (const entry of page.entries) events.push(...(await eventsOf(deps, entry, live, before)));
    await store.insertEvents(transaction, events);
    return page.cursor;
  });
  return isMore;
}

/** Which earlier versions are asked for: of types that a topic watches, and of what was deleted, since that tells whose it was. */
function previousKeys(entries: readonly StoredVersion[], live: readonly Live[]): VersionKey[] {
  const watched = new Set(live.flatMap(({ compiled }) => [...compiled.types]));
  const types = new Set(
    live.filter(({ compiled }) => compiled.needsPrevious).flatMap(({ compiled }) => [...compiled.types]),
  );
  return entries
    .filter(
      ({ type, version, interaction }) =>
        (types.has(type) || (interaction === 'delete' && watched.has(type))) && version > 1 && interaction !== 'move',
    )
    .map(({ bucket, type, id, version }) => ({ bucket, type, id, version: version - 1 }));
}

async function eventsOf(
  deps: Pick<SubscriptionDeps, 'maySee'>,
  entry: StoredVersion,
  live: readonly Live[],
  before: ReadonlyMap<string, string>,
): Promise<NewEvent[]> {
  const { bucket, n, type, id, versionId, interaction, updated: occurred } = entry;
  if (interaction === 'move') return [];
  const asking = live.filter(({ compiled, state }) => compiled.types.has(type) && n > (state.start.get(bucket) ?? 0));
  if (asking.length === 0) return [];
  const change: Change = {
    type,
    interaction,
    current: entry.content === null ? undefined : (parseJson(entry.content) as Resource),
    previous: parsed(before.get(store.versionKey({ type, id, version: entry.version - 1 }))),
  };
  const told = change.current ?? change.previous;
  const events: NewEvent[] = [];
  for (const each of asking) {
    if (!each.compiled.concerns(change)) continue;
    if (told === undefined || !(await deps.maySee(each.resource, told))) continue;
    each.lastNumber += 1;
    const number = each.lastNumber;
    events.push({ subscription: each.state.id, number, bucket, n, type, id, versionId, interaction, occurred });
  }
  return events;
}

function parsed(text: string | undefined): Resource | undefined {
  return text === undefined ? undefined : (parseJson(text) as Resource);
}
