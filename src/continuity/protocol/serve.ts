/** The upper side of a line: what a child is answered. */
import type { Effect } from './effects.ts';
import {
  bucketUnit,
  comesByConcernOnly,
  concerns,
  isForChild,
  isMember,
  isMovedAwayFrom,
  patientsInDoubt,
  patientsLeft,
  unitOf,
} from './membership.ts';
import type { Ahead, Answer, FeedEntry, FilledResource, FillPage, Page, Request, Span } from './messages.ts';
import { rules as protections, type Rules } from './rules.ts';
import { headsOf, isIntact, parentsFirst, type ResourceState, type Version } from './version.ts';
import type { Child, Unit, View } from './view.ts';

/** The protocol versions that this program speaks: its own and the one before, so that tiers are upgraded one after the other. 3: `vouch`, `rights`. */
export const protocols = { oldest: 2, newest: 3 } as const;

/** What upstream remembers of a child. */
export type ChildState = { readonly token: string; readonly life: number };

type Hello = Extract<Request, { kind: 'hello' }>;
type Here = { epoch: string; heads: ReadonlyMap<number, number>; protocols: { oldest: number; newest: number } };

/**
 * Greets a child, or refuses it: one that goes on from a token which is not the last is a copy of the node (an image restored twice), or an old state of
 * it. A restored node says so by a higher life, and from then on its earlier lives are refused.
 */
export function greet(
  view: View,
  child: Child | undefined,
  last: ChildState | undefined,
  hello: Hello,
  here: Here,
  rules: Rules,
): { answer: Answer; effects: readonly Effect[] } {
  if (!child) return refuse('stranger');
  const protocol = Math.min(hello.protocols.newest, here.protocols.newest);
  if (protocol < hello.protocols.oldest || protocol < here.protocols.oldest) return refuse('protocol');
  if (last !== undefined && hello.life < last.life) return refuse('copy');
  const isNewLife = last === undefined || hello.life > last.life;
  if (!isNewLife && !rules.isSameChild(last.token, hello.confirmed, hello.tried)) return refuse('copy');
  const { epoch, heads } = here;
  return {
    answer: { kind: 'welcome', protocol, epoch, heads, clock: view.now },
    effects: [{ kind: 'child', child: child.name, token: hello.tried.at(-1) ?? '', life: hello.life }],
  };
}

function refuse(why: 'stranger' | 'copy' | 'protocol'): { answer: Answer; effects: readonly Effect[] } {
  return { answer: { kind: 'refused', why }, effects: [] };
}

/** A page of the feed for a child: of what was read of each bucket, in order and without gaps, only what is for it. Damaged bytes are not sent. */
export function pageFor(
  view: View,
  child: Child,
  read: { epoch: string; spans: readonly Span[]; entries: readonly FeedEntry[]; hasMore: boolean },
  rules: Rules = protections,
): Page {
  const entries = read.entries
    .filter(
      ({ version, gains, losses }) =>
        isForChild(view, version, child) ||
        [...gains, ...losses].includes(child.name) ||
        (rules.tellsWhatMovedAway && isMovedAwayFrom(view, version, child)),
    )
    .flatMap((entry) => [
      ...movedFrom(view, entry, child),
      {
        ...entry,
        gains: stillGained(view, entry, child),
        losses: entry.losses.filter((name) => name === child.name),
      },
      ...passedOver(view, entry, child, rules),
    ]);
  const { epoch, spans, hasMore } = read;
  return { kind: 'page', epoch, spans, entries, withheld: withheldFrom(view, child, read.entries), hasMore };
}

/** The lane of what decides who may read. Who holds a patient from where on is told by the feed itself, in its order. */
export function aheadFor(
  view: View,
  child: Child,
  read: Parameters<typeof pageFor>[2],
  rules: Rules = protections,
): Ahead {
  const { epoch, spans, entries, hasMore } = pageFor(view, child, read, rules);
  return {
    kind: 'ahead',
    epoch,
    spans,
    entries: entries.map((entry) => ({ ...entry, gains: [], losses: [] })),
    hasMore,
  };
}

