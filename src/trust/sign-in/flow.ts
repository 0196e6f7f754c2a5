/** Signing in at an issuer, and out again: what happens, without how it looks. */
import { decodeJwt, jwtVerify } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import { algorithms, type Replay } from '../tokens/index.ts';
import type { EndedSignIns } from './ended.ts';
import { identityOf, type Identity } from './identity.ts';
import type { IssuerClient } from './issuer-client.ts';
import type { Lockout } from './lockout.ts';
import type { Found, People } from './people.ts';
import { addAttempt, removeSession, removeSessionsAt, removeSessionsOf, takeAttempt } from './session-store.ts';
import { hashOf, type Session, type Sessions } from './sessions.ts';
import type { TellLog } from './told.ts';

/** Ends what somebody has at the embedded provider: the sign-in that a session of ours began with, or everything. */
export type EndTrial = (
  account: string,
  which: { session: string | undefined; isEverywhere: boolean },
) => Promise<void>;

export type FlowDeps = {
  db: Db;
  clock: Clock;
  randomness: Randomness;
  replay: Replay;
  clients: readonly IssuerClient[];
  sessions: Sessions;
  people: People;
  lockout: Lockout;
  tell: TellLog;
  ended: Pick<EndedSignIns, 'end'>;
  endTrial?: EndTrial;
  baseUrl: string;
};

export type Flow = {
  /** Begins at the issuer of this name: where to send the browser, and the secret for its cookie. */
  begin(name: string, returnTo: string, address: string): Promise<{ url: URL; secret: string }>;
  /** The browser is back, with the secret of its cookie. Throws a Fault where nobody may be signed in. */
  finish(
    query: string,
    secret: string | undefined,
    address: string,
  ): Promise<{ session: string; returnTo: string; roles: number }>;
  /** Ends a session whose browser has begun another. */
  replace(session: Session): Promise<void>;
  /** Ends this session, or all of the person's; where to send the browser next. */
  signOut(session: Session, how: { isEverywhere: boolean; address: string }): Promise<string>;
  /** An issuer says that somebody signed out there (OpenID Connect Back-Channel Logout 1.0). Gives how many sessions that ended. */
  issuerSignedOut(logoutToken: string): Promise<number>;
};

/** A sign-in that takes longer has to be begun anew. */
export const attemptSeconds = 900;

export function createFlow(deps: FlowDeps): Flow {
  const { db, clock, randomness, clients, lockout, tell, baseUrl } = deps;
  const clientOf = (test: (client: IssuerClient) => boolean): IssuerClient => {
    const found = clients.find(test);
    if (found === undefined) throw new Fault('notFound', 'Nobody signs in that way here.');
    return found;
  };

  return {
    async begin(name, returnTo, address) {
      await lockout.refuseLocked({ address });
      const client = clientOf(({ issuer }) => issuer.name === name);
      const random = (): string => randomness.bytes(32).toString('base64url');
      const [secret, state, nonce, verifier] = [random(), random(), random(), random()];
      const url = await client.begin({ state, nonce, verifier });
      const ends = clock.now() + attemptSeconds * 1000;
      await addAttempt(db, hashOf(secret), { issuer: client.issuer.url, state, nonce, verifier, returnTo, ends });
      return { url, secret };
    },
    async finish(query, secret, address) {
      const attempt = secret === undefined ? undefined : await takeAttempt(db, hashOf(secret), clock.now());
      if (attempt === undefined)
        throw new Fault('invalid', 'This sign-in was not begun in this browser, or long ago. Begin again.');
      const client = clientOf(({ issuer }) => issuer.url === attempt.issuer);
      try {
        const signedIn = await client.finish(new URL(`${baseUrl}/sign-in/callback?${query}`), attempt);
        const identity = identityOf(client.issuer, signedIn.claims, client.issuer.clientId);
        const done = await enter(deps, { ...within(identity, client), ...signedIn, client, address });
        return { ...done, returnTo: attempt.returnTo };
      } catch (error) {
        if (!(error instanceof Fault) || error.kind === 'unavailable') throw error;
        // One who is somebody, only nobody here, is no attack.
        if (error.kind === 'unauthenticated') await lockout.failed({ address });
        const ground = `issuer:${client.issuer.name}`;
        await tell({
          action: 'sign-in',
          identity: undefined,
          outcome: 'refused',
          reason: error.message,
          ground,
          address,
        });
        throw error;
      }
    },
    replace: (session) => removeSession(db, session.id),
    async signOut(session, { isEverywhere, address }) {
      if (isEverywhere) {
        await removeSessionsOf(db, session.person);
        await deps.ended.end(session.person);
      } else await removeSession(db, session.id);
      const found = await deps.people.find(session.identity).catch(() => undefined);
      const ground = isEverywhere ? 'everywhere' : 'here';
      const { identity, id } = session;
      await tell({ action: 'sign-out', identity, found, outcome: 'allowed', ground, address, session: id });
      const client = session.isOffline ? undefined : clients.find(({ issuer }) => issuer.url === session.issuer);
      if (client?.issuer.kind === 'embedded' && deps.endTrial !== undefined) {
        await deps.endTrial(session.subject, { session: session.issuerSession ?? undefined, isEverywhere });
        return `${baseUrl}/`;
      }
      return (await client?.endSession(session.idToken))?.href ?? `${baseUrl}/sign-in`;
    },
    issuerSignedOut: (logoutToken) => endAtIssuer(deps, logoutToken),
  };
}

