import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRootBuilder, emptyRoot, leafOf, nodeOf, pathOf, rootByPath, rootOf } from './merkle.ts';

/** RFC 9162 §2.1.1 word for word: the hash of a list splits at the largest power of two below its length. */
function naiveRoot(entries: readonly string[]): Buffer {
  const sha = (...parts: (Buffer | string)[]): Buffer => {
    const made = createHash('sha256');
    for (const part of parts) made.update(part);
    return made.digest();
  };
  if (entries.length === 0) return sha('');
  if (entries.length === 1) return sha(Buffer.of(0), entries[0] as string);
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  return sha(Buffer.of(1), naiveRoot(entries.slice(0, split)), naiveRoot(entries.slice(split)));
}

const leaves = (entries: readonly string[]): Buffer[] => entries.map((content, i) => leafOf(i + 1, content));
const asSealed = (content: string, i: number): string => `${i + 1}\t${content}`;
const some = fc.array(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 70 });

test('a path that belongs to another place, size, entry or root leads elsewhere', () => {
  fc.assert(
    fc.property(some, fc.nat(), fc.nat({ max: 3 }), (entries, pick, change) => {
      const all = leaves(entries);
      const index = pick % entries.length;
      const path = pathOf(Buffer.concat(all), index);
      const root = rootOf(Buffer.concat(all));
      const wrong = [
        rootByPath(leafOf(index + 1, `${entries[index]}!`), index, all.length, path),
        rootByPath(all[index] as Buffer, index + 1, all.length, path),
        rootByPath(all[index] as Buffer, index, all.length, [...path, root]),
        path.length > 0 ? rootByPath(all[index] as Buffer, index, all.length, path.slice(1)) : undefined,
      ][change];
      expect(wrong?.equals(root) ?? false).toBe(false);
    }),
  );
});

test('no place outside the tree has a path', () => {
  const all = Buffer.concat(leaves(['a', 'b', 'c']));
  expect(() => pathOf(all, 3)).toThrow(RangeError);
  expect(() => pathOf(all, -1)).toThrow(RangeError);
  expect(rootByPath(leafOf(1, 'a'), 3, 3, [])).toBeUndefined();
  expect(rootByPath(leafOf(1, 'a'), 0.5, 3, [])).toBeUndefined();
});

test('an inner node does not pass for an entry', () => {
  const [one, two] = leaves(['a', 'b']) as [Buffer, Buffer];
  expect(nodeOf(one, two)).not.toEqual(
    createHash('sha256')
      .update(Buffer.concat([Buffer.of(0), one, two]))
      .digest(),
  );
});

test('the root is that of the standard, however it is made', () => {
  expect(emptyRoot).toEqual(naiveRoot([]));
  fc.assert(
    fc.property(some, (entries) => {
      const all = leaves(entries);
      const builder = createRootBuilder();
      for (const leaf of all) builder.add(leaf);
      expect(builder.root()).toEqual(naiveRoot(entries.map(asSealed)));
      expect(rootOf(Buffer.concat(all))).toEqual(builder.root());
    }),
  );
});

test('each entry’s path leads to the root', () => {
  fc.assert(
    fc.property(some, (entries) => {
      const all = leaves(entries);
      const root = rootOf(Buffer.concat(all));
      all.forEach((leaf, i) => expect(rootByPath(leaf, i, all.length, pathOf(Buffer.concat(all), i))).toEqual(root));
    }),
  );
});
