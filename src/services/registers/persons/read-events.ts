/** The feed of what happened to persons: born, moved, changed number, merged, split, died. Other parts follow it with `after`. */
import { Fault } from '#kernel/fault.ts';
import type { Db } from '#kernel/db.ts';
import type { EventPage, RegisterAccess } from '../contract.ts';
import { readEvents as readStream, type StoredEvent } from './event-store.ts';

/**
 * The next events after a cursor (`next` of the page before; left out: from the beginning), at most `limit`. What is about protected
 * addresses comes only to who may know; to others there is neither such an event nor a gap.
 */
export async function readEvents(
  db: Db,
  { after = '0', limit, access }: { after?: string; limit: number; access: RegisterAccess },
): Promise<EventPage> {
  const [open, hidden] = cursorOf(after);
  const told = await readStream(db, 'open', open, limit);
  const secret = access.mayKnowProtectedAddress ? await readStream(db, 'protected', hidden, limit) : [];
  const next = [
    told.at(-1)?.number ?? open,
    ...(access.mayKnowProtectedAddress ? [secret.at(-1)?.number ?? hidden] : []),
  ];
  return { events: [...told, ...secret].map(eventOf), next: next.join('.') };
}

function eventOf({ person, kind, occurred, detail, recorded }: StoredEvent): EventPage['events'][number] {
  const rest = { person, kind, occurred, recorded: new Date(recorded).toISOString() };
  return detail === null ? rest : { ...rest, detail };
}

function cursorOf(after: string): [number, number] {
  const match = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(after);
  if (match === null) throw new Fault('invalid', 'after must be what an earlier page gave as next.');
  return [Number(match[1]), Number(match[2] ?? 0)];
}
