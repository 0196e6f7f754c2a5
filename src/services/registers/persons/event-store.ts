/** The feed of events. */
import type { Db } from '#kernel/db.ts';
import type { EventKind } from '../contract.ts';

/** Of persons, what all may know and what few may; of personnel; of organisations. */
export type EventStream = 'open' | 'protected' | 'personnel' | 'organisations';

/** `person`: the id of whom it is about, also where that is a practitioner or an organisation. */
export type StoredEvent<Kind = EventKind> = {
  number: number;
  person: string;
  kind: Kind;
  occurred: string;
  detail: string | null;
  recorded: number;
};

/** Events of a stream after a number, in order. */
export async function readEvents<Kind = EventKind>(
  db: Db,
  stream: EventStream,
  after: number,
  limit: number,
): Promise<StoredEvent<Kind>[]> {
  return db<StoredEvent<Kind>[]>`
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
