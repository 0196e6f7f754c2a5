/** From events to the receiver: one subscription at a time and in order, at least once. */
import { parseJson, writeJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import type { Compiled, CompiledCache } from './compiled.ts';
import type { SubscriptionDeps } from './deps.ts';
import { notificationBundle } from './notification.ts';
import type { NotificationEvent, NotificationType } from './notification.ts';
import { sendHook } from './rest-hook.ts';
import { deliveryPolicy, dueNow, failed, succeeded } from './rules.ts';
import type { Delivery } from './rules.ts';
import type { SocketHub } from './socket-hub.ts';
import * as store from './subscription-store.ts';
import type { StoredEvent, SubscriptionState } from './subscription-store.ts';
import type { Terms } from './terms.ts';

export type DeliverDeps = Pick<
  SubscriptionDeps,
  'db' | 'clock' | 'ids' | 'baseUrl' | 'save' | 'writeXml' | 'endpoints' | 'policy' | 'timeoutMs'
> & { hub: SocketHub };

/** After so many notifications another subscription gets its turn. */
const notificationsAtOnce = 200;
const timeoutDefaultMs = 10_000;

/** Sends what is due of one subscription. True when its turn was over before its events were. */
export async function deliver(
  deps: DeliverDeps,
  state: SubscriptionState,
  cache: CompiledCache,
  signal: AbortSignal,
): Promise<boolean> {
  const compiled = cache.of(state);
  if (compiled === undefined || !isReachable(deps.hub, state)) return false;
  const current = await store.readState(deps.db, state.id);
  if (current === undefined || dueNow(current, heartbeatOf(compiled.terms), deps.clock.now()) === undefined)
    return false;
  const now = deps.clock.now();
  if (!(await store.lease(deps.db, state.id, now, leasedUntil(deps, compiled.terms)))) return false;
  try {
    return await deliverLeased(deps, compiled, signal);
  } finally {
    await store.release(deps.db, state.id);
  }
}

async function deliverLeased(deps: DeliverDeps, compiled: Compiled, signal: AbortSignal): Promise<boolean> {
  const { id } = compiled.terms;
  for (let sent = 0; sent < notificationsAtOnce && !signal.aborted; sent += 1) {
    // Read anew each time: meanwhile it may have been changed, ended, or given more to tell.
    const state = await store.readState(deps.db, id);
    const due = state === undefined ? undefined : dueNow(state, heartbeatOf(compiled.terms), deps.clock.now());
    if (state === undefined || due === undefined) return false;
    await store.extendLease(deps.db, id, leasedUntil(deps, compiled.terms));
    const next = await attempt(deps, compiled, state, due, signal);
    if (next === undefined) return false;
    await store.saveDelivery(deps.db, id, next);
    if (next.status !== state.status) await tellStatus(deps, state, next);
    if (next.error !== null) return false;
  }
  return !signal.aborted;
}

/** Long enough for one notification: a node that dies keeps its subscriptions from the others no longer than that. */
function leasedUntil(deps: DeliverDeps, terms: Terms): number {
  return deps.clock.now() + 2 * timeoutOf(deps, terms);
}

/** One notification; what it came to. undefined when the node stops or nobody listens any more: neither told nor failed. */
async function attempt(
  deps: DeliverDeps,
  compiled: Compiled,
  state: SubscriptionState,
  due: 'handshake' | 'events' | 'heartbeat',
  signal: AbortSignal,
): Promise<Delivery | undefined> {
  const { terms } = compiled;
  const events = due === 'events' ? await nextEvents(deps, terms, state) : [];
  const upTo = events.at(-1)?.number ?? state.deliveredNumber;
  try {
    const isTold = await send(deps, terms, state, due, events, signal);
    return isTold ? succeeded(state, upTo, deps.clock.now()) : undefined;
  } catch (error) {
    if (signal.aborted) return undefined;
    const reason = error instanceof Error ? error.message : 'The notification failed';
    return failed(state, reason, deps.clock.now(), deps.policy ?? deliveryPolicy);
  }
}

function nextEvents({ db }: DeliverDeps, terms: Terms, state: SubscriptionState): Promise<StoredEvent[]> {
  const limit = terms.kind === 'topic' ? terms.eventsMax : 1;
  // R4's ping says only that there is something: one tells of all that wait.
  const after =
    terms.kind === 'criteria' && terms.channel.type === 'websocket' ? state.lastNumber - 1 : state.deliveredNumber;
  return store.readEvents(db, state.id, after, state.lastNumber, limit);
}

async function send(
  deps: DeliverDeps,
  terms: Terms,
  state: SubscriptionState,
  due: 'handshake' | 'events' | 'heartbeat',
  events: readonly StoredEvent[],
  signal: AbortSignal,
): Promise<boolean> {
  if (terms.channel.type === 'websocket') return sendBySocket(deps, terms, state, due, events);
  if (terms.kind === 'topic') {
    const { text, contentType } = serialised(deps, bundleFor(deps, terms, state, due, events), terms.channel.payload);
    await hook(deps, terms, { method: 'POST', path: '', body: text, contentType }, signal);
    return true;
  }
  // R4 has no handshake: the first notification is the first event's.
  const [event] = events;
  if (due === 'handshake' || event === undefined) return true;
  await hook(deps, terms, messageFor(deps, terms, event), signal);
  return true;
}

function sendBySocket(
  deps: DeliverDeps,
  terms: Terms,
  state: SubscriptionState,
  due: 'handshake' | 'events' | 'heartbeat',
  events: readonly StoredEvent[],
): boolean {
  if (due === 'handshake') return true;
  if (terms.kind === 'criteria') return deps.hub.send(terms.id, `ping ${terms.id}`);
  return deps.hub.send(
    terms.id,
    serialised(deps, bundleFor(deps, terms, state, due, events), terms.channel.payload).text,
  );
}

type Message = { method: 'POST' | 'PUT' | 'DELETE'; path: string; body: string; contentType: string | undefined };

/** https://hl7.org/fhir/R4/subscription.html#2.46.7.1: an empty POST, or, with a payload, the endpoint as a FHIR server that is kept up to date. */
function messageFor(deps: DeliverDeps, terms: Terms, event: StoredEvent): Message {
  const { payload } = terms.channel;
  if (payload === undefined) return { method: 'POST', path: '', body: '', contentType: undefined };
  const path = `/${event.type}/${event.id}`;
  if (event.content === null) return { method: 'DELETE', path, body: '', contentType: undefined };
  if (payload === 'application/fhir+json') return { method: 'PUT', path, body: event.content, contentType: payload };
  return { method: 'PUT', path, body: deps.writeXml(parseJson(event.content) as Resource), contentType: payload };
}

async function hook(deps: DeliverDeps, terms: Terms, message: Message, signal: AbortSignal): Promise<void> {
  const endpoint = (terms.channel.endpoint ?? '').replace(/\/$/, message.path === '' ? '$&' : '');
  await sendHook(
    {
      method: message.method,
      url: `${endpoint}${message.path}`,
      headers: terms.channel.headers,
      contentType: message.contentType,
      body: message.body,
      timeoutMs: timeoutOf(deps, terms),
    },
    deps.endpoints,
    signal,
  );
}

const types: Record<'handshake' | 'events' | 'heartbeat', NotificationType> = {
  handshake: 'handshake',
  events: 'event-notification',
  heartbeat: 'heartbeat',
};

function bundleFor(
  deps: DeliverDeps,
  terms: Terms & { kind: 'topic' },
  state: SubscriptionState,
  due: 'handshake' | 'events' | 'heartbeat',
  events: readonly StoredEvent[],
): Resource {
  const told = {
    subscription: terms.id,
    topic: terms.topic,
    status: due === 'handshake' ? 'requested' : state.status,
    // Inclusive of this notification, so that a receiver that compares it with the last one sees whether it missed any.
    eventsSinceStart: events.at(-1)?.number ?? state.deliveredNumber,
  };
  const context = { baseUrl: deps.baseUrl, now: deps.clock.now(), uuid: () => deps.ids.uuid() };
  return notificationBundle(told, types[due], events.map(asNotification), terms.content, context);
}

export function asNotification(event: StoredEvent): NotificationEvent {
  const { number, type, id, interaction, occurred, content } = event;
  const resource = content === null ? undefined : (parseJson(content) as Resource);
  return { number, type, id, interaction, occurred, resource };
}

function serialised(
  deps: Pick<DeliverDeps, 'writeXml'>,
  bundle: Resource,
  payload: string | undefined,
): { text: string; contentType: string } {
  if (payload === 'application/fhir+xml') return { text: deps.writeXml(bundle), contentType: payload };
  return { text: writeJson(bundle), contentType: 'application/fhir+json' };
}

/** The Subscription itself says what became of it. When someone changes it meanwhile, theirs stands and is taken in at the next look. */
async function tellStatus(deps: DeliverDeps, state: SubscriptionState, next: Delivery): Promise<void> {
  const { error: _error, ...resource } = parseJson(state.content) as Resource;
  const changed = { ...resource, status: next.status, ...(next.status === 'error' ? { error: next.error } : {}) };
  const versionId = await deps.save(changed as Resource);
  if (versionId === undefined) return;
  const content = { ...changed, meta: { ...resource.meta, versionId } } as Resource;
  await store.replaceContent(deps.db, { ...state, versionId, content: writeJson(content) });
}

function isReachable(hub: SocketHub, { channel, id, status }: SubscriptionState): boolean {
  return channel !== 'websocket' || status === 'requested' || hub.isBound(id);
}

function heartbeatOf(terms: Terms): number | undefined {
  return terms.kind === 'topic' ? terms.heartbeatMs : undefined;
}

function timeoutOf({ timeoutMs }: Pick<DeliverDeps, 'timeoutMs'>, terms: Terms): number {
  const most = timeoutMs ?? timeoutDefaultMs;
  return terms.kind === 'topic' && terms.timeoutMs !== undefined ? Math.min(terms.timeoutMs, most) : most;
}
