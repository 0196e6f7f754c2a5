/** The door of the record: puts its parts together and hands out what the application, the command line and the services use. */
import type { Clock } from '#kernel/clock.ts';
import type { FastifyRequest } from 'fastify';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Ids } from '#kernel/ids.ts';
import type { JobHandler, Jobs } from '#kernel/jobs.ts';
import type { FhirContext, FhirSettings } from './context.ts';
import { loadDefinitions, loadTerminologyDefinitions, type Definitions } from './definitions/index.ts';
import type { Elsewhere } from './elsewhere.ts';
import { createExports } from './export/index.ts';
import type { Grants } from './grant.ts';
import { compile } from './fhirpath/index.ts';
import { registerFhir, type Doorkeeper } from './http/routes.ts';
import { createDispatch, type Dispatch } from './http/routing.ts';
import { importBundle, importResources } from './import.ts';
import { operations as ownOperations } from './operations/index.ts';
import type { Operation } from './operations/operation.ts';
import { patientBucket } from './record/bucket.ts';
import { createCommitter, type Committer } from './record/committer.ts';
import { isDistributed } from './record/distribute-store.ts';
import { readCurrent, type FindArrivals, type FindBeside } from './record/reading.ts';
import { createWriter, type MayWrite, type ResourceCheck } from './record/writer.ts';
import { createReindex, createWritesUnderWay, type Reindex } from './reindex/index.ts';
import { createSearch, type Search } from './search/index.ts';
import { useStoredDefinitions } from './stored-definitions.ts';
import { subscriptionDeps } from './subscriptions/from-record.ts';
import { createSubscriptions, type EndpointRules, type Subscriptions } from './subscriptions/index.ts';
import { recordSource } from './terminology-source.ts';
import { createTerminology, type Terminology } from './terminology/index.ts';
import type { Resource } from './types.ts';
import { createValidator, type Validator } from './validation/index.ts';

export { checkRecord, type Finding } from './record/check-store.ts';
export { distributeRecord } from './record/distribute-store.ts';
export { readFeed, type FeedCursor, type FeedPage } from './record/feed-store.ts';
export { readCurrent, withinReach, type Arrival, type FindBeside } from './record/reading.ts';
export type { StoredVersion } from './record/store.ts';
export type { Elsewhere, ElsewherePage } from './elsewhere.ts';
export type { FhirContext, FhirSettings, RequestContext } from './context.ts';
export type { Grant, Grants, OperationFacts, Question, Reach, ResourceFacts, WriteFacts } from './grant.ts';
export type { Admission, Doorkeeper } from './http/routes.ts';
export type { Resource } from './types.ts';