/**
 * A resource that concerns a child by this version may have been passed over before, when none of its versions did. So the versions that it conflicts with
 * come along, under the same number; what the child still lacks of those it notices by their parents, and asks for.
 */
function passedOver(view: View, entry: FeedEntry, child: Child, rules: Rules): FeedEntry[] {
  const { version } = entry;
  const state = view.resource(version.resource);
  if (state?.tip === undefined || state.versions.size < 3 || !rules.bringsWhatWasPassedOver) return [];
  if (!comesByConcernOnly(view, version, child) && patientsInDoubt(view, version).length === 0) return [];
  const { tip } = state;
  return headsOf(state)
    .filter(({ id }) => id !== version.id)
    .map((head) => ({ ...entry, version: head, tip, gains: [], losses: [] }));
}

/** What the child came to hold by this entry, unless that is over: the end may stand in another bucket, of a stay that was moved to another patient. */
function stillGained(view: View, { version, gains }: FeedEntry, child: Child): string[] {
  const { patient } = version;
  if (!gains.includes(child.name) || patient === undefined || !isMember(view, patient, child.subtree)) return [];
  return [child.name];
}

/** What a version was moved from comes before it: it may lie in another bucket, which the child reads later, and then it would not know what is moved. */
function movedFrom(view: View, entry: FeedEntry, child: Child): FeedEntry[] {
  const { resource, patient, parents } = entry.version;
  const versions = view.resource(resource)?.versions;
  return parents.flatMap((id) => {
    const parent = versions?.get(id);
    const isMoved = parent !== undefined && parent.patient !== patient && isForChild(view, parent, child);
    return isMoved ? [{ ...entry, version: parent, gains: [], losses: [] }] : [];
  });
}

function withheldFrom(view: View, child: Child, entries: readonly FeedEntry[]): string[] {
  const patients = new Set<string>();
  for (const { version } of entries) {
    if (version.patient !== undefined && !isForChild(view, version, child)) patients.add(version.patient);
    for (const left of patientsLeft(view, version)) if (!isMember(view, left, child.subtree)) patients.add(left);
  }
  return [...patients].filter((patient) => view.reasonsOf(patient).some((key) => isAbout(view, key, child)));
}

function isAbout(view: View, key: string, child: Child): boolean {
  const state = view.resource(key);
  return state !== undefined && [...state.versions.values()].some((version) => concerns(view, version, child.subtree));
}

/** Whether a child may be given this unit: what is everybody's, or a patient whom it has a reason to hold. */
export function mayFill(view: View, child: Child, unit: Unit): boolean {
  return unit.startsWith('#') || isMember(view, unit, child.subtree);
}

/** Of a patient whom the child asked for and has no reason to hold: what the reasons say that it may know of. */
export function reasonsTold(view: View, child: Child, patient: Unit): FilledResource[] {
  return view.reasonsOf(patient).flatMap((resource) => {
    const state = view.resource(resource);
    if (state?.tip === undefined || !isAbout(view, resource, child)) return [];
    return [{ resource, tip: state.tip, versions: [...state.versions.values()] }];
  });
}

/**
 * A page of a unit: of each resource all versions, those that nobody has built upon always with their content, those before, the latest first, as long as
 * there is room; beyond that their place in the graph. `keys`: the resources of the unit after the last page, in the order of `fillOrder`, one more than
 * `limit` if there are more. A page ends early when it has become large.
 */
export function fillPageFor(
  view: View,
  child: Child,
  asked: { unit: Unit; after: string | undefined; limit: number },
  here: { asOf: number; keys: readonly string[] },
): FillPage {
  const { unit, after, limit } = asked;
  const resources: FilledResource[] = [];
  let looked = 0;
  for (let characters = 0; looked < Math.min(limit, here.keys.length) && characters < pageCharactersMax; looked++) {
    const resource = here.keys[looked] as string;
    const state = view.resource(resource);
    if (state?.tip === undefined) continue;
    if (![...state.versions.values()].some((version) => isForChild(view, version, child))) continue;
    const versions = withRoomFor(view, state);
    for (const { content } of versions) characters += content?.length ?? 0;
    resources.push({ resource, tip: state.tip, versions });
  }
  const next = here.keys.length > looked ? here.keys[looked - 1] : undefined;
  const { asOf } = here;
  return { unit, asOf, after, resources, next, isWhole: isWholeHere(view, child, unit) };
}

