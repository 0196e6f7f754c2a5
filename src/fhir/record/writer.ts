/**
 * The way into the record: takes changes that become true together, validates and indexes each resource in one pass, gives ids and
 * versions, and commits. Concurrent writers of one resource are put in order: the loser reads again and tries once more, or is refused if it named a version.
 */
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { Db } from '#kernel/db.ts';
import type { OperationOutcomeIssue, Resource } from '../types.ts';
import { ownerSystem, type Grant, type WriteFacts } from '../grant.ts';
import { parseJson, writeJson } from '../json/index.ts';
import { faultInEntry, warningsOf } from '../outcome.ts';
import { bucketCount, naturalBucket, newIdInBucket, patientBucket } from './bucket.ts';
import type { Committer } from './committer.ts';
import { firstOutOfReach, type PointingDeps } from './pointed-at.ts';
import { isLegalId, keyOfReference } from './reference.ts';
import { noValues, type SearchValues } from '../search/search-values.ts';
import { createTurns, type Turns } from './turns.ts';
import {
  findExisting,
  findLast,
  findMany,
  inDirectory,
  isReferred,
  locate,
  type CurrentVersion,
  type ResourceKey,
  type StoredVersion,
} from './store.ts';
import { markWords } from './words.ts';
import type { Standing, Unit, Write } from './write-store.ts';

/** What is asked of the record. An id that is `fresh` was made by `newId`, so nothing can be there. `ifMatch` is a version id, or `*` for any; the change is refused with 412 when it is not the current one. */
export type Change = (
  | { interaction: 'create'; resource: Resource; id?: string; fresh?: boolean }
  | { interaction: 'update'; resource: Resource; id: string; ifMatch?: string }
  | { interaction: 'delete'; type: string; id: string; ifMatch?: string }
) & {
  /** Where it stands in what the caller sent, for refusals: `Bundle.entry[3]`. */
  entry?: string;
};

/** What became of a change. `existed` false: the resource is new (or came back from deletion). `content` null: it is deleted. */
export type Changed = {
  type: string;
  id: string;
  versionId: string;
  updated: number;
  content: string | null;
  existed: boolean;
  warnings: OperationOutcomeIssue[];
};

export type Indexer = PointingDeps['indexer'] & {
  extract(resource: Resource): SearchValues;
  referencesTo(type: string, id: string): string[];
};

export type ResourceCheck = {
  validate(resource: Resource): {
    issues: OperationOutcomeIssue[];
    references: { reference: string; expression: string }[];
  };
};

/** Asked of changes that the grant allows, before they are made. Gives what the answer stands on: when that changes before they are made, it is asked again. */
export type MayWrite = (changes: readonly WriteFacts[]) => Promise<readonly Standing[]>;

export type WriterDeps = {
  db: Db;
  committer: Committer;
  clock: Clock;
  ids: Ids;
  /** The name under which this node writes, in every version id. */
  node: string;
  /** What this node may not write because others decide it. Throws a Fault. */
  mayWrite?: MayWrite;
  indexer: Indexer;
  check: ResourceCheck;
  /** `strict` refuses references that lead nowhere and deletions of what is referred to. */
  references: 'strict' | 'lenient';
  /** The address of this node's own API: an absolute reference below it is one to this record. */
  baseUrl?: string;
};

export type Writer = {
  /** Makes all changes true, durably, or throws a Fault and makes none: also when the grant doesn't allow one of them. */
  apply(grant: Grant, changes: readonly Change[]): Promise<Changed[]>;
  /** An id for a resource that is about to be created, in the bucket of this patient (or any). */
  newId(type: string, patientId?: string): string;
  /** Those who first look and then write by what they saw (conditional creates) take turns under the keys of what they looked for. */
  inTurn: Turns;
};

type Draft = {
  change: Change;
  type: string;
  id: string;
  resource: Resource | undefined;
  values: SearchValues;
  warnings: OperationOutcomeIssue[];
};
type Target = { reference: string; expression: string; key: ResourceKey; change: Change };

const attemptsMax = 20;

