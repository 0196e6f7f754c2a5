import { expect, test } from 'vitest';
import { draftKeysOf } from './draft-keys.ts';

const nodeKey = (fill: number) => ({ id: `key-${fill}`, key: Buffer.alloc(32, fill) });

test('a draft key is one person’s, and says nothing of the node key', () => {
  const [åse] = draftKeysOf([nodeKey(1)], 'Practitioner/1');
  const [nils] = draftKeysOf([nodeKey(1)], 'Practitioner/2');
  expect(åse?.key).not.toBe(nils?.key);
  expect(Buffer.from(åse?.key ?? '', 'base64')).toHaveLength(32);
  expect(åse?.key).not.toBe(nodeKey(1).key.toString('base64'));
});

test('the same person gets the same keys again, those of older node keys after the new one’s', () => {
  const before = draftKeysOf([nodeKey(1)], 'Patient/1');
  const after = draftKeysOf([nodeKey(2), nodeKey(1)], 'Patient/1');
  expect(after.map(({ id }) => id)).toEqual(['key-2', 'key-1']);
  expect(after[1]).toEqual(before[0]);
});
