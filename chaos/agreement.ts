/** When the nodes agree: nothing waits, nothing is filled, and who is below has read all that is above. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '#kernel/db.ts';
import { readCursor, readHeads, readLine } from './store.ts';
import { places, type NodeName, type Topology } from './topology.ts';

const lookEveryMs = 100;
const calmLooks = 3;

/** What is in the way of agreement, in words; undefined: nothing. */
export async function obstacle(topology: Topology): Promise<string | undefined> {
  for (const name of topology.names) {
    const { db } = topology.node(name);
    const { waiting, filling, unsealed } = await readLine(db);
    const { below } = places[name];
    if (unsealed > 0) return `${name} has not taken in ${unsealed} buckets of its own`;
    if (below === undefined) continue;
    if (waiting > 0) return `${waiting} operations wait at ${name}`;
    if (filling > 0) return `${filling} units are being filled at ${name}`;
    const behind = await bucketsBehind(topology.node(below).db, db);
    if (behind > 0) return `${name} has not read ${behind} buckets of ${below}`;
  }
  return undefined;
}

async function bucketsBehind(above: Db, below: Db): Promise<number> {
  const cursor = await readCursor(below);
  let count = 0;
  for (const [bucket, n] of await readHeads(above)) if ((cursor.get(bucket) ?? 0) < n) count++;
  return count;
}

export type Agreed = { ms: number; obstacle: string | undefined };

/** Until all agree, or the limit is over: then with what was in the way. */
export async function untilAgreed(topology: Topology, limitMs: number): Promise<Agreed> {
  const began = performance.now();
  let calm = 0;
  for (;;) {
    const problem = await obstacle(topology).catch((error: unknown) => `not readable: ${(error as Error).message}`);
    const ms = performance.now() - began;
    // Nodes are looked at one after another: what was on its way between two of them shows at the next look.
    calm = problem === undefined ? calm + 1 : 0;
    if (calm === calmLooks || ms > limitMs) return { ms, obstacle: problem };
    await delay(lookEveryMs);
  }
}

/** Each node whose record the patient is to be in, lowest last. */
export function holdersOf(names: readonly NodeName[], heldAt: ReadonlySet<NodeName>): NodeName[] {
  return names.filter((name) => heldAt.has(name));
}
