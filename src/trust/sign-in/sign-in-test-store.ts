/** For tests: what lies in the tables of signing in. */
import { hash } from 'node:crypto';
import type { Db } from '#kernel/db.ts';

/** Sessions that hold this text anywhere. */
export async function countSessionsWith(db: Db, text: string): Promise<number> {
  const hex = Buffer.from(text, 'base64url').toString('hex');
  const [row] = await db<{ count: number }[]>`
    select count(*) as count from sign_in_session s
    where s::text like ${`%${text}%`} or s::text like ${`%${hex}%`} or s::text like ${`%${Buffer.from(text).toString('hex')}%`}`;
  return row?.count ?? 0;
}

const personOf = (number: string): Buffer => hash('sha256', `person ${number}`, 'buffer');

/** As if the issuer had last spoken then. */
export async function setConnected(db: Db, personNumber: string, at: number): Promise<void> {
  await db`update sign_in_person set connected = ${at} where person = ${personOf(personNumber)}`;
}

/** As if another copy of the person's keys had been used. */
export async function setCounter(db: Db, personNumber: string, counter: number): Promise<void> {
  await db`update sign_in_key set counter = ${counter} where person = ${personOf(personNumber)}`;
}

export async function isKnown(db: Db, personNumber: string): Promise<boolean> {
  const rows = await db`select from sign_in_person where person = ${personOf(personNumber)}`;
  return rows.length > 0;
}