export type FhirOptions = {
  db: Db;
  clock: Clock;
  ids: Ids;
  settings: FhirSettings;
  /** `strict` refuses a resource that claims a profile which is not here. */
  profiles: 'strict' | 'lenient';
  /** A message when an identifier of this system has a wrong value: the rules of a country, handed in. */
  checkIdentifier?: (system: string, value: string) => string | undefined;
  /** Below this folder each bulk export has its own. */
  exportFolder: string;
  /** Where subscriptions may call. */
  endpoints: EndpointRules;
  /** Operations that services add, such as `Patient/$match`; the CapabilityStatement lists them with the record's own. */
  operations?: readonly Operation[];
  /** What the CapabilityStatement tells in words besides (`rest.documentation`), asked for each time. */
  remarks?: () => readonly string[];
  /** What a service answers in its own way: `FhirContext.answerFirst`. */
  answerFirst?: NonNullable<FhirContext['answerFirst']>;
  /** What stands in version ids for this node, where it is not its name: a node that was restored writes under another. */
  writesAs?: string;
  /** Where versions lie that never were current here. */
  findBeside?: FindBeside;
  /** How versions came to this node: told in histories. */
  findArrivals?: FindArrivals;
  /** What may not be written here because others decide it. Not asked of what is imported. */
  mayWrite?: MayWrite;
  /** Types that lie elsewhere, by their names: `AuditEvent`. */
  elsewhere?: Readonly<Record<string, Elsewhere>>;
  oauth?: { authorize: string; token: string };
  /** Grants for what no request asks for. */
  grants: Grants;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type Fhir = {
  context: FhirContext;
  committer: Committer;
  dispatch: Dispatch;
  /** Opens the API on a server below a path such as `/fhir`, and the WebSocket door of subscriptions at `/fhir/ws`. */
  register(server: HttpServer, prefix: string, admit: Doorkeeper): Promise<void>;
  /** What `startJobs` is to be given. */
  jobHandlers: Readonly<Record<string, JobHandler>>;
  /** Begins the work that goes on by itself: exports, re-indexing, subscriptions. */
  start(jobs: Pick<Jobs, 'add'>): Promise<void>;
  /** Ends that work; resolves when what was handed in for writing has been answered. */
  stop(): Promise<void>;
  /** Writes a transaction or batch Bundle as it says; any other Bundle's resources by their ids. */
  importBundle(bundle: Resource): Promise<number>;
  /** Writes resources by their ids (new ones get one) as one unit. References may lead to what is loaded later. */
  importResources(resources: readonly Resource[]): Promise<number>;
};

/** Builds the record over a migrated database, with the profiles and search parameters that are stored in it taken into use. */
export async function createFhir(options: FhirOptions): Promise<Fhir> {
  const { db, clock, ids, settings } = options;
  const parts = readingParts(options, await isDistributed(db));
  const { definitions, search, terminology, validator } = parts;
  const writes = createWritesUnderWay();
  const reindex = createReindex({
    db,
    clock,
    ids,
    search,
    definitions,
    compile,
    writesSettled: () => writes.settled(),
  });
  await reindex.load();
  const committer = createCommitter(db);
  const check = checkOf(validator, reindex);
  const common = { db, committer, clock, ids, node: options.writesAs ?? settings.node, indexer: search, check };
  const { mayWrite } = options;
  const people = { ...common, ...(mayWrite ? { mayWrite } : {}), references: settings.references };
  const writer = writes.follow(createWriter({ ...people, baseUrl: settings.baseUrl }));
  const lenient = writes.follow(createWriter({ ...common, references: 'lenient' }));
  const exports = createExports({
    db,
    clock,
    ids,
    search,
    model: definitions.model,
    node: settings.node,
    folder: options.exportFolder,
    grants: options.grants,
  });
  const record = { db, clock, writer, search: reindex.guarded, terminology, validator, definitions, settings };
  const { endpoints, report, grants } = options;
  const asSubscriptions = { ...record, grants, grant: grants.background('subscriptions') };
  const subscriptions = createSubscriptions(subscriptionDeps(asSubscriptions, { clock, ids, endpoints, report }));
  const operations = [...ownOperations, ...(options.operations ?? [])];
  const remarks = options.remarks ?? ((): readonly string[] => []);
  const outside = outsideOf(options);
  const context: FhirContext = { ...record, exports, reindex, subscriptions, operations, remarks, grants, ...outside };
  const definitionsGrant = grants.background('definitions');
  const stored = await useStoredDefinitions({ ...context, grant: definitionsGrant }, committer, report);
  tellWritten(committer, reindex, subscriptions);
  const dispatch = createDispatch(context);
  return {
    context,
    committer,
    dispatch,
    jobHandlers: { ...exports.handlers, ...reindex.handlers },
    async register(server, prefix, admit) {
      await subscriptions.register(server, `${prefix}/ws`, (request) => mayBind(request, context, admit));
      const { model } = definitions;
      await registerFhir(server, prefix, { dispatch, admit, model, baseUrl: settings.baseUrl });
    },
    async start(jobs) {
      await exports.start(jobs);
      await reindex.start(jobs);
      subscriptions.start();
    },
    async stop() {
      await subscriptions.stop();
      await committer.idle();
      await stored.idle();
      await reindex.settled();
    },
    importBundle: (bundle) => importBundle(dispatch, lenient, grants.background('import'), bundle),
    importResources: (resources) => importResources(lenient, grants.background('import'), resources),
  };
}

/**
 * Which subscriptions the one who opens a WebSocket may bind to by id (R4 subscription.html#2.46.7.2): those that he may read. Without credentials none:
 * a token of `$get-ws-binding-token` binds instead.
 */
async function mayBind(
  request: FastifyRequest,
  context: FhirContext,
  admit: Doorkeeper,
): Promise<(id: string) => Promise<boolean>> {
  try {
    const asked = { method: 'GET', segments: ['Subscription'], parameters: [], headers: {} } as const;
    const { grant, end } = await admit(request, asked);
    await end({ status: 101 });
    return async (id) => (await readCurrent({ ...context, grant }, 'Subscription', id)) !== undefined;
  } catch (error) {
    if (error instanceof Fault && error.kind === 'unauthenticated') return () => Promise.resolve(false);
    throw error;
  }
}

/** What the application hands in for the requests to find. */
function outsideOf(
  options: FhirOptions,
): Pick<FhirContext, 'elsewhere' | 'oauth' | 'findBeside' | 'findArrivals' | 'answerFirst'> {
  const { findBeside, findArrivals, answerFirst, oauth, elsewhere = {} } = options;
  return {
    elsewhere,
    oauth,
    ...(findBeside ? { findBeside } : {}),
    ...(findArrivals ? { findArrivals } : {}),
    ...(answerFirst ? { answerFirst } : {}),
  };
}

type ReadingParts = { definitions: Definitions; search: Search; terminology: Terminology; validator: Validator };

/** What understands resources: made once, from the definitions. */
function readingParts(options: FhirOptions, distributed: boolean): ReadingParts {
  const { db, clock, ids, settings, profiles, checkIdentifier } = options;
  const definitions = loadDefinitions();
  const source = recordSource(db, () => search, options.grants.background('terminology'));
  const terminology = createTerminology({ definitions: loadTerminologyDefinitions, clock, ids, source });
  const search: Search = createSearch({
    definitions,
    compile,
    terminology,
    baseUrl: settings.baseUrl,
    now: () => clock.now(),
    limits: { countDefault: settings.countDefault, countMax: settings.countMax },
    patientBucket,
    isDistributed: distributed,
  });
  const validator = createValidator({
    definitions,
    clock,
    terminology,
    strictProfiles: profiles === 'strict',
    ...(checkIdentifier ? { identifiers: checkIdentifier } : {}),
  });
  return { definitions, search, terminology, validator };
}

/** Validity, and whether a SearchParameter can be taken into use. */
function checkOf(validator: Validator, reindex: Reindex): ResourceCheck {
  return {
    validate(resource) {
      const validation = validator.validate(resource);
      if (resource.resourceType !== 'SearchParameter') return validation;
      return { ...validation, issues: [...validation.issues, ...reindex.check(resource)] };
    },
  };
}

function tellWritten(committer: Committer, reindex: Reindex, subscriptions: Subscriptions): void {
  committer.onWritten(({ writes }) => {
    let isSubscription = false;
    for (const { type, id, content } of writes) {
      isSubscription ||= type === 'Subscription' || type === 'Basic';
      reindex.onWritten({ type, id, content });
    }
    subscriptions.wake(isSubscription);
  });
}
