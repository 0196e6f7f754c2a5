/**
 * Who is treated here no longer goes from here: when the time of grace is over, nothing of them waits to be sent, and the node above has said, in this
 * contact, that it has each version that would go. What it lacks (it was restored since, or its copy is damaged) is sent first.
 */
import { sendAll } from './apply.ts';
import type { Draft } from './draft.ts';
import { concerns, staysAfterPurge } from './membership.ts';
import type { Vouched, VouchedFor } from './messages.ts';
import type { Rules } from './rules.ts';
import { isIntact, parentsFirst, type Version } from './version.ts';
import type { Unit, View } from './view.ts';

/** What the shell looks up of a patient who leaves. */
export type Leaving = {
  readonly patient: Unit;
  /** The patient's resources here, those too that lay in the record once. */
  readonly keys: readonly string[];
  /** Operations that concern the patient and wait in the outbox, or are set aside here. */
  readonly unsent: number;
  /** Whether a node below has read all that the feed tells of a resource: it may not have heard yet that it is concerned no longer. */
  isReadBelow(child: string, resource: string): boolean;
  /** Whether upstream has taken an operation with this version from us, in this line of its history. */
  isTaken(resource: string, version: string): boolean;
};

/** How long after it was asked for an answer may be acted upon, milliseconds: whoever gave it may have been set back to an earlier day since. */
const vouchedForMs = 60_000;

/** True when only the node above must still be asked. */
export function isDue(view: View, patient: Unit, unsent: number, graceMs: number, rules: Rules): boolean {
  const holding = view.holding(patient);
  return holding !== undefined && rules.mayPurge(view.now, holding, unsent, graceMs);
}

/** What the node above is asked about: of whole resources, as many as there is room for. Undefined: nothing may go now. Empty: nothing of the patient would. */
export function namesToVouch(view: View, leaving: Leaving, limit: number): VouchedFor[] | undefined {
  const names: VouchedFor[] = [];
  const { going, waiting } = goingKeys(view, leaving);
  if (going.length === 0 && waiting > 0) return undefined;
  for (const key of going) {
    const own = versionsToVouch(view, key);
    if (names.length > 0 && names.length + own.length > limit) break;
    names.push(...own.map(({ resource, id, seal }) => ({ resource, version: id, seal })));
  }
  return names;
}

/** What goes, and how many resources wait until nodes below have heard of them. */
function goingKeys(view: View, { patient, keys, isReadBelow }: Leaving): { going: string[]; waiting: number } {
  const going: string[] = [];
  let waiting = 0;
  for (const key of keys) {
    const state = view.resource(key);
    if (state === undefined || staysAfterPurge(view, state, patient)) continue;
    const isUnheard = view.node.children.some(
      ({ name, subtree }) =>
        [...state.versions.values()].some((version) => concerns(view, version, subtree)) && !isReadBelow(name, key),
    );
    if (isUnheard) waiting++;
    else going.push(key);
  }
  return { going, waiting };
}

function versionsToVouch(view: View, key: string): Version[] {
  const versions = parentsFirst(view.resource(key)?.versions.values() ?? []);
  return versions.filter((version) => version.content !== undefined && isIntact(version, view.vocabulary));
}

/** The upper side: of these versions, those that are not here, and those that are here without their content, or damaged. What is set aside is here. */
export function vouch(view: View, names: readonly VouchedFor[]): Omit<Vouched, 'kind' | 'epoch'> {
  const absent: VouchedFor[] = [];
  const damaged: VouchedFor[] = [];
  for (const name of names) {
    const known = view.resource(name.resource)?.versions.get(name.version);
    if (known?.seal === name.seal) {
      if (known.content === undefined || !isIntact(known, view.vocabulary)) damaged.push(name);
    } else if (view.setAsideWith(name.resource, name.version) === undefined) absent.push(name);
  }
  return { absent, damaged };
}

/**
 * What the node above has said. What it lacks goes up, and it is asked again; what it has goes from here, resource by resource. A version that was written
 * here since it was asked keeps its resource here.
 */
export function purgeVouched(
  draft: Draft,
  leaving: Leaving,
  asked: { names: readonly VouchedFor[]; at: number; graceMs: number },
  answer: Vouched,
  rules: Rules,
): void {
  const { patient, keys, unsent } = leaving;
  const isStale = draft.now < asked.at || draft.now - asked.at > vouchedForMs;
  if (isStale || !isDue(draft, patient, unsent, asked.graceMs, rules)) return;
  // What it took from us, or gave us, and has no longer, it has passed on, or removed when the node above it had it.
  const { isUnproven } = draft.holding(patient) ?? {};
  const absent = isUnproven ? answer.absent.filter(({ resource, version }) => !leaving.isTaken(resource, version)) : [];
  const lacking = new Set([...absent, ...answer.damaged].map(nameOf));
  const vouched = new Set(asked.names.map(nameOf));
  sendAll(draft, answer.epoch, lackingVersions(draft, keys, lacking));
  const { going, waiting } = goingKeys(draft, leaving);
  const gone = going.filter((key) =>
    versionsToVouch(draft, key).every((version) => {
      const name = nameOf({ resource: key, version: version.id, seal: version.seal });
      return vouched.has(name) && !lacking.has(name);
    }),
  );
  purge(draft, patient, gone, waiting === 0 && gone.length === going.length);
}

function nameOf({ resource, version, seal }: VouchedFor): string {
  return `${resource} ${version} ${seal}`;
}

function lackingVersions(view: View, keys: readonly string[], lacking: ReadonlySet<string>): Version[] {
  if (lacking.size === 0) return [];
  const all = keys.flatMap((key) => versionsToVouch(view, key));
  return all.filter(({ resource, id, seal }) => lacking.has(nameOf({ resource, version: id, seal })));
}

/** A build that asks nobody. */
export function purgeUnasked(draft: Draft, leaving: Leaving, graceMs: number, rules: Rules): void {
  const { patient, unsent } = leaving;
  if (!isDue(draft, patient, unsent, graceMs, rules)) return;
  const { going, waiting } = goingKeys(draft, leaving);
  purge(draft, patient, going, waiting === 0);
}

function purge(draft: Draft, patient: Unit, resources: readonly string[], isLast: boolean): void {
  if (resources.length > 0) draft.effect({ kind: 'purge', patient, resources });
  if (isLast) draft.hold(patient, undefined);
}
