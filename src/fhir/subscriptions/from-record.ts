/** Subscriptions over the record itself: what they are handed, made from its context. */
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { RequestContext } from '../context.ts';
import { compile } from '../fhirpath/index.ts';
import { ownerSystem } from '../grant.ts';
import { parseJson, writeJson } from '../json/index.ts';
import { runSearch } from '../search/index.ts';
import type { Search } from '../search/index.ts';
import type { Condition } from '../search/condition.ts';
import type { Resource } from '../types.ts';
import { writeXml } from '../xml/index.ts';
import type { SubscriptionDeps } from './deps.ts';
import type { Change } from './topics.ts';

type Context = Pick<RequestContext, 'db' | 'search' | 'writer' | 'definitions' | 'settings' | 'grant' | 'grants'>;
type Given = { clock: Clock; ids: Ids } & Pick<SubscriptionDeps, 'endpoints' | 'report' | 'policy' | 'timeoutMs'>;

/** What `createSubscriptions` needs, from the record's context. */
export function subscriptionDeps(context: Context, given: Given): SubscriptionDeps & { socketUrl: string } {
  const { model } = context.definitions;
  const { baseUrl } = context.settings;
  return {
    ...given,
    db: context.db,
    baseUrl,
    socketUrl: socketUrl(baseUrl),
    all: (type) => allOf(context, type),
    save: (resource) => save(context, resource),
    matcher: (type, query) => matcherOf(context.search, type, query),
    condition(expression) {
      const compiled = compile(expression, { model });
      return ({ previous, current }: Change) =>
        compiled.test(null, { variables: { previous: previous ?? [], current: current ?? [] } }) === true;
    },
    maySee: (subscription, resource) => maySee(context, subscription, resource),
    writeXml: (resource) => writeXml(resource, model),
  };
}

/** What its owner may not read, a subscription doesn't tell of; that it tells of the rest is in the log before. */
async function maySee({ search, grants }: Context, subscription: Resource, resource: Resource): Promise<boolean> {
  const owner = subscription.meta?.tag?.find(({ system }) => system === ownerSystem)?.code;
  const grant = await grants.ofOwner(owner, 'subscription');
  const facts = { type: resource.resourceType, id: resource.id ?? '', patient: search.patientOf(resource) };
  const question = { by: 'search', patient: facts.patient, isNamed: false, types: [facts.type] } as const;
  if (!search.reaches(await grant.reach(question), facts, writeJson(resource))) return false;
  grant.saw([facts]);
  await grants.told(grant);
  return true;
}

async function allOf(context: Context, type: 'Subscription' | 'Basic'): Promise<Resource[]> {
  const found: Resource[] = [];
  const wanted: [string, string][] = type === 'Basic' ? [['code', 'SubscriptionTopic']] : [];
  let cursor: string | undefined;
  do {
    const page: [string, string][] = cursor === undefined ? [] : [['_cursor', cursor]];
    const query = context.search.parse(type, [...wanted, ['_count', '200'], ...page], { lenient: false });
    const { rows, next } = await runSearch(context, query);
    for (const { content } of rows) found.push(parseJson(content) as Resource);
    cursor = next;
  } while (cursor !== undefined);
  return found;
}

/** The version id that was written; undefined when somebody else was first, or the subscription is gone. */
async function save({ writer, grant }: Context, resource: Resource): Promise<string | undefined> {
  const { id, meta } = resource;
  if (id === undefined || meta?.versionId === undefined) return undefined;
  try {
    const [changed] = await writer.apply(grant, [{ interaction: 'update', id, ifMatch: meta.versionId, resource }]);
    return changed?.versionId;
  } catch (error) {
    if (error instanceof Fault && ['preconditionFailed', 'gone', 'notFound', 'conflict'].includes(error.kind))
      return undefined;
    throw error;
  }
}

/** https://hl7.org/fhir/R4/subscription.html#2.46.4 : criteria are search strings; those that need other resources are refused. */
function matcherOf(search: Search, type: string, query: string): (resource: Resource) => boolean {
  const parsed = search.parse(type, [...new URLSearchParams(query)], { lenient: false });
  const beyond = needsOthers(parsed.condition);
  if (beyond !== undefined) {
    throw new Fault('unprocessable', `Criteria are matched on one resource at a time, so they can't hold "${beyond}"`, {
      expression: 'Subscription.criteria',
    });
  }
  return (resource) => search.matches(resource, parsed);
}

const beyondOne = { chain: 'a chain', has: '_has', list: '_list' } as const;

function needsOthers(condition: Condition): string | undefined {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.map(needsOthers).find((each) => each !== undefined);
    case 'not':
      return needsOthers(condition.of);
    case 'chain':
    case 'has':
    case 'list':
      return beyondOne[condition.kind];
    default:
      return undefined;
  }
}

/** Where `register` opens the WebSocket door of a node whose FHIR API is at `baseUrl`. */
export function socketUrl(baseUrl: string): string {
  return `${baseUrl.replace(/^http/, 'ws')}/ws`;
}
