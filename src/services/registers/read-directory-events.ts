/** The feeds of what happened to personnel and to organisations. Other parts follow them with `after`, as they do persons. */
import { Fault } from '#kernel/fault.ts';
import type { Db } from '#kernel/db.ts';
import type {
  DirectoryEventPage,
  OrganisationEvent,
  OrganisationEventKind,
  PersonnelEvent,
  PersonnelEventKind,
} from './contract.ts';
import { readEvents, type StoredEvent } from './persons/event-store.ts';

/** The next events after a cursor (`next` of the page before; left out: from the beginning), at most `limit`. Faults: invalid. */
export type Asked = { after?: string | undefined; limit: number };

export async function readPersonnelEvents(db: Db, asked: Asked): Promise<DirectoryEventPage<PersonnelEvent>> {
  const { stored, next } = await readStream<PersonnelEventKind>(db, 'personnel', asked);
  return { events: stored.map((each) => ({ practitioner: each.person, ...told(each) })), next };
}

export async function readOrganisationEvents(db: Db, asked: Asked): Promise<DirectoryEventPage<OrganisationEvent>> {
  const { stored, next } = await readStream<OrganisationEventKind>(db, 'organisations', asked);
  return { events: stored.map((each) => ({ organisation: each.person, ...told(each) })), next };
}

async function readStream<Kind>(
  db: Db,
  stream: 'personnel' | 'organisations',
  { after = '0', limit }: Asked,
): Promise<{ stored: StoredEvent<Kind>[]; next: string }> {
  if (!/^\d{1,15}$/.test(after)) throw new Fault('invalid', 'after must be what an earlier page gave as next.');
  const stored = await readEvents<Kind>(db, stream, Number(after), limit);
  return { stored, next: String(stored.at(-1)?.number ?? Number(after)) };
}

function told<Kind>({ kind, occurred, detail, recorded }: StoredEvent<Kind>): {
  kind: Kind;
  occurred: string;
  recorded: string;
  detail?: string;
} {
  return { kind, occurred, recorded: new Date(recorded).toISOString(), ...(detail === null ? {} : { detail }) };
}
