/** The bytes of a document, wherever they lie: among the node's blobs, at the node above, in a Binary of the record, or in the DocumentReference itself. */
import { createHash } from 'node:crypto';
import { readCurrent, type RequestContext, type Resource } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { Fault } from '#kernel/fault.ts';
import type { BlobStore } from '#trust/encryption/index.ts';
import { Damage } from '#trust/encryption/sealed-stream.ts';
import { sha256Extension } from './codes.ts';
import { attachmentOf, extensionOf, idOf, textOf } from './elements.ts';
import { decodeText, kindOf, kindOfMediaType, type DocumentKind } from './reading/kinds.ts';

export type ContentDeps = {
  blobs: Pick<BlobStore, 'put' | 'open' | 'has'>;
  /** The copy of the node above; undefined: it has none. */
  fetchBlob(place: { patient: string | undefined; sha256: string }): Promise<AsyncIterable<Uint8Array> | undefined>;
};

export type DocumentContent = { contentType: string; kind: DocumentKind | 'other'; bytes: Buffer };

/** By what the content is told from another: its address, or the reference to it. */
export function contentKey(document: Resource): string {
  const attachment = attachmentOf(document);
  return extensionOf(attachment, sha256Extension) ?? textOf(attachment['url']) ?? textOf(attachment['hash']) ?? '';
}

/**
 * Reads under the grant of the context: who may read the document reads its file, unless that file has a record of its own (Binary), which is then asked for.
 * Faults: notFound, for what has no content here; unavailable, where it lies at a node that does not answer.
 */
export async function readContent(
  context: RequestContext,
  deps: ContentDeps,
  document: Resource,
): Promise<DocumentContent> {
  const attachment = attachmentOf(document);
  const contentType = textOf(attachment['contentType']) ?? 'application/octet-stream';
  const bytes = await bytesOf(context, deps, document);
  return { contentType, kind: await kindOfContent(contentType, bytes), bytes };
}

/** By its content where that is one of the kinds; text that is called something else is what it is called. */
async function kindOfContent(contentType: string, bytes: Buffer): Promise<DocumentKind | 'other'> {
  const called = kindOfMediaType(contentType);
  const seen = await kindOf(bytes);
  if (seen === undefined || (called === 'other' && decodeText(bytes) !== undefined)) return 'other';
  return seen;
}

async function bytesOf(context: RequestContext, deps: ContentDeps, document: Resource): Promise<Buffer> {
  const attachment = attachmentOf(document);
  const sha256 = extensionOf(attachment, sha256Extension);
  const patient = idOf(document['subject'], 'Patient');
  if (sha256 !== undefined) return readBlob(deps, patient, sha256);
  const data = textOf(attachment['data']);
  if (data !== undefined) return Buffer.from(data, 'base64');
  const binary = /(?:^|\/)Binary\/([A-Za-z0-9.-]{1,64})/.exec(textOf(attachment['url']) ?? '')?.[1];
  const found = binary === undefined ? undefined : await readCurrent(context, 'Binary', binary);
  if (found?.content == null) throw new Fault('notFound', 'The content of this document is not here.');
  return Buffer.from(String((parseJson(found.content) as Resource)['data'] ?? ''), 'base64');
}

/** Fetched from where it lies when it is not here, and kept under its hash: what comes is checked before it is given to anybody. */
async function readBlob(
  { blobs, fetchBlob }: ContentDeps,
  patient: string | undefined,
  sha256: string,
): Promise<Buffer> {
  const held = await readHere(blobs, patient, sha256);
  if (held !== undefined) return held;
  const content = await fetchBlob({ patient, sha256 }).catch((error: unknown) => {
    throw new Fault('unavailable', 'The document lies at another node, which does not answer now.', { cause: error });
  });
  if (content === undefined)
    throw new Fault('unavailable', 'The document lies at another node, which has not sent it yet.');
  const bytes = Buffer.concat(await Array.fromAsync(content));
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new Fault('unavailable', 'What came for this document is not what was kept.');
  await blobs.put(patient, [bytes]).catch((error: unknown) => {
    // Whoever reads needs it now, also where it can not be kept.
    if (!isStorageGone(error) && !(error instanceof Fault && error.kind === 'full')) throw error;
  });
  return bytes;
}

/** Undefined: it is not here, or what is here can not be read; another node may have it whole. */
async function readHere(
  blobs: ContentDeps['blobs'],
  patient: string | undefined,
  sha256: string,
): Promise<Buffer | undefined> {
  if (!(await blobs.has(patient, sha256))) return undefined;
  try {
    return Buffer.concat(await Array.fromAsync(await blobs.open(patient, sha256)));
  } catch (error) {
    if (error instanceof Damage || isStorageGone(error)) return undefined;
    throw error;
  }
}

const isStorageGone = (error: unknown): boolean => error instanceof Fault && error.reason === 'storage';
