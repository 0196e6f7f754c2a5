/** The door of trust: who asks, what they may, and what they did. Everything that reads or writes the record does so by a grant from here. */
import type { Committer } from '#fhir/record/committer.ts';
import type { Elsewhere, FhirContext, Grants } from '#fhir/index.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import type { Db } from '#kernel/db.ts';
import type { HttpServer } from '#kernel/http.ts';
import { issuerRules } from '#kernel/outgoing-rules.ts';
import type { Ids, Randomness } from '#kernel/ids.ts';
import type { JobHandler, Jobs } from '#kernel/jobs.ts';
import { createPeople, openAccessLog, openLogKey, registerLogRoutes, type OpenAccessLog } from './access-log/index.ts';
import { createControl, createOpenShare, type OpenShare } from './control/index.ts';
import { createNodeKeys, type NodeIdentity } from './authority/index.ts';
import { deciderOf } from './decider.ts';
import { createDoor, type Door } from './door.ts';
import { backgroundGrant } from './grant.ts';
import { signInIssuers, trustedIssuers } from './issuers.ts';
import { auditEventsElsewhere, createLogReaders, type LogReaders } from './log-readers.ts';
import { createFindPatients } from './find-patients.ts';
import { createFetch } from './own-fetch.ts';
import { createSummaryAccess, type SummaryAccess } from './summary-access.ts';
import { createPolicy, type Policy } from './policy/policy.ts';
import { defaultPolicySettings } from './policy/settings.ts';
import {
  isProviderOn,
  registerProvider,
  smartConfiguration,
  type EmbeddedProvider,
  type FindPatients,
  type PersonaEntry,
} from './provider/index.ts';
import { createSignIn, recordReader, type RecordReader, type SignIn, type SignInIssuer } from './sign-in/index.ts';
import { createTokens, type Tokens, type TrustedIssuer } from './tokens/index.ts';

export type { PersonaEntry } from './provider/index.ts';
export type { OpenShare } from './control/index.ts';
export type { Door, Entered } from './door.ts';
export type { SummaryAccess, SummaryBasis, SummaryStanding } from './summary-access.ts';

