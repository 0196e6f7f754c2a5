/** WebAuthn keys and the challenges handed out for them. */
import type { Db } from '#kernel/db.ts';
import type { Identity } from './identity.ts';

export type StoredKey = {
  credential: Buffer;
  person: Buffer;
  issuer: string;
  publicKey: Buffer;
  counter: number;
  transports: string[];
  name: string;
  enrolled: number;
  used: number | null;
};

const columns = (db: Db) =>
  db`credential, person, issuer, public_key as "publicKey", counter, transports, name, enrolled, used`;

/** False when the credential is there already. */
export async function addKey(db: Db, key: Omit<StoredKey, 'used'>): Promise<boolean> {
  const { credential, person, issuer, publicKey, counter, transports, name, enrolled } = key;
  const { count } = await db`
    insert into sign_in_key (credential, person, issuer, public_key, counter, transports, name, enrolled)
    values (${credential}, ${person}, ${issuer}, ${publicKey}, ${counter}, ${transports}, ${name}, ${enrolled})
    on conflict (credential) do nothing`;
  return count === 1;
}

export async function keysOf(db: Db, person: Buffer, issuer: string): Promise<StoredKey[]> {
  return db<StoredKey[]>`
    select ${columns(db)} from sign_in_key where person = ${person} and issuer = ${issuer} order by enrolled`;
}

export async function findKey(db: Db, credential: Buffer): Promise<StoredKey | undefined> {
  const [row] = await db<StoredKey[]>`select ${columns(db)} from sign_in_key where credential = ${credential}`;
  return row;
}

/** False when its counter has been raised meanwhile: two have the same key. */
export async function useKey(db: Db, key: StoredKey, counter: number, now: number): Promise<boolean> {
  const { count } = await db`
    update sign_in_key set counter = ${counter}, used = ${now}
    where credential = ${key.credential} and counter = ${key.counter}`;
  return count === 1;
}

export async function removeKey(db: Db, person: Buffer, credential: Buffer): Promise<void> {
  await db`delete from sign_in_key where credential = ${credential} and person = ${person}`;
}

/** What the issuer last assured of the person, and when. */
export async function findPerson(
  db: Db,
  person: Buffer,
  issuer: string,
): Promise<{ identity: Identity; connected: number } | undefined> {
  const [row] = await db<{ identity: Identity; connected: number }[]>`
    select identity, connected from sign_in_person where person = ${person} and issuer = ${issuer}`;
  return row;
}

/** `session`: the one that enrols a key; null for signing in. */
export async function addChallenge(db: Db, challenge: Buffer, session: string | null, ends: number): Promise<void> {
  await db`insert into sign_in_challenge (challenge, session, ends) values (${challenge}, ${session}, ${ends})`;
}

/** True once, and only for whom it was made. */
export async function takeChallenge(db: Db, challenge: Buffer, session: string | null, now: number): Promise<boolean> {
  const { count } = await db`
    delete from sign_in_challenge
    where challenge = ${challenge} and session is not distinct from ${session}::uuid and ends > ${now}`;
  return count === 1;
}