const pageCharactersMax = 4_000_000;
/** Of the history of one resource. */
const historyCharactersMax = 1_000_000;

function withRoomFor({ vocabulary }: View, state: ResourceState): Version[] {
  const versions = [...state.versions.values()];
  if (versions.length === 1) return versions;
  const heads = new Set(headsOf(state).map(({ id }) => id));
  let room = historyCharactersMax;
  const told = new Set(heads);
  for (const version of parentsFirst(versions).reverse()) {
    room -= heads.has(version.id) ? 0 : (version.content?.length ?? 0);
    if (room < 0) break;
    // Of a damaged one, that it was: whoever is filled is not held up by what nobody shows.
    if (isIntact(version, vocabulary)) told.add(version.id);
  }
  return versions.map((version) => (told.has(version.id) ? version : { ...version, content: undefined }));
}

/** Resources that decide who may see the rest come first, then those of the summary: what is filled in part is safe to show and most needed. */
export function fillOrder({ vocabulary }: View, type: string): number {
  return vocabulary.isAccessInput(type) ? 0 : vocabulary.isSummary(type) ? 1 : 2;
}

/**
 * Whether a resource is filled with a unit: also when it concerned the child once, or was this patient's, and no longer is, since that may be what the child has not heard of.
 * Compared is only what concerns it now (`isOfUnit` of the versions that nobody has built upon).
 */
export function isFilledWith(
  view: View,
  { versions }: ResourceState,
  child: Pick<Child, 'tier' | 'subtree'>,
  unit: Unit,
): boolean {
  for (const version of versions.values()) if (isOfUnit(view, version, child, unit)) return true;
  return false;
}

/** Whether a version belongs to a unit as the child has it. */
export function isOfUnit(view: View, version: Version, child: Pick<Child, 'tier' | 'subtree'>, unit: Unit): boolean {
  if (version.patient === unit) return true;
  if (unit !== bucketUnit(view.bucketOf(version))) return false;
  return unitOf(view, version, child.tier) === unit || concerns(view, version, child.subtree);
}

/** Whether this node itself has the unit whole. */
export function isWholeHere(view: View, child: Child, unit: Unit): boolean {
  if (view.node.upstream === undefined) return true;
  const bucket = unit.startsWith('#') ? unit : bucketUnit(view.bucketOf({ patient: unit, resource: unit }));
  return view.holding(unit)?.state === 'whole' && (child.tier !== 'ward' || view.holding(bucket)?.state === 'whole');
}

/** One text that is equal at two nodes when what they know of these resources is: versions that nobody has built upon, and which is current. */
export function digestOf(view: View, keys: readonly string[]): string {
  const lines: string[] = [];
  for (const key of [...keys].sort()) {
    const state = view.resource(key);
    if (state?.tip === undefined) continue;
    const heads = headsOf(state).map((head) => `${head.id} ${intactSeal(view, head)}`);
    lines.push(`${key} ${state.tip} ${heads.sort().join(' ')}`);
  }
  return view.vocabulary.hash(lines.join('\n'));
}

function intactSeal({ vocabulary }: View, version: Version): string {
  return isIntact(version, vocabulary) ? version.seal : 'damaged';
}

/** The units whose digest differs from ours: filled again, which mends either side. */
export function differing(
  view: View,
  digests: ReadonlyMap<Unit, string>,
  keysOf: (unit: Unit) => readonly string[],
): Unit[] {
  return [...digests].filter(([unit, digest]) => digestOf(view, keysOf(unit)) !== digest).map(([unit]) => unit);
}
