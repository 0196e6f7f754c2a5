/** The only file that knows every part: puts a node together from its settings, starts it and stops it in order. */
import { join } from 'node:path';
import type { Server as TlsServer } from 'node:tls';
import { registerBackEntry } from '#continuity/back-entry/index.ts';
import { refuseWhatIsTaken } from '#continuity/claims/index.ts';
import { resourcesBeside } from '#continuity/conflicts/index.ts';
import { refuseWhatOthersDecide } from '#continuity/custody/index.ts';
import { createAbsences } from '#continuity/drill/index.ts';
import {
  findArrivals,
  findVersionBeside,
  identityFolder,
  readWriterName,
  versionsOperation,
  type Line,
} from '#continuity/index.ts';
import type { NodeOperations } from '#continuity/operations/index.ts';
import { registerWardBrowser } from '#continuity/ward-browser/index.ts';
import { createReports } from '#continuity/reports/index.ts';
import { createPacks, heldBelow, registerPacks, type Packs } from '#continuity/packs/index.ts';
import { createFhir, type Fhir } from '#fhir/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { checkDatabase } from '#kernel/db-check.ts';
import { createHttpServer, type HttpServer } from '#kernel/http.ts';
import { refusePlainHttp } from '#kernel/http-security.ts';
import { systemIds, systemRandomness } from '#kernel/ids.ts';
import type { Log } from '#kernel/log.ts';
import { startJobs } from '#kernel/jobs.ts';
import { migrate } from '#kernel/migrations-store.ts';
import { createRequestLimits } from '#kernel/request-limits.ts';
import { keepTlsFresh, readTls } from '#kernel/tls.ts';
import { createClinicalSearch } from '#services/clinical-search/index.ts';
import { answerMhd, generateMetadata } from '#services/documents/index.ts';
import { createRegisters, registerOperations, type Registers } from '#services/registers/index.ts';
import { registerSummaryRoutes, summaryOperations, type ReadBeside } from '#services/summary-record/index.ts';
import { nodeGrants } from '#trust/grant.ts';
import { openEncryption, openKeyring, registerDraftKeys, type Encryption } from '#trust/encryption/index.ts';
import { createTrust, type Door, type PersonaEntry, type Trust } from '#trust/index.ts';
import { readIdentity } from '#trust/authority/index.ts';
import { checkIdentifier, identifierSystems, isSynthetic } from '#shared/identifiers.ts';
import { allMigrations } from './migrations.ts';
import { openDecisions, type Decisions } from './node-decisions.ts';
import { openNodeDocuments } from './node-documents.ts';
import { openNodeLine, registerNodeLine } from './node-line.ts';
import { openNodeOperations } from './node-operations.ts';
import { registerRooms } from './node-rooms.ts';
import { registerPages } from './pages.ts';
import { registerDoor } from './registers-door.ts';
import { registerStartPage } from './start-page.ts';
import { version } from './version.ts';

export type Record = { db: Db; fhir: Fhir; registers: Registers; close(): Promise<void> };

export type Node = Record & {
  server: HttpServer;
  url: string;
  /** Where documents, images and what else is large are kept, sealed for their patient. */
  blobs: NodeOperations['blobs'];
  /** To the nodes above and below; undefined where there are none. */
  line: Line | undefined;
  /** Downtimes and drills of this node. */
  watch: Pick<NodeOperations, 'downtimes' | 'drills'>;
  stop(): Promise<void>;
};

export { version };

