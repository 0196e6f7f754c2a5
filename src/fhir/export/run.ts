/** The walk of one export, bucket by bucket, with checkpoints that it goes on from. The record's texts go to the files as they are. */
import { rm, statfs } from 'node:fs/promises';
import { Fault } from '#kernel/fault.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { Model } from '../definitions/model.ts';
import type { Grant, Grants, Reach } from '../grant.ts';
import { patientBucket } from '../record/bucket.ts';
import { createChoice, type Choice, type ExportSearch } from './choose.ts';
import {
  beginExport,
  findMemberBuckets,
  finishExport,
  inBucketSnapshot,
  readAllHeads,
  saveCheckpoint,
  walkBucket,
  walkDeleted,
  type ExportJob,
  type Walk,
} from './export-store.ts';
import { openExportFiles, type ExportFiles } from './files.ts';

export type RunDeps = {
  db: Db;
  clock: Clock;
  search: ExportSearch;
  model: Model;
  node: string;
  grants: Grants;
  limits: ExportLimits;
};

export type ExportLimits = {
  /** Resources in one file. */
  fileResourcesMax: number;
  /** At least this often is the progress noted, milliseconds. */
  checkpointMs: number;
  /** Bytes that must stay free on the disk. */
  diskFreeMin: number;
};

const deletedAtOnce = 1000;

type Progress = { resources: number; walked: number };

/** Writes the export's files into the folder and marks it done. Leaves off when aborted; an export that is gone takes its files with it. */
export async function runExport(deps: RunDeps, job: ExportJob, folder: string, signal: AbortSignal): Promise<void> {
  const files = await openOrBeginAgain(deps, job, folder);
  if (files === undefined) return;
  try {
    const isThere = await walk(deps, job, files, folder, signal);
    if (isThere) await finishExport(deps.db, job.id, deps.node, deps.clock.now());
    else await rm(folder, { recursive: true, force: true });
  } finally {
    await files.close();
  }
}

/** Goes on where this node was; begins again when another node was at it, or the files are not what was noted. */
async function openOrBeginAgain(deps: RunDeps, job: ExportJob, folder: string): Promise<ExportFiles | undefined> {
  const max = deps.limits.fileResourcesMax;
  if (job.node === deps.node && job.nextBucket > 0) {
    const files = await openExportFiles(folder, job.files, max).catch(() => undefined);
    if (files) return (await beginExport(deps.db, job.id, deps.node, false)) ? files : closed(files);
  }
  if (!(await beginExport(deps.db, job.id, deps.node, true))) return undefined;
  Object.assign(job, { nextBucket: 0, resources: 0, files: [] });
  return openExportFiles(folder, [], max);
}

async function closed(files: ExportFiles): Promise<undefined> {
  await files.close();
}

/** False: the export was cancelled while it ran. */
async function walk(
  deps: RunDeps,
  job: ExportJob,
  files: ExportFiles,
  folder: string,
  signal: AbortSignal,
): Promise<boolean> {
  const grant = job.owner === null ? deps.grants.background('export') : await deps.grants.ofOwner(job.owner, 'export');
  const choice = createChoice({ ...deps, reach: await reachOf(grant, job) }, job.request);
  const walks = await plan(deps.db, job, choice);
  const weights = walks.map(({ head, afterN }) => head - afterN);
  const whole = weights.reduce((sum, one) => sum + one, 0);
  const progress: Progress = { resources: job.resources, walked: 0 };
  let done = 0;
  let noted = deps.clock.now();
  for (const [i, one] of walks.entries()) {
    if (one.bucket >= job.nextBucket) {
      await takeBucket(deps.db, one, choice, { files, progress, signal, job, grant });
      await deps.grants.told(grant);
    }
    done += weights[i] as number;
    progress.walked = done / whole;
    const isLast = i === walks.length - 1;
    if (!isLast && deps.clock.now() - noted < deps.limits.checkpointMs) continue;
    await refuseFullDisk(folder, deps.limits.diskFreeMin);
    const point = { nextBucket: one.bucket + 1, ...progress, files: await files.checkpoint() };
    if (!(await saveCheckpoint(deps.db, job.id, deps.node, point))) return false;
    noted = deps.clock.now();
  }
  return true;
}

/** What may be exported is decided anew each time that the work is taken up: access that was withdrawn in between is gone. */
async function reachOf(grant: Grant, job: ExportJob): Promise<Reach> {
  return grant.reach({ by: 'search', patient: undefined, isNamed: false, types: job.request.types });
}

/** The buckets to be read, in order, each with what is wanted of it. */
async function plan(db: Db, job: ExportJob, { tokens }: Choice): Promise<Walk[]> {
  const { heads, sinceHeads, request } = job;
  const { types } = request;
  const members = request.level === 'system' ? 'all' : 'patients';
  const wanted = tokens && (await bucketsOfMembers(db, job, tokens));
  return heads.flatMap((head, bucket): Walk[] => {
    const afterN = sinceHeads?.[bucket] ?? 0;
    const isWanted = head > afterN && (wanted === undefined || wanted.has(bucket));
    if (!isWanted) return [];
    const since = sinceHeads ? undefined : request.since;
    return [{ bucket, head, types, afterN, since, members: wanted?.get(bucket) ?? members }];
  });
}

/**
 * Where the members' records lie: each in its own bucket, and what they share with others in the others'. What changed after the cut may have
 * been a member's at the cut, so such buckets are looked at too; without a token, only for what changed.
 */
async function bucketsOfMembers(db: Db, job: ExportJob, tokens: readonly string[]): Promise<Map<number, string[]>> {
  const found = await findMemberBuckets(db, tokens);
  const now = await readAllHeads(db);
  const own = (job.request.patients ?? []).map(patientBucket);
  const moved = now.flatMap((n, bucket) => (n > (job.heads[bucket] ?? 0) ? [bucket] : []));
  for (const bucket of [...own, ...moved]) if (!found.has(bucket)) found.set(bucket, []);
  return found;
}

type Taking = { files: ExportFiles; progress: Progress; signal: AbortSignal; job: ExportJob; grant: Grant };

async function takeBucket(
  db: Db,
  one: Walk,
  choice: Choice,
  { files, progress, signal, job, grant }: Taking,
): Promise<void> {
  await inBucketSnapshot(db, async (tx) => {
    for await (const { rows, isSettled } of walkBucket(tx, one)) {
      signal.throwIfAborted();
      for (const row of rows) {
        const line = choice.lineOf(row, isSettled);
        if (line === undefined) continue;
        if (job.owner !== null) grant.saw([choice.factsOf(row)]);
        files.add(row.type, line);
        progress.resources++;
      }
      await files.drain();
    }
    if (job.request.since === undefined) return;
    for await (const rows of walkDeleted(tx, one)) {
      const gone = rows.filter((row) => choice.isWanted(row.content));
      for (let i = 0; i < gone.length; i += deletedAtOnce)
        files.add('deleted', deletions(gone.slice(i, i + deletedAtOnce)));
    }
  });
}

/** A transaction Bundle that deletes what was deleted (Bulk Data Access 2.0, export/index.html#response---complete-status). */
function deletions(gone: readonly { type: string; id: string }[]): string {
  return JSON.stringify({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: gone.map(({ type, id }) => ({ request: { method: 'DELETE', url: `${type}/${id}` } })),
  });
}

async function refuseFullDisk(folder: string, freeMin: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < freeMin) {
    throw new Fault('unavailable', 'The disk of this node is nearly full: the export was given up.');
  }
}
