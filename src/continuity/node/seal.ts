/**
 * Takes what the record has written by itself (people's writes at this node) into the graph, the feed for those below and the outbox for the node above.
 * The record's own rows are the outbox until then: durable in the transaction of the write, dense in their bucket, so none is passed over.
 */
import type { Db } from '#kernel/db.ts';
import { parseJson } from '#fhir/json/index.ts';
import type { Resource } from '#fhir/types.ts';
import { rules } from '../protocol/rules.ts';
import { noteWritten, type WrittenVersion } from '../protocol/write.ts';
import type { View } from '../protocol/view.ts';
import { carryOut, type CarryOutDeps } from './carry-out.ts';
import { moveSealed, readUnsealed, type UnsealedRow } from './graph-store.ts';
import type { Loaded } from './loading.ts';
import { groupsOf } from './together.ts';

/** More rows than that are not waited for: what became true together with something behind them goes up in parts. */
const rowsMax = 128_000;

/** Seals about `limit` versions; whether there may be more. In the transaction that holds the lock of the line. */
export async function sealLocalWrites(db: Db, loaded: Loaded, deps: CarryOutDeps, limit: number): Promise<boolean> {
  const { rows, groups } = await readGroups(db, limit);
  if (groups.length === 0) return false;
  const candidates = groups.map((group) =>
    group
      .filter(({ interaction }) => interaction !== 'move')
      .map((row) => ({ ...row, resource: `${row.type}/${row.id}`, patient: row.patient ?? undefined })),
  );
  const all = candidates.flat();
  await loaded.prepare(all);
  await loaded.prepareReasons(all.flatMap(({ patient }) => patient ?? []));
  const written = await loaded.decide((view) => {
    const patients = new Map<string, string | undefined>();
    const own = candidates.map((group) => group.flatMap((row) => ownVersion(view, row, deps, patients)));
    return own.filter((group) => group.length > 0);
  });
  const effects = await loaded.decide((view) => noteWritten(view, written, rules));
  const numbers = new Map(all.map(({ resource, versionId, n }) => [`${resource} ${versionId}`, n]));
  await carryOut(db, effects, deps, 'here', numbers);
  const told = groups.flat();
  await moveSealed(db, lastNumbers(told));
  await loaded.forget();
  return rows >= limit || told.length < rows;
}

/** What became true together is told together, however much of other things must be read for it. */
async function readGroups(db: Db, limit: number): Promise<{ rows: number; groups: UnsealedRow[][] }> {
  for (let most = limit; ; most *= 4) {
    const rows = await readUnsealed(db, most);
    const groups = groupsOf(rows);
    if (groups.length > 0 || rows.length < most) return { rows: rows.length, groups };
    if (most > rowsMax) return { rows: rows.length, groups: groupsOf(rows.map((row) => ({ ...row, together: null }))) };
  }
}

function lastNumbers(rows: readonly UnsealedRow[]): Map<number, number> {
  const last = new Map<number, number>();
  for (const { bucket, n } of rows) last.set(bucket, Math.max(n, last.get(bucket) ?? 0));
  return last;
}

type Candidate = Omit<UnsealedRow, 'patient'> & { resource: string; patient: string | undefined };

/**
 * What came from other nodes was put into the graph when it was written, so it is not ours to tell. Whose a version is its content says: the record knows it
 * of what is current alone. `patients`: those of what came before in this page, since a deletion no longer says whose it is.
 */
function ownVersion(
  view: View,
  row: Candidate,
  { extract }: CarryOutDeps,
  patients: Map<string, string | undefined>,
): WrittenVersion[] {
  const { resource, type, content, versionId, updated } = row;
  const state = view.resource(resource);
  if (state?.versions.has(versionId)) return [];
  const before = state?.tip === undefined ? undefined : state.versions.get(state.tip);
  const last = patients.has(resource) ? patients.get(resource) : before?.patient;
  const patient = content === null ? last : (row.patient ?? extract(parseJson(content) as Resource).patient);
  patients.set(resource, patient);
  return [{ resource, type, patient, content, id: versionId, nowMs: updated }];
}