/** The record over a database: migrated, indexed, ready to read and write. What the command line works with, and a node serves. */
export async function openRecord(
  config: Config,
  databaseUrl: string,
  log?: Log,
  trustOver: (db: Db) => Promise<Trusted> = () => Promise.resolve(nobodyAsks),
): Promise<Record> {
  const db = openDatabase(databaseUrl, {
    connectionsMax: config.databaseConnections,
    statementTimeoutMs: config.limits.statementTimeoutMs,
    applicationName: `fyr ${config.node}`,
  });
  const report = (event: string, error: unknown): void => log?.warn({ event, err: error }, event);
  let registers: Registers | undefined;
  try {
    await checkDatabase(db);
    await migrate(db, allMigrations());
    const trusted = await trustOver(db);
    const readBeside: ReadBeside = (grant, patient) => resourcesBeside(fhir, grant, patient);
    const fhir: Fhir = await createFhir({
      db,
      clock: systemClock,
      ids: systemIds(systemClock),
      profiles: config.profiles,
      checkIdentifier: identifierRules(config.realPersons),
      exportFolder: join(config.dataFolder, 'exports'),
      endpoints: config.subscriptions,
      operations: [
        ...registerOperations,
        ...summaryOperations((patient) => trusted.summaries.isReserved(patient), readBeside),
        generateMetadata,
        versionsOperation,
      ],
      writesAs: await readWriterName(db, config.node),
      findBeside: findVersionBeside,
      findArrivals: (database, versions) => findArrivals(database, config.node, versions),
      answerFirst: answerMhd,
      async mayWrite(changes) {
        const standing = await refuseWhatOthersDecide({ db, node: config.node }, changes);
        await refuseWhatIsTaken({ db, node: config.node, clock: systemClock }, changes);
        return standing;
      },
      remarks: () => registers?.remarks() ?? [],
      grants: trusted.grants,
      elsewhere: trusted.elsewhere,
      ...(trusted.oauth ? { oauth: trusted.oauth } : {}),
      report,
      settings: {
        baseUrl: `${config.baseUrl}/fhir`,
        node: config.node,
        version,
        references: config.references,
        countDefault: config.limits.countDefault,
        countMax: config.limits.countMax,
        bundleEntriesMax: config.limits.bundleEntriesMax,
      },
    });
    registers = await createRegisters({
      context: { ...fhir.context, grant: nodeGrants.background('registers') },
      certificates: config.certificates,
      committer: fhir.committer,
      report,
    });
    return { db, fhir, registers, close: () => closeRecord(db, fhir) };
  } catch (error) {
    await db.end({ timeout: 5 });
    throw error;
  }
}

/** What the record is given of trust. */
type Trusted = Pick<Trust, 'grants' | 'elsewhere' | 'oauth'> & { summaries: Pick<Trust['summaries'], 'isReserved'> };

/** The command line works by itself: nobody sends it requests. */
const nobodyAsks: Trusted = {
  grants: nodeGrants,
  elsewhere: {},
  oauth: undefined,
  summaries: { isReserved: () => Promise.resolve(false) },
};

async function closeRecord(db: Db, fhir: Fhir): Promise<void> {
  await fhir.stop();
  await db.end({ timeout: 5 });
}

