/** Messages between nodes as bytes: what was sent arrives, and nothing else is taken. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import type { Version } from '../protocol/version.ts';
import { decode, encode, type Message } from './codec.ts';
import { lineLimits, packLines } from './lines.ts';

const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const versionId = fc.tuple(fc.integer({ min: 1, max: 1e6 }), word).map(([n, writer]) => `${n}-${writer}`);
const version: fc.Arbitrary<Version> = fc
  .record({
    name: word,
    patient: fc.option(word, { nil: undefined }),
    id: versionId,
    parents: fc.array(fc.tuple(versionId, word), { maxLength: 3 }),
    content: fc.oneof(fc.constant(null), fc.constant(undefined), fc.string({ unit: 'grapheme' })),
    seal: word,
    at: fc.double({ min: 0, max: 8e15, noNaN: true }),
  })
  .map(({ name, parents, ...rest }) => ({
    ...rest,
    resource: `Observation/${name}`,
    type: 'Observation',
    parents: parents.map(([id]) => id),
    parentSeals: parents.map(([, seal]) => seal),
  }));
const operation = fc.record({ id: word, origin: word, versions: fc.array(version, { minLength: 1, maxLength: 3 }) });
const number = fc.integer({ min: 0, max: 2 ** 40 });
const bucket = fc.integer({ min: 0, max: 1023 });
const entry = fc.record({ bucket, n: number, version, tip: versionId, gains: fc.array(word), losses: fc.array(word) });
const cursor = fc.array(fc.tuple(bucket, number)).map((pairs) => new Map(pairs));

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ kind: fc.constant('push' as const), token: word, operations: fc.array(operation) }),
  fc.record({
    kind: fc.constant('pull' as const),
    token: word,
    epoch: word,
    cursor,
    limit: fc.integer({ min: 1, max: 1e6 }),
  }),
  fc.record({
    kind: fc.constant('page' as const),
    epoch: word,
    spans: fc.array(fc.record({ bucket, from: number, to: number })),
    entries: fc.array(entry),
    withheld: fc.array(word),
    hasMore: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('rights' as const),
    token: word,
    epoch: word,
    cursor,
    limit: fc.integer({ min: 1, max: 1e6 }),
  }),
  fc.record({
    kind: fc.constant('ahead' as const),
    epoch: word,
    spans: fc.array(fc.record({ bucket, from: number, to: number })),
    entries: fc.array(entry),
    hasMore: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('fillPages' as const),
    epoch: word,
    notYours: fc.array(word),
    pages: fc.array(
      fc.record({
        unit: word,
        asOf: number,
        after: fc.option(fc.constant('Patient/1'), { nil: undefined }),
        resources: fc.array(
          fc.record({
            resource: fc.constant('Patient/1'),
            tip: versionId,
            versions: fc.array(version, { minLength: 1, maxLength: 3 }),
          }),
        ),
        next: fc.option(fc.constant('Patient/2'), { nil: undefined }),
        isWhole: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    kind: fc.constant('welcome' as const),
    protocol: fc.constant(2),
    epoch: word,
    heads: cursor,
    clock: number,
  }),
);

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function bytesOf(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

const packed = (...lines: string[]): AsyncGenerator<Uint8Array> =>
  chunks(gzipSync(lines.map((line) => `${line}\n`).join('')), 7);

describe('what is refused', () => {
  const cases: [string, AsyncIterable<Uint8Array>, RegExp][] = [
    ['what is not packed', chunks(Buffer.from('{"kind":"handOver"}\n{"end":1}\n'), 100), /unpacked/],
    ['nothing', chunks(Buffer.alloc(0), 1), /cut short|unpacked/],
    ['a message without its end', packed('{"kind":"handOver"}'), /cut short/],
    ['an end that counts otherwise', packed('{"kind":"handOver"}', '{"end":2}'), /has 1/],
    ['something behind the end', packed('{"kind":"handOver"}', '{"end":1}', '{}'), /behind/],
    ['half a last line', chunks(gzipSync('{"kind":"handOver"}\n{"end"'), 100), /cut short/],
    ['an unknown kind', packed('{"kind":"erase"}', '{"end":1}'), /Line 1/],
    ['what is not JSON', packed('kind', '{"end":1}'), /not JSON/],
    ['bytes that are not UTF-8', chunks(gzipSync(Buffer.from([0x22, 0xff, 0x22, 0x0a])), 100), /UTF-8/],
    [
      'lines behind a message that has none',
      packed('{"kind":"later","why":"no"}', '{}', '{"end":2}'),
      /nothing may follow/,
    ],
    [
      'a version whose type is not its resource’s',
      packed('{"kind":"handOver"}', badVersion(), '{"end":2}'),
      /the type of the resource/,
    ],
    ['nothing but an end', packed('{"end":0}'), /empty/],
  ];
  test.each(cases)('%s', async (_name, bytes, words) => {
    const refusal = await decode(bytes).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Fault);
    expect((refusal as Fault).message).toMatch(words);
    expect((refusal as Fault).kind).toBe('invalid');
  });

  const limits = { ...lineLimits, totalBytesMax: 1_000_000, lineBytesMax: 100_000, linesMax: 10 };
  test.each([
    ['a small message that unpacks to a large one', gzipSync(Buffer.alloc(50_000_000, 0x0a))],
    ['a line without end', gzipSync(Buffer.alloc(500_000, 0x61))],
    ['lines without number', gzipSync(`{"kind":"handOver"}\n${'{}\n'.repeat(50)}`)],
  ])('%s', async (_name, bytes) => {
    const refusal = await decode(chunks(bytes, 4096), limits).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Fault);
  });
});

function badVersion(): string {
  const version = {
    resource: 'Patient/1',
    type: 'Observation',
    id: '1-a',
    parents: [],
    parentSeals: [],
    content: null,
    seal: 's',
    at: 1,
  };
  return JSON.stringify({ id: 'o', origin: 'a', versions: [version] });
}

test('what is sent arrives, in chunks of any size', async () => {
  await fc.assert(
    fc.asyncProperty(message, fc.integer({ min: 1, max: 500 }), async (sent, size) => {
      const bytes = await bytesOf(encode(sent, 2));
      expect(await decode(chunks(bytes, size))).toEqual(sent);
    }),
    { numRuns: 200 },
  );
});

test('a message that is cut anywhere, or has a byte changed, is refused or arrives as it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      message,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (sent, place, change, cuts) => {
        const bytes = await bytesOf(encode(sent, 2));
        const at = place % bytes.length;
        const harmed = cuts ? bytes.subarray(0, at) : Buffer.from(bytes);
        if (!cuts) harmed[at] = (harmed[at] as number) ^ change;
        const arrived = await decode(chunks(harmed, 64)).catch((error: unknown) => error);
        if (!(arrived instanceof Fault)) expect(arrived).toEqual(sent);
      },
    ),
    { numRuns: 300 },
  );
});

test('fields that a newer version added are passed over', async () => {
  const lines = packLines(['{"protocol":3,"kind":"refused","why":"copy","colour":"red"}']);
  expect(await decode(lines)).toEqual({ kind: 'refused', why: 'copy' });
});
