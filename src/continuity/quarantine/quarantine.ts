/** Operations from other nodes that could not be taken: shown, tried again, settled by a person. They hold up nobody, and none is thrown away. */
import type { FhirContext, Grant } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import type { Resource } from '#fhir/types.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { SyncNode } from '../node/sync-node.ts';
import type { Version } from '../protocol/version.ts';
import type { Quarantined, QuarantineList, QuarantineShown, TryAgainAnswer } from './contract.ts';
import { findSetAside, putSettled, readSetAsideRows, type SetAsideRow } from './quarantine-store.ts';

export type QuarantineDeps = {
  db: Db;
  context: Pick<FhirContext, 'search'>;
  clock: Clock;
  sync: Pick<SyncNode, 'releaseSetAside'>;
};

const listMax = 500;

/** What is set aside, without content and without whom it is about: for operators. */
export async function listQuarantine({ db }: Pick<QuarantineDeps, 'db'>): Promise<QuarantineList> {
  const [open, settled] = await Promise.all([
    readSetAsideRows(db, 'open', listMax),
    readSetAsideRows(db, 'settled', listMax),
  ]);
  return { open: open.map(shownLine), settled: settled.map(shownLine) };
}

/** Faults: notFound, for what is not set aside, and for what is about a patient that the grant does not reach. */
export async function showQuarantined(
  { db, context }: Pick<QuarantineDeps, 'db' | 'context'>,
  grant: Grant,
  operation: string,
): Promise<QuarantineShown> {
  const row = await found(db, operation);
  for (const version of row.operation.versions) await requireReach(context, grant, version);
  return {
    ...shownLine(row),
    contents: row.operation.versions.map((version) => ({
      ...keyOf(version),
      versionId: version.id,
      writtenAt: new Date(Math.floor(version.at)).toISOString(),
      content: version.content ?? null,
    })),
  };
}

/** After an upgrade, or when what was wrong has been mended. Faults: notFound; conflict when a person has settled it. */
export async function tryAgain({ db, sync }: QuarantineDeps, operation: string): Promise<TryAgainAnswer> {
  const { settled } = await found(db, operation);
  if (settled !== undefined) throw alreadySettled(settled.name);
  await sync.releaseSetAside();
  const left = await findSetAside(db, operation);
  return { outcome: left === undefined ? 'taken' : 'stays' };
}

/** A person has dealt with it in another way. It is kept, and no longer waits. Faults: notFound; conflict when another was first. */
export async function settle(
  { db, clock }: Pick<QuarantineDeps, 'db' | 'clock'>,
  operation: string,
  { reference, name, words }: { reference: string; name: string; words: string },
): Promise<Quarantined> {
  const { settled } = await found(db, operation);
  if (settled !== undefined) throw alreadySettled(settled.name);
  if (!(await putSettled(db, operation, { at: clock.now(), reference, name, words }))) throw alreadySettled('another');
  return shownLine(await found(db, operation));
}

async function found(db: Db, operation: string): Promise<SetAsideRow> {
  const row = await findSetAside(db, operation);
  if (row === undefined) throw new Fault('notFound', 'Nothing of that name is set aside here.');
  return row;
}

const alreadySettled = (name: string): Fault => new Fault('conflict', `This was settled by ${name} already.`);

async function requireReach({ search }: Pick<FhirContext, 'search'>, grant: Grant, version: Version): Promise<void> {
  const { type, id } = keyOf(version);
  const facts = { type, id, patient: version.patient };
  const reach = await grant.reach({ by: 'read', patient: version.patient, isNamed: false, types: [type] });
  if (search.reaches(reach, facts, readable(version))) return grant.saw([facts]);
  grant.missed(facts);
  throw new Fault('notFound', 'Nothing of that name is set aside here.');
}

/** What can't be read as the resource that it says it is, is judged by whose record it was meant for. */
function readable({ content, resource, type }: Version): string {
  const { id } = keyOf({ resource });
  try {
    const parsed = parseJson(content ?? '') as Resource;
    if (content != null && parsed.resourceType === type && parsed.id === id) return content;
  } catch {
    // Told by its key alone.
  }
  return JSON.stringify({ resourceType: type, id });
}

function keyOf({ resource }: Pick<Version, 'resource'>): { type: string; id: string } {
  const [type = '', id = ''] = resource.split('/');
  return { type, id };
}

function shownLine({ operation, why, waitsFor, setAside, settled }: SetAsideRow): Quarantined {
  return {
    operation: operation.id,
    from: operation.origin,
    setAsideAt: new Date(setAside).toISOString(),
    why,
    ...(waitsFor === undefined ? {} : { waitsFor }),
    resources: operation.versions.map((version) => ({
      ...keyOf(version),
      versionId: version.id,
      isDeletion: version.content === null,
      bytes: Buffer.byteLength(version.content ?? ''),
    })),
    ...(settled === undefined
      ? {}
      : {
          settled: {
            at: new Date(settled.at).toISOString(),
            by: { reference: settled.reference, name: settled.name },
            words: settled.words,
          },
        }),
  };
}
