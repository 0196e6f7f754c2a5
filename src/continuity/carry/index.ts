/** The door of the line on a stick. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import { identityFolder } from '../line/identity-folder.ts';
import type { LineDeps } from '../line/open.ts';
import { openParts } from '../line/parts.ts';
import { readKeys, readOwnIdentity } from '../line/own-keys.ts';
import type { CarryDeps } from './carry.ts';
import { readHead } from './sealed-file.ts';

export { carryIn, carryOut, type CarriedIn, type CarriedOut } from './carry.ts';

/** The node as far as carrying needs it, beside the one that runs. Faults: notFound, where it has not joined. */
export async function openCarry(
  deps: Omit<LineDeps, 'authorityPassphrase' | 'randomness'> & { randomness: Randomness },
): Promise<CarryDeps> {
  const folder = identityFolder(deps.config);
  const identity = readOwnIdentity(folder);
  if (identity === undefined)
    throw new Fault('notFound', 'This node has no certificate of the region yet, so it can sign nothing: fyr join.');
  const { sync, map } = await openParts(deps);
  const { db, clock, ids, randomness } = deps;
  return { db, clock, ids, randomness, sync, map, identity, identityFolder: folder, earlierKeys: readKeys(folder) };
}

/** The files in a folder that say that they are for this node, the oldest first. Nothing of them is checked yet. Faults: notFound. */
export async function filesFor(node: string, folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new Fault('notFound', `The folder ${folder} can not be read.`, { cause: error });
  });
  const paths = names.filter((name) => name.endsWith('.carry')).map((name) => join(folder, name));
  const heads = await Promise.all(paths.map(async (path) => ({ path, head: await readHead(path) })));
  return heads
    .filter(({ head }) => head?.to === node)
    .sort((a, b) => (a.head?.made ?? 0) - (b.head?.made ?? 0))
    .map(({ path }) => path);
}
