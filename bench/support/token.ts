/** A trial's token of a persona or a registered client, for a node that is measured over HTTP. */
import { systemClock } from '#kernel/clock.ts';
import { openDatabase } from '#kernel/db.ts';
import { systemIds } from '#kernel/ids.ts';
import { findCurrent } from '#fhir/record/store.ts';
import type { Resource } from '#fhir/types.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { createClientStore } from '#trust/provider/client-store.ts';
import { issueToken } from '#trust/provider/index.ts';

const forSeconds = 3600;

export async function tokenOf(databaseUrl: string, port: number, as: string): Promise<string> {
  const db = openDatabase(databaseUrl, { connectionsMax: 2 });
  const read = async (type: string, id: string): Promise<Resource | undefined> => {
    const found = await findCurrent(db, type, id);
    return found?.content == null ? undefined : (JSON.parse(found.content) as Resource);
  };
  const deps = { db, clock: systemClock, ids: systemIds(systemClock), baseUrl: `http://127.0.0.1:${port}` };
  try {
    return await issueToken({ ...deps, personas: personaEntries(), read }, { as, forSeconds });
  } finally {
    await db.end();
  }
}

/** A program that may read everything that is not closed, such as a quality register. */
export async function addReader(databaseUrl: string, name: string): Promise<void> {
  const db = openDatabase(databaseUrl, { connectionsMax: 2 });
  try {
    const scopes = ['system/*.rs'];
    await createClientStore(db, systemClock).add({ id: name, name, profile: 'smart', scopes, redirectUris: [] });
  } finally {
    await db.end();
  }
}
