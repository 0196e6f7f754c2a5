/** The operations of the backport: `$status`, `$events`, `$get-ws-binding-token`. */
import { Fault } from '#kernel/fault.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { asNotification } from './deliver.ts';
import type { SubscriptionDeps } from './deps.ts';
import { notificationBundle, statusBundle } from './notification.ts';
import type { NotificationContext, Told } from './notification.ts';
import * as store from './subscription-store.ts';
import type { SubscriptionState } from './subscription-store.ts';
import { readTerms } from './terms.ts';
import type { PayloadContent } from './terms.ts';

export type OperationDeps = Pick<SubscriptionDeps, 'db' | 'clock' | 'ids' | 'baseUrl'> & { socketUrl: string };

const tokenLifeMs = 60 * 60 * 1000;
const eventsMax = 1000;
const idsMax = 100;

/** https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-status.html  */
export async function statusOf(
  deps: OperationDeps,
  ids: readonly string[],
  statuses: readonly string[] = [],
): Promise<Resource> {
  const wanted = new Set(ids);
  const states = (await store.readStates(deps.db)).filter(
    ({ id, status }) => wanted.has(id) && (statuses.length === 0 || statuses.includes(status)),
  );
  return statusBundle(states.map(toldOf), contextOf(deps));
}

export type EventsRequest = { since?: number | undefined; until?: number | undefined; content?: string | undefined };

/** https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-events.html ; Faults: notFound. */
export async function eventsOf(
  deps: OperationDeps,
  id: string,
  { since = 1, until, content }: EventsRequest,
): Promise<Resource> {
  const state = await existing(deps, id);
  const events = await store.readEvents(deps.db, id, since - 1, until ?? state.lastNumber, eventsMax);
  const terms = readTerms(parseJson(state.content) as Resource);
  const granted =
    terms.kind === 'topic' ? terms.content : terms.channel.payload === undefined ? 'id-only' : 'full-resource';
  return notificationBundle(
    toldOf(state),
    'query-event',
    events.map(asNotification),
    lesser(content, granted),
    contextOf(deps),
  );
}

const order: readonly PayloadContent[] = ['empty', 'id-only', 'full-resource'];

/** What is asked for, but never more than the subscription itself gets. */
function lesser(asked: string | undefined, granted: PayloadContent): PayloadContent {
  if (asked === undefined) return granted;
  const at = order.findIndex((each) => each === asked);
  if (at < 0) throw new Fault('invalid', 'The content is empty, id-only or full-resource');
  return order[Math.min(at, order.indexOf(granted))] ?? granted;
}

/** https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-get-ws-binding-token.html */
export async function bindingToken(deps: OperationDeps, ids: readonly string[]): Promise<Resource> {
  if (ids.length === 0 || ids.length > idsMax) throw new Fault('invalid', `Name 1 to ${idsMax} subscriptions`);
  for (const id of ids) {
    const { channel } = await existing(deps, id);
    if (channel !== 'websocket') throw new Fault('unprocessable', `Subscription/${id} is not by websocket`);
  }
  // Two ids: some 150 random bits, which nobody guesses in an hour.
  const token = `${deps.ids.uuid()}${deps.ids.uuid()}`;
  const expires = deps.clock.now() + tokenLifeMs;
  await store.insertToken(deps.db, token, ids, expires);
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'token', valueString: token },
      { name: 'expiration', valueDateTime: new Date(expires).toISOString() },
      ...ids.map((id) => ({ name: 'subscription', valueString: id })),
      { name: 'websocket-url', valueUrl: deps.socketUrl },
    ],
  };
}

async function existing({ db }: OperationDeps, id: string): Promise<SubscriptionState> {
  const state = await store.readState(db, id);
  if (state === undefined) throw new Fault('notFound', `Subscription/${id} is not in use here`);
  return state;
}

function toldOf(state: SubscriptionState): Told {
  const { criteria } = parseJson(state.content) as { criteria?: string };
  const isTopic = criteria !== undefined && criteria.includes(':') && !/^[A-Z][A-Za-z]+(\?|$)/.test(criteria);
  return {
    subscription: state.id,
    topic: isTopic ? criteria : undefined,
    status: state.status,
    eventsSinceStart: state.lastNumber,
    error: state.error,
  };
}

function contextOf({ baseUrl, clock, ids }: OperationDeps): NotificationContext {
  return { baseUrl, now: clock.now(), uuid: () => ids.uuid() };
}
