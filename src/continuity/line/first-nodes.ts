/** What the region told of its nodes when this one joined, beside its certificate: who is above must be known before anything can be asked there. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { regionNodes, type RegionNode } from './nodes.ts';

const name = 'nodes.json';

export function keepNodes(folder: string, nodes: readonly RegionNode[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beside = join(folder, `${name}.new`);
  writeFileSync(beside, JSON.stringify(nodes), { flush: true });
  renameSync(beside, join(folder, name));
}

/** Empty where this node has not joined. */
export function readFirstNodes(folder: string): RegionNode[] {
  const path = join(folder, name);
  return existsSync(path) ? regionNodes.parse(JSON.parse(readFileSync(path, 'utf8'))) : [];
}
