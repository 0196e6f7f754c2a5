/**
 * What a Subscription asks for: an R4 one (https://hl7.org/fhir/R4/subscription.html) by search criteria, or one of the R5 backport
 * (https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/) by a topic's canonical url with filters.
 */
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';

export type PayloadContent = 'empty' | 'id-only' | 'full-resource';

type Channel = {
  type: 'rest-hook' | 'websocket';
  endpoint: string | undefined;
  /** Media type of what is sent; undefined: R4's notification without content. */
  payload: string | undefined;
  headers: readonly [string, string][];
};

export type Terms = {
  id: string;
  channel: Channel;
  endsAt: number | undefined;
} & (
  | { kind: 'criteria'; type: string; query: string }
  | {
      kind: 'topic';
      topic: string;
      /** `Encounter?patient=…`; the type may be left out. */
      filters: readonly { type: string | undefined; query: string }[];
      content: PayloadContent;
      heartbeatMs: number | undefined;
      timeoutMs: number | undefined;
      eventsMax: number;
    }
);

type Extension = { url?: string; [value: string]: unknown };
type Extended = { extension?: Extension[] } | undefined;

const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/';
const headersMax = 20;
const eventsAtOnceMax = 100;

/** Reads a Subscription. Faults: unprocessable with the element, for what can't be served here. */
export function readTerms(resource: Resource): Terms {
  const criteria = textOf(resource['criteria'], 'Subscription.criteria');
  const common = { id: resource.id ?? '', channel: readChannel(resource), endsAt: endOf(resource) };
  const [type = '', query = ''] = splitOnce(criteria, '?');
  if (/^[A-Z][A-Za-z]+$/.test(type)) return { ...common, kind: 'criteria', type, query };
  const channel = resource['channel'] as Record<string, Extended>;
  const filters = extensionsOf(resource['_criteria'] as Extended, 'backport-filter-criteria').map((each) => {
    const text = textOf(each['valueString'], 'Subscription.criteria.extension.value');
    const [before = '', after] = splitOnce(text, '?');
    return after === undefined ? { type: undefined, query: before } : { type: before, query: after };
  });
  return {
    ...common,
    kind: 'topic',
    topic: criteria,
    filters,
    content: contentOf(channel['_payload']),
    heartbeatMs: secondsOf(channel, 'backport-heartbeat-period'),
    timeoutMs: secondsOf(channel, 'backport-timeout'),
    eventsMax: Math.min(numberOf(channel, 'backport-max-count') ?? eventsAtOnceMax, eventsAtOnceMax),
  };
}

function readChannel(resource: Resource): Channel {
  const channel = (resource['channel'] ?? {}) as Record<string, unknown>;
  const type = channel['type'];
  if (type !== 'rest-hook' && type !== 'websocket') {
    throw new Fault('unprocessable', 'The channel must be rest-hook or websocket', {
      expression: 'Subscription.channel.type',
    });
  }
  const endpoint =
    channel['endpoint'] === undefined ? undefined : textOf(channel['endpoint'], 'Subscription.channel.endpoint');
  if (type === 'rest-hook' && endpoint === undefined) {
    throw new Fault('unprocessable', 'A rest-hook needs an endpoint', { expression: 'Subscription.channel.endpoint' });
  }
  return { type, endpoint, payload: payloadOf(channel['payload']), headers: headersOf(channel['header']) };
}

function payloadOf(payload: unknown): string | undefined {
  if (payload === undefined) return undefined;
  const plain = typeof payload === 'string' ? payload.split(';')[0]?.trim().toLowerCase() : undefined;
  if (plain === 'application/fhir+json' || plain === 'application/json') return 'application/fhir+json';
  if (plain === 'application/fhir+xml' || plain === 'application/xml' || plain === 'text/xml')
    return 'application/fhir+xml';
  throw new Fault('unprocessable', 'The payload must be application/fhir+json or application/fhir+xml', {
    expression: 'Subscription.channel.payload',
  });
}

const ownHeaders = /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|proxy-.*)$/i;

function headersOf(header: unknown): [string, string][] {
  if (header === undefined) return [];
  if (!Array.isArray(header) || header.length > headersMax) {
    throw new Fault('unprocessable', `At most ${headersMax} headers`, { expression: 'Subscription.channel.header' });
  }
  return header.map((line: unknown) => {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):[ \t]*([\x20-\x7e]{0,8000})$/.exec(
      typeof line === 'string' ? line : '',
    );
    if (match?.[1] === undefined || ownHeaders.test(match[1])) {
      throw new Fault(
        'unprocessable',
        'A header is written "Name: value", and can\'t be one that the sender sets itself',
        {
          expression: 'Subscription.channel.header',
        },
      );
    }
    return [match[1], match[2] ?? ''];
  });
}

function contentOf(payload: Extended): PayloadContent {
  const [extension] = extensionsOf(payload, 'backport-payload-content');
  const content = extension?.['valueCode'] ?? 'empty';
  if (content === 'empty' || content === 'id-only' || content === 'full-resource') return content;
  throw new Fault('unprocessable', 'The content is empty, id-only or full-resource', {
    expression: 'Subscription.channel.payload',
  });
}

function endOf(resource: Resource): number | undefined {
  const end = resource['end'];
  const at = typeof end === 'string' ? Date.parse(end) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function secondsOf(channel: Record<string, Extended>, name: string): number | undefined {
  const seconds = numberOf(channel, name);
  return seconds === undefined ? undefined : seconds * 1000;
}

function numberOf(channel: Record<string, unknown>, name: string): number | undefined {
  const [extension] = extensionsOf(channel as Extended, name);
  const value = extension?.['valueUnsignedInt'] ?? extension?.['valuePositiveInt'] ?? extension?.['valueInteger'];
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function extensionsOf(element: Extended, name: string): Extension[] {
  const extensions = element?.extension;
  return Array.isArray(extensions) ? extensions.filter((each) => each.url === `${backport}${name}`) : [];
}

function textOf(value: unknown, expression: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Fault('unprocessable', `${expression} must be a text`, { expression });
}

function splitOnce(text: string, at: string): [string, string | undefined] {
  const found = text.indexOf(at);
  return found < 0 ? [text, undefined] : [text.slice(0, found), text.slice(found + 1)];
}
