/** The downward way: pages of upstream's feed, and the fill of what this node must hold and doesn't have whole. */
import { bringContent, settleRequest } from './arrival.ts';
import { createDraft, type Draft } from './draft.ts';
import type { Effect } from './effects.ts';
import { followReasons, gained, keepUntilSent, isKept, lost, unitOf, unitsOf } from './membership.ts';
import type { Ahead, FeedEntry, FilledResource, FillPage, Page } from './messages.ts';
import type { Rules } from './rules.ts';
import { fitsParents, isIntact, parentsFirst, type ResourceState, type Version } from './version.ts';
import type { Unit, View } from './view.ts';

/**
 * A page of the feed. `cursorOf` is how far each bucket has been read: entries up to there are passed over, and a span that begins later is not taken,
 * so a page may come twice, late, or in the wrong order. The cursor moves in the same transaction.
 */
export function applyPage(
  view: View,
  page: Page,
  cursorOf: (bucket: number) => number,
  rules: Rules,
): readonly Effect[] {
  const draft = createDraft(view);
  const fresh = page.spans.filter(({ bucket, from, to }) => from <= cursorOf(bucket) && cursorOf(bucket) < to);
  const buckets = new Set(fresh.map(({ bucket }) => bucket));
  for (const entry of page.entries) {
    if (buckets.has(entry.bucket) && entry.n > cursorOf(entry.bucket)) applyEntry(draft, entry, rules);
  }
  // As upstream sees it now, which is later than any of the entries.
  if (fresh.length > 0) for (const patient of page.withheld) lost(draft, patient);
  for (const { bucket, to } of fresh) draft.effect({ kind: 'cursor', bucket, n: to });
  return draft.effects;
}

function applyEntry(draft: Draft, entry: FeedEntry, rules: Rules): void {
  const { version, tip, n, gains, losses } = entry;
  const { patient } = version;
  if (isKept(draft, version)) {
    if (isWithoutParents(draft, version)) wanting(draft, version, false);
    follow(draft, version, tip, rules);
  }
  if (patient === undefined) return;
  if (losses.includes(draft.node.name)) lost(draft, patient);
  if (gains.includes(draft.node.name)) gained(draft, patient, n, rules);
}

/**
 * What decides who may read comes before its turn; the page that has it in its place finds it known. What can not be taken in yet, or at all, is left for
 * that page, which says what is wanting.
 */
export function applyAhead(view: View, { entries }: Ahead, rules: Rules): readonly Effect[] {
  const draft = createDraft(view);
  for (const { version, tip } of entries) {
    const isFollowed = isKept(draft, version) && !isWithoutParents(draft, version);
    if (isFollowed && draft.vocabulary.refusal(version) === undefined && isIntact(version, draft.vocabulary))
      follow(draft, version, tip, rules);
  }
  return draft.effects;
}

/** Takes in a version that upstream has judged. What can't be taken in leaves its unit marked as not whole. */
function follow(draft: Draft, version: Version, upstreamTip: string, rules: Rules): void {
  const { vocabulary } = draft;
  const refusal = vocabulary.refusal(version);
  const state = draft.resource(version.resource);
  const known = state?.versions.get(version.id);
  if (refusal !== undefined) return wanting(draft, version, true);
  // Of what is damaged above a good copy here goes up and mends it; where there is none, asking again brings the same.
  if (!isIntact(version, vocabulary))
    return wanting(draft, version, known?.seal !== version.seal || !isWhole(known, vocabulary));
  if ((known && known.seal !== version.seal) || !fitsParents(state, version)) return wanting(draft, version, true);
  bringContent(draft, state, version);
  const versions = known ? state!.versions : new Map(state?.versions).set(version.id, version);
  const tip = tipOf(state, versions, version, upstreamTip, rules);
  if (known && tip === state?.tip) return;
  const from = draft.effects.length;
  draft.put(version, tip);
  followReasons(draft, from, rules);
  keepUntilSent(draft, version);
  settleRequest(draft, version.resource, rules);
}

function isWhole(known: Version, vocabulary: View['vocabulary']): boolean {
  return known.content !== undefined && isIntact(known, vocabulary);
}

/** Something came before it that was passed over here, and must be fetched. In a fill it would be there, if upstream had it. */
function isWithoutParents(draft: Draft, { resource, parents }: Version): boolean {
  const versions = draft.resource(resource)?.versions;
  return parents.some((parent) => versions?.has(parent) !== true);
}

function tipOf(
  state: ResourceState | undefined,
  versions: ReadonlyMap<string, Version>,
  version: Version,
  upstreamTip: string,
  rules: Rules,
): string {
  // Upstream's current version comes with another entry when it isn't here yet: until then, what is here.
  if (!versions.has(upstreamTip)) return state?.tip ?? version.id;
  return rules.followed({ tip: state?.tip, versions }, upstreamTip);
}

