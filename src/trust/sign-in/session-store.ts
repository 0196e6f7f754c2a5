/** Page sessions and sign-ins under way. */
import type { Db } from '#kernel/db.ts';
import type { Identity } from './identity.ts';

export type Session = {
  id: string;
  csrf: string;
  person: Buffer;
  issuer: string;
  subject: string;
  issuerSession: string | null;
  idToken: string | null;
  identity: Identity;
  practitionerRole: string | null;
  /** Milliseconds since 1970. */
  started: number;
  seen: number;
  ends: number;
  rotated: number;
  isConfirmed: boolean;
  isOffline: boolean;
  /** Found by the secret that is the current one, not by the one before. */
  isCurrent: boolean;
};

export type NewSession = Omit<Session, 'seen' | 'rotated' | 'isConfirmed' | 'isCurrent'> & { secret: Buffer };

const columns = (db: Db, secret: Buffer) => db`
  id, csrf, person, issuer, subject, issuer_session as "issuerSession", id_token as "idToken", identity,
  practitioner_role as "practitionerRole", started, seen, ends, rotated, is_confirmed as "isConfirmed",
  is_offline as "isOffline", secret = ${secret} as "isCurrent"`;

export async function addSession(db: Db, session: NewSession): Promise<void> {
  const { id, secret, csrf, person, issuer, subject, issuerSession, idToken, identity } = session;
  const { practitionerRole, started, ends, isOffline } = session;
  await db`
    insert into sign_in_session (id, secret, rotated, is_confirmed, csrf, person, issuer, subject, issuer_session, id_token,
      identity, practitioner_role, started, seen, ends, is_offline)
    values (${id}, ${secret}, ${started}, true, ${csrf}, ${person}, ${issuer}, ${subject}, ${issuerSession}, ${idToken},
      ${db.json(identity as never)}, ${practitionerRole}, ${started}, ${started}, ${ends}, ${isOffline})`;
}

/** By the hash of the cookie's secret, the current one or the one before. */
export async function findSession(db: Db, secret: Buffer): Promise<Session | undefined> {
  const [row] = await db<Session[]>`
    select ${columns(db, secret)} from sign_in_session where secret = ${secret} or earlier = ${secret}`;
  return row;
}

/** Gives the session a new secret where `from` is still the current one (or may still be shown); false when another request was first. */
export async function rotateSession(db: Db, id: string, from: Buffer, to: Buffer, now: number): Promise<boolean> {
  const { count } = await db`
    update sign_in_session set earlier = ${from}, secret = ${to}, rotated = ${now}, is_confirmed = false, seen = ${now}
    where id = ${id} and (secret = ${from} or (earlier = ${from} and not is_confirmed))`;
  return count === 1;
}

/** Seen now, with the current secret: the one before is shown no more. */
export async function markSeen(db: Db, id: string, now: number): Promise<void> {
  await db`update sign_in_session set seen = ${now}, is_confirmed = true where id = ${id}`;
}

export async function chooseRole(db: Db, id: string, practitionerRole: string): Promise<void> {
  await db`update sign_in_session set practitioner_role = ${practitionerRole} where id = ${id}`;
}

export async function removeSession(db: Db, id: string): Promise<void> {
  await db`delete from sign_in_session where id = ${id}`;
}

/** All of a person, at whichever issuer; gives how many there were. */
export async function removeSessionsOf(db: Db, person: Buffer): Promise<number> {
  const { count } = await db`delete from sign_in_session where person = ${person}`;
  return count;
}

/** Those that an issuer says are over: one of its sessions, or all of a subject. */
export async function removeSessionsAt(
  db: Db,
  issuer: string,
  which: { issuerSession?: string; subject?: string },
): Promise<number> {
  const { issuerSession, subject } = which;
  const { count } = await db`
    delete from sign_in_session where issuer = ${issuer}
      ${issuerSession === undefined ? db`` : db`and issuer_session = ${issuerSession}`}
      ${subject === undefined ? db`` : db`and subject = ${subject}`}`;
  return count;
}

export type Attempt = {
  issuer: string;
  state: string;
  nonce: string;
  verifier: string;
  returnTo: string;
  ends: number;
};

export async function addAttempt(db: Db, secret: Buffer, attempt: Attempt): Promise<void> {
  const { issuer, state, nonce, verifier, returnTo, ends } = attempt;
  await db`
    insert into sign_in_attempt (secret, issuer, state, nonce, verifier, return_to, ends)
    values (${secret}, ${issuer}, ${state}, ${nonce}, ${verifier}, ${returnTo}, ${ends})`;
}

/** Takes it away: it can be used once. */
export async function takeAttempt(db: Db, secret: Buffer, now: number): Promise<Attempt | undefined> {
  const [row] = await db<Attempt[]>`
    delete from sign_in_attempt where secret = ${secret}
    returning issuer, state, nonce, verifier, return_to as "returnTo", ends`;
  return row !== undefined && row.ends > now ? row : undefined;
}

/** What an issuer assured of the person, kept for the time when it can't be asked. */
export async function keepPerson(db: Db, person: Buffer, identity: Identity, now: number): Promise<void> {
  await db`
    insert into sign_in_person (person, issuer, identity, connected)
    values (${person}, ${identity.issuer}, ${db.json(identity as never)}, ${now})
    on conflict (person, issuer) do update set identity = excluded.identity, connected = excluded.connected`;
}

/** Removes what is over: sessions that ended before the one time, people without a key whom an issuer last spoke of before the other. */
export async function pruneSignIns(
  db: Db,
  now: number,
  { sessionsBefore, peopleBefore }: { sessionsBefore: number; peopleBefore: number },
): Promise<void> {
  await db`
    delete from sign_in_person p where connected < ${peopleBefore}
      and not exists (select from sign_in_key k where k.person = p.person and k.issuer = p.issuer)`;
  await db`delete from sign_in_session where ends < ${sessionsBefore}`;
  await db`delete from sign_in_attempt where ends < ${now}`;
  await db`delete from sign_in_challenge where ends < ${now}`;
}
