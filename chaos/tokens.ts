/** Tokens at each node: of people of the sample, and of a system of the region (a laboratory, monitors). Made as `fyr token` makes them. */
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { findCurrent } from '#fhir/record/store.ts';
import type { Resource } from '#fhir/types.ts';
import { createClientStore, issueToken, newPrivateKey, publicPart } from '#trust/provider/index.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import type { NodeProcess } from './node-process.ts';

export const systemName = 'chaos-monitors';
const forSeconds = 12 * 3600;

/** The system is let in once at each node, since each has a provider of its own in a trial. */
export async function registerSystem({ db }: Pick<NodeProcess, 'db'>): Promise<void> {
  const clients = createClientStore(db, systemClock);
  if (await clients.findByName(systemName)) return;
  const key = publicPart(await newPrivateKey('ES256'));
  const scopes = ['system/*.cruds'];
  await clients.add({
    id: systemName,
    name: systemName,
    profile: 'smart',
    scopes,
    redirectUris: [],
    jwks: { keys: [key] },
  });
}

/** By the node's own clock, as its provider would issue it. */
export async function tokenAt(
  { db, url, clockOffsetMs }: Pick<NodeProcess, 'db' | 'url' | 'clockOffsetMs'>,
  as: string,
): Promise<string> {
  const clock = { ...systemClock, now: () => systemClock.now() + clockOffsetMs };
  const read = async (type: string, id: string): Promise<Resource | undefined> => {
    const found = await findCurrent(db, type, id);
    return found?.content == null ? undefined : (JSON.parse(found.content) as Resource);
  };
  const own = { clock, ids: systemIds(clock), personas: personaEntries() };
  return issueToken({ db, baseUrl: url, read, ...own }, { as, forSeconds });
}
