/** The door of the record: puts its parts together and hands out what the application, the command line and the services use. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Ids } from '#kernel/ids.ts';
import type { FhirContext, FhirSettings } from './context.ts';
import { loadDefinitions, loadTerminologyDefinitions } from './definitions/index.ts';
import { compile } from './fhirpath/index.ts';
import { registerFhir } from './http/routes.ts';
import { createDispatch, type Dispatch } from './http/routing.ts';
import { patientBucket } from './record/bucket.ts';
import { createCommitter, type Committer } from './record/committer.ts';
import { createWriter, type Writer } from './record/writer.ts';
import { createSearch, type Search } from './search/index.ts';
import { useStoredDefinitions } from './stored-definitions.ts';
import { recordSource } from './terminology-source.ts';
import { createTerminology } from './terminology/index.ts';
import type { Resource } from './types.ts';
import { createValidator } from './validation/index.ts';

export { checkRecord, type Finding } from './record/check-store.ts';
export { readFeed, type FeedCursor, type FeedPage } from './record/feed-store.ts';
export type { FhirContext, FhirSettings } from './context.ts';
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
};

export type Fhir = {
  context: FhirContext;
  committer: Committer;
  dispatch: Dispatch;
  /** Opens the API on a server below a path such as `/fhir`. */
  register(server: HttpServer, prefix: string): Promise<void>;
  /** Writes a transaction Bundle whole; any other Bundle's resources by their ids. */
  importBundle(bundle: Resource): Promise<number>;
  /** Resolves when what was handed in for writing has been answered. */
  stop(): Promise<void>;
  /** Writes resources by their ids (new ones get one) as one unit. References may lead to what is loaded later. */
  importResources(resources: readonly Resource[]): Promise<number>;
};

/** Builds the record over a migrated database, with the profiles and search parameters that are stored in it taken into use. */
export async function createFhir(options: FhirOptions): Promise<Fhir> {
  const { db, clock, ids, settings } = options;
  const definitions = loadDefinitions();
  const terminology = createTerminology({
    definitions: loadTerminologyDefinitions,
    clock,
    ids,
    source: recordSource(db, () => search),
  });
  const search: Search = createSearch({
    definitions,
    compile,
    terminology,
    baseUrl: settings.baseUrl,
    now: () => clock.now(),
    limits: { countDefault: settings.countDefault, countMax: settings.countMax },
    patientBucket,
  });
  const validator = createValidator({
    definitions,
    clock,
    terminology,
    strictProfiles: options.profiles === 'strict',
    ...(options.checkIdentifier ? { identifiers: options.checkIdentifier } : {}),
  });
  const committer = createCommitter(db);
  const common = { db, committer, clock, ids, node: settings.node, indexer: search, check: validator };
  const writer = createWriter({ ...common, references: settings.references });
  const lenient = createWriter({ ...common, references: 'lenient' });
  const context: FhirContext = { db, clock, writer, search, terminology, validator, definitions, settings };
  await useStoredDefinitions(context, committer);
  const dispatch = createDispatch(context);
  return {
    context,
    committer,
    dispatch,
    register: (server, prefix) =>
      registerFhir(server, prefix, { dispatch, model: definitions.model, baseUrl: settings.baseUrl }),
    stop: () => committer.idle(),
    importBundle: (bundle) => importBundle(dispatch, lenient, bundle),
    importResources: (resources) => importResources(lenient, resources),
  };
}

async function importResources(writer: Writer, resources: readonly Resource[]): Promise<number> {
  const changes = resources.map((resource) =>
    resource.id === undefined
      ? ({ interaction: 'create', resource } as const)
      : ({ interaction: 'update', resource, id: resource.id } as const),
  );
  return (await writer.apply(changes)).length;
}

async function importBundle(dispatch: Dispatch, writer: Writer, bundle: Resource): Promise<number> {
  const entries = (bundle['entry'] ?? []) as { resource?: Resource }[];
  if (bundle['type'] === 'transaction' || bundle['type'] === 'batch') {
    await dispatch({ method: 'POST', segments: [], parameters: [], headers: {}, body: bundle });
    return entries.length;
  }
  return importResources(
    writer,
    entries.flatMap(({ resource }) => (resource ? [resource] : [])),
  );
}
