/** The nodes of a region, where its authority is: named, let in by a code, revoked, taken off the list. What `fyr node add` and `fyr ca revoke` do, for a page. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { checkNames, type CertificateAuthority, type IssuedCertificate } from '#trust/authority/index.ts';
import { addNode } from '../line/add-node.ts';
import type { RegionNode } from '../line/nodes.ts';
import { changeNodes, readNodes } from '../line/nodes-store.ts';
import type { AddRequest, CodeAnswer, NodeShown, NodesAnswer, PlaceShown, RevokeRequest } from './contract.ts';
import { findPlaces, readPlaces } from './registry-store.ts';

export type RegistryDeps = {
  db: Db;
  clock: Clock;
  /** The region. */
  node: string;
  /** Of the port where nodes below ask. */
  address: string | undefined;
  authority(): Promise<CertificateAuthority>;
};

export type Registry = {
  list(): Promise<NodesAnswer['nodes']>;
  places(name: string): Promise<PlaceShown[]>;
  /** Faults: invalid, notFound (a place or the node above), conflict (a node of this name is there). */
  add(asked: Required<AddRequest>): Promise<CodeAnswer>;
  /** Another code for a node that is named. Faults: notFound, invalid. */
  code(name: string, hosts: readonly string[]): Promise<CodeAnswer>;
  /** Gives how many certificates were revoked. Faults: notFound, where the node has no good one. */
  revoke(name: string, reason: RevokeRequest['reason']): Promise<number>;
  /** Takes a node off the list. Faults: notFound; conflict, while it may come or has others below it. */
  remove(name: string): Promise<void>;
};

const codeValidMs = 3_600_000;
const placesMax = 12;

export function createRegistry(deps: RegistryDeps): Registry {
  const { db, node: region } = deps;
  const giveCode = async (node: RegionNode, hosts: readonly string[]): Promise<CodeAnswer> => {
    const until = deps.clock.now() + codeValidMs;
    const code = await (await deps.authority()).createCode(node.name, hosts, codeValidMs);
    const below = node.above ?? region;
    return {
      node: node.name,
      tier: node.tier as CodeAnswer['tier'],
      below,
      places: node.places.length,
      code,
      until,
      ...(below === region && deps.address !== undefined ? { address: deps.address } : {}),
    };
  };
  return {
    list: () => listed(deps),
    places: (name) => findPlaces(db, name, placesMax),
    async add({ name, below, places, hosts }) {
      checkNames(name, hosts);
      if ((await readNodes(db)).some((node) => node.name === name))
        throw new Fault('conflict', `There is a node ${name} already.`);
      return giveCode(await addNode(db, region, { name, below, places }), hosts);
    },
    code: async (name, hosts) => giveCode(await namedBelow(deps, name), hosts),
    async revoke(name, reason) {
      await namedBelow(deps, name);
      return (await (await deps.authority()).revoke(name, reason)).length;
    },
    async remove(name) {
      await namedBelow(deps, name);
      const nodes = await readNodes(db);
      if (nodes.some(({ above }) => above === name)) throw new Fault('conflict', `There are nodes below ${name}.`);
      const issued = await (await deps.authority()).list(name);
      if (stateOf(issued, deps.clock.now()).certificate === 'good')
        throw new Fault('conflict', `${name} has a good certificate: revoke it first.`);
      await changeNodes(db, (now) => now.filter((node) => node.name !== name));
    },
  };
}

async function namedBelow({ db, node: region }: RegistryDeps, name: string): Promise<RegionNode> {
  const found = (await readNodes(db)).find((node) => node.name === name);
  if (found === undefined || name === region) throw new Fault('notFound', `There is no node ${name} below this one.`);
  return found;
}

async function listed({ db, clock, authority }: RegistryDeps): Promise<NodeShown[]> {
  const nodes = await readNodes(db);
  const names = await readPlaces(
    db,
    nodes.flatMap(({ roots }) => roots),
  );
  const byReference = new Map(names.map((place) => [place.reference, place]));
  const issued = Map.groupBy(await (await authority()).list(), ({ node }) => node);
  return nodes.map(({ name, tier, above, roots, places }) => ({
    name,
    tier,
    ...(above === undefined ? {} : { above }),
    roots: roots.map((reference) => byReference.get(reference) ?? { reference, name: reference }),
    places: places.length,
    ...stateOf(issued.get(name) ?? [], clock.now()),
  }));
}

type CertificateState = Pick<NodeShown, 'certificate' | 'hosts' | 'until' | 'revoked'>;

/** By its certificates, the newest first: one that is good lets it in, whatever became of the others. */
function stateOf(issued: readonly IssuedCertificate[], now: number): CertificateState {
  const good = issued.find(({ revoked, notAfter }) => revoked === undefined && notAfter > now);
  const newest = good ?? issued[0];
  if (newest === undefined) return { certificate: 'none', hosts: [] };
  const { hosts, notAfter: until, revoked } = newest;
  if (revoked !== undefined) return { certificate: 'revoked', hosts, until, revoked };
  return { certificate: good === undefined ? 'ended' : 'good', hosts, until };
}
