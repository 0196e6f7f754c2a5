/**
 * A second way in, for when the issuer can't be reached: a WebAuthn key (Web Authentication Level 3) that was enrolled while it could. It opens what the
 * issuer last assured, never more, for a set time; whatever is done with it is marked and reviewed.
 */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import { challenge as authenticate } from '../tokens/index.ts';
import {
  addChallenge,
  addKey,
  findKey,
  findPerson,
  keysOf,
  removeKey,
  takeChallenge,
  useKey,
  type StoredKey,
} from './key-store.ts';
import { rolesIn } from './flow.ts';
import type { Lockout } from './lockout.ts';
import type { People } from './people.ts';
import { keptMs, type Session, type Sessions } from './sessions.ts';
import type { TellLog } from './told.ts';

export type KeysDeps = {
  db: Db;
  clock: Clock;
  randomness: Randomness;
  sessions: Sessions;
  people: People;
  lockout: Lockout;
  tell: TellLog;
  isReachable(issuerUrl: string): Promise<boolean>;
  issuers: readonly { url: string }[];
  baseUrl: string;
};

export type Keys = {
  list(session: Session): Promise<StoredKey[]>;
  /** What the browser hands to `navigator.credentials.create`. Throws a Fault `forbidden` where the sign-in is not fresh enough. */
  enrolOptions(session: Session): Promise<object>;
  enrol(session: Session, name: string, response: RegistrationResponseJSON, address: string): Promise<void>;
  remove(session: Session, id: string, address: string): Promise<void>;
  /** What the browser hands to `navigator.credentials.get`. Throws a Fault `conflict` while every issuer answers. */
  signInOptions(address: string): Promise<object>;
  /** The secret of the new session, and how many roles there are to choose from. */
  signIn(response: AuthenticationResponseJSON, address: string): Promise<{ session: string; roles: number }>;
};

const challengeMs = 300_000;
/** How fresh a sign-in must be to enrol a key with it. */
const freshMs = 3_600_000;
const keysMax = 10;

type Parts = KeysDeps & { expected: Expected; newChallenge(session: string | null): Promise<Buffer<ArrayBuffer>> };

export function createKeys(deps: KeysDeps): Keys {
  const { db, clock } = deps;
  const { hostname, origin } = new URL(deps.baseUrl);
  const expected = { expectedOrigin: origin, expectedRPID: hostname, requireUserVerification: true };
  const newChallenge = async (session: string | null): Promise<Buffer<ArrayBuffer>> => {
    const challenge = Buffer.from(deps.randomness.bytes(32));
    await addChallenge(db, challenge, session, clock.now() + challengeMs);
    return challenge;
  };

  const parts = { ...deps, expected, newChallenge };
  return { ...enrolling(parts), ...signingIn(parts) };
}