export function createWriter(deps: WriterDeps): Writer {
  const newId = (type: string, patientId?: string): string =>
    newIdInBucket(
      deps.ids,
      patientId === undefined || type === 'Patient' ? deps.ids.below(bucketCount) : patientBucket(patientId),
    );

  const turns = createTurns();

  const apply: Writer['apply'] = async (grant, changes) => {
    const targets: Target[] = [];
    const drafts = changes.map((change) => inEntry(change, () => draft(deps, newId, owned(grant, change), targets)));
    refuseTwice(drafts);
    const own = new Map(drafts.map((d) => [`${d.type}/${d.id}`, d]));
    const outer = deps.references === 'lenient' ? [] : outerTargets(targets, own);
    const contended = drafts.filter(mayExist).map((d) => `${d.type}/${d.id}`);
    return turns(contended, () => commit(deps, grant, drafts, outer));
  };

  return { apply, newId, inTurn: turns };
}

/** A Subscription says whose it is, so that it tells of what its owner may see and nothing else. */
function owned({ owner }: Grant, change: Change): Change {
  if (owner === undefined || change.interaction === 'delete' || change.resource.resourceType !== 'Subscription') {
    return change;
  }
  const { meta } = change.resource;
  const tag = (Array.isArray(meta?.tag) ? meta.tag : []).filter(({ system }) => system !== ownerSystem);
  change.resource.meta = { ...meta, tag: [...tag, { system: ownerSystem, code: owner }] };
  return change;
}

/** What is refused names the entry of the bundle that it is about. */
function inEntry<T>({ entry }: Change, work: () => T): T {
  if (entry === undefined) return work();
  try {
    return work();
  } catch (error) {
    throw faultInEntry(error, entry);
  }
}

async function commit(
  deps: WriterDeps,
  grant: Grant,
  drafts: readonly Draft[],
  outer: readonly Target[],
): Promise<Changed[]> {
  let required = await locate(
    deps.db,
    outer.map((t) => t.key),
  );
  let gone: ReadonlyMap<string, number> = new Map();
  for (let attempt = 1; ; attempt++) {
    const current = await findMany(deps.db, drafts.filter(mayExist));
    const facts = writeFacts(drafts, current);
    const words = await grant.allowWrites(facts);
    const standing = (await deps.mayWrite?.(facts)) ?? [];
    if (words !== undefined) drafts.forEach((one, i) => onWordOf(deps, one, words[i] ?? []));
    const unknown = await firstOutOfReach(deps, grant, outer, { drafts, current });
    if (unknown !== undefined) throw danglingAt(unknown);
    const { unit, changed } = decide(deps, drafts, current, { references: required, gone });
    if (deps.references === 'strict') await refuseDeletionOfReferred(deps, drafts);
    if (unit.writes.length === 0) return changed;
    const outcome = await deps.committer.commit({ ...unit, standing });
    if (outcome === 'written') return changed;
    // What was removed from this node, or went elsewhere, still has a place in its line here.
    if (outcome === 'stale') gone = await findLast(deps.db, unit.writes);
    if (outcome === 'dangling') required = await requireExisting(deps.db, outer);
    if (attempt === attemptsMax) throw new Fault('conflict', 'Others change this at the same time. Try again.');
  }
}

function onWordOf({ indexer }: Pick<WriterDeps, 'indexer'>, draft: Draft, words: readonly string[]): void {
  if (draft.resource !== undefined && markWords(draft.resource, words)) draft.values = indexer.extract(draft.resource);
}

/** What the grant decides on. */
function writeFacts(drafts: readonly Draft[], found: readonly CurrentVersion[]): WriteFacts[] {
  const current = new Map(found.map((f) => [`${f.type}/${f.id}`, f]));
  return drafts.map(({ change, type, id, resource, values }) => {
    const now = current.get(`${type}/${id}`);
    const content = now?.content;
    return {
      interaction: change.interaction,
      type,
      id,
      patient: resource === undefined ? (now?.patient ?? undefined) : values.patient,
      resource,
      before:
        content === undefined || content === null
          ? undefined
          : { patient: now?.patient ?? undefined, resource: () => parseJson(content) as Resource },
    };
  });
}

