/**
 * Follows the record's feed for documents, wherever they came from: an upload, an API, another node. What is small and in the record is read at once;
 * the rest is a job, which is tried again while a node that holds the content does not answer.
 */
import type { Committer } from '#fhir/record/committer.ts';
import { readFeed, type Resource } from '#fhir/index.ts';
import type { StoredVersion } from '#fhir/record/store.ts';
import { parseJson } from '#fhir/json/index.ts';
import type { Jobs } from '#kernel/jobs.ts';
import { contentJob, pagesJob, readText, type Known, type TextDeps } from './read-text.ts';
import { removeText } from './text-store.ts';
import { attachmentOf, extensionOf } from './elements.ts';
import { sha256Extension } from './codes.ts';
import { readCursor, writeCursor } from './text-store.ts';

export type Follower = {
  start(jobs: Pick<Jobs, 'add'>): void;
  stop(): Promise<void>;
};

export type FollowDeps = TextDeps & {
  committer: Pick<Committer, 'onWritten'>;
  report(event: string, error: unknown): void;
};

const pageSize = 500;
const lookEveryMs = 2000;
const gatherMs = 50;

export function createFollower(deps: FollowDeps): Follower {
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  let jobs: Pick<Jobs, 'add'> | undefined;
  const schedule = (afterMs: number): void => {
    if (jobs === undefined) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      turn = takeTurn();
    }, afterMs);
    timer.unref();
  };
  let isWoken = false;
  const takeTurn = async (): Promise<void> => {
    isWoken = false;
    try {
      while (jobs !== undefined && (await followPage(deps, jobs)));
    } catch (error) {
      if (jobs !== undefined) deps.report('documents', error);
    }
    schedule(isWoken ? gatherMs : lookEveryMs);
  };
  deps.committer.onWritten(({ writes }) => {
    if (isWoken || !writes.some(({ type }) => type === 'DocumentReference')) return;
    isWoken = true;
    void turn.then(() => schedule(gatherMs));
  });
  return {
    start(handed) {
      jobs = handed;
      schedule(0);
    },
    async stop() {
      jobs = undefined;
      clearTimeout(timer);
      await turn;
    },
  };
}

/** False when there was nothing new. */
async function followPage(deps: FollowDeps, jobs: Pick<Jobs, 'add'>): Promise<boolean> {
  const { db } = deps.context;
  const cursor = await readCursor(db);
  const page = await readFeed(db, cursor, pageSize, ['DocumentReference']);
  const moved = [...page.cursor].filter(([bucket, n]) => cursor.get(bucket) !== n);
  if (moved.length === 0) return false;
  for (const entry of lastOfEach(page.entries)) await follow(deps, jobs, entry);
  await writeCursor(db, moved);
  return true;
}

/** In each bucket: what was moved to another patient goes from the one and comes to the other. */
function lastOfEach(entries: readonly StoredVersion[]): StoredVersion[] {
  const last = new Map<string, StoredVersion>();
  for (const entry of entries) {
    const key = `${entry.bucket} ${entry.id}`;
    if ((last.get(key)?.version ?? 0) <= entry.version) last.set(key, entry);
  }
  return [...last.values()];
}

async function follow(deps: FollowDeps, jobs: Pick<Jobs, 'add'>, entry: StoredVersion): Promise<void> {
  const { bucket, id, versionId, content } = entry;
  if (content === null) return removeText(deps.context.db, bucket, id);
  const known: Known = { bucket, id, versionId, document: parseJson(content) as Resource };
  const later = (name: string): Promise<void> => jobs.add(name, { id }, { key: `${name} ${id}` });
  if (isLarge(known.document)) return later(contentJob);
  try {
    if (await readText(deps, known)) await later(pagesJob);
  } catch {
    // Its Binary is not here yet, or what made it fail passes: the job tries again, and says what is wrong.
    await later(contentJob);
  }
}

/** Blobs may lie elsewhere, and what is not plain text takes a thread to open. */
function isLarge(document: Resource): boolean {
  const attachment = attachmentOf(document);
  return (
    extensionOf(attachment, sha256Extension) !== undefined || !String(attachment['contentType']).startsWith('text/')
  );
}
