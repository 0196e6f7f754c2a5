/** The part of a node that the sync rules need: its record, its nodes and places. Used by the node itself, and by `fyr join` before it. */
import type { Fhir } from '#fhir/index.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import type { Db } from '#kernel/db.ts';
import type { Ids } from '#kernel/ids.ts';
import { createFhirVocabulary } from '../node/fhir-vocabulary.ts';
import { createSyncNode, type SyncNode } from '../node/sync-node.ts';
import { readFirstNodes } from './first-nodes.ts';
import { readWriterName } from '../node/writer-store.ts';
import { identityFolder } from './identity-folder.ts';
import { createNodeMap, type NodeMap, type RegionNode } from './nodes.ts';
import { putNodes, readNodes } from './nodes-store.ts';
import { readPlacesAgain } from './read-places.ts';
import { createWake, type Wake } from './wake.ts';

export type PartsDeps = {
  config: Pick<Config, 'node' | 'role' | 'dataFolder' | 'line' | 'operations'>;
  db: Db;
  fhir: Pick<Fhir, 'context' | 'committer'>;
  clock: Clock;
  ids: Ids;
};

export type Parts = {
  map: NodeMap;
  sync: SyncNode;
  wake: Wake;
  /** What the node above says of nodes: it is kept, and gone by. */
  tellNodes(nodes: readonly RegionNode[]): Promise<void>;
  /** The same of what is kept here already. */
  followNodes(nodes: readonly RegionNode[]): Promise<void>;
};

/** Until the node above has told them, those that it told when this one joined. */
async function nodesOf(db: Db, folder: string): Promise<readonly RegionNode[]> {
  const told = await readNodes(db);
  return told.length > 0 ? told : readFirstNodes(folder);
}

export async function openParts(deps: PartsDeps): Promise<Parts> {
  const { config, db, fhir, clock, ids } = deps;
  const writer = await readWriterName(db, config.node);
  const isBelow = config.line.upstream !== undefined;
  const map = createNodeMap({ name: config.node, writer, tier: config.role, isBelow });
  map.set(await nodesOf(db, identityFolder(config)));
  const wake = createWake();
  const vocabulary = createFhirVocabulary({
    nodeOfPlace: map.nodeOfPlace,
    region: () => map.all().find(({ tier }) => tier === 'region')?.name,
  });
  const sync = createSyncNode({
    db,
    clock,
    ids,
    facts: map.facts,
    graceMs: config.operations.graceMs,
    vocabulary,
    extract: (resource) => fhir.context.search.extract(resource),
    onApplied(writes) {
      fhir.committer.tell([...writes]);
      wake.ring();
    },
  });
  const followNodes = async (nodes: readonly RegionNode[]): Promise<void> => {
    map.set(nodes);
    await readPlacesAgain({ db, map, vocabulary, sync });
  };
  const tellNodes = async (nodes: readonly RegionNode[]): Promise<void> => {
    await putNodes(db, nodes);
    await followNodes(nodes);
  };
  return { map, sync, wake, tellNodes, followNodes };
}
