/**
 * A whole node for tests: its HTTP socket, trust and all, on a database of its own with the sample's first residents and the people to sign in as.
 * The sample is loaded once a test run; each node gets a copy.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { inject } from 'vitest';
import { readConfig, type Config } from '#kernel/config.ts';
import { systemClock } from '#kernel/clock.ts';
import { createDatabase, dropDatabase } from '#kernel/db-create.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemIds } from '#kernel/ids.ts';
import { findCurrent } from '#fhir/record/store.ts';
import type { Resource } from '#fhir/types.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { issueToken } from '#trust/provider/index.ts';
import { openRecord, startNode, type Node } from '../../src/app.ts';
import type { CommandContext } from '../../src/cli/command.ts';
import { loadSample } from '../../src/cli/sample.ts';

export type NodeAnswer = {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON, when it is any. */
  body: any;
};

export type Asking = {
  /** The key of a persona, or the name of a client: sent as a trial's Bearer. Without it nobody asks. */
  as?: string;
  /** SMART scopes of the token. */
  scopes?: string;
  body?: unknown;
  headers?: { [name: string]: string };
};

export type TestNode = {
  node: Node;
  config: Config;
  /** Without a slash at its end. */
  url: string;
  databaseUrl: string;
  /** Its settings, by which another process knows it. */
  environment: { [name: string]: string };
  /** A second way to the node's database, to look at it and to spoil it. */
  db: Db;
  /** What a command of `fyr` on this node is handed. `written` is what it said. */
  command(): CommandContext & { written(): string };
  /** A trial's token of a persona or client. */
  tokenOf(as: string, scopes?: string): Promise<string>;
  /** `path` from the root: `/fhir/Patient/…`, `/api/…`. */
  ask(method: string, path: string, asking?: Asking): Promise<NodeAnswer>;
  stop(): Promise<void>;
};

const sampleResidents = 40;

/** Where the databases of a run lie, and what their names begin with. A test is told by its runner. */
export type DatabasePlace = { databaseServer: string; databaseName: string };
const injectedPlace = (): DatabasePlace => ({
  databaseServer: inject('databaseServer'),
  databaseName: inject('databaseName'),
});

/** @param name of a–z and _, no other test's: what its database is called */
export async function testNode(
  name: string,
  environment: { [name: string]: string } = {},
  place: DatabasePlace = injectedPlace(),
): Promise<TestNode> {
  const databaseUrl = await sampleDatabaseUrl(name, place);
  const folder = mkdtempSync(join(tmpdir(), 'fyr-node-'));
  const port = await freePort();
  const settings = {
    ...nodeSettings(folder),
    FYR_PORT: String(port),
    FYR_BASE_URL: `http://127.0.0.1:${port}`,
    FYR_TRIAL_BEARER: '1',
    DATABASE_URL: databaseUrl,
    ...environment,
  };
  const { config, secrets } = readConfig(settings, folder);
  const node = await startNode(config, databaseUrl, pino({ level: 'silent' }), personaEntries());
  const db = openDatabase(databaseUrl, { connectionsMax: 2 });
  const { tokens, ask } = askingOf(db, config);
  return {
    node,
    config,
    url: config.baseUrl,
    databaseUrl,
    environment: settings,
    db,
    tokenOf: tokens,
    command: () => commandContext(folder, () => ({ config, secrets })),
    ask,
    async stop() {
      await node.stop();
      await db.end({ timeout: 5 });
      await dropSampleDatabase(name, place);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A database of this name with the sample's residents. */
export async function sampleDatabaseUrl(name: string, place: DatabasePlace = injectedPlace()): Promise<string> {
  const { databaseServer: server, databaseName } = place;
  const database = `${databaseName}_${name}`;
  await dropDatabase(server, database);
  await createDatabase(server, database, await sampleTemplate(place));
  return beside(server, database);
}

export function dropSampleDatabase(name: string, place: DatabasePlace = injectedPlace()): Promise<void> {
  return dropDatabase(place.databaseServer, `${place.databaseName}_${name}`);
}

/** Asking a node over its socket, as people of the sample whom its record knows. */
export function askingOf(db: Db, config: Config): { tokens: TestNode['tokenOf']; ask: TestNode['ask'] } {
  const tokens = createTokens(db, config);
  return {
    tokens,
    async ask(method, path, { as, scopes, body, headers = {} } = {}) {
      const authorization = as === undefined ? {} : { authorization: `Bearer ${await tokens(as, scopes)}` };
      return send(`${config.baseUrl}${path}`, method, body, { ...authorization, ...headers });
    },
  };
}

const nodeSettings = (folder: string) => ({
  FYR_SAMPLE: '0',
  FYR_NODE: 'test',
  FYR_HOST: '127.0.0.1',
  FYR_DATA: folder,
});

async function send(
  url: string,
  method: string,
  body: unknown,
  headers: { [name: string]: string },
): Promise<NodeAnswer> {
  const type = /\/fhir(\/|\?|$)/.test(url) ? 'application/fhir+json' : 'application/json';
  const answer = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: jsonOf(text) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each token is made once. */
function createTokens(db: Db, { baseUrl }: Config): TestNode['tokenOf'] {
  const made = new Map<string, Promise<string>>();
  const read = async (type: string, id: string): Promise<Resource | undefined> => {
    const found = await findCurrent(db, type, id);
    return found?.content == null ? undefined : (JSON.parse(found.content) as Resource);
  };
  return (as, scopes) => {
    const key = `${as} ${scopes ?? ''}`;
    const deps = { db, clock: systemClock, ids: systemIds(systemClock), baseUrl, personas: personaEntries(), read };
    const token =
      made.get(key) ??
      issueToken(deps, { as, forSeconds: 3600, ...(scopes === undefined ? {} : { scopes: scopes.split(' ') }) });
    made.set(key, token);
    return token;
  };
}

function commandContext(
  folder: string,
  readConfig: CommandContext['readConfig'],
): CommandContext & { written(): string } {
  let text = '';
  const output = { write: (more: string): unknown => (text += more) };
  return { readConfig, folder, output, signal: new AbortController().signal, written: () => text };
}

export async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** The database with the sample that others are copies of; the first who needs it makes it. */
async function sampleTemplate({ databaseServer: server, databaseName }: DatabasePlace): Promise<string> {
  const name = `${databaseName}_sample`;
  const making = `${name}_making`;
  const db = openDatabase(server, { connectionsMax: 1 });
  try {
    await db`select pg_advisory_lock(hashtext(${name}))`;
    const [found] = await db`select 1 from pg_database where datname = ${name}`;
    if (found === undefined) {
      await dropDatabase(server, making);
      await createDatabase(server, making, `${databaseName}_template`);
      await fill(beside(server, making));
      await db`alter database ${db(making)} rename to ${db(name)}`;
    }
  } finally {
    await db.end();
  }
  return name;
}

async function fill(databaseUrl: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-sample-'));
  const { config, secrets } = readConfig({ ...nodeSettings(folder), FYR_SAMPLE: String(sampleResidents) }, folder);
  const record = await openRecord(config, databaseUrl);
  try {
    await loadSample(
      record,
      config,
      commandContext(folder, () => ({ config, secrets })),
    );
  } finally {
    await record.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function beside(server: string, database: string): string {
  return server.replace(/\/[^/]*$/, `/${database}`);
}
