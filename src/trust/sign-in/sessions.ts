/** Page sessions: begun, found by their cookie, rotated, ended. Only hashes of the secrets are kept. */
import { hash } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids, Randomness } from '#kernel/ids.ts';
import { challenge } from '../tokens/index.ts';
import type { Identity } from './identity.ts';
import {
  addSession,
  findSession,
  keepPerson,
  markSeen,
  pruneSignIns,
  removeSession,
  rotateSession,
  type Session,
} from './session-store.ts';

export type { Session } from './session-store.ts';

export type SessionsDeps = {
  db: Db;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
  randomness: Randomness;
  /** Whether the issuer of a session answers now. */
  isReachable(issuerUrl: string): Promise<boolean>;
  sessionIdleMs: number;
  sessionMs: number;
  outageGraceMs: number;
};

export type Begun = {
  identity: Identity;
  issuerSession: string | undefined;
  idToken: string | undefined;
  /** By a key of this node while the issuer can't be reached. */
  isOffline: boolean;
};

export type Shown = {
  session: Session;
  /** What was known goes on although its time is over, since the issuer can't be reached; or it began so. */
  isOffline: boolean;
  /** A new secret for the cookie. */
  rotated: string | undefined;
};

export type Sessions = {
  /** Gives the secret for the cookie: always a new one, whatever the browser showed. */
  begin(begun: Begun): Promise<string>;
  /** Throws a Fault `unauthenticated` for what is unknown or over. */
  show(secret: string): Promise<Shown>;
  /** A new secret at once, such as when rights change; undefined when another request was first. */
  rotate(secret: string, session: Session): Promise<string | undefined>;
  /** Removes what is over. */
  prune(): Promise<void>;
};

/** How long after an issuer's last word something is known of a person. */
export const keptMs = 30 * 86_400_000;

const rotateMs = 15 * 60_000;
const seenMs = 60_000;
/** Requests that were under way when the secret changed. */
const earlierMs = 60_000;
/** How long one who signed in by a key may go on when the issuer answers again. */
const backMs = 15 * 60_000;

export function createSessions(deps: SessionsDeps): Sessions {
  const { db, clock, ids, randomness, sessionMs, outageGraceMs } = deps;
  const newSecret = (): string => randomness.bytes(32).toString('base64url');

  const rotate = async (secret: string, session: Session): Promise<string | undefined> => {
    const next = newSecret();
    const isFirst = await rotateSession(db, session.id, hashOf(secret), hashOf(next), clock.now());
    return isFirst ? next : undefined;
  };

  return {
    rotate,
    async begin({ identity, issuerSession, idToken, isOffline }) {
      const now = clock.now();
      const secret = newSecret();
      const person = personOf(identity);
      if (!isOffline) await keepPerson(db, person, identity, now);
      await addSession(db, {
        id: ids.uuid(),
        secret: hashOf(secret),
        csrf: newSecret(),
        person,
        issuer: identity.issuer,
        subject: identity.subject,
        issuerSession: issuerSession ?? null,
        idToken: idToken ?? null,
        identity,
        practitionerRole: null,
        started: now,
        ends: now + (isOffline ? Math.min(sessionMs, outageGraceMs) : sessionMs),
        isOffline,
      });
      return secret;
    },
    async show(secret) {
      const now = clock.now();
      const session = await findSession(db, hashOf(secret));
      const isLate = session !== undefined && !session.isCurrent && session.isConfirmed;
      if (session === undefined || (isLate && now - session.rotated > earlierMs)) throw over();
      const state = await stateOf(deps, session);
      if (state === undefined) {
        await removeSession(db, session.id);
        throw over();
      }
      // The browser shows the one before, long after: it never got the new one.
      const isLost = !session.isCurrent && !session.isConfirmed && now - session.rotated > earlierMs;
      const isDue = session.isCurrent && now - session.rotated > rotateMs;
      const rotated = isDue || isLost ? await rotate(secret, session) : undefined;
      const isNews = now - session.seen > seenMs || (session.isCurrent && !session.isConfirmed);
      if (rotated === undefined && isNews && session.isCurrent) await markSeen(db, session.id, now);
      return { session, isOffline: state.isOffline, rotated };
    },
    prune: () => {
      const now = clock.now();
      return pruneSignIns(db, now, { sessionsBefore: now - outageGraceMs, peopleBefore: now - keptMs });
    },
  };
}

/** Whether it goes on, and with what mark; undefined: it is over. */
async function stateOf(deps: SessionsDeps, session: Session): Promise<{ isOffline: boolean } | undefined> {
  const now = deps.clock.now();
  if (now - session.seen > deps.sessionIdleMs) return undefined;
  if (session.isOffline) {
    const isBack = now - session.started > backMs && (await deps.isReachable(session.issuer));
    return now > session.ends || isBack ? undefined : { isOffline: true };
  }
  if (now <= session.ends) return { isOffline: false };
  if (now > session.ends + deps.outageGraceMs) return undefined;
  return (await deps.isReachable(session.issuer)) ? undefined : { isOffline: true };
}

function over(): Fault {
  return new Fault('unauthenticated', 'You are signed out. Sign in again.', { challenge });
}

export function hashOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** One and the same for a person at every issuer; of someone without an identity number, the subject at the issuer. */
export function personOf({ personNumber, issuer, subject }: Identity): Buffer {
  return hashOf(personNumber === undefined ? `${issuer} ${subject}` : `person ${personNumber}`);
}
