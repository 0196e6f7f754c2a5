/** The bundles that subscribers of topics get, https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/notifications.html */
import type { Resource } from '../types.ts';
import type { PayloadContent } from './terms.ts';

export type NotificationType = 'handshake' | 'heartbeat' | 'event-notification' | 'query-status' | 'query-event';

export type NotificationEvent = {
  number: number;
  type: string;
  id: string;
  interaction: 'create' | 'update' | 'delete';
  /** Milliseconds since 1970. */
  occurred: number;
  /** The version that the event is about, for `full-resource`; undefined for a deletion. */
  resource: Resource | undefined;
};

export type Told = {
  subscription: string;
  topic: string | undefined;
  status: string;
  eventsSinceStart: number;
  error?: string | null;
};

export type NotificationContext = { baseUrl: string; now: number; uuid(): string };

const profiles = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/';
type Parameter = { name: string; part?: Parameter[]; [value: string]: unknown };

/** The Parameters form of R5's SubscriptionStatus (profile backport-subscription-status-r4). */
function statusParameters(
  told: Told,
  type: NotificationType,
  events: readonly NotificationEvent[],
  content: PayloadContent,
  { baseUrl }: Pick<NotificationContext, 'baseUrl'>,
): Resource & { parameter: Parameter[] } {
  const parameter: Parameter[] = [
    { name: 'subscription', valueReference: { reference: `${baseUrl}/Subscription/${told.subscription}` } },
    ...(told.topic === undefined ? [] : [{ name: 'topic', valueCanonical: told.topic }]),
    { name: 'status', valueCode: told.status },
    { name: 'type', valueCode: type },
    { name: 'events-since-subscription-start', valueString: String(told.eventsSinceStart) },
    ...events.map((event) => eventPart(event, content, baseUrl)),
  ];
  if (told.error != null) parameter.push({ name: 'error', valueCodeableConcept: { text: told.error } });
  return { resourceType: 'Parameters', meta: { profile: [`${profiles}backport-subscription-status-r4`] }, parameter };
}

function eventPart(event: NotificationEvent, content: PayloadContent, baseUrl: string): Parameter {
  const part: Parameter[] = [
    { name: 'event-number', valueString: String(event.number) },
    { name: 'timestamp', valueInstant: new Date(event.occurred).toISOString() },
  ];
  if (content !== 'empty') {
    part.push({ name: 'focus', valueReference: { reference: `${baseUrl}/${event.type}/${event.id}` } });
  }
  return { name: 'notification-event', part };
}

/** A notification: the status first, then an entry an event as its content allows (profile backport-subscription-notification-r4). */
export function notificationBundle(
  told: Told,
  type: NotificationType,
  events: readonly NotificationEvent[],
  content: PayloadContent,
  context: NotificationContext,
): Resource {
  const id = context.uuid();
  const status = { ...statusParameters(told, type, events, content, context), id };
  const statusEntry = {
    fullUrl: `urn:uuid:${id}`,
    resource: status,
    request: { method: 'GET', url: `Subscription/${told.subscription}/$status` },
    response: { status: '200' },
  };
  return {
    resourceType: 'Bundle',
    id: context.uuid(),
    meta: { profile: [`${profiles}backport-subscription-notification-r4`] },
    type: 'history',
    timestamp: new Date(context.now).toISOString(),
    entry: [
      statusEntry,
      ...(content === 'empty' ? [] : events.map((event) => eventEntry(event, content, context.baseUrl))),
    ],
  };
}

const methods = { create: 'POST', update: 'PUT', delete: 'DELETE' } as const;
const statuses = { create: '201', update: '200', delete: '204' } as const;

function eventEntry(event: NotificationEvent, content: PayloadContent, baseUrl: string): object {
  const { type, id, interaction, resource } = event;
  return {
    fullUrl: `${baseUrl}/${type}/${id}`,
    ...(content === 'full-resource' && resource !== undefined ? { resource } : {}),
    request: { method: methods[interaction], url: interaction === 'create' ? type : `${type}/${id}` },
    response: { status: statuses[interaction] },
  };
}

/** The answer of `$status`: a searchset with a status for each subscription. */
export function statusBundle(told: readonly Told[], context: NotificationContext): Resource {
  return {
    resourceType: 'Bundle',
    id: context.uuid(),
    type: 'searchset',
    timestamp: new Date(context.now).toISOString(),
    total: told.length,
    entry: told.map((each) => {
      const id = context.uuid();
      const resource = { ...statusParameters(each, 'query-status', [], 'empty', context), id };
      return { fullUrl: `urn:uuid:${id}`, resource, search: { mode: 'match' } };
    }),
  };
}