function enrolling(parts: Parts): Pick<Keys, 'list' | 'remove' | 'enrolOptions' | 'enrol'> {
  const { db, clock, expected, people, tell, newChallenge } = parts;
  const tellOf = async ({ identity, id }: Session, ground: string, address: string): Promise<void> => {
    const found = await people.find(identity).catch(() => undefined);
    await tell({ action: 'administration', identity, found, outcome: 'allowed', ground, address, session: id });
  };
  return {
    list: (session) => keysOf(db, session.person, session.issuer),
    async remove(session, id, address) {
      await tellOf(session, 'key-removed', address);
      await removeKey(db, session.person, Buffer.from(id, 'base64url'));
    },
    async enrolOptions(session) {
      refuseStale(session, clock.now());
      const known = await keysOf(db, session.person, session.issuer);
      if (known.length >= keysMax) throw new Fault('conflict', `You have ${keysMax} keys. Remove one first.`);
      const found = await people.find(session.identity);
      const { generateRegistrationOptions } = await import('@simplewebauthn/server');
      return generateRegistrationOptions({
        rpName: 'Fyr',
        rpID: expected.expectedRPID,
        userName: found.kind === 'system' ? '' : found.name,
        userID: new Uint8Array(session.person),
        challenge: await newChallenge(session.id),
        attestationType: 'none',
        excludeCredentials: known.map(({ credential }) => ({ id: credential.toString('base64url') })),
        // Nobody types a name at night, and whoever finds a key can't use it.
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
    },
    async enrol(session, name, response, address) {
      refuseStale(session, clock.now());
      const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
      const verified = await verifyRegistrationResponse({
        ...expected,
        response,
        expectedChallenge: (text) => takeChallenge(db, Buffer.from(text, 'base64url'), session.id, clock.now()),
      }).catch(refuseKey);
      if (!verified.verified) throw refuseKey();
      const { credential } = verified.registrationInfo;
      await tellOf(session, 'key-enrolled', address);
      const isNew = await addKey(db, {
        credential: Buffer.from(credential.id, 'base64url'),
        person: session.person,
        issuer: session.issuer,
        publicKey: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: credential.transports ?? [],
        name,
        enrolled: clock.now(),
      });
      if (!isNew) throw new Fault('conflict', 'That key is enrolled already.');
    },
  };
}

function signingIn(parts: Parts): Pick<Keys, 'signInOptions' | 'signIn'> {
  const { expected, lockout, newChallenge } = parts;
  return {
    async signInOptions(address) {
      await lockout.refuseLocked({ address });
      const answers = await Promise.all(parts.issuers.map(({ url }) => parts.isReachable(url)));
      if (answers.every(Boolean)) throw issuerAnswers();
      const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
      const challenge = await newChallenge(null);
      return generateAuthenticationOptions({ rpID: expected.expectedRPID, challenge, userVerification: 'required' });
    },
    async signIn(response, address) {
      const who = { address, credential: `key ${response.id}` };
      await lockout.refuseLocked(who);
      try {
        const key = await verifiedKey(parts, response);
        const done = await enterOffline(parts, key, address);
        await lockout.succeeded(who);
        return done;
      } catch (error) {
        if (!(error instanceof Fault) || error.kind === 'unavailable' || error.kind === 'conflict') throw error;
        await lockout.failed(who);
        const outcome = { outcome: 'refused', reason: error.message, isOffline: true } as const;
        await parts.tell({ action: 'sign-in', identity: undefined, ground: 'key', address, ...outcome });
        throw error;
      }
    },
  };
}

function refuseStale(session: Session, now: number): void {
  if (session.isOffline) throw new Fault('forbidden', 'A key is enrolled while the sign-in service can be reached.');
  if (now - session.started > freshMs)
    throw new Fault('forbidden', 'Sign in again before you enrol a key: this sign-in is more than an hour old.');
}

function issuerAnswers(): Fault {
  return new Fault('conflict', 'The sign-in service answers: sign in there.');
}

function refuseKey(cause?: unknown): never {
  throw new Fault('unauthenticated', 'The key was not accepted.', { challenge: authenticate, cause });
}

type Expected = { expectedOrigin: string; expectedRPID: string; requireUserVerification: boolean };

async function verifiedKey(parts: Parts, response: AuthenticationResponseJSON): Promise<StoredKey> {
  const { db, clock, expected } = parts;
  const key = await findKey(db, Buffer.from(response.id, 'base64url'));
  if (key === undefined) return refuseKey();
  const { credential, publicKey, counter } = key;
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const verified = await verifyAuthenticationResponse({
    ...expected,
    response,
    expectedChallenge: (text) => takeChallenge(db, Buffer.from(text, 'base64url'), null, clock.now()),
    credential: { id: credential.toString('base64url'), publicKey: new Uint8Array(publicKey), counter },
  }).catch(refuseKey);
  if (!verified.verified) return refuseKey();
  if (!(await useKey(db, key, verified.authenticationInfo.newCounter, clock.now()))) return refuseKey();
  return key;
}

/** What the issuer last assured, where that is not too long ago and it can't be asked now. */
async function enterOffline(
  deps: KeysDeps,
  { person, issuer }: StoredKey,
  address: string,
): Promise<{ session: string; roles: number }> {
  const known = await findPerson(deps.db, person, issuer);
  if (known === undefined || deps.clock.now() - known.connected > keptMs)
    throw new Fault('forbidden', 'It is too long since you signed in with the sign-in service.');
  if (await deps.isReachable(issuer)) throw issuerAnswers();
  const { identity } = known;
  const found = await deps.people.find(identity, { isOffline: true });
  await deps.tell({ action: 'sign-in', identity, found, outcome: 'allowed', ground: 'key', address, isOffline: true });
  const session = await deps.sessions.begin({
    identity,
    issuerSession: undefined,
    idToken: undefined,
    isOffline: true,
  });
  return { session, roles: rolesIn(found) };
}
