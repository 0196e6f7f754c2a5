/** The nodes of a region: which is above which, and the places of care that each serves. Where a patient is to be held follows from the places. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Child, NodeFacts, Tier } from '../protocol/view.ts';

export type RegionNode = {
  readonly name: string;
  readonly tier: Tier;
  /** The node above; undefined: this is the region. */
  readonly above?: string | undefined;
  /** Organizations and Locations that were named for it (`Organization/id`). */
  readonly roots: readonly string[];
  /** Those and all that lie below them, apart from what another node serves. */
  readonly places: readonly string[];
};

const place = z.string().regex(/^(Organization|Location)\/[A-Za-z0-9.-]{1,64}$/);
export const nodeName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);

/** As one node tells it to those below. */
export const regionNodes = z
  .array(
    z.object({
      name: nodeName,
      tier: z.enum(['region', 'site', 'ward']),
      above: nodeName.optional(),
      roots: z.array(place).max(1000),
      places: z.array(place).max(200_000),
    }),
  )
  .max(10_000);

/** The same text for the same map. */
export function digestOfNodes(nodes: readonly RegionNode[]): string {
  const lines = [...nodes]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, tier, above, places }) => [name, tier, above ?? '', ...[...places].sort()].join(' '));
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** The same text for the same places of these nodes together, whichever of them serves which. */
export function digestOfPlaces(nodes: readonly RegionNode[], among: ReadonlySet<string>): string {
  const places = nodes.filter(({ name }) => among.has(name)).flatMap((node) => node.places);
  return createHash('sha256').update(places.sort().join('\n')).digest('hex');
}

/** A place and what it is part of, or run by. */
export type PlaceEntry = { readonly reference: string; readonly within: readonly string[] };

const depthMax = 20;

/** Gives each node all places that lie below those that were named for it; where one lies below another's, the nearest counts. */
export function withPlaces(nodes: readonly RegionNode[], directory: readonly PlaceEntry[]): RegionNode[] {
  const owner = new Map(nodes.flatMap(({ name, roots }) => roots.map((root) => [root, name] as const)));
  const within = new Map(directory.map(({ reference, within: above }) => [reference, above]));
  const nearest = (reference: string): string | undefined => {
    let level = [reference];
    for (let depth = 0; depth < depthMax && level.length > 0; depth++) {
      for (const one of level) if (owner.has(one)) return owner.get(one);
      level = level.flatMap((one) => within.get(one) ?? []);
    }
    return undefined;
  };
  const places = new Map<string, string[]>(nodes.map(({ name, roots }) => [name, [...roots]]));
  for (const { reference } of directory) {
    const node = nearest(reference);
    if (node !== undefined && !owner.has(reference)) places.get(node)?.push(reference);
  }
  return nodes.map((node) => ({ ...node, places: places.get(node.name) ?? [] }));
}

export type NodeMap = {
  /** What the sync rules know of this node. Read anew at each decision: nodes join while this one runs. */
  readonly facts: NodeFacts;
  nodeOfPlace(reference: string): string | undefined;
  all(): readonly RegionNode[];
  set(nodes: readonly RegionNode[]): void;
};

export function createNodeMap(self: { name: string; writer: string; tier: Tier; isBelow: boolean }): NodeMap {
  let nodes: readonly RegionNode[] = [];
  let byPlace = new Map<string, string>();
  let children: readonly Child[] = [];
  let subtree: ReadonlySet<string> = new Set([self.name]);
  const above = (): string | undefined => nodes.find(({ name }) => name === self.name)?.above;
  const facts: NodeFacts = {
    name: self.name,
    writer: self.writer,
    tier: self.tier,
    get upstream() {
      return self.isBelow ? (above() ?? '?') : undefined;
    },
    get subtree() {
      return subtree;
    },
    get children() {
      return children;
    },
  };
  return {
    facts,
    nodeOfPlace: (reference) => byPlace.get(reference),
    all: () => nodes,
    set(told) {
      nodes = told;
      byPlace = new Map(told.flatMap(({ name, places }) => places.map((reference) => [reference, name] as const)));
      subtree = subtreeOf(told, self.name);
      children = told
        .filter((node) => node.above === self.name)
        .map(({ name, tier }) => ({ name, tier, subtree: subtreeOf(told, name) }));
    },
  };
}

function subtreeOf(nodes: readonly RegionNode[], name: string): ReadonlySet<string> {
  const found = new Set([name]);
  for (const one of found) for (const node of nodes) if (node.above === one) found.add(node.name);
  return found;
}
