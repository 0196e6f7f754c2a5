/**
 * Topics: which changes of which resources are events. R4 has no SubscriptionTopic; the backport keeps it in a Basic resource with
 * R5's elements as extensions (https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/components.html#subscription-topics-in-fhir-r4).
 */
import type { Resource } from '../types.ts';

type TopicInteraction = 'create' | 'update' | 'delete';

type QueryCriteria = {
  previous?: string;
  current?: string;
  resultForCreate: boolean;
  resultForDelete: boolean;
  requireBoth: boolean;
};

export type Trigger = {
  type: string;
  interactions: readonly TopicInteraction[];
  query: QueryCriteria | undefined;
  /** FHIRPath over %previous and %current: https://hl7.org/fhir/R5/subscriptiontopic-definitions.html#SubscriptionTopic.resourceTrigger.fhirPathCriteria */
  fhirPath: string | undefined;
};

export type Topic = { url: string; triggers: readonly Trigger[] };

export type Change = {
  type: string;
  interaction: TopicInteraction;
  current: Resource | undefined;
  previous: Resource | undefined;
};

/** How a trigger's texts are decided: the search criteria on one resource, FHIRPath on both. */
export type TopicTests = {
  matches(type: string, query: string, resource: Resource): boolean;
  holds(expression: string, change: Change): boolean;
};

const everyInteraction: readonly TopicInteraction[] = ['create', 'update', 'delete'];

/** A topic that is there without being stored: every change of one type, `urn:fyr:topic:Encounter`. */
export function builtInTopic(url: string): Topic | undefined {
  const type = /^urn:fyr:topic:([A-Z][A-Za-z]+)$/.exec(url)?.[1];
  return type === undefined
    ? undefined
    : { url, triggers: [{ type, interactions: everyInteraction, query: undefined, fhirPath: undefined }] };
}

/** Is the change an event of the topic? */
export function triggers(topic: Topic, change: Change, tests: TopicTests): boolean {
  return topic.triggers.some(
    (trigger) =>
      trigger.type === change.type &&
      trigger.interactions.includes(change.interaction) &&
      queryHolds(trigger, change, tests) &&
      (trigger.fhirPath === undefined || tests.holds(trigger.fhirPath, change)),
  );
}

/** https://hl7.org/fhir/R5/subscriptiontopic.html#query-criteria */
function queryHolds({ query, type }: Trigger, { interaction, previous, current }: Change, tests: TopicTests): boolean {
  if (query === undefined) return true;
  const before = (text: string): boolean =>
    interaction === 'create' || previous === undefined ? query.resultForCreate : tests.matches(type, text, previous);
  const after = (text: string): boolean =>
    interaction === 'delete' || current === undefined ? query.resultForDelete : tests.matches(type, text, current);
  const results: boolean[] = [];
  if (query.previous !== undefined) results.push(before(query.previous));
  if (query.current !== undefined) results.push(after(query.current));
  if (results.length === 0) return true;
  return query.requireBoth ? results.every(Boolean) : results.some(Boolean);
}

type Extension = { url?: string; extension?: Extension[]; [value: string]: unknown };

const prefix = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.';

/** The topic that a Basic resource holds; undefined when it holds none. */
export function readTopic(basic: Resource): Topic | undefined {
  const extensions = (Array.isArray(basic['extension']) ? basic['extension'] : []) as Extension[];
  const url = textIn(extensions, `${prefix}url`);
  if (url === undefined) return undefined;
  const found = extensions.filter((each) => each.url === `${prefix}resourceTrigger`);
  return { url, triggers: found.flatMap((each) => readTrigger(each.extension ?? [])) };
}

function readTrigger(parts: readonly Extension[]): Trigger[] {
  const type = textIn(parts, 'resource')?.split('/').at(-1);
  if (type === undefined) return [];
  const named = parts.filter((each) => each.url === 'supportedInteraction').map((each) => each['valueCode']);
  const interactions = everyInteraction.filter((each) => named.includes(each));
  const criteria = parts.find((each) => each.url === 'queryCriteria')?.extension;
  return [
    {
      type,
      interactions: interactions.length === 0 ? everyInteraction : interactions,
      query: criteria === undefined ? undefined : readQuery(criteria),
      fhirPath: textIn(parts, 'fhirPathCriteria'),
    },
  ];
}

function readQuery(parts: readonly Extension[]): QueryCriteria {
  const previous = textIn(parts, 'previous');
  const current = textIn(parts, 'current');
  return {
    ...(previous === undefined ? {} : { previous: withoutType(previous) }),
    ...(current === undefined ? {} : { current: withoutType(current) }),
    resultForCreate: textIn(parts, 'resultForCreate') !== 'test-fails',
    resultForDelete: textIn(parts, 'resultForDelete') !== 'test-fails',
    requireBoth: parts.some((each) => each.url === 'requireBoth' && each['valueBoolean'] === true),
  };
}

function withoutType(query: string): string {
  return query.includes('?') ? query.slice(query.indexOf('?') + 1) : query;
}

function textIn(parts: readonly Extension[], url: string): string | undefined {
  const part = parts.find((each) => each.url === url);
  const value = Object.entries(part ?? {}).find(([name]) => name.startsWith('value'))?.[1];
  return typeof value === 'string' ? value : undefined;
}
