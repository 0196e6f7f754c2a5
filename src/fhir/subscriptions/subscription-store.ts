/** The tables of subscriptions: keyed by subscription, local to the coordinator. Versions are read from the record by bucket. */
import type { Db, Transaction } from '#kernel/db.ts';
import type { Delivery, DeliveryStatus } from './rules.ts';

export type FeedHeads = ReadonlyMap<number, number>;

export type SubscriptionState = Delivery & {
  id: string;
  versionId: string;
  /** The Subscription resource, as JSON text. */
  content: string;
  channel: 'rest-hook' | 'websocket';
  start: FeedHeads;
};

export type StoredEvent = {
  number: number;
  bucket: number;
  n: number;
  type: string;
  id: string;
  versionId: string;
  interaction: 'create' | 'update' | 'delete';
  occurred: number;
  /** JSON text of the version; null for a deletion. */
  content: string | null;
};

export type NewEvent = Omit<StoredEvent, 'content'> & { subscription: string };

type StateRow = Omit<SubscriptionState, 'start'> & { start: Record<string, number> };

const toObject = (heads: FeedHeads): Record<string, number> => Object.fromEntries(heads);
const toHeads = (object: Record<string, number>): FeedHeads =>
  new Map(Object.entries(object).map(([bucket, n]) => [Number(bucket), n]));

/** Runs the work as the only reader of the feed, with its cursor; what it gives back is the cursor that is kept. */
export async function withCursor(
  db: Db,
  work: (transaction: Transaction, heads: FeedHeads | undefined) => Promise<FeedHeads | undefined>,
): Promise<void> {
  await db.begin(async (transaction) => {
    await transaction`insert into subscription_cursor (name, heads) values ('feed', null) on conflict (name) do nothing`;
    const [row] = await transaction<{ heads: Record<string, number> | null }[]>`
      select heads from subscription_cursor where name = 'feed' for update`;
    const heads = row?.heads == null ? undefined : toHeads(row.heads);
    const next = await work(transaction, heads);
    if (next === undefined || next === heads) return;
    await transaction`update subscription_cursor set heads = ${transaction.json(toObject(next))} where name = 'feed'`;
  });
}

/** Every subscription that this database knows of, whatever its status; only one when an id is given. */
export async function readStates(db: Db | Transaction, id: string | null = null): Promise<SubscriptionState[]> {
  const rows = await db<StateRow[]>`
    select id, version_id as "versionId", content, channel, status, start, last_number as "lastNumber",
      delivered_number as "deliveredNumber", failures, failing_since as "failingSince", next_attempt as "nextAttempt",
      last_contact as "lastContact", error
    from subscription_state where ${id}::text is null or id = ${id} order by id`;
  return rows.map((row) => ({ ...row, start: toHeads(row.start) }));
}

export async function readState(db: Db | Transaction, id: string): Promise<SubscriptionState | undefined> {
  return (await readStates(db, id))[0];
}

export async function insertState(transaction: Transaction, state: SubscriptionState): Promise<void> {
  await transaction`
    insert into subscription_state (id, version_id, content, channel, status, start, next_attempt, error)
    values (${state.id}, ${state.versionId}, ${state.content}, ${state.channel}, ${state.status},
      ${transaction.json(toObject(state.start))}, ${state.nextAttempt}, ${state.error})
    on conflict (id) do nothing`;
}

/** A subscription that was off begins again from here; its events go on being numbered. */
export async function restartState(transaction: Transaction, id: string, start: FeedHeads, now: number): Promise<void> {
  await transaction`
    update subscription_state
    set status = 'requested', start = ${transaction.json(toObject(start))}, failures = 0, failing_since = null, next_attempt = ${now},
      error = null
    where id = ${id}`;
}

/** Takes in another version of the Subscription. */
export async function replaceContent(
  db: Db,
  { id, versionId, content, channel }: Pick<SubscriptionState, 'id' | 'versionId' | 'content' | 'channel'>,
): Promise<void> {
  await db`
    update subscription_state set version_id = ${versionId}, content = ${content}, channel = ${channel} where id = ${id}`;
}

/** Keeps what a delivery came to. `last_number` is the collector's and is not touched. */
export async function saveDelivery(db: Db, id: string, delivery: Delivery): Promise<void> {
  await db`
    update subscription_state
    set status = ${delivery.status}, delivered_number = greatest(delivered_number, ${delivery.deliveredNumber}),
      failures = ${delivery.failures}, failing_since = ${delivery.failingSince}, next_attempt = ${delivery.nextAttempt},
      last_contact = ${delivery.lastContact}, error = ${delivery.error}
    where id = ${id}`;
}

export async function setStatus(db: Db, id: string, status: DeliveryStatus, error: string | null): Promise<void> {
  await db`update subscription_state set status = ${status}, error = ${error} where id = ${id}`;
}

