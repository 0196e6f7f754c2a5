/** What the interactions and operations are handed. Each names the few fields that it needs with `Pick`. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { Definitions } from './definitions/index.ts';
import type { Grant, Grants } from './grant.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { Exports } from './export/index.ts';
import type { FhirAnswer, FhirRequest } from './http/request.ts';
import type { Operation } from './operations/operation.ts';
import type { Reindex } from './reindex/index.ts';
import type { Search } from './search/index.ts';
import type { Subscriptions } from './subscriptions/index.ts';
import type { Terminology } from './terminology/index.ts';
import type { Validator } from './validation/index.ts';
import type { FindArrivals, FindBeside } from './record/reading.ts';
import type { Writer } from './record/writer.ts';

export type FhirSettings = {
  /** Where clients reach the FHIR API, without a trailing slash: `http://127.0.0.1:8080/fhir`. */
  baseUrl: string;
  /** Entries a page when a search or history does not say, and at most. */
  countDefault: number;
  countMax: number;
  /** Entries that a batch or transaction may have. */
  bundleEntriesMax: number;
  /** The name of this node, and the version of the program. */
  node: string;
  version: string;
  references: 'strict' | 'lenient';
};

/** What a request is answered with: the record's parts, and the grant that says what of it. */
export type RequestContext = FhirContext & { grant: Grant };

export type FhirContext = {
  db: Db;
  clock: Clock;
  writer: Writer;
  search: Search;
  terminology: Terminology;
  validator: Validator;
  definitions: Definitions;
  exports: Exports;
  reindex: Reindex;
  subscriptions: Subscriptions;
  /** The record's own operations and those that services add: what the router and the CapabilityStatement read. */
  operations: readonly Operation[];
  /** What the CapabilityStatement tells in words, a paragraph each. */
  remarks(): readonly string[];
  /** Answers a request that says more than FHIR does (a profile of IHE's, for example) in a service's own way, with the record's own dispatch; undefined: as any other. */
  answerFirst?: (
    context: RequestContext,
    request: FhirRequest,
    dispatch: (request: FhirRequest) => Promise<FhirAnswer>,
  ) => Promise<FhirAnswer | undefined>;
  /** Versions that never were current here. */
  findBeside?: FindBeside;
  /** How versions came to this node. */
  findArrivals?: FindArrivals;
  /** Types that lie elsewhere, by their names. */
  elsewhere: Readonly<Record<string, Elsewhere>>;
  /** Where OAuth clients authorise (SMART App Launch), told in the CapabilityStatement; undefined: nowhere. */
  oauth: { authorize: string; token: string } | undefined;
  /** For the record's own work, and for work that goes on for somebody. */
  grants: Grants;
  settings: FhirSettings;
};
