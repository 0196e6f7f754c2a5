/** A write by somebody who is connected to this node: true here and acknowledged when it is durable here, whatever lies between us and the others. */
import { alertIfDouble, effectiveClaims, reconcile, settleRequest } from './arrival.ts';
import { refusalOfCustody } from './custody.ts';
import { createDraft, type Draft } from './draft.ts';
import type { Effect } from './effects.ts';
import { hybridTime } from './hybrid-time.ts';
import { followReasons, isJudge, keepUntilSent } from './membership.ts';
import type { Rules } from './rules.ts';
import { nextVersionId, sealed, sealsOf, type Version } from './version.ts';
import type { Operation, View } from './view.ts';
import { keysOf } from './vocabulary.ts';

export type Change = {
  /** `Type/id`. */
  resource: string;
  type: string;
  patient: string | undefined;
  /** null: a deletion. */
  content: string | null;
  /** What the author saw as current: none for something new; all that are in conflict, to settle them. */
  parents: readonly string[];
};

/** `stale`: others changed it since. `custody`: another node writes this encounter. `taken`: it may be done once, and was. `home`: another node decides. */
export type Refusal = { kind: 'stale' | 'custody' | 'taken' | 'home' | 'invalid'; words: string };

export type WrittenHere = { effects: readonly Effect[]; operation: Operation } | { refusal: Refusal };

/** `id`: chosen anew for each operation by whoever writes, so that a repeated one is recognised. */
export function writeHere(view: View, id: string, changes: readonly Change[], rules: Rules): WrittenHere {
  const draft = createDraft(view);
  const versions: Version[] = [];
  for (const change of changes) {
    const refusal = refusalOf(draft, change, rules);
    if (refusal) return { refusal };
    const version = versionOf(draft, change);
    const invalid = draft.vocabulary.refusal(version);
    if (invalid !== undefined) return { refusal: { kind: 'invalid', words: invalid } };
    draft.put(version, version.id);
    versions.push(version);
  }
  return { effects: draft.effects, operation: conclude(draft, id, versions, rules) };
}

/** A version that the record of this node wrote and acknowledged: what follows is noted afterwards, in the order of the record. */
export type WrittenVersion = Omit<Change, 'parents'> & { id: string; nowMs: number };

/** Notes what the record has written here on top of what was current here: each group, which became true together, goes up as one operation. */
export function noteWritten(
  view: View,
  groups: readonly (readonly WrittenVersion[])[],
  rules: Rules,
): readonly Effect[] {
  const draft = createDraft(view);
  for (const group of groups) {
    const versions = group.map((written) => noted(draft, written));
    const names = versions.map(({ resource, id, seal }) => `${resource} ${id} ${seal}`);
    conclude(draft, draft.vocabulary.hash(names.join('\n')), versions, rules);
  }
  return draft.effects;
}

function noted(draft: Draft, { resource, type, patient, content, id, nowMs }: WrittenVersion): Version {
  const state = draft.resource(resource);
  const parents = state?.tip === undefined ? [] : [state.tip];
  const parentSeals = sealsOf(state, parents);
  const at = hybridTime(nowMs, draft.heard);
  const version = sealed({ resource, type, patient, id, parents, parentSeals, content, at }, draft.vocabulary.hash);
  draft.put(version, version.id);
  return version;
}

function conclude(draft: Draft, id: string, versions: readonly Version[], rules: Rules): Operation {
  const operation = { id, origin: draft.node.name, versions };
  if (draft.node.upstream !== undefined) draft.effect({ kind: 'send', operation });
  followReasons(draft, 0, rules);
  for (const version of versions) keepUntilSent(draft, version);
  for (const version of versions) {
    if (isJudge(draft, version)) {
      reconcile(draft, version.resource);
      alertIfDouble(draft, version, rules);
    }
    settleRequest(draft, version.resource, rules);
  }
  return operation;
}

function versionOf(draft: Draft, { resource, type, patient, content, parents }: Change): Version {
  const state = draft.resource(resource);
  const id = nextVersionId(state, draft.node.writer);
  const parentSeals = sealsOf(state, parents);
  const at = hybridTime(draft.now, draft.heard);
  const { hash, named } = draft.vocabulary;
  const told = content === null ? null : named(content, { resource, id, at });
  return sealed({ resource, type, patient, id, parents, parentSeals, content: told, at }, hash);
}

function refusalOf(draft: Draft, change: Change, rules: Rules): Refusal | undefined {
  const state = draft.resource(change.resource);
  if (!rules.buildsOnCurrent(state, change.parents))
    return { kind: 'stale', words: 'Somebody changed this in the meantime. Read it again, and then decide.' };
  return refusalOfCustody(draft, change, rules) ?? refusalOfClaim(draft, change, rules);
}

function refusalOfClaim(draft: Draft, change: Change, rules: Rules): Refusal | undefined {
  const { claim } = draft.vocabulary.meaning(change);
  if (claim?.status !== 'effective') return undefined;
  const others = keysOf(claim).flatMap((key) =>
    effectiveClaims(draft, key).filter((other) => other !== change.resource),
  );
  if (!rules.isFree(others)) return { kind: 'taken', words: 'This may be done once, and has been done.' };
  if (claim.home === draft.node.name || claim.isEmergency) return undefined;
  return {
    kind: 'home',
    words: `${claim.home} decides this. Ask it, or, when it can't be reached, record it as an emergency.`,
  };
}
