import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemRandomness } from '#kernel/ids.ts';
import { Damage, open, seal, sealedLength, type Purpose, type SealingKey } from './sealed-stream.ts';

const key: SealingKey = { id: 'ab'.repeat(16), key: systemRandomness.bytes(32) };
const find = async (id: string): Promise<Buffer | undefined> => (id === key.id ? key.key : undefined);
const header = 56;
const frame = 65_536 + 16;

async function sealed(content: Buffer, purpose: Purpose = 'blob'): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(seal(key, purpose, [content], systemRandomness)));
}

async function opened(bytes: Buffer, purpose: Purpose = 'blob', pieces: Buffer[] = [bytes]): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(open(find, purpose, pieces)));
}

/** Lengths around the frames' edges, where mistakes are. */
const contents = fc
  .oneof(fc.nat(200), fc.constantFrom(65_535, 65_536, 65_537, 131_072, 131_073, 200_000))
  .map((length) => systemRandomness.bytes(length));

test('any bit that is flipped is refused', async () => {
  await fc.assert(
    fc.asyncProperty(contents, fc.nat(), fc.nat(7), async (content, place, bit) => {
      const bytes = await sealed(content);
      const at = place % bytes.length;
      bytes[at] = (bytes[at] as number) ^ (1 << bit);
      await expect(opened(bytes)).rejects.toThrow(Damage);
    }),
    { numRuns: 60 },
  );
});

test('content that is cut off anywhere is refused, at the edge of a frame too', async () => {
  const whole = await sealed(systemRandomness.bytes(3 * 65_536));
  for (const length of [0, 10, header, header + 15, header + frame, header + 2 * frame, whole.length - 1]) {
    await expect(opened(whole.subarray(0, length)), `${length} bytes`).rejects.toThrow(Damage);
  }
});

test('what comes after the end is refused', async () => {
  const whole = await sealed(systemRandomness.bytes(65_536));
  await expect(opened(Buffer.concat([whole, Buffer.alloc(1)]))).rejects.toThrow(Damage);
  await expect(opened(Buffer.concat([whole, whole.subarray(header)]))).rejects.toThrow(Damage);
});

test('frames that are swapped, doubled or left out are refused', async () => {
  const whole = await sealed(systemRandomness.bytes(3 * 65_536 + 5));
  const [head, rest] = [whole.subarray(0, header), whole.subarray(header)];
  const frames = [0, 1, 2, 3].map((n) => rest.subarray(n * frame, (n + 1) * frame));
  const put = (...order: number[]): Buffer => Buffer.concat([head, ...order.map((n) => frames[n] as Buffer)]);
  expect((await opened(put(0, 1, 2, 3))).length).toBe(3 * 65_536 + 5);
  for (const order of [[1, 0, 2, 3], [0, 1, 1, 2, 3], [0, 2, 3], [0, 1, 3], [3], [0, 1, 2]]) {
    await expect(opened(put(...order)), order.join()).rejects.toThrow(Damage);
  }
});

test('frames of another stream under the same key are refused', async () => {
  const [one, other] = [await sealed(Buffer.alloc(65_537)), await sealed(Buffer.alloc(65_537))];
  const mixed = Buffer.concat([one.subarray(0, header + frame), other.subarray(header + frame)]);
  await expect(opened(mixed)).rejects.toThrow(Damage);
});

test('what was sealed for one purpose can not be passed off as another', async () => {
  await expect(opened(await sealed(Buffer.from('x'), 'blob'), 'backup')).rejects.toThrow(Damage);
});

test('content under a key that is not here is refused', async () => {
  const bytes = Buffer.concat(
    await Array.fromAsync(seal({ ...key, id: '00'.repeat(16) }, 'blob', [], systemRandomness)),
  );
  await expect(opened(bytes)).rejects.toThrow('The key of this content is not here.');
});

test('content of any length comes back as it was, however it is cut on its way', async () => {
  await fc.assert(
    fc.asyncProperty(contents, fc.integer({ min: 1, max: 100_000 }), async (content, size) => {
      const bytes = await sealed(content);
      expect(bytes.length).toBe(sealedLength(content.length));
      const pieces = [];
      for (let from = 0; from < bytes.length; from += size < 100 ? size + 1000 : size) {
        pieces.push(bytes.subarray(from, from + (size < 100 ? size + 1000 : size)));
      }
      expect((await opened(bytes, 'blob', pieces)).equals(content)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('the same content is never sealed to the same bytes', async () => {
  expect((await sealed(Buffer.from('x'))).equals(await sealed(Buffer.from('x')))).toBe(false);
});
