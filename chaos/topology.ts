/** The region under trial: a region, two hospitals and a ward, joined over lines that can be disturbed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addNode,
  findOrganization,
  openTcpProxy,
  type Passage,
  type Passing,
  type TcpProxy,
} from '#continuity/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { createAuthority, initAuthority, unlockAuthority } from '#trust/authority/index.ts';
import { createCaller, type Caller } from './caller.ts';
import { freePort, NodeProcess } from './node-process.ts';
import { registerSystem, systemName, tokenAt } from './tokens.ts';

export type NodeName = 'region' | 'central' | 'local' | 'ward';

type Place = { role: 'region' | 'site' | 'ward'; below?: NodeName; organization?: string };

/** As in the demo topology. */
export const places: Readonly<Record<NodeName, Place>> = {
  region: { role: 'region' },
  central: { role: 'site', below: 'region', organization: 'Fyrlandet sentralsykehus' },
  local: { role: 'site', below: 'region', organization: 'Vardfjord lokalsykehus' },
  ward: { role: 'ward', below: 'central', organization: 'Medisinsk avdeling, Fyrlandet sentralsykehus' },
};
export const nodeNames = Object.keys(places) as NodeName[];

/** What becomes of the bytes on a line that is not cut. */
export type Disturbance = (passing: Passing) => Passage;

export type Topology = {
  node(name: NodeName): NodeProcess;
  /** The line from a node upwards. */
  line(name: NodeName): TcpProxy;
  /** Undefined: no longer. Connections that are there when it begins are disturbed too. */
  disturb(name: NodeName, disturbance: Disturbance | undefined): void;
  /** Those that take part, each after the one above it. */
  names: readonly NodeName[];
  /** The organization that a node serves: its id. */
  organizations: ReadonlyMap<NodeName, string>;
  /** A system that may read and write all, at a node where nobody works yet. */
  systemAt(name: NodeName): Promise<Caller>;
  /** The organization that a node serves or will serve: its id. */
  organizationOf(name: NodeName): Promise<string>;
  stop(): Promise<void>;
};

export type TopologyOptions = {
  folder: string;
  names?: readonly NodeName[];
  /** Residents of the sample. */
  residents: number;
  /** The protection that every node lacks. */
  without?: string;
  /** Where a node's data lies, if not in the folder. */
  folderOf?(name: NodeName): string | undefined;
  /** When a node answers, before the next one joins. */
  onReady?(name: NodeName, topology: Topology): Promise<void>;
  say(line: string): void;
};

const host = '127.0.0.1';
const passphrase = 'trial of a region';

export async function openTopology(options: TopologyOptions): Promise<Topology> {
  const names = options.names ?? nodeNames;
  const nodes = new Map<NodeName, NodeProcess>();
  const lines = new Map<NodeName, TcpProxy>();
  const organizations = new Map<NodeName, string>();
  const disturbances = new Map<NodeName, Disturbance>();
  const topology: Topology = {
    names,
    organizations,
    node: (name) => known(nodes, name),
    line: (name) => known(lines, name),
    disturb(name, disturbance) {
      if (disturbance === undefined) disturbances.delete(name);
      else disturbances.set(name, disturbance);
    },
    systemAt: (name) => systemAt(known(nodes, name), name),
    organizationOf: (name) => organizationOf(known(nodes, 'region'), name),
    async stop() {
      await Promise.all([...nodes.values()].map((node) => node.stop()));
      for (const line of lines.values()) await line.stop();
    },
  };
  try {
    await makeAuthority(options.folder);
    const opening = { options, nodes, lines, organizations, disturbances };
    // Those below the same node join at the same time.
    const opened = new Map<NodeName, Promise<void>>();
    for (const name of names) {
      const { below } = places[name];
      const above = below === undefined ? undefined : opened.get(below);
      opened.set(name, openAfter(above, opening, topology, name));
    }
    await Promise.all(opened.values());
    return topology;
  } catch (error) {
    await topology.stop();
    throw error;
  }
}

