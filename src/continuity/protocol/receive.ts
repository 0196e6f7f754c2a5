/** The upward way, seen from above: an operation comes from a node below, is judged once, kept, and passed on further up. */
import { inOrder, judge } from './arrival.ts';
import { createDraft, type Draft } from './draft.ts';
import type { Effect } from './effects.ts';
import { followReasons, isJudge, isKept, keepUntilSent } from './membership.ts';
import type { Rules } from './rules.ts';
import { fitsParents, isIntact, type Version } from './version.ts';
import type { Operation, Verdict, View } from './view.ts';

/** What to make durable, and what to answer when it is. An answer that is `needs` or `later` makes nothing durable. */
export type Received = { verdict: Verdict; effects: readonly Effect[] };

/** How one operation is judged. */
export type Judging = (view: View, operation: Operation) => Received;

/**
 * One after the other, each upon what the ones before it made, as one decision: all of it is made durable together. What comes behind one that needs
 * something first may build upon it, and is not looked at.
 */
export function receiveAll(
  view: View,
  operations: readonly Operation[],
  receiveOne: Judging,
): { verdicts: readonly { operation: string; verdict: Verdict }[]; effects: readonly Effect[] } {
  const draft = createDraft(view);
  const verdicts: { operation: string; verdict: Verdict }[] = [];
  for (const operation of operations) {
    const { verdict, effects } = receiveOne(draft, operation);
    draft.include(effects);
    verdicts.push({ operation: operation.id, verdict });
    if (verdict.kind === 'needs') break;
  }
  return { verdicts, effects: draft.effects };
}

export function receive(view: View, operation: Operation, rules: Rules): Received {
  const recalled = rules.recalled(view, operation.id);
  if (recalled) return { verdict: recalled, effects: [] };
  const refusal = refusalOf(view, operation);
  if (refusal) return setAside(operation, refusal);
  const draft = createDraft(view);
  const missing = rules.needsParents ? missingParents(draft, operation) : [];
  if (missing.length > 0) return withoutParents(view, operation, missing);
  if (!fitsWhatIsHere(draft, operation)) return setAside(operation, 'it builds upon another version of the same id');
  return (
    take(draft, operation, rules) ??
    setAside(operation, 'another version has the same id: two nodes write under one name')
  );
}

/**
 * From a node that was refused as a copy: kept apart under a name of its own, since the node that goes on may bring the same operation, or others with the
 * same version ids. Taken by `release` when that node has had its say.
 */
export function receiveFromCopy(view: View, operation: Operation): Received {
  const known = view.verdictOf(operation.id) ?? view.verdictOf(copyOf(operation).id);
  if (known) return { verdict: known, effects: [] };
  return setAside(copyOf(operation), 'written on a copy of the node, which was refused');
}

const fromCopy = 'copy-';

function isFromCopy(id: string): boolean {
  return id.startsWith(fromCopy);
}

function copyOf(operation: Operation): Operation {
  return { ...operation, id: `${fromCopy}${operation.id}` };
}

/** Tries a set-aside operation again: after an upgrade, or when a person has mended what was wrong. Undefined: it stays set aside. */
export function release(view: View, operation: Operation, rules: Rules): Received | undefined {
  const original = isFromCopy(operation.id) ? operation.id.slice(fromCopy.length) : undefined;
  if (original !== undefined && view.verdictOf(original)?.kind === 'taken')
    return { verdict: { kind: 'taken' }, effects: [{ kind: 'released', operation: operation.id }] };
  if (refusalOf(view, operation)) return undefined;
  const draft = createDraft(view);
  if (rules.needsParents && missingParents(draft, operation).length > 0) return undefined;
  if (!fitsWhatIsHere(draft, operation)) return undefined;
  const taken = take(draft, operation, rules);
  if (!taken) return undefined;
  return { ...taken, effects: [...taken.effects, { kind: 'released', operation: operation.id }] };
}

function refusalOf({ vocabulary }: View, { versions }: Operation): string | undefined {
  for (const version of versions) {
    const refusal = vocabulary.refusal(version);
    if (refusal !== undefined) return refusal;
    if (!isIntact(version, vocabulary)) return 'its bytes are not those that its writer sealed';
  }
  return undefined;
}

/** Set aside is taken care of: durable here and shown to a person, and it holds up nobody. What builds upon it is set aside with it. */
function setAside(operation: Operation, why: string, after?: string): Received {
  const verdict: Verdict = { kind: 'setAside', why, ...(after === undefined ? {} : { after }) };
  return {
    verdict,
    effects: [
      { kind: 'setAside', operation, why, ...(after === undefined ? {} : { after }) },
      { kind: 'verdict', operation: operation.id, verdict },
    ],
  };
}

type Missing = { resource: string; parent: string };

/** Parents that are neither here nor in the operation. Only who judges needs them; others keep and pass on. */
function missingParents(draft: Draft, operation: Operation): Missing[] {
  const brought = new Set(
    [...(operation.ancestry ?? []), ...operation.versions].map(({ resource, id }) => `${resource} ${id}`),
  );
  const missing: Missing[] = [];
  for (const version of operation.versions) {
    if (!isJudge(draft, version)) continue;
    const known = draft.resource(version.resource)?.versions;
    for (const parent of version.parents) {
      if (known?.has(parent) || brought.has(`${version.resource} ${parent}`)) continue;
      missing.push({ resource: version.resource, parent });
    }
  }
  return missing;
}

function fitsWhatIsHere(draft: Draft, { versions }: Operation): boolean {
  return versions.every((version) => fitsParents(draft.resource(version.resource), version));
}

function withoutParents(view: View, operation: Operation, missing: readonly Missing[]): Received {
  for (const { resource, parent } of missing) {
    const waitsFor = view.setAsideWith(resource, parent);
    if (waitsFor !== undefined) return setAside(operation, 'it builds upon what is set aside', waitsFor);
  }
  // Sent again with all that it builds upon, or, when that was tried, nobody below has it.
  if (operation.ancestry) return setAside(operation, 'what it builds upon is nowhere to be found');
  return {
    verdict: { kind: 'needs', missing: missing.map(({ resource, parent }) => `${resource} ${parent}`) },
    effects: [],
  };
}

/** Undefined: a version has an id that another one has. */
function take(draft: Draft, operation: Operation, rules: Rules): Received | undefined {
  for (const version of inOrder(operation.ancestry ?? [])) if (!arrive(draft, version, rules)) return undefined;
  // On its way up before anything that this node makes of it, so that all above hear of it in the same order.
  if (draft.node.upstream !== undefined) draft.effect({ kind: 'send', operation: withoutAncestry(operation) });
  for (const version of operation.versions) if (!arrive(draft, version, rules)) return undefined;
  const verdict: Verdict = { kind: 'taken' };
  draft.effect({ kind: 'verdict', operation: operation.id, verdict });
  return { verdict, effects: draft.effects };
}

function withoutAncestry({ id, origin, versions }: Operation): Operation {
  return { id, origin, versions };
}

function arrive(draft: Draft, version: Version, rules: Rules): boolean {
  if (!isKept(draft, version)) return true;
  const from = draft.effects.length;
  const place = judge(draft, version, rules);
  followReasons(draft, from, rules);
  keepUntilSent(draft, version);
  return place !== 'twin';
}
