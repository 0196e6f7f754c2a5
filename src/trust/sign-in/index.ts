/** The door: who asks, and how one signs in and out of the pages. */
import type { FastifyRequest } from 'fastify';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Ids, Randomness } from '#kernel/ids.ts';
import type { AccessLog } from '../access-log/entry.ts';
import type { Caller } from '../caller.ts';
import type { Subject } from '../subject.ts';
import type { Tokens } from '../tokens/index.ts';
import { createCookies } from './cookies.ts';
import { createEndedSignIns } from './ended.ts';
import { createFlow, type EndTrial } from './flow.ts';
import { createIdentifier } from './identify.ts';
import type { Identity } from './identity.ts';
import { createIssuerClient, type SignInIssuer } from './issuer-client.ts';
import { createKeys } from './keys.ts';
import { createLockout } from './lockout.ts';
import { createPeople } from './people.ts';
import type { RecordReader } from './record-reader.ts';
import { registerSignInRoutes } from './routes.ts';
import { createSessions } from './sessions.ts';
import { createTellLog } from './told.ts';

export { recordReader, type RecordReader } from './record-reader.ts';
export type { Identity } from './identity.ts';
export type { SignInIssuer } from './issuer-client.ts';
export type { SessionAnswer } from './contract.ts';

export type SignInDeps = {
  db: Db;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
  randomness: Randomness;
  tokens: Tokens;
  /** Those that people sign in to the pages with. */
  issuers: readonly SignInIssuer[];
  reader: RecordReader;
  log: Pick<AccessLog, 'append'>;
  /** Without a slash at its end, as browsers know it. */
  baseUrl: string;
  fetch: typeof globalThis.fetch;
  /** Ends a sign-in at the embedded provider, where it is on. */
  endTrial?: EndTrial;
  sessionIdleMs: number;
  sessionMs: number;
  outageGraceMs: number;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type SignIn = {
  /** Who asks; undefined where there are no credentials at all. Throws a Fault `unauthenticated` (with its challenge) or `forbidden` for those that are not right. */
  identify(request: FastifyRequest): Promise<Caller | undefined>;
  /** Who somebody is whom an issuer has vouched for, without a request. Throws a Fault `forbidden` where the record does not have the person or role. */
  subjectOf(identity: Identity): Promise<Subject>;
  /** Opens the pages and `/api/session`. Call it before other parts register, so that sessions get their new secrets with any answer. */
  register(server: HttpServer): Promise<void>;
  /** Forgets what was read of these resources. Call it after each write to the record. */
  onWritten(writes: readonly { type: string; id: string; content?: string | null }[]): void;
  /** Begins to remove what is over. */
  start(): void;
  stop(): void;
};

const tidyMs = 60_000;

export function createSignIn(deps: SignInDeps): SignIn {
  const { db, clock, tokens, baseUrl, reader, report, fetch } = deps;
  const { origin } = new URL(baseUrl);
  const people = createPeople({ reader, clock });
  const cookies = createCookies(baseUrl);
  const lockout = createLockout(db, clock);
  const isReachable = async (url: string): Promise<boolean> => (await tokens.keysOf(url)?.isReachable()) ?? false;
  const sessions = createSessions({ ...deps, isReachable });
  const clients = deps.issuers.flatMap((issuer) => {
    const keys = tokens.keysOf(issuer.url);
    return keys === undefined ? [] : [createIssuerClient(issuer, { keys, clock, fetch: fetch as never, baseUrl })];
  });
  const tell = createTellLog(deps);
  const ended = createEndedSignIns(deps);
  const flow = createFlow({ ...deps, ended, replay: tokens.replay, clients, sessions, people, lockout, tell });
  const keys = createKeys({ ...deps, sessions, people, lockout, tell, isReachable });
  const identifier = createIdentifier({ tokens, sessions, people, cookies, origin, ended });
  const routes = {
    ...deps,
    flow,
    keys,
    identifier,
    sessions,
    people,
    cookies,
    origin,
    issuers: clients.map(({ issuer: { name, kind } }) => ({ name, kind })),
    formTargets: clients.map(({ issuer }) => new URL(issuer.url).origin),
    isTrialBearer: tokens.isTrialBearer,
  };
  const tidy = async (): Promise<void> => {
    await sessions.prune();
    await lockout.prune();
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    identify: (request) => identifier.identify(request),
    subjectOf: (identity) => people.subjectOf(identity, { isOffline: false }),
    onWritten: (writes) => people.onWritten(writes),
    async register(server) {
      server.addHook('onSend', async (request, reply) => {
        const cookie = identifier.cookieFor(request);
        if (cookie !== undefined && reply.getHeader('set-cookie') === undefined) reply.header('set-cookie', cookie);
      });
      await registerSignInRoutes(server, routes);
    },
    start() {
      timer = setInterval(() => void tidy().catch((error: unknown) => report('sign-in', error)), tidyMs);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}