export async function deleteState(db: Db, id: string): Promise<void> {
  await db`delete from subscription_state where id = ${id}`;
}

/** Adds events and raises their subscriptions' last numbers; the caller holds the cursor, so numbers are without gaps. */
export async function insertEvents(transaction: Transaction, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const column = <K extends keyof NewEvent>(name: K): NewEvent[K][] => events.map((event) => event[name]);
  await transaction`
    insert into subscription_event (subscription, number, bucket, n, type, resource_id, version_id, interaction, occurred)
    select * from unnest(${column('subscription')}::text[], ${column('number')}::bigint[], ${column('bucket')}::int[],
      ${column('n')}::bigint[], ${column('type')}::text[], ${column('id')}::text[], ${column('versionId')}::text[],
      ${column('interaction')}::text[], ${column('occurred').map((ms) => new Date(ms).toISOString())}::timestamptz[])`;
  await transaction`
    update subscription_state s set last_number = e.number
    from (select subscription, max(number) as number
      from unnest(${column('subscription')}::text[], ${column('number')}::bigint[]) as t(subscription, number)
      group by subscription) e
    where s.id = e.subscription`;
}

/** Events of a subscription after `after` and up to `upTo`, in order, with the versions that they are about. */
export async function readEvents(
  db: Db,
  subscription: string,
  after: number,
  upTo: number,
  limit: number,
): Promise<StoredEvent[]> {
  return db<StoredEvent[]>`
    select e.number, e.bucket, e.n, e.type, e.resource_id as id, e.version_id as "versionId", e.interaction, e.occurred, v.content
    from subscription_event e left join version v on v.bucket = e.bucket and v.n = e.n
    where e.subscription = ${subscription} and e.number > ${after} and e.number <= ${upTo}
    order by e.number limit ${limit}`;
}

/** Takes a subscription for this node until `until`; false when another node has it. */
export async function lease(db: Db, id: string, now: number, until: number): Promise<boolean> {
  const rows = await db`
    update subscription_state set leased_until = ${until}
    where id = ${id} and (leased_until is null or leased_until < ${now}) returning id`;
  return rows.length === 1;
}

export async function extendLease(db: Db, id: string, until: number): Promise<void> {
  await db`update subscription_state set leased_until = ${until} where id = ${id}`;
}

export async function release(db: Db, id: string): Promise<void> {
  await db`update subscription_state set leased_until = null where id = ${id}`;
}

/**
 * Forgets delivered events from before `eventsBefore`, tokens that are no longer good, and what waits for subscriptions that have been
 * in error since before `errorsBefore`: those count as off from then on, and begin anew when somebody asks for them.
 */
export async function prune(db: Db, eventsBefore: number, errorsBefore: number, now: number): Promise<void> {
  await db`update subscription_state set status = 'off' where status = 'error' and failing_since < ${errorsBefore}`;
  await db`
    delete from subscription_event e using subscription_state s
    where s.id = e.subscription and e.occurred < ${eventsBefore} and (e.number <= s.delivered_number or s.status = 'off')`;
  await db`
    update subscription_state s set delivered_number = last_number
    where status = 'off' and not exists (select from subscription_event e where e.subscription = s.id)`;
  await db`delete from subscription_token where expires < ${now}`;
}

export async function insertToken(
  db: Db,
  token: string,
  subscriptions: readonly string[],
  expires: number,
): Promise<void> {
  await db`insert into subscription_token (token, subscriptions, expires) values (${token}, ${[...subscriptions]}, ${expires})`;
}

/** The subscriptions that a token binds to; empty when it is unknown or no longer good. */
export async function readToken(db: Db, token: string, now: number): Promise<string[]> {
  const [row] = await db<{ subscriptions: string[] }[]>`
    select subscriptions from subscription_token where token = ${token} and expires >= ${now}`;
  return row?.subscriptions ?? [];
}

export type VersionKey = { bucket: number; type: string; id: string; version: number };

/** The texts of earlier versions, by `bucket/type/id`: what stood before a change. */
export async function readBefore(db: Db | Transaction, keys: readonly VersionKey[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await db<{ bucket: number; type: string; id: string; version: number; content: string }[]>`
    select v.bucket, v.type, v.id, v.version, v.content
    from unnest(${keys.map((key) => key.bucket)}::int[], ${keys.map((key) => key.type)}::text[],
      ${keys.map((key) => key.id)}::text[], ${keys.map((key) => key.version)}::int[]) as k(bucket, type, id, version)
    join version v on v.bucket = k.bucket and v.type = k.type and v.id = k.id and v.version = k.version
    where v.content is not null`;
  return new Map(rows.map((row) => [versionKey(row), row.content]));
}

export function versionKey({ type, id, version }: Pick<VersionKey, 'type' | 'id' | 'version'>): string {
  return `${type}/${id}/${version}`;
}
