/** A subscription made ready: does a change concern it? Kept by id and version, since compiling criteria costs more than asking them. */
import { Fault } from '#kernel/fault.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import type { SubscriptionDeps } from './deps.ts';
import { checkedEndpoint } from './endpoint-rules.ts';
import type { SubscriptionState } from './subscription-store.ts';
import { readTerms } from './terms.ts';
import type { Terms } from './terms.ts';
import { builtInTopic, triggers } from './topics.ts';
import type { Change, Topic, TopicTests, Trigger } from './topics.ts';

export type Compiled = {
  terms: Terms;
  /** Resource types whose changes it must see. */
  types: ReadonlySet<string>;
  /** It asks what stood before a change. */
  needsPrevious: boolean;
  concerns(change: Change): boolean;
};

type CompileDeps = Pick<SubscriptionDeps, 'matcher' | 'condition' | 'endpoints'>;

/** Faults: unprocessable or what search says, for a subscription that can't be served. */
export function compileSubscription(
  resource: Resource,
  topics: ReadonlyMap<string, Topic>,
  deps: CompileDeps,
): Compiled {
  const terms = readTerms(resource);
  if (terms.channel.type === 'rest-hook') checkedEndpoint(terms.channel.endpoint ?? '', deps.endpoints);
  return terms.kind === 'criteria' ? compileCriteria(terms, deps) : compileTopic(terms, topics, deps);
}

/** R4: the resource as it is after a create or an update is what is matched. https://hl7.org/fhir/R4/subscription.html#2.46.5 */
function compileCriteria(terms: Terms & { kind: 'criteria' }, deps: CompileDeps): Compiled {
  const test = deps.matcher(terms.type, terms.query);
  return {
    terms,
    types: new Set([terms.type]),
    needsPrevious: false,
    concerns: ({ type, current }) => type === terms.type && current !== undefined && test(current),
  };
}

function compileTopic(
  terms: Terms & { kind: 'topic' },
  topics: ReadonlyMap<string, Topic>,
  deps: CompileDeps,
): Compiled {
  const topic = topics.get(terms.topic) ?? builtInTopic(terms.topic);
  if (topic === undefined || topic.triggers.length === 0) {
    throw new Fault('unprocessable', `The topic ${terms.topic} is not here`, { expression: 'Subscription.criteria' });
  }
  const tests = testsOf(topic.triggers, deps);
  const types = new Set(topic.triggers.map((trigger) => trigger.type));
  const filters = [...types].flatMap((type) =>
    terms.filters
      .filter((filter) => filter.type === undefined || filter.type === type)
      .map((filter) => ({ type, test: deps.matcher(type, filter.query) })),
  );
  return {
    terms,
    types,
    needsPrevious: true,
    concerns(change) {
      if (!triggers(topic, change, tests)) return false;
      const focus = change.current ?? change.previous;
      return filters.every(({ type, test }) => type !== change.type || (focus !== undefined && test(focus)));
    },
  };
}

/** Every text of the triggers compiled once, and refused at once where it is wrong. */
function testsOf(all: readonly Trigger[], deps: CompileDeps): TopicTests {
  const queries = new Map<string, (resource: Resource) => boolean>();
  const expressions = new Map<string, (change: Change) => boolean>();
  for (const { type, query, fhirPath } of all) {
    for (const text of [query?.previous, query?.current]) {
      if (text !== undefined) queries.set(`${type}?${text}`, deps.matcher(type, text));
    }
    if (fhirPath !== undefined) expressions.set(fhirPath, deps.condition(fhirPath));
  }
  return {
    matches: (type, query, resource) => queries.get(`${type}?${query}`)?.(resource) === true,
    holds: (expression, change) => expressions.get(expression)?.(change) === true,
  };
}

export type CompiledCache = {
  /** undefined: it can't be served (any more); the reason is in its Subscription. */
  of(state: Pick<SubscriptionState, 'id' | 'versionId' | 'content'>): Compiled | undefined;
  /** Topics have changed: everything is compiled anew. */
  useTopics(topics: ReadonlyMap<string, Topic>): void;
  topics(): ReadonlyMap<string, Topic>;
};

export function createCompiledCache(deps: CompileDeps): CompiledCache {
  let topics: ReadonlyMap<string, Topic> = new Map();
  const kept = new Map<string, { versionId: string; compiled: Compiled | undefined }>();
  return {
    of({ id, versionId, content }) {
      const known = kept.get(id);
      if (known?.versionId === versionId) return known.compiled;
      const compiled = compileOrRefuse(parseJson(content) as Resource, topics, deps);
      kept.set(id, { versionId, compiled });
      return compiled;
    },
    useTopics(next) {
      topics = next;
      kept.clear();
    },
    topics: () => topics,
  };
}

function compileOrRefuse(
  resource: Resource,
  topics: ReadonlyMap<string, Topic>,
  deps: CompileDeps,
): Compiled | undefined {
  try {
    return compileSubscription(resource, topics, deps);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
