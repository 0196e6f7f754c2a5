import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RequestContext, Resource } from '#fhir/index.ts';
import { readContent, type ContentDeps } from './content.ts';
import { sha256Extension } from './codes.ts';

const letter = Buffer.from('Epikrise. Ingen tegn til svikt.');
const sha256 = createHash('sha256').update(letter).digest('hex');
const document = {
  resourceType: 'DocumentReference',
  subject: { reference: 'Patient/one' },
  content: [{ attachment: { contentType: 'text/plain', extension: [{ url: sha256Extension, valueString: sha256 }] } }],
} as unknown as Resource;
/** A document that lies in a blob asks nothing of the record. */
const record = {} as RequestContext;

/** A node with nothing of its own; above it a node that has what is told, or does not answer. */
function nodeBelow(above: () => Promise<Buffer | undefined>) {
  const kept = new Map<string, Buffer>();
  let asked = 0;
  const deps: ContentDeps = {
    blobs: {
      has: async (patient, hash) => kept.has(`${patient} ${hash}`),
      async open(patient, hash) {
        const bytes = kept.get(`${patient} ${hash}`) as Buffer;
        return (async function* () {
          yield bytes;
        })();
      },
      async put(patient, content) {
        const bytes = Buffer.concat(await Array.fromAsync(content));
        const address = createHash('sha256').update(bytes).digest('hex');
        kept.set(`${patient} ${address}`, bytes);
        return { sha256: address, bytes: bytes.length } as Awaited<ReturnType<ContentDeps['blobs']['put']>>;
      },
    },
    async fetchBlob() {
      asked++;
      const bytes = await above();
      return (
        bytes &&
        (async function* () {
          yield bytes.subarray(0, 5);
          yield bytes.subarray(5);
        })()
      );
    },
  };
  return { deps, kept, asked: () => asked };
}

describe('A document that lies at another node', () => {
  test('is refused when what comes has another hash, and that is not kept', async () => {
    const { deps, kept } = nodeBelow(async () => Buffer.from('Epikrise. Tegn til svikt.'));
    await expect(readContent(record, deps, document)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(kept.size).toBe(0);
  });
  test('is said to be out of reach when the line is cut, or the other node has not got it', async () => {
    const cut = nodeBelow(() => Promise.reject(new Error('no line')));
    await expect(readContent(record, cut.deps, document)).rejects.toMatchObject({ kind: 'unavailable' });
    const lacking = nodeBelow(async () => undefined);
    await expect(readContent(record, lacking.deps, document)).rejects.toMatchObject({ kind: 'unavailable' });
  });
  test('is fetched once, kept under its hash, and read without the line from then on', async () => {
    let isCut = false;
    const { deps, kept, asked } = nodeBelow(() => (isCut ? Promise.reject(new Error('cut')) : Promise.resolve(letter)));
    const read = await readContent(record, deps, document);
    expect([read.kind, read.bytes.toString()]).toEqual(['text', letter.toString()]);
    expect([...kept.keys()]).toEqual([`one ${sha256}`]);
    isCut = true;
    expect((await readContent(record, deps, document)).bytes.equals(letter)).toBe(true);
    expect(asked()).toBe(1);
  });
});