function known<T>(from: ReadonlyMap<NodeName, T>, name: NodeName): T {
  const found = from.get(name);
  if (found === undefined) throw new Error(`${name} does not take part.`);
  return found;
}

function authorityFolder(folder: string): string {
  return join(folder, 'region', 'authority');
}

async function makeAuthority(folder: string): Promise<void> {
  mkdirSync(join(folder, 'region'), { recursive: true });
  writeFileSync(join(folder, 'ca-passphrase'), passphrase, { mode: 0o600 });
  const made = { name: 'Chaos', passphrase, now: systemClock.now(), days: 30, work: 16_384 };
  await initAuthority(authorityFolder(folder), made, systemRandomness);
}

type Opening = {
  options: TopologyOptions;
  nodes: Map<NodeName, NodeProcess>;
  lines: Map<NodeName, TcpProxy>;
  organizations: Map<NodeName, string>;
  disturbances: ReadonlyMap<NodeName, Disturbance>;
};

async function openAfter(
  above: Promise<void> | undefined,
  opening: Opening,
  topology: Topology,
  name: NodeName,
): Promise<void> {
  await above;
  await openNode(opening, name);
  await opening.options.onReady?.(name, topology);
}

async function openNode(opening: Opening, name: NodeName): Promise<void> {
  const { options, nodes, lines, organizations } = opening;
  const { role, below } = places[name];
  const began = performance.now();
  const [port, linePort] = [await freePort(), await freePort()];
  const line = below === undefined ? undefined : await openLine(opening, name, below);
  if (line !== undefined) lines.set(name, line);
  const settings = {
    ...commonSettings,
    node: name,
    role,
    port,
    sample: options.residents,
    ...(role === 'ward' ? {} : { linePort }),
    ...(line === undefined
      ? { authorityPassphraseFile: join(options.folder, 'ca-passphrase') }
      : { upstream: `https://${host}:${line.port}` }),
  };
  const folder = options.folderOf?.(name) ?? join(options.folder, name);
  const { without } = options;
  const node = new NodeProcess({ name, folder, port, settings, ...(without === undefined ? {} : { without }) });
  nodes.set(name, node);
  if (line !== undefined) {
    const region = known(nodes, 'region');
    const id = await organizationOf(region, name);
    organizations.set(name, id);
    await node.command(['join', `https://${host}:${line.port}`, await codeFor(options.folder, region, name, id)]);
  }
  await node.start();
  options.say(`${name} is ready after ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

async function organizationOf({ db }: NodeProcess, name: NodeName): Promise<string> {
  const { organization = '' } = places[name];
  const id = await findOrganization(db, organization);
  if (id === undefined) throw new Error(`The sample has no ${organization}.`);
  return id;
}

async function systemAt(node: NodeProcess, name: NodeName): Promise<Caller> {
  await registerSystem(node);
  const token = await tokenAt(node, systemName);
  return createCaller(name, systemName, node.url, () => token);
}

const commonSettings = {
  host,
  data: '.',
  references: 'lenient',
  databaseMemory: 512,
  databaseConnections: 8,
  trialBearer: '1',
  roomMegabytes: 64,
  requestsAtOncePerSubject: 32,
  log: 'warn',
};

/** What `fyr node add` does at the region. */
async function codeFor(folder: string, region: NodeProcess, name: NodeName, organization: string): Promise<string> {
  const below = places[name].below ?? 'region';
  await addNode(region.db, 'region', { name, below, places: [`Organization/${organization}`] });
  const authority = await unlockAuthority(authorityFolder(folder), passphrase);
  const own = { clock: systemClock, randomness: systemRandomness };
  return createAuthority({ authority, db: region.db, ...own }).createCode(name, [host]);
}

async function openLine({ nodes, disturbances }: Opening, name: NodeName, above: NodeName): Promise<TcpProxy> {
  const port = known(nodes, above).settings['linePort'] as number;
  return openTcpProxy({ host, port: 0 }, { host, port }, (passing) => disturbances.get(name)?.(passing) ?? 'pass');
}
