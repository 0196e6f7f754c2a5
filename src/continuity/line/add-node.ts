/** A node is named at the region before it joins: what it is, below whom, and which places of care it serves. Nobody says so of itself. */
import { Fault } from '#kernel/fault.ts';
import type { Db } from '#kernel/db.ts';
import { nodeName, withPlaces, type RegionNode } from './nodes.ts';
import { changeNodes, readDirectory } from './nodes-store.ts';

export type NewNode = { name: string; below: string; places: readonly string[] };

/** At the region whose name is `region`. A site is below the region, a ward below a site. Faults: invalid, notFound. Named twice, the later counts. */
export async function addNode(db: Db, region: string, { name, below, places }: NewNode): Promise<RegionNode> {
  if (!nodeName.safeParse(name).success) throw new Fault('invalid', `"${name}" is no name for a node: a-z, 0-9 and -.`);
  if (name === region) throw new Fault('invalid', `${name} is the region itself.`);
  const directory = await readDirectory(db);
  const missing = places.filter((place) => !directory.some(({ reference }) => reference === place));
  let all: RegionNode[] = [];
  await changeNodes(db, (named) => {
    all = withPlaces(withNode(named, region, { name, below, places }), directory);
    if (missing.length > 0) throw new Fault('notFound', `Not in the record: ${missing.join(', ')}.`);
    return all;
  });
  return all.find((one) => one.name === name) as RegionNode;
}

function withNode(named: readonly RegionNode[], region: string, { name, below, places }: NewNode): RegionNode[] {
  const root: RegionNode = { name: region, tier: 'region', roots: [], places: [] };
  const known = named.some((node) => node.name === region) ? named : [root, ...named];
  const above = known.find((node) => node.name === below);
  if (above === undefined) throw new Fault('notFound', `There is no node ${below} in this region.`);
  if (above.tier === 'ward') throw new Fault('invalid', `${below} is a ward: nobody is below it.`);
  const tier = above.tier === 'region' ? 'site' : 'ward';
  const node: RegionNode = { name, tier, above: below, roots: [...places], places: [] };
  return [...known.filter((one) => one.name !== name), node];
}
