/** What subscriptions are handed. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { Ids } from '#kernel/ids.ts';
import type { Resource } from '../types.ts';
import type { EndpointRules } from './endpoint-rules.ts';
import type { DeliveryPolicy } from './rules.ts';
import type { Change } from './topics.ts';

export type SubscriptionDeps = {
  db: Db;
  clock: Clock;
  ids: Ids;
  /** Where clients reach the FHIR API, without a trailing slash. */
  baseUrl: string;
  /** All current resources of the type, with `meta.versionId`: Subscription, and Basic whose code is SubscriptionTopic. */
  all(type: 'Subscription' | 'Basic'): Promise<Resource[]>;
  /** Writes the Subscription unless it has changed since `meta.versionId` was read (then nothing happens). The version id that it has now. */
  save(resource: Resource): Promise<string | undefined>;
  /** Search criteria (`code=x&status=y`) as a test on a resource of the type. Faults: what search refuses, and chains. */
  matcher(type: string, query: string): (resource: Resource) => boolean;
  /** A FHIRPath expression over `%previous` and `%current` as a test. Faults: a syntax error. */
  condition(expression: string): (change: Change) => boolean;
  /** Whether the owner of a subscription may see a resource now. */
  maySee(subscription: Resource, resource: Resource): Promise<boolean>;
  writeXml(resource: Resource): string;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
  endpoints: EndpointRules;
  policy?: DeliveryPolicy;
  /** Longest time for one notification, milliseconds; a backport subscription may ask for less. */
  timeoutMs?: number;
};