/** Starts to answer on the configured address. `stop` lets requests under way end, then closes everything. */
export async function startNode(
  config: Config,
  databaseUrl: string,
  log: Log,
  personas: readonly PersonaEntry[] = [],
  { nodeKey, authorityPassphrase }: NodeSecrets = {},
): Promise<Node> {
  refusePlainHttp(config);
  const limits = createRequestLimits(config.security, systemClock);
  const absences = createAbsences(systemClock);
  const isIssuerAway = (): boolean => absences.isSignInAway();
  const trusting = { config, databaseUrl, log, personas, limit: limits.subject, isIssuerAway };
  const { record, trust } = await openTrusted(trusting);
  const { server, endTls } = await openServer(config, log, limits);
  const encryption = await openNodeEncryption(config, record.db, nodeKey, log);
  const packs = openPacks(config, record.fhir, { nodeKey, log, line: () => line });
  const clinicalSearch = createClinicalSearch(record.fhir, (event, error) => log.warn({ event, err: error }, event));
  let line: Line | undefined;
  let decisions: Decisions | undefined;
  const watched = { config, db: record.db, fhir: record.fhir, encryption, packs, absences, log };
  const operations = openNodeOperations({ ...watched, line: () => line });
  const { blobs } = operations;
  const reports = createReports({ db: record.db, clock: systemClock, numbers: operations.operations.numbers });
  const { log: accessLog } = trust;
  const { fhir } = record;
  const documents = openNodeDocuments({ config, fhir, blobs, line: () => line, log, accessLog });
  const ownHandlers = { ...encryption.jobHandlers, ...packs.jobHandlers, ...documents.jobHandlers };
  const handlers = { ...record.fhir.jobHandlers, ...trust.jobHandlers, ...ownHandlers };
  const jobs = await startJobs({ databaseUrl, handlers, log });
  operations.guard(server);
  const stop = async (): Promise<void> => {
    endTls?.();
    for (const part of [decisions, line]) await part?.stop();
    await server.close();
    for (const part of [operations, packs, documents, jobs, clinicalSearch, record.registers, trust]) await part.stop();
    await record.close();
  };
  try {
    const door = await trust.open(server, record.fhir);
    await record.fhir.register(server, '/fhir', door.admit);
    await record.registers.register(server, registerDoor(door));
    await registerSummaries(server, record.fhir, trust, door);
    clinicalSearch.register(server, door);
    await documents.register(server, door);
    registerPaper(server, { config, fhir: record.fhir, packs, door });
    const along = { log, room: operations.room, blobs, reports, copies: accessLog.copies };
    line = await openNodeLine(config, record, authorityPassphrase, along);
    registerNodeLine(server, line, door);
    const rooms = { config, db: record.db, authorityPassphrase, reports, line, operations: operations.operations };
    registerRooms(server, { ...rooms, door, log: accessLog });
    decisions = await openDecisions(server, { config, fhir, line, door, log, accessLog });
    operations.register(server, { door, log: accessLog });
    registerStartPage(server, { config, version });
    registerDraftKeys(server, { require: door.require, keyring: encryption.keyring });
    await registerPages(server);
    await server.listen({ host: config.host, port: config.port });
    for (const part of [fhir, encryption, packs, documents]) await part.start(jobs);
    await record.registers.start();
    clinicalSearch.start();
    await trust.start(jobs);
    await line?.start();
    decisions.start();
    operations.start();
    for (const remark of record.registers.remarks()) log.warn({ event: 'code lists' }, remark);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...record, server, url: config.baseUrl, blobs: operations.blobs, line, watch: operations, stop };
}

function registerSummaries(server: HttpServer, { context }: Fhir, trust: Trust, door: Door): Promise<void> {
  const readBeside: ReadBeside = (grant, patient) => resourcesBeside({ context }, grant, patient);
  const { summaries, openShare } = trust;
  return registerSummaryRoutes(server, { context, door, summaries, openShare, readBeside });
}

/** The server that a node is asked by, with its certificate kept fresh until `endTls`. */
async function openServer(
  config: Config,
  log: Log,
  limits: ReturnType<typeof createRequestLimits>,
): Promise<{ server: HttpServer; endTls: (() => void) | undefined }> {
  const tls = config.tls && readTls(config.tls);
  const server = await createHttpServer({
    bodyBytesMax: config.limits.bodyBytesMax,
    requestTimeoutMs: config.limits.requestTimeoutMs,
    logger: log,
    proxies: config.security.proxies,
    security: {
      isHttps: config.baseUrl.startsWith('https:'),
      origins: config.security.origins,
      limits,
    },
    ...(tls ? { tls } : {}),
  });
  const endTls =
    config.tls &&
    keepTlsFresh(server.server as unknown as TlsServer, config.tls, (event, error) =>
      log.warn({ event, err: error }, event),
    );
  return { server, endTls };
}

/** What a node is handed besides its settings. */
export type NodeSecrets = { nodeKey?: string | undefined; authorityPassphrase?: string | undefined };

