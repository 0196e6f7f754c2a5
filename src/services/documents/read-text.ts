/** Makes a document's text: what stands in it at once, what has to be read off pictures as a job with progress. */
import type { FhirContext, RequestContext, Resource } from '#fhir/index.ts';
import { readCurrent } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import type { JobHandler, Jobs } from '#kernel/jobs.ts';
import { Fault } from '#kernel/fault.ts';
import { contentKey, readContent, type ContentDeps, type DocumentContent } from './content.ts';
import { idOf } from './elements.ts';
import type { PageReader } from './ocr.ts';
import { languageOf } from './reading/language.ts';
import type { OpenFile } from './reading/read-file.ts';
import { joinPages, pictureOfPage, textOfFile, type FileText } from './reading/text-of.ts';
import * as store from './text-store.ts';

export type TextDeps = ContentDeps & {
  context: FhirContext;
  open: OpenFile;
  startPageReader(): Promise<PageReader>;
  /** Told of each text that was read, before it is kept: twice where it fails between. */
  onText: ((text: store.DocumentText) => Promise<void>) | undefined;
};

/** What is known of a document: its place, and its version that is current. */
export type Known = { bucket: number; id: string; versionId: string; document: Resource };

export const pagesJob = 'documents read pages';
export const contentJob = 'documents read content';

/** Pixels that a page is drawn wide for reading: some 200 dots to the inch on A4. */
const ocrWidth = 1700;

/** @returns whether pictures are left to read */
export async function readText(deps: TextDeps, known: Known): Promise<boolean> {
  const { context } = deps;
  const { bucket, id, versionId: version, document } = known;
  const content = contentKey(document);
  if (document['status'] === 'entered-in-error') {
    await store.removeText(context.db, bucket, id);
    return false;
  }
  if (await store.noteVersion(context.db, { bucket, id, version, content })) return false;
  const file = await readContent(nodeContext(deps), deps, document);
  const read = await textWithin(deps, file);
  await keep(deps, known, read, 'text', undefined);
  if (read.pictures.length === 0) return false;
  const now = context.clock.now();
  await store.putReading(
    context.db,
    { bucket, id, version, state: 'waiting', pagesTotal: read.pictures.length, pagesDone: 0, problem: undefined },
    now,
  );
  return true;
}

/** What can not be opened has no text, and says why. */
async function textWithin(
  deps: Pick<TextDeps, 'open'>,
  { kind, bytes }: DocumentContent,
): Promise<FileText & { problem?: string }> {
  if (kind === 'other')
    return { text: '', pages: [0], pictures: [], problem: 'This kind of file has no text that Fyr can read.' };
  try {
    return await textOfFile(deps.open, { kind, bytes });
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'unprocessable') throw error;
    return { text: '', pages: [0], pictures: [], problem: error.message };
  }
}

const nodeContext = ({ context }: TextDeps): RequestContext => ({
  ...context,
  grant: context.grants.background('documents'),
});

async function keep(
  { context, onText }: TextDeps,
  { bucket, id, versionId: version, document }: Known,
  { text, pages, problem }: Pick<FileText, 'text' | 'pages'> & { problem?: string },
  source: 'text' | 'ocr',
  confidence: number | undefined,
): Promise<void> {
  const made: store.DocumentText = {
    bucket,
    id,
    patient: idOf(document['subject'], 'Patient') ?? '',
    version,
    language: languageOf(text),
    text,
    pages,
    source: text === '' ? 'none' : source,
    confidence,
    problem,
    content: contentKey(document),
  };
  // First, so that what fails here is tried again: a text that is kept is not read anew.
  await onText?.(made);
  await store.putText(context.db, made, context.clock.now());
}

/** The jobs: one that fetches and reads what could not be read at once, one that reads pictures. Both may run twice without harm. */
export function textJobs(
  deps: TextDeps,
  jobs: () => Pick<Jobs, 'add'> | undefined,
): Readonly<Record<string, JobHandler>> {
  return {
    async [contentJob](payload) {
      const known = await findKnown(deps, payload);
      if (known !== undefined && (await readText(deps, known)))
        await jobs()?.add(pagesJob, payload, { key: `pages ${known.id}` });
    },
    async [pagesJob](payload, { signal }) {
      const known = await findKnown(deps, payload);
      if (known !== undefined) await readPictures(deps, known, signal);
    },
  };
}

async function findKnown(deps: TextDeps, payload: unknown): Promise<Known | undefined> {
  const { id } = payload as { id: string };
  const found = await readCurrent(nodeContext(deps), 'DocumentReference', id);
  if (found?.content == null) return undefined;
  return { bucket: found.bucket, id, versionId: found.versionId, document: parseJson(found.content) as Resource };
}

/** Page by page, with how far it is; pages that have text of their own keep it. */
async function readPictures(deps: TextDeps, known: Known, signal: AbortSignal): Promise<void> {
  const { context } = deps;
  const { bucket, id, versionId: version, document } = known;
  const { kind, bytes } = await readContent(nodeContext(deps), deps, document);
  if (kind === 'other') return;
  const before = await textOfFile(deps.open, { kind, bytes });
  const pages = before.pages.map((from, i) =>
    before.text.slice(from, before.pages[i + 1] ?? before.text.length).replace(/\n\f$/, ''),
  );
  const note = (state: 'reading' | 'done' | 'failed', pagesDone: number, problem?: string): Promise<void> =>
    store.putReading(
      context.db,
      { bucket, id, version, state, pagesTotal: before.pictures.length, pagesDone, problem },
      context.clock.now(),
    );
  const reader = await deps.startPageReader();
  const sure: number[] = [];
  try {
    for (const [done, page] of before.pictures.entries()) {
      signal.throwIfAborted();
      await note('reading', done);
      const { text, confidence } = await reader.read(await pictureOfPage(deps.open, { kind, bytes }, page, ocrWidth));
      pages[page - 1] = text;
      sure.push(confidence);
    }
  } finally {
    await reader.stop();
  }
  const { text, pages: starts } = joinPages(pages);
  const confidence = sure.reduce((sum, one) => sum + one, 0) / Math.max(1, sure.length);
  await keep(deps, known, { text, pages: starts }, 'ocr', confidence);
  await note('done', before.pictures.length);
}
