/** Merkle trees as RFC 9162 §2.1 has them: leaves and nodes are hashed with prefixes of their own, so that neither passes for the other. */
import { hash } from 'node:crypto';

const hashBytes = 32;
/** Filled anew for each inner node: one byte of prefix and two hashes. */
const nodeInput = Buffer.alloc(1 + 2 * hashBytes, 1);

/** The root of no leaves at all. */
export const emptyRoot: Buffer = hash('sha256', '', 'buffer');

/** The hash of an entry: its number, a tab and its content, as they are stored. */
export function leafOf(number: number, content: string): Buffer {
  return hash('sha256', Buffer.from(`\0${number}\t${content}`, 'utf8'), 'buffer');
}

/** The hash of an inner node. */
export function nodeOf(left: Buffer, right: Buffer): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashBytes);
  return hash('sha256', nodeInput, 'buffer');
}

export type RootBuilder = {
  add(leaf: Buffer): void;
  readonly size: number;
  root(): Buffer;
};

/** Makes the root of leaves that come one by one; holds no more than one hash a level. */
export function createRootBuilder(): RootBuilder {
  const levels: (Buffer | undefined)[] = [];
  let size = 0;
  return {
    add(leaf) {
      let node = leaf;
      let level = 0;
      for (; levels[level] !== undefined; level++) {
        node = nodeOf(levels[level] as Buffer, node);
        levels[level] = undefined;
      }
      levels[level] = node;
      size++;
    },
    get size() {
      return size;
    },
    root() {
      let node: Buffer | undefined;
      for (const left of levels) if (left) node = node ? nodeOf(left, node) : left;
      return node ?? emptyRoot;
    },
  };
}

/** Hashes that lie one after the other. */
export function* hashesIn(leaves: Buffer): Generator<Buffer> {
  for (let at = 0; at < leaves.length; at += hashBytes) yield leaves.subarray(at, at + hashBytes);
}

/** The root of leaves that lie one after the other, 32 bytes each. */
export function rootOf(leaves: Buffer): Buffer {
  const builder = createRootBuilder();
  for (const leaf of hashesIn(leaves)) builder.add(leaf);
  return builder.root();
}

/** The audit path of the leaf at `index` (RFC 9162 §2.1.3.1), from the leaf up; `leaves` as for `rootOf`. */
export function pathOf(leaves: Buffer, index: number): Buffer[] {
  const size = leaves.length / hashBytes;
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError(`no leaf ${index} of ${size}`);
  if (size === 1) return [];
  const half = largestPowerBelow(size) * hashBytes;
  const [left, right] = [leaves.subarray(0, half), leaves.subarray(half)];
  const half0 = half / hashBytes;
  return index < half0 ? [...pathOf(left, index), rootOf(right)] : [...pathOf(right, index - half0), rootOf(left)];
}

function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** The root that a leaf and its audit path lead to (RFC 9162 §2.1.3.2); undefined when the path can't belong to that place in a tree of that size. */
export function rootByPath(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | undefined {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return undefined;
  let [position, last] = [index, size - 1];
  let root = leaf;
  for (const sibling of path) {
    if (last === 0 || sibling.length !== hashBytes) return undefined;
    if (position % 2 === 1 || position === last) {
      root = nodeOf(sibling, root);
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    } else root = nodeOf(root, sibling);
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? root : undefined;
}