/** False for a new id made by us: nothing can be there. */
function mayExist({ change }: Draft): boolean {
  if (change.interaction !== 'create') return true;
  return change.id !== undefined && change.fresh !== true;
}

/** Validates and indexes one change; whatever is wrong with it is refused here, before the database is asked anything. */
function draft(deps: WriterDeps, newId: Writer['newId'], change: Change, targets: Target[]): Draft {
  if (change.interaction === 'delete') {
    return { change, type: change.type, id: change.id, resource: undefined, values: noValues, warnings: [] };
  }
  const { resource } = change;
  const type = resource.resourceType;
  if (change.id !== undefined && !isLegalId(change.id)) {
    throw new Fault(
      'invalid',
      `"${change.id.slice(0, 80)}" is not a legal id: letters, digits, - and . only, at most 64.`,
    );
  }
  const { issues, references } = deps.check.validate(resource);
  refuseErrors(issues);
  for (const { reference, expression } of references) {
    const key = keyOfReference(withoutBase(reference, deps.baseUrl));
    if (key) targets.push({ reference, expression, key, change });
    else if (deps.references === 'strict' && !mayLeadElsewhere(reference)) throw dangling(reference, expression);
  }
  const known = change.id ?? (type === 'Patient' ? newId(type) : undefined);
  if (known !== undefined) resource.id = known;
  const values = deps.indexer.extract(resource);
  const id = known ?? newId(type, values.patient);
  return { change, type, id, resource, values, warnings: issues };
}

function withoutBase(reference: string, baseUrl: string | undefined): string {
  return baseUrl !== undefined && reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
}

/**
 * Contained resources, and URLs and names of what others keep. A `urn:uuid:` outlives no bundle, a conditional reference (`Patient?identifier=…`) is
 * for transactions, and what is neither a URL nor `Type/id` leads nowhere.
 */
