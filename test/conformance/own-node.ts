/** A node on a database of its own, for tests that count everything or change what the node knows. */
import { inject } from 'vitest';
import { createDatabase, dropDatabase } from '#kernel/db-create.ts';
import { testApi, type TestApi } from '../support/fhir.ts';

export type OwnDatabase = { url: string; drop(): Promise<void> };

/** A migrated database. `name` is of a-z and _ and no other test's. */
export async function ownDatabase(name: string): Promise<OwnDatabase> {
  const database = `${inject('databaseName')}_${name}`;
  const server = inject('databaseServer');
  await dropDatabase(server, database);
  await createDatabase(server, database, `${inject('databaseName')}_template`);
  return { url: server.replace(/\/[^/]*$/, `/${database}`), drop: () => dropDatabase(server, database) };
}

export type OwnNode = TestApi & { databaseUrl: string };

/** Opens a node on a database of its own; its `close` removes the database too. */
export async function ownNode(name: string, environment: { [name: string]: string } = {}): Promise<OwnNode> {
  const { url, drop } = await ownDatabase(name);
  const api = await testApi(environment, url);
  const close = async (): Promise<void> => {
    await api.close();
    await drop();
  };
  return { ...api, databaseUrl: url, close };
}

/** Some hundred requests as batches; the answers in the order of the requests. */
export async function askAll(api: TestApi, urls: readonly string[], atOnce = 400): Promise<any[]> {
  const answers: any[] = [];
  for (let start = 0; start < urls.length; start += atOnce) {
    const entry = urls.slice(start, start + atOnce).map((url) => ({ request: { method: 'GET', url } }));
    const { status, body, text } = await api.ask('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    if (status !== 200) throw new Error(`the batch is refused: ${status} ${text.slice(0, 500)}`);
    answers.push(...body.entry);
  }
  return answers;
}