/** Something of this resource could not be taken in: no record that it is in, or was in, is whole. Stuck: asking again helps only after an upgrade, or when a person has looked. */
function wanting(draft: Draft, version: Version, isStuck: boolean): void {
  const known = draft.resource(version.resource)?.versions.values() ?? [];
  const places = [...known].map((other) => unitOf(draft, other, draft.node.tier));
  for (const unit of new Set([...unitsOf(draft, version), ...places])) lacks(draft, unit, isStuck);
}

function lacks(draft: Draft, unit: Unit, isStuck: boolean): void {
  const holding = draft.holding(unit);
  if (holding?.state === 'whole')
    draft.hold(unit, { state: 'filling', since: draft.now, ...(isStuck ? { isStuck } : {}) });
  else if (holding?.state === 'filling' && isStuck) draft.hold(unit, { ...holding, isStuck });
}

/** What of a fill the shell must look up: the resources of the unit here, within the page's range of keys, and what waits in the outbox. */
export type LocalUnit = { keys: readonly string[]; isWaiting: (resource: string, version: string) => boolean };

/**
 * A page of a fill. What upstream has is taken in; what we have beyond that (upstream was restored to an earlier day) is sent up, unless it waits in
 * the outbox anyway. A page that does not follow the last one is not taken.
 */
export function applyFill(draft: Draft, page: FillPage, epoch: string, local: LocalUnit, rules: Rules): void {
  const begun = draft.holding(page.unit);
  if (begun?.state !== 'filling' || begun.after !== page.after) return;
  for (const { versions, tip } of page.resources) {
    for (const version of parentsFirst(versions)) follow(draft, version, tip, rules);
    const current = versions.find(({ id }) => id === tip);
    if (current) follow(draft, current, tip, rules);
  }
  sendWhatIsBeyond(draft, page, local, epoch);
  // What was taken in may itself have been a reason to leave, or to begin anew.
  const holding = draft.holding(page.unit);
  if (holding?.state !== 'filling') return;
  const { since } = begun;
  const going = { since, asOf: begun.asOf ?? page.asOf, ...(holding.isStuck ? { isStuck: true } : {}) };
  if (page.next !== undefined) draft.hold(page.unit, { ...going, state: 'filling', after: page.next });
  else if (holding.isStuck) draft.hold(page.unit, { ...going, state: 'filling' });
  else if (page.isWhole) draft.hold(page.unit, { state: 'whole', since: draft.now, asOf: going.asOf });
  else draft.hold(page.unit, { state: 'filling', since });
}

function sendWhatIsBeyond(draft: Draft, page: FillPage, local: LocalUnit, epoch: string): void {
  const { vocabulary } = draft;
  const intact = (versions: readonly Version[]): Set<string> =>
    new Set(versions.filter((version) => isIntact(version, vocabulary)).map(({ id }) => id));
  const there = new Map(page.resources.map(({ resource, versions }) => [resource, intact(versions)]));
  const beyond: Version[] = [];
  for (const key of local.keys) {
    for (const version of parentsFirst(draft.resource(key)?.versions.values() ?? [])) {
      const isThere = there.get(key)?.has(version.id) === true || local.isWaiting(key, version.id);
      if (!isThere && isIntact(version, vocabulary)) beyond.push(version);
    }
  }
  sendAll(draft, epoch, beyond);
}

/** What this node knows and upstream may not, after `epoch` began there. What is known there already changes nothing. */
export function sendAll(draft: Draft, epoch: string, versions: readonly Version[]): void {
  if (versions.length === 0) return;
  const { node, vocabulary } = draft;
  const names = versions.map(({ resource, id }) => `${resource} ${id}`).join('\n');
  draft.effect({
    kind: 'send',
    operation: { id: vocabulary.hash(`${epoch}\n${draft.now}\n${names}`), origin: node.name, versions },
  });
}

/** What upstream knows of reasons to hold a patient whom it does not give us: ours may be old. */
export function followTold(draft: Draft, told: readonly FilledResource[], rules: Rules): void {
  for (const { versions, tip } of told)
    for (const version of parentsFirst(versions)) follow(draft, version, tip, rules);
}

/**
 * Everything that this node has of these resources, to be handed over before it is joined anew: it was refused as a copy, and the node above may have been set
 * back since it gave us what we have.
 */
export function sendAllOf(draft: Draft, keys: readonly string[]): void {
  for (const key of keys) {
    const versions = parentsFirst(draft.resource(key)?.versions.values() ?? []);
    const whole = versions.filter((version) => version.content !== undefined && isIntact(version, draft.vocabulary));
    sendAll(draft, draft.node.writer, whole);
  }
}

/** A fill was refused: upstream knows no reason why this node should hold the patient. Ours may not have reached it yet. */
export function fillRefused(draft: Draft, unit: Unit): void {
  const holding = draft.holding(unit);
  if (holding?.state === 'filling') draft.hold(unit, { state: 'filling', since: holding.since });
}