function mayLeadElsewhere(reference: string): boolean {
  return /^(#|[a-z][a-z0-9+.-]*:)/i.test(reference) && !reference.startsWith('urn:uuid:');
}

function refuseErrors(issues: OperationOutcomeIssue[]): void {
  if (!issues.some((i) => i.severity === 'error' || i.severity === 'fatal')) return;
  throw new Fault('unprocessable', 'The resource is not valid.', { issues: warningsOf(issues) });
}

function refuseTwice(drafts: readonly Draft[]): void {
  const seen = new Set<string>();
  for (const { type, id } of drafts) {
    const key = `${type}/${id}`;
    if (seen.has(key)) throw new Fault('invalid', `${key} stands in the transaction twice.`);
    seen.add(key);
  }
}

/** The targets that must already be in the record: those that this unit itself does not write. Pointing at what it deletes is refused. */
function outerTargets(targets: readonly Target[], own: ReadonlyMap<string, Draft>): Target[] {
  const outer = new Map<string, Target>();
  for (const target of targets) {
    const name = `${target.key.type}/${target.key.id}`;
    const inside = own.get(name);
    if (inside?.change.interaction === 'delete') throw danglingAt(target);
    if (!inside) outer.set(name, target);
  }
  return [...outer.values()];
}

function danglingAt({ reference, expression, change }: Target): unknown {
  const fault = dangling(reference, expression);
  return change.entry === undefined ? fault : faultInEntry(fault, change.entry);
}

function dangling(reference: string, expression: string): Fault {
  return new Fault('unprocessable', `The reference ${reference.slice(0, 200)} leads to nothing in this record.`, {
    issues: [
      {
        severity: 'error',
        code: 'not-found',
        diagnostics: `The reference ${reference.slice(0, 200)} leads to nothing in this record.`,
        expression,
      },
    ],
  });
}

/** After a refusal for a dangling reference: asks `directory` for all of them, refuses those that exist nowhere, and gives where the others lie. */
async function requireExisting(db: Db, outer: readonly Target[]): Promise<(ResourceKey & { bucket: number })[]> {
  const keys = outer.map((t) => t.key);
  const listed = new Map((await inDirectory(db, keys)).map((k) => [`${k.type}/${k.id}`, k.bucket]));
  const located = keys.map((k) => ({ ...k, bucket: listed.get(`${k.type}/${k.id}`) ?? naturalBucket(k.type, k.id) }));
  const existing = await findExisting(db, located);
  for (const target of outer) {
    if (!existing.has(`${target.key.type}/${target.key.id}`)) throw danglingAt(target);
  }
  return located;
}

async function refuseDeletionOfReferred(deps: WriterDeps, drafts: readonly Draft[]): Promise<void> {
  for (const { change, type, id } of drafts) {
    if (change.interaction !== 'delete') continue;
    const referrer = await isReferred(deps.db, deps.indexer.referencesTo(type, id), drafts);
    if (referrer) {
      throw new Fault('conflict', `${type}/${id} can't be deleted: a ${referrer.type} refers to it.`);
    }
  }
}

/** Pure: what is to be written, given what is there. */
function decide(
  deps: Pick<WriterDeps, 'clock' | 'node'>,
  drafts: readonly Draft[],
  found: readonly StoredVersion[],
  { references, gone }: { references: Unit['references']; gone: ReadonlyMap<string, number> },
): { unit: Unit; changed: Changed[] } {
  const current = new Map(found.map((f) => [`${f.type}/${f.id}`, f]));
  const writes: Write[] = [];
  const changed = drafts.map((d): Changed => {
    const before = current.get(`${d.type}/${d.id}`);
    inEntry(d.change, () => refuseStale(d, before));
    const exists = before !== undefined && before.content !== null;
    if (d.resource === undefined && !exists) {
      const { versionId = '', updated = 0 } = before ?? {};
      return { type: d.type, id: d.id, versionId, updated, content: null, existed: false, warnings: [] };
    }
    const write = nextVersion(deps, d, before, gone.get(`${d.type}/${d.id}`));
    writes.push(write);
    if (before && before.bucket !== write.bucket) {
      write.movedFrom = before.bucket;
      writes.push({ ...write, bucket: before.bucket, interaction: 'move', content: null, values: noValues });
    }
    const { versionId, updated, content } = write;
    return { type: d.type, id: d.id, versionId, updated, content, existed: exists, warnings: d.warnings };
  });
  return { unit: { writes, references }, changed };
}

function refuseStale({ change, type, id }: Draft, before: StoredVersion | undefined): void {
  if (change.interaction === 'create') {
    // Of two creates with one id the second meets a condition that fails: RFC 9110 §13.1.2 (If-None-Match: *).
    if (before && before.content !== null) throw new Fault('preconditionFailed', `${type}/${id} is there already.`);
    return;
  }
  if (change.ifMatch === '*') {
    if (before && before.content !== null) return;
    throw new Fault('preconditionFailed', `${type}/${id} is not here, and If-Match: * asks that it is.`);
  }
  if (change.ifMatch !== undefined && change.ifMatch !== before?.versionId) {
    throw new Fault(
      'preconditionFailed',
      `${type}/${id} is now in version ${before?.versionId ?? 'none'}, not ${change.ifMatch}.`,
    );
  }
}

function nextVersion(
  deps: Pick<WriterDeps, 'clock' | 'node'>,
  d: Draft,
  before: StoredVersion | undefined,
  gone = 0,
): Write {
  const version = (before?.version ?? gone) + 1;
  const versionId = `${version}-${deps.node}`;
  const updated = Math.max(deps.clock.now(), before?.updated ?? 0);
  const common = { type: d.type, id: d.id, version, versionId, updated };
  if (d.resource === undefined) {
    const bucket = before?.bucket ?? naturalBucket(d.type, d.id);
    return { ...common, bucket, interaction: 'delete', content: null, values: noValues };
  }
  const { patient } = d.values;
  const bucket = patient === undefined ? (before?.bucket ?? naturalBucket(d.type, d.id)) : patientBucket(patient);
  const { resourceType, id: _id, meta, ...elements } = d.resource;
  const content = writeJson({
    resourceType,
    id: d.id,
    meta: { ...meta, versionId, lastUpdated: new Date(updated).toISOString() },
    ...elements,
  });
  const interaction = before === undefined || before.content === null ? 'create' : 'update';
  return { ...common, bucket, interaction, content, values: d.values };
}
