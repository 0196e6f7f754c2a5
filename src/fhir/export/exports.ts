/** Bulk exports: begun here, worked on as durable jobs, followed and cancelled by their addresses, forgotten after a time. */
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Clock } from '#kernel/clock.ts';
import { asFault, type Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { JobHandler, Jobs } from '#kernel/jobs.ts';
import type { Model } from '../definitions/model.ts';
import { outcomeOf } from '../outcome.ts';
import type { Query } from '../search/query.ts';
import type { Grants } from '../grant.ts';
import type { ExportSearch } from './choose.ts';
import {
  countFailure,
  failExport,
  findExport,
  findUnfinished,
  insertExport,
  pruneExports,
  removeExport,
  type ExportJob,
  type Failure,
} from './export-store.ts';
import type { ExportFile } from './files.ts';
import type { ExportRequest } from './request.ts';
import { runExport, type ExportLimits } from './run.ts';

export type ExportsOptions = {
  db: Db;
  clock: Clock;
  ids: Ids;
  search: ExportSearch;
  model: Model;
  /** The name of this node: the files lie with it. */
  node: string;
  /** The folder below which each export has its own. */
  folder: string;
  grants: Grants;
  limits?: Partial<ExportLimits & ExportsLimits>;
};

export type ExportsLimits = {
  /** Exports that may wait or run at once. */
  unfinishedMax: number;
  /** Milliseconds that a finished export is kept. */
  keptMs: number;
  /** Milliseconds for which `_since` with an earlier transaction time is answered by its cut. */
  marksKeptMs: number;
};

export type ExportFileContent = { file: ExportFile; stream: Readable; isGzip: boolean };

export type Exports = {
  /** A filter as search understands it. In memory it decides by the content, so it may rest on what is not indexed yet. */
  parse(type: string, parameters: [string, string][]): Query;
  /** Keeps the export and its cut, durably; answers its id. */
  begin(request: ExportRequest, owner: string | undefined): Promise<string>;
  /** The export, where it is this owner's (or the asker the node itself). */
  find(id: string, owner: string | undefined): Promise<ExportJob | undefined>;
  /** Ends a running export, removes a finished one. False when there is none. */
  remove(id: string, owner: string | undefined): Promise<boolean>;
  /** A finished export's file, to be sent. Throws notFound. */
  read(id: string, name: string, gzip: boolean, owner: string | undefined): Promise<ExportFileContent>;
  /** When a finished export is forgotten, milliseconds since 1970. */
  expiryOf(job: ExportJob): number | undefined;
  /** What `startJobs` is to be given. */
  handlers: Readonly<Record<string, JobHandler>>;
  /** Goes on with what a killed node left, and prunes from now on. Before this, exports are kept but not worked on. */
  start(jobs: Pick<Jobs, 'add'>): Promise<void>;
};

const defaults: ExportLimits & ExportsLimits = {
  fileResourcesMax: 100_000,
  checkpointMs: 1000,
  diskFreeMin: 512 * 1024 * 1024,
  unfinishedMax: 16,
  keptMs: 24 * 3_600_000,
  marksKeptMs: 400 * 24 * 3_600_000,
};
const pruneEveryMs = 3_600_000;
const failuresMax = 3;

type Running = { abort: AbortController; ended: Promise<void> };

type Parts = ExportsOptions & {
  limits: ExportLimits & ExportsLimits;
  running: Map<string, Running>;
  jobs: Pick<Jobs, 'add'> | undefined;
};

export function createExports(options: ExportsOptions): Exports {
  const { db, folder, node } = options;
  const parts: Parts = {
    ...options,
    limits: { ...defaults, ...options.limits },
    running: new Map(),
    jobs: undefined,
  };
  return {
    handlers: {
      export: (payload, { signal }) => workOn(parts, idIn(payload), signal),
      'export-prune': () => prune(parts),
    },
    parse: (type, parameters) => options.search.parse(type, parameters, { lenient: false }),
    begin: (request, owner) => begin(parts, request, owner),
    find: (id, owner) => findOwn(db, id, owner),
    remove: async (id, owner) => (await findOwn(db, id, owner)) !== undefined && remove(parts, id),
    read: async (id, name, gzip, owner) => readExportFile(await findOwn(db, id, owner), folder, name, gzip, node),
    expiryOf: ({ finished }) => (finished === null ? undefined : finished + parts.limits.keptMs),
    async start(jobs) {
      parts.jobs = jobs;
      for (const id of await findUnfinished(db)) await jobs.add('export', { id }, { key: `export-${id}` });
      await jobs.add('export-prune', {}, { key: 'export-prune' });
    },
  };
}

/** What is another's is not there. */
async function findOwn(db: Db, id: string, owner: string | undefined): Promise<ExportJob | undefined> {
  const job = await findExport(db, id);
  return owner === undefined || job?.owner === owner ? job : undefined;
}

async function begin(
  { db, ids, clock, limits, jobs }: Parts,
  request: ExportRequest,
  owner: string | undefined,
): Promise<string> {
  const unfinished = await findUnfinished(db);
  if (unfinished.length >= limits.unfinishedMax) {
    throw new Fault('busy', `${unfinished.length} exports are under way already. Try again later.`);
  }
  const id = ids.uuid();
  await insertExport(db, { id, owner: owner ?? null, request }, clock.now());
  await jobs?.add('export', { id }, { key: `export-${id}` });
  return id;
}

/** The queue gives a job out again after some hours: whoever gets it waits for the one at work. */
async function workOn(parts: Parts, id: string, signal: AbortSignal): Promise<void> {
  const earlier = parts.running.get(id);
  if (earlier) return earlier.ended;
  const abort = new AbortController();
  const ended = run(parts, id, AbortSignal.any([signal, abort.signal])).catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  parts.running.set(id, { abort, ended });
  await ended.finally(() => parts.running.delete(id));
}

async function run(parts: Parts, id: string, signal: AbortSignal): Promise<void> {
  const { db, clock, folder } = parts;
  const job = await findExport(db, id);
  if (job === undefined || job.finished !== null) return;
  try {
    await runExport(parts, job, join(folder, id), signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const failures = await countFailure(db, id);
    if (failures < failuresMax && !isRefusal(error)) throw error;
    await failExport(db, id, failureOf(error), clock.now());
    if (!(asFault(error) instanceof Fault)) throw error;
  }
}

/** True for what would be refused again. What is not available now may be so later. */
function isRefusal(error: unknown): boolean {
  const fault = asFault(error);
  return fault instanceof Fault && fault.kind !== 'unavailable';
}

async function remove({ db, folder, running }: Parts, id: string): Promise<boolean> {
  const wasThere = await removeExport(db, id);
  const atWork = running.get(id);
  atWork?.abort.abort();
  await atWork?.ended.catch(() => {});
  if (wasThere) await rm(join(folder, id), { recursive: true, force: true });
  return wasThere;
}

async function prune({ db, clock, folder, limits, jobs }: Parts): Promise<void> {
  const now = clock.now();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Listed before the rows are read: a folder is made after its row, so that no new one is taken for a left-over.
  const listed = await readdir(folder);
  const kept = new Set(await pruneExports(db, now - limits.keptMs, now - limits.marksKeptMs));
  for (const name of listed) if (!kept.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  await jobs?.add('export-prune', {}, { key: 'export-prune', notBefore: now + pruneEveryMs });
}

function idIn(payload: unknown): string {
  const { id } = payload as { id?: unknown };
  if (typeof id !== 'string') throw new Error('an export job without its id');
  return id;
}

/** What a client is told: a refusal's own words, nothing of a bug. */
function failureOf(error: unknown): Failure {
  const fault = asFault(error);
  const diagnostics = 'Something is wrong at our side: the export was given up.';
  if (!(fault instanceof Fault)) return { status: 500, issue: [{ severity: 'error', code: 'exception', diagnostics }] };
  const issue = outcomeOf(fault).issue.map((one) => ({
    severity: 'error' as const,
    code: one.code,
    diagnostics: one.diagnostics ?? fault.message,
  }));
  return { status: fault.status, issue };
}

async function readExportFile(
  job: ExportJob | undefined,
  folder: string,
  name: string,
  gzip: boolean,
  node: string,
): Promise<ExportFileContent> {
  const file = job?.state === 'done' ? job.files.find((one) => one.name === name) : undefined;
  if (job === undefined || file === undefined) throw new Fault('notFound', 'There is no such file of an export here.');
  if (job.node !== node) throw new Fault('unavailable', `The files of this export lie with the node ${job.node}.`);
  // The name is one that the export itself made: no path can come in.
  const stream = createReadStream(join(folder, job.id, file.name));
  if (!gzip) return { file, stream, isGzip: false };
  const packed = createGzip();
  stream.on('error', (error) => packed.destroy(error));
  packed.on('close', () => stream.destroy());
  return { file, stream: stream.pipe(packed), isGzip: true };
}
