/**
 * Custody: one node at a time writes an encounter. The holder passes it on; who is at the bedside and can't reach the holder seizes it, on the record.
 * Custody is a resource in the patient's record, so two that seize at the same time are a conflict as any other, shown to a person.
 */
import type { Draft } from './draft.ts';
import type { Rules } from './rules.ts';
import type { Change } from './write.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The resource that says who writes this encounter. */
export function custodyResourceOf({ hash }: Pick<Vocabulary, 'hash'>, encounter: string): string {
  return `Basic/custody-${hash(encounter)}`;
}

/** The node that writes this encounter; undefined: nobody has been named, and anyone may. */
export function custodianOf(draft: Pick<Draft, 'resource' | 'vocabulary'>, encounter: string): string | undefined {
  const state = draft.resource(custodyResourceOf(draft.vocabulary, encounter));
  const current = state?.tip === undefined ? undefined : state.versions.get(state.tip);
  return current && draft.vocabulary.meaning(current).custody?.holder;
}

/** Why this node may not make the change: another one writes the encounter, or holds the custody that it would pass on. */
export function refusalOfCustody(
  draft: Draft,
  change: Change,
  rules: Rules,
): { kind: 'custody'; words: string } | undefined {
  const encounter = encounterOf(draft, change);
  if (encounter === undefined) return undefined;
  const holder = custodianOf(draft, encounter);
  if (holder === undefined || rules.mayWriteEncounter(draft.node.name, holder)) return undefined;
  return {
    kind: 'custody',
    words: `${holder} writes this encounter. Ask it to pass it on, or take it over at the bedside.`,
  };
}

/** The encounter that the change needs custody of; undefined: none, or it is seized by the change itself, or settles which of two nodes has it. */
function encounterOf(draft: Draft, change: Change): string | undefined {
  if (change.type === 'Encounter') return change.resource;
  if (change.type !== 'Basic' || change.parents.length > 1) return undefined;
  const { custody } = draft.vocabulary.meaning(change);
  return custody?.isSeized ? undefined : custody?.encounter;
}
