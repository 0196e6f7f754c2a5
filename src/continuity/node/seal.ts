/**
 * Takes what the record has written by itself (people's writes at this node) into the graph, the feed for those below and the outbox for the node above.
 * The record's own rows are the outbox until then: durable in the transaction of the write, dense in their bucket, so none is passed over.
 */
import type { Db } from '#kernel/db.ts';
import { rules } from '../protocol/rules.ts';
import { noteWritten, type WrittenVersion } from '../protocol/write.ts';
import type { View } from '../protocol/view.ts';
import { carryOut, type CarryOutDeps } from './carry-out.ts';
import { moveSealed, readUnsealed } from './graph-store.ts';
import type { Loaded } from './loading.ts';

/** Seals at most `limit` versions; how many there were. In the transaction that holds the lock of the line. */
export async function sealLocalWrites(db: Db, loaded: Loaded, deps: CarryOutDeps, limit: number): Promise<number> {
  const rows = await readUnsealed(db, limit);
  if (rows.length === 0) return 0;
  const sealed = new Map(rows.map(({ bucket, n }) => [bucket, n]));
  const candidates = rows
    .filter(({ interaction }) => interaction !== 'move')
    .map((row) => ({ ...row, resource: `${row.type}/${row.id}`, patient: row.patient ?? undefined }));
  await loaded.prepare(candidates);
  await loaded.prepareReasons(candidates.flatMap(({ patient }) => patient ?? []));
  const written = await loaded.decide((view) => candidates.flatMap((row) => ownVersion(view, row)));
  const effects = await loaded.decide((view) => noteWritten(view, written, rules));
  const numbers = new Map(candidates.map(({ resource, versionId, n }) => [`${resource} ${versionId}`, n]));
  await carryOut(db, effects, deps, 'here', numbers);
  await moveSealed(db, sealed);
  await loaded.forget();
  return rows.length;
}

type Candidate = Awaited<ReturnType<typeof readUnsealed>>[number] & { resource: string };

/** What came from other nodes was put into the graph when it was written, so it is not ours to tell. */
function ownVersion(view: View, row: Omit<Candidate, 'patient'> & { patient: string | undefined }): WrittenVersion[] {
  const { resource, type, content, versionId, updated } = row;
  const state = view.resource(resource);
  if (state?.versions.has(versionId)) return [];
  // A deletion no longer says whose it is; the version before does.
  const before = state?.tip === undefined ? undefined : state.versions.get(state.tip);
  const patient = row.patient ?? (content === null ? before?.patient : undefined);
  return [{ resource, type, patient, content, id: versionId, nowMs: updated }];
}
