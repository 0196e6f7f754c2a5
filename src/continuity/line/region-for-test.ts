/** A region and its nodes for tests: each a whole node with sockets and a database of its own; the lines between them can be cut. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { readConfig, type Config } from '#kernel/config.ts';
import { Fault } from '#kernel/fault.ts';
import { systemIds, systemRandomness } from '#kernel/ids.ts';
import type { Resource } from '#fhir/types.ts';
import {
  createAuthority,
  initAuthority,
  makeRequest,
  unlockAuthority,
  writeIdentity,
  type CertificateAuthority,
} from '#trust/authority/index.ts';
import { openRecord, startNode, type Node } from '../../app.ts';
import { openDatabase } from '#kernel/db.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { ownDatabaseUrl } from '../../../test/support/database.ts';
import {
  askingOf,
  dropSampleDatabase,
  freePort,
  sampleDatabaseUrl,
  type TestNode as AskedNode,
} from '../../../test/support/node.ts';
import { addNode } from './add-node.ts';
import { enrolNode, fillNode } from './join.ts';
import { identityFolder } from './identity-folder.ts';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export const testPassphrase = 'correct horse battery';
const passphrase = testPassphrase;
const host = '127.0.0.1';

export type TestNode = {
  name: string;
  config: Config;
  databaseUrl: string;
  linePort: number;
  node: Node;
  ask(method: string, path: string, body?: object): Promise<{ status: number; body: any }>;
  make(resource: object): Promise<any>;
  /** Over the socket, as somebody of the sample: where the region was made with its people. */
  askAs(as: string, method: string, path: string, body?: unknown): ReturnType<AskedNode['ask']>;
  /** Ends it without telling anybody, as a crash of the process would; the database goes on. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

export type TestRegion = {
  region: TestNode;
  authority: CertificateAuthority;
  /** Names a node, lets it enrol through a line that can be cut, and gives its settings: it is neither filled nor started. */
  enrol(name: string, places: readonly string[], below?: TestNode): Promise<Enrolled>;
  /** Names a node, lets it enrol through a line that can be cut, fills it and starts it. */
  join(name: string, places: readonly string[], below?: TestNode): Promise<{ joined: TestNode; line: TcpProxy }>;
  code(name: string, places: readonly string[], below?: string): Promise<string>;
};

export type Enrolled = {
  url: string;
  environment: { [name: string]: string };
  config: Config;
  databaseUrl: string;
  line: TcpProxy;
};

export type RegionOptions = {
  /** The region has the sample, and its people sign in at every node. */
  withPeople?: boolean;
  /** Takes what is to be done at the end, the last first. Without it the region lives as long as its test. */
  onEnd?: (end: () => void | Promise<void>) => void;
};