export type TrustOptions = {
  config: Config;
  db: Db;
  /** The log has connections of its own. */
  databaseUrl: string;
  clock: Clock;
  ids: Ids;
  randomness: Randomness;
  /** Counts a request of one person or system, in a second and at once: a promise is the wait for its turn. Fault `busy`. */
  limit(subjectKey: string, request: object, kind: 'person' | 'system'): Promise<void> | undefined;
  /** True while issuers are to be taken for out of reach: a drill. */
  isIssuerAway?(): boolean;
  /** Who one can sign in as where the embedded provider is on. */
  personas: readonly PersonaEntry[];
  /** Who this node is in its region, by its certificate; undefined while it has joined none. */
  nodeIdentity?(): NodeIdentity | undefined;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type Trust = {
  log: OpenAccessLog;
  /** What `createFhir` is to be given. */
  grants: Grants;
  elsewhere: Readonly<Record<string, Elsewhere>>;
  oauth: { authorize: string; token: string } | undefined;
  /** Who may open a patient's summary record, and on which ground. */
  summaries: SummaryAccess;
  /** Opens what a citizen shared by a code. */
  openShare: OpenShare;
  /** Puts the policy over the record, and opens sign-in and the JSON routes on the server. Before anything else registers. */
  open(server: HttpServer, record: { context: FhirContext; committer: Committer }): Promise<Door>;
  /** What `startJobs` is to be given. */
  jobHandlers: Readonly<Record<string, JobHandler>>;
  start(jobs: Pick<Jobs, 'add'>): Promise<void>;
  stop(): Promise<void>;
};

/** What is known once the record and the server are there. */
type Opened = {
  door: Door;
  readers: LogReaders;
  patientByNumber(number: string): Promise<string | undefined>;
  summaries: SummaryAccess;
  openShare: OpenShare;
  stop(): Promise<void>;
  start(): Promise<void>;
};

/** Opens the access log; the rest waits for the record (`open`). */
export async function createTrust(options: TrustOptions): Promise<Trust> {
  const { config, databaseUrl, clock, report } = options;
  let opened: Opened | undefined;
  const opening = (): Opened => {
    if (opened === undefined) throw new Error('trust is not open yet');
    return opened;
  };
  const log = await openAccessLog({
    databaseUrl,
    clock,
    node: config.node,
    privateKey: openLogKey(config.accessLog.keyFile),
    anchorFolder: config.accessLog.anchorFolder,
    patientByNumber: (number) => opening().patientByNumber(number),
    report,
  });
  const isTrial = isProviderOn(config);
  const issuer = `${config.baseUrl}/oidc`;
  return {
    log,
    grants: {
      background: backgroundGrant,
      ofOwner: async (owner, work) => opening().door.ofOwner(owner, work),
      told: async (grant) => opening().door.told(grant),
    },
    elsewhere: {
      AuditEvent: auditEventsElsewhere(
        log.auditEvents,
        () => opening().readers,
        (grant) => opening().door.callerOf(grant),
        config.limits,
      ),
    },
    jobHandlers: log.unusual.jobHandlers,
    summaries: {
      isReserved: (patient) => opening().summaries.isReserved(patient),
      standing: (caller, patient) => opening().summaries.standing(caller, patient),
      tellStatus: (caller, patient, reason) => opening().summaries.tellStatus(caller, patient, reason),
      open: (caller, patient, basis, query) => opening().summaries.open(caller, patient, basis, query),
    },
    openShare: (reader) => opening().openShare(reader),
    oauth: isTrial ? { authorize: `${issuer}/authorize`, token: `${issuer}/token` } : undefined,
    async open(server, record) {
      opened = await openOver(options, log, server, record);
      return opened.door;
    },
    async start(jobs) {
      log.start();
      await log.unusual.start(jobs);
      await opened?.start();
    },
    async stop() {
      await opened?.stop();
      await log.stop();
    },
  };
}

async function openOver(
  options: TrustOptions,
  log: OpenAccessLog,
  server: HttpServer,
  { context, committer }: { context: FhirContext; committer: Committer },
): Promise<Opened> {
  const { config, db, clock, ids, limit, report } = options;
  const reader = recordReader({ ...context, grant: backgroundGrant('sign-in') });
  // People are known once there are issuers; nobody chooses a patient before.
  let findPatients: FindPatients = () => Promise.resolve([]);
  const { embedded, tokens, signIn } = await openSignIn(options, {
    log,
    server,
    reader,
    findPatients: (person, question) => findPatients(person, question),
  });
  const policy = createPolicy({
    db,
    search: context.search,
    clock,
    settings: { ...defaultPolicySettings, ...config.policy },
    report,
  });
  committer.onWritten(({ writes }) => {
    policy.onWritten(writes);
    signIn.onWritten(writes);
  });
  const keyOf = createNodeKeys(() => options.nodeIdentity?.(), clock);
  const door = createDoor({
    db,
    clock,
    ids,
    log,
    limit,
    identify: (request) => signIn.identify(request),
    // What systems of other issuers may still do, those issuers alone know.
    isStillHere: async (who) =>
      embedded === undefined ||
      who.kind !== 'system' ||
      who.issuer !== embedded.issuer ||
      embedded.hasClient(who.client),
    deciderOf: (caller) => deciderOf({ policy, reader, keyOf }, caller),
  });
  if (embedded !== undefined) {
    const { search } = context;
    findPatients = createFindPatients({ db, search, clock, issuer: embedded.issuer, reader, signIn, door });
  }
  const readers = createLogReaders(policy);
  await signIn.register(server);
  await registerRoutes(server, options, { context, policy, log, door, readers });
  if (embedded !== undefined) registerSmart(server, embedded.issuer, config.signIn.isTrialBearer);
  return {
    door,
    readers,
    async patientByNumber(number) {
      const [found] = await reader.find('Patient', 'identifier', number);
      return found?.id;
    },
    summaries: createSummaryAccess({ policy, door, log, clock, ids }),
    openShare: createOpenShare({ context, policy, log, clock, ids }),
    async start() {
      embedded?.start();
      signIn.start();
      await policy.start();
    },
    async stop() {
      embedded?.stop();
      signIn.stop();
      await policy.stop();
      await tokens.stop();
    },
  };
}

type RoutesUse = { context: FhirContext; policy: Policy; log: OpenAccessLog; door: Door; readers: LogReaders };

/** What people do and see beside the record: attest, block, follow up, read the log. */
async function registerRoutes(
  server: HttpServer,
  { config, clock, ids, randomness }: TrustOptions,
  { context, policy, log, door, readers }: RoutesUse,
): Promise<void> {
  const { require } = door;
  const control = createControl({ context, policy, log, clock, ids, randomness, require });
  control.register(server);
  const people = createPeople(recordReader({ ...context, grant: backgroundGrant('access-log') }));
  await registerLogRoutes(server, {
    ...log,
    log,
    people,
    clock,
    ids,
    node: config.node,
    require,
    ...readers,
    openCase: (wrong, caller) => control.openCase(wrong, caller),
    casesSince: (from) => control.casesSince(from),
  });
}

type SigningIn = { log: OpenAccessLog; server: HttpServer; reader: RecordReader; findPatients: FindPatients };

/** Who people are, by the issuers: the embedded provider where it is on, else those of the settings. */
async function openSignIn(
  options: TrustOptions,
  using: SigningIn,
): Promise<{ embedded: EmbeddedProvider | undefined; tokens: Tokens; signIn: SignIn }> {
  const { config, db, clock, ids, randomness, report } = options;
  const { baseUrl, signIn } = config;
  const { log, server, reader } = using;
  const reach = createFetch(baseUrl, () => server, issuerRules(config.issuers.map(({ url }) => url)));
  const fetch: typeof globalThis.fetch = (input, init) =>
    options.isIssuerAway?.() === true
      ? // As fetch tells it of a network that is away.
        Promise.reject(new TypeError('The issuer is out of reach: a drill.'))
      : reach(input, init);
  const { embedded, tokens, issuers } = await openIssuers(options, { ...using, fetch });
  return {
    embedded,
    tokens,
    signIn: createSignIn({
      db,
      clock,
      ids,
      randomness,
      tokens,
      issuers,
      reader,
      log,
      baseUrl,
      fetch,
      ...(embedded ? { endTrial: embedded.endSignIn } : {}),
      sessionIdleMs: signIn.sessionIdleMs,
      sessionMs: signIn.sessionMs,
      outageGraceMs: signIn.outageGraceMs,
      report,
    }),
  };
}

type Issuing = { embedded: EmbeddedProvider | undefined; tokens: Tokens; issuers: SignInIssuer[] };

/** Those whose tokens are taken and with whom people sign in: the embedded provider where it is on, else those of the settings. */
async function openIssuers(
  { config, db, clock, personas, report }: TrustOptions,
  { server, reader, fetch, findPatients }: SigningIn & { fetch: typeof globalThis.fetch },
): Promise<Issuing> {
  const { baseUrl, signIn } = config;
  const embedded = isProviderOn(config)
    ? await registerProvider(server, {
        db,
        clock,
        baseUrl,
        personas,
        read: (type, id) => reader.read(type, id),
        findPatients,
        bearerAllowed: signIn.isTrialBearer,
        report,
      })
    : undefined;
  const own: TrustedIssuer[] = embedded
    ? [{ name: 'trial', kind: 'embedded', url: embedded.issuer, audience: `${baseUrl}/fhir` }]
    : [];
  const tokens = createTokens({
    db,
    clock,
    issuers: [...own, ...trustedIssuers(config)],
    baseUrl,
    fetch: fetch as never,
    clockSkewMs: signIn.clockSkewMs,
    outageGraceMs: signIn.outageGraceMs,
    isTrialBearer: signIn.isTrialBearer,
    ...(embedded ? { isActive: ({ jti }) => embedded.isActive(String(jti)) } : {}),
  });
  const pages = own.flatMap((one) =>
    embedded ? [{ ...one, clientId: embedded.pages.clientId, key: embedded.pages.key }] : [],
  );
  return { embedded, tokens, issuers: [...pages, ...(await signInIssuers(config))] };
}

/** What SMART applications read first (SMART App Launch 2.2, conformance): readable from any origin. */
function registerSmart(server: HttpServer, issuer: string, isBearer: boolean): void {
  server.get('/fhir/.well-known/smart-configuration', (_request, reply) =>
    reply
      .header('access-control-allow-origin', '*')
      .type('application/json; charset=utf-8')
      .send(smartConfiguration(issuer, isBearer)),
  );
}