/** A node whose key is gone goes on with a new one, and says so: the record can be read all the same. */
async function openNodeEncryption(config: Config, db: Db, nodeKey: string | undefined, log: Log): Promise<Encryption> {
  const { node, dataFolder, security } = config;
  const { nodeKeyFile } = security;
  const own = { clock: systemClock, randomness: systemRandomness };
  const encryption = await openEncryption({ db, node, nodeKey, nodeKeyFile, dataFolder, ...own });
  for (const id of encryption.missing) {
    log.error(
      { event: 'node key missing', id },
      'a node key is missing: what it wraps can not be opened (fyr keys list)',
    );
  }
  return encryption;
}

/** What is on paper when nothing else is: made from this node's own record. */
function openPacks(
  config: Config,
  { context }: Fhir,
  { nodeKey, log, line }: { nodeKey: string | undefined; log: Log; line: () => Line | undefined },
): Packs {
  const currentAt = async (): Promise<number | undefined> => (await line()?.state())?.above?.regionAt;
  return createPacks({
    ...(config.line.upstream === undefined ? {} : { held: heldBelow(context.db, currentAt) }),
    context: { ...context, grants: nodeGrants },
    settings: config.packs,
    keyring: openKeyring({ secret: nodeKey, file: config.security.nodeKeyFile, randomness: systemRandomness }),
    node: config.node,
    clock: systemClock,
    randomness: systemRandomness,
    report: (event, error) => log.warn({ event, err: error }, event),
  });
}

/** Packs out, and what was written on them back in. */
function registerPaper(
  server: HttpServer,
  { config, fhir, packs, door }: { config: Config; fhir: Fhir; packs: Packs; door: Door },
): void {
  registerPacks(server, { packs, clock: systemClock, door });
  const { context } = fhir;
  registerBackEntry(server, { context, clock: systemClock, node: config.node, door });
  registerWardBrowser(server, {
    context,
    packs,
    clock: systemClock,
    ids: systemIds(systemClock),
    randomness: systemRandomness,
    node: config.node,
    keptMs: config.packs.deviceKeptMs,
    door,
  });
}

type Trusting = {
  config: Config;
  databaseUrl: string;
  log: Log;
  personas: readonly PersonaEntry[];
  limit: (key: string, request: object, kind: 'person' | 'system') => Promise<void> | undefined;
  /** A drill: issuers are asked nothing. */
  isIssuerAway: () => boolean;
};

/** The record of a node that others ask, and the trust that they ask it by. */
async function openTrusted(options: Trusting): Promise<{ record: Record; trust: Trust }> {
  const { config, databaseUrl, log, personas, limit, isIssuerAway } = options;
  const made: Trust[] = [];
  const record = await openRecord(config, databaseUrl, log, async (db) => {
    const trust = await createTrust({
      config,
      db,
      databaseUrl,
      clock: systemClock,
      ids: systemIds(systemClock),
      randomness: systemRandomness,
      limit,
      isIssuerAway,
      nodeIdentity: () => readIdentity(identityFolder(config)),
      personas,
      report: (event, error) => log.warn({ event, err: error }, event),
    });
    made.push(trust);
    return trust;
  });
  return { record, trust: made[0] as Trust };
}

/** The systems whose numbers real people have. */
const personSystems: readonly string[] = [identifierSystems.nationalNumber, identifierSystems.dNumber];

/** Norwegian check digits, and, where real people have no place, a refusal of their numbers. */
function identifierRules(realPersons: Config['realPersons']): (system: string, value: string) => string | undefined {
  return (system, value) => {
    const wrong = checkIdentifier(system, value);
    if (wrong) return wrong.problem;
    if (realPersons === 'accept' || !personSystems.includes(system) || isSynthetic(value)) return undefined;
    return 'This is a number of the kind that real people have, and this node takes synthetic people only.';
  };
}