export async function testRegion(
  test: string,
  { withPeople = false, onEnd = onTestFinished }: RegionOptions = {},
): Promise<TestRegion> {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-line-'));
  const name = `line_${test}_region`;
  const databaseUrl = withPeople ? await sampleDatabaseUrl(name) : await ownDatabaseUrl(name, 'migrated', onEnd);
  if (withPeople) onEnd(() => dropSampleDatabase(name));
  const { config } = readConfig(await environmentOf('region', 'region', join(folder, 'region'), undefined), folder);
  const caFolder = config.security.authority.folder;
  const first = { name: 'Test', passphrase, now: Date.now(), days: 30, work: 16_384 };
  await initAuthority(caFolder, first, systemRandomness);
  const record = await openRecord(config, databaseUrl);
  const key = await unlockAuthority(caFolder, passphrase);
  const own = { clock: systemClock, randomness: systemRandomness };
  const before = createAuthority({ authority: key, db: record.db, ...own });
  const { key: nodeKey, request } = await makeRequest('region');
  const { certificate } = await before.issue(request, 'region', []);
  const revocationList = await before.revocationList();
  writeIdentity(identityFolder(config), { certificate, key: nodeKey, authority: before.certificate, revocationList });
  await record.close();

  const region = await started('region', config, databaseUrl, onEnd);
  // What is registered last ends first: nodes before their databases.
  onEnd(async () => {
    await region.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const authority = createAuthority({ authority: key, db: region.node.db, ...own });
  const code: TestRegion['code'] = async (name, places, below = 'region') => {
    await addNode(region.node.db, 'region', { name, below, places });
    return authority.createCode(name, [host]);
  };
  const enrol: TestRegion['enrol'] = async (name, places, below = region) => {
    const made = await code(name, places, below.name);
    const line = await openTcpProxy({ host, port: 0 }, { host, port: below.linePort });
    const url = `https://${host}:${line.port}`;
    const role = below === region ? 'site' : 'ward';
    const environment = await environmentOf(name, role, join(folder, name), url);
    const settings = readConfig(environment, folder).config;
    const ownDatabase = await ownDatabaseUrl(`line_${test}_${name.replaceAll('-', '_')}`, 'migrated', onEnd);
    await enrolNode(url, made, name, identityFolder(settings));
    onEnd(() => line.stop());
    return { url, environment, config: settings, databaseUrl: ownDatabase, line };
  };
  return {
    region,
    authority,
    code,
    enrol,
    async join(name, places, below = region) {
      const { config: settings, databaseUrl: ownDatabase, line } = await enrol(name, places, below);
      await filled(settings, ownDatabase);
      const joined = await started(name, settings, ownDatabase, onEnd);
      onEnd(async () => {
        await joined.stop();
      });
      return { joined, line };
    },
  };
}

async function environmentOf(
  node: string,
  role: string,
  folder: string,
  upstream: string | undefined,
): Promise<{ [name: string]: string }> {
  const port = await freePort();
  return {
    FYR_NODE: node,
    FYR_ROLE: role,
    FYR_SAMPLE: '0',
    FYR_DATA: folder,
    FYR_HOST: host,
    FYR_PORT: String(port),
    FYR_LINE_PORT: String(await freePort()),
    FYR_REFERENCES: 'lenient',
    FYR_DATABASE_CONNECTIONS: '6',
    FYR_TRIAL_BEARER: '1',
    ...(upstream === undefined ? {} : { FYR_UPSTREAM: upstream }),
  };
}

async function filled(config: Config, databaseUrl: string): Promise<void> {
  const { db, fhir, close } = await openRecord(config, databaseUrl);
  const deps = {
    config,
    db,
    fhir,
    clock: systemClock,
    ids: systemIds(systemClock),
    report: (event: string, error: unknown) => console.error(event, error),
  };
  try {
    await fillNode(deps, () => {}, AbortSignal.timeout(60_000));
  } finally {
    await close();
  }
}

async function started(
  name: string,
  config: Config,
  databaseUrl: string,
  onEnd: NonNullable<RegionOptions['onEnd']>,
): Promise<TestNode> {
  const log = pino({ level: process.env['FYR_TEST_LOG'] ?? 'silent' });
  const start = (): Promise<Node> =>
    startNode(config, databaseUrl, log, personaEntries(), name === 'region' ? { authorityPassphrase: passphrase } : {});
  const looking = openDatabase(databaseUrl, { connectionsMax: 1 });
  onEnd(() => looking.end({ timeout: 5 }));
  const people = askingOf(looking, config);
  const made = {
    name,
    config,
    databaseUrl,
    linePort: config.line.port as number,
    node: await start(),
    async ask(method: string, path: string, body?: object) {
      const [place = '', query = ''] = path.split('?');
      const { context, dispatch } = made.node.fhir;
      const parameters = [...new URLSearchParams(query)];
      const asked = { method: method as 'GET', segments: place.split('/'), parameters, headers: {}, body };
      try {
        const { status, text, bytes, resource } = await dispatch(asked, context.grants.background('test'));
        const told = text ?? bytes?.toString();
        return { status, body: told === undefined ? resource : JSON.parse(told) };
      } catch (error) {
        if (error instanceof Fault) return { status: error.status, body: error.message };
        throw error;
      }
    },
    async make(resource: object): Promise<any> {
      const { resourceType } = resource as Resource;
      const { status, body } = await made.ask('POST', resourceType, resource);
      if (status !== 201) throw new Error(`not made: ${status} ${JSON.stringify(body)}`);
      return body;
    },
    async askAs(as: string, method: string, path: string, body?: unknown) {
      return people.ask(method, path, { as, ...(body === undefined ? {} : { body }) });
    },
    async start() {
      made.node = await start();
    },
    stop: () => made.node.stop(),
  };
  return made;
}
