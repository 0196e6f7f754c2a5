/** What an entry is found by must be what its content says: an altered column would hide it from the patient without breaking a seal. */
import type { Db } from '#kernel/db.ts';
import { actorKey, actorOf, derivedOf, entryOf, isActorOf, whoKey } from './canonical.ts';
import type { WalkedEntry } from './copied-rows.ts';
import { findActors } from './entry-store.ts';
import { whereOf, type Finding } from './finding.ts';

export type EntryCheck = {
  /** Compares the columns with the content. Who acts is looked up by `settle`, when it is the first time that somebody is met. */
  look(row: WalkedEntry): void;
  settle(): Promise<void>;
  /** Who a content names, for a finding; undefined when that can't be told any more. */
  whoOf(content: string): Promise<string | undefined>;
};

const columns = ['at', 'patient', 'action', 'outcome'] as const;

/** What `actor` and `who` must be of an entry with this actor; `who` null where its text is altered or gone, which is told once. */
type KnownActor = { key: string; who: string | null };

/** Actors that are remembered as whole: more than one node has. */
const actorsMax = 100_000;

export function createEntryCheck(db: Db, tell: (finding: Finding) => void): EntryCheck {
  const known = new Map<string, KnownActor>();
  let pending = new Map<string, WalkedEntry[]>();

  const tellColumns = (row: WalkedEntry, names: readonly string[]): void =>
    tell({
      ...whereOf(row),
      kind: 'column',
      problem: `What it is found by was altered (${names.join(', ')}): it does not show where it belongs. Its content is as it was sealed.`,
    });

  const compareActor = (row: WalkedEntry, { key, who }: KnownActor): void => {
    if (row.actor !== key) tellColumns(row, ['actor']);
    if (who !== null && row.who !== who) tellColumns(row, ['who']);
  };

  const lookUp = async (asked: ReadonlyMap<string, WalkedEntry[]>): Promise<void> => {
    const texts = await findActors(db, [...asked.keys()].map(actorKey));
    for (const [fingerprint, rows] of asked) {
      const key = actorKey(fingerprint);
      const text = texts.get(key);
      const who = text !== undefined && isActorOf(text, fingerprint) ? whoKey(referenceIn(text)) : null;
      if (known.size >= actorsMax) known.delete(known.keys().next().value as string);
      const actor = { key, who };
      known.set(fingerprint, actor);
      if (who === null) {
        tell({
          ...whereOf(rows[0] as WalkedEntry),
          kind: 'actor',
          problem: `The text that says who acted, here and perhaps in other entries, was ${text === undefined ? 'removed' : 'altered'}.`,
        });
      }
      for (const row of rows) compareActor(row, actor);
    }
  };

  return {
    look(row) {
      const derived = derivedFrom(row.content);
      if (derived === undefined) return;
      if (columns.some((name) => derived[name] !== row[name]))
        tellColumns(
          row,
          columns.filter((name) => derived[name] !== row[name]),
        );
      const { fingerprint } = derived;
      const actor = known.get(fingerprint);
      if (actor) return compareActor(row, actor);
      const rows = pending.get(fingerprint);
      if (rows) rows.push(row);
      else pending.set(fingerprint, [row]);
    },
    async settle() {
      if (pending.size === 0) return;
      const asked = pending;
      pending = new Map();
      await lookUp(asked);
    },
    whoOf: (content) => nameIn(db, content),
  };
}

/** Undefined when the content is nothing that was ever an entry, which the seals tell. */
function derivedFrom(content: string): ReturnType<typeof derivedOf> | undefined {
  try {
    return derivedOf(content);
  } catch {
    return undefined;
  }
}

function referenceIn(actor: string): string {
  return (JSON.parse(actor) as { reference: string }).reference;
}

async function nameIn(db: Db, content: string): Promise<string | undefined> {
  try {
    const key = actorKey(actorOf(content));
    const text = (await findActors(db, [key])).get(key);
    const { who } = entryOf(content, text);
    return text === undefined ? undefined : `${who.name} (${who.reference})`;
  } catch {
    return undefined;
  }
}
