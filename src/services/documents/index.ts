/** The door of documents: `/api/documents`, MHD on the FHIR endpoint, texts for search. */
import type { FhirContext } from '#fhir/index.ts';
import type { Committer } from '#fhir/record/committer.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Ids } from '#kernel/ids.ts';
import type { JobHandler, Jobs } from '#kernel/jobs.ts';
import type { Db } from '#kernel/db.ts';
import { bucketInId } from '#fhir/record/bucket.ts';
import type { Door } from '#trust/index.ts';
import type { ContentDeps } from './content.ts';
import { createFollower } from './follow.ts';
import type { Classify, IntakeDeps } from './intake.ts';
import { createMalwareScan } from './malware.ts';
import { createFileOpener } from './reading/read-file.ts';
import { startPageReader } from './ocr.ts';
import { textJobs, type TextDeps } from './read-text.ts';
import { registerDocumentRoutes } from './routes.ts';
import { findText, type DocumentText } from './text-store.ts';
import { watchFolder } from './watch-folder.ts';

export type { Classify } from './intake.ts';
export type { DocumentText } from './text-store.ts';
export { answerMhd } from './left-out.ts';
export { generateMetadata } from './generate-metadata.ts';
export { documentTypes } from './codes.ts';

export type DocumentSettings = {
  /** Bytes that a file may have. */
  readonly bytesMax: number;
  /** `clamd://host:port` or `icap://host:port/service`; undefined: nothing is asked. */
  readonly malwareScanner: string | undefined;
  /** Where scanners leave files; undefined: nowhere. */
  readonly intakeFolder: string | undefined;
};

export type DocumentDeps = ContentDeps & {
  context: FhirContext;
  committer: Pick<Committer, 'onWritten'>;
  ids: Pick<Ids, 'uuid'>;
  settings: DocumentSettings;
  classify?: Classify;
  /** Told of each text that was read, before it is kept. */
  onText?: (text: DocumentText) => Promise<void>;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type Documents = {
  jobHandlers: Readonly<Record<string, JobHandler>>;
  register(server: HttpServer, door: Pick<Door, 'enter'>): Promise<void>;
  start(jobs: Pick<Jobs, 'add'>): void;
  stop(): Promise<void>;
};

/** Threads that open files at once, each with memory of its own. */
const filesOpenMax = 3;

export function createDocuments(deps: DocumentDeps): Documents {
  const { context, committer, settings, classify, onText, blobs, fetchBlob, ids, report } = deps;
  let jobs: Pick<Jobs, 'add'> | undefined;
  const open = createFileOpener({ threadsMax: filesOpenMax });
  const text: TextDeps = { context, blobs, fetchBlob, open, onText, startPageReader };
  const { bytesMax, malwareScanner, intakeFolder } = settings;
  const scan = malwareScanner === undefined ? undefined : createMalwareScan(malwareScanner);
  const intake: IntakeDeps = { blobs, fetchBlob, ids, bytesMax, scan, classify, open };
  const follower = createFollower({ ...text, committer, report });
  const folder =
    intakeFolder === undefined ? undefined : watchFolder({ context, intake, folder: intakeFolder, report });
  return {
    jobHandlers: textJobs(text, () => jobs),
    register: (server, door) => registerDocumentRoutes(server, { context, door, intake }),
    start(handed) {
      jobs = handed;
      follower.start(handed);
      folder?.start();
    },
    async stop() {
      jobs = undefined;
      await folder?.stop();
      await follower.stop();
    },
  };
}

/** The text of a document of Fyr's own; undefined where it is not read (yet). */
export async function textOf(db: Db, documentReferenceId: string): Promise<DocumentText | undefined> {
  const bucket = bucketInId(documentReferenceId);
  return bucket === undefined ? undefined : findText(db, bucket, documentReferenceId);
}
