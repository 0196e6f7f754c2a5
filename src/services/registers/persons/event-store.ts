/** The feed of events. */
import type { Db } from '#kernel/db.ts';
import type { EventKind } from '../contract.ts';

export type StoredEvent = {
  number: number;
  person: string;
  kind: EventKind;
  occurred: string;
  detail: string | null;
  recorded: number;
};

/** Events of a stream after a number, in order. */
export async function readEvents(
  db: Db,
  stream: 'open' | 'protected',
  after: number,
  limit: number,
): Promise<StoredEvent[]> {
  return db<StoredEvent[]>`
    select number, person, kind, occurred, detail, recorded from register_event
    where stream = ${stream} and number > ${after} order by number limit ${limit}`;
}

/** Takes away what the events of a person told of where he moved. */
export async function clearPlaces(db: Db, person: string): Promise<void> {
  await db`
    update register_event set detail = null
    where person = ${person} and stream = 'open' and kind in ('ChangeInResidentialAddress', 'ChangeInResidentialAddressWithoutRelocation')
      and detail is not null`;
}