/** What the issuer does not repeat, it was asked for and would have refused: the organisation that Fyr signs in for. */
function within(identity: Identity, { issuer }: IssuerClient): { identity: Identity } {
  const { organisation } = issuer;
  if (organisation === undefined || identity.kind !== 'personnel' || identity.parent !== undefined) return { identity };
  return { identity: { ...identity, ...organisation } };
}

type Entering = {
  identity: Identity;
  issuerSession: string | undefined;
  idToken: string | undefined;
  client: IssuerClient;
  address: string;
};

async function enter(deps: FlowDeps, entering: Entering): Promise<{ session: string; roles: number }> {
  const { issuerSession, idToken, client, address } = entering;
  if (entering.identity.kind === 'system') throw new Fault('forbidden', 'Systems do not sign in to the pages.');
  const found = await deps.people.find(entering.identity);
  const rolesThen = found.kind === 'personnel' ? found.roles.map(({ practitionerRole }) => practitionerRole) : [];
  const identity = { ...entering.identity, rolesThen };
  const ground = `issuer:${client.issuer.name}`;
  await deps.tell({ action: 'sign-in', identity, found, outcome: 'allowed', ground, address });
  const session = await deps.sessions.begin({ identity, issuerSession, idToken, isOffline: false });
  return { session, roles: rolesIn(found) };
}

export function rolesIn(found: Found): number {
  return found.kind === 'personnel' ? found.roles.length : 0;
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

async function endAtIssuer(deps: FlowDeps, token: string): Promise<number> {
  const { clients, clock, replay, db } = deps;
  const wrong = (): Fault => new Fault('invalid', 'The logout token is not right.');
  const client = clients.find(({ issuer }) => issuer.url === unverifiedIssuer(token));
  if (client === undefined) throw wrong();
  const { issuer, keys } = client;
  const { payload } = await jwtVerify(token, (header) => keys.key(header), {
    algorithms,
    issuer: issuer.url,
    audience: issuer.clientId,
    requiredClaims: ['iat', 'jti'],
    maxTokenAge: 120,
    clockTolerance: 5,
    currentDate: new Date(clock.now()),
  }).catch((error: unknown) => {
    if (error instanceof Fault && error.kind === 'unavailable') throw error;
    throw wrong();
  });
  const events = payload['events'] as { [name: string]: unknown } | undefined;
  const { sub, sid, jti } = payload as { sub?: string; sid?: string; jti: string };
  const isLogout = typeof events === 'object' && events !== null && logoutEvent in events && !('nonce' in payload);
  if (!isLogout || (typeof sid !== 'string' && typeof sub !== 'string')) throw wrong();
  if (!(await replay.isFirst(['logout', issuer.url, jti], clock.now() + 600_000))) throw wrong();
  // Its own session, where it names one; else all of the subject.
  const which = typeof sid === 'string' ? { issuerSession: sid } : { subject: sub as string };
  return removeSessionsAt(db, issuer.url, which);
}

function unverifiedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}
