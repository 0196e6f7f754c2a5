/**
 * The log of a node, copied to the one above: seals and the entries under them. What is kept was checked first, each entry by the root of its seal, so a copy
 * is what its node sealed or it is refused. What was written while a line was cut arrives complete, since the next page begins where the last one ended.
 */
import { z } from 'zod';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { actorRow, derivedOf, isActorOf, actorKey, type Actor, type ActorRow } from './canonical.ts';
import { insertCopies, readCopied, readTexts, type CopyRow } from './copy-store.ts';
import { findActors, insertActors } from './entry-store.ts';
import { createRootBuilder, leafOf } from './merkle.ts';
import { findNeighbourSeals, readNeighbourKeys } from './neighbour-store.ts';
import { sealPageSchema, type Neighbours } from './neighbours.ts';
import { sealOfText, sealText, type LogKey, type Seal } from './seal.ts';
import { readKeys, sealsAfter } from './seal-store.ts';

/** What travels: JSON. `actors`: who acts, said once. */
export const copyPageSchema = z.object({
  seals: sealPageSchema,
  entries: z.array(z.object({ number: z.int().positive(), content: z.string().max(20_000) })).max(5000),
  actors: z.array(z.string().max(5000)).max(5000),
});
export type CopyPage = z.infer<typeof copyPageSchema>;

export type LogCopies = {
  /** The last seal of a node all of whose entries are kept here. */
  copied(node: string): Promise<number>;
  /** What comes after a seal in the log of this node, or in the copy of another's that is kept here. Without seals: nothing yet. */
  pageAfter(node: string, seal: number): Promise<CopyPage>;
  /**
   * Keeps what another node sealed. Gives the last seal that is kept whole. Faults: invalid, for what is not what was sealed; conflict, where the log was
   * made anew.
   */
  keep(node: string, page: CopyPage): Promise<number>;
};

const entriesMax = 1000;
const sealsMax = 200;

export function createCopies(db: Db, ownNode: string, neighbours: Pick<Neighbours, 'keepForeignSeals'>): LogCopies {
  return {
    copied: (node) => readCopied(db, node),
    pageAfter: (node, seal) => pageAfter(db, node, node === ownNode, seal),
    async keep(node, page) {
      if (node === ownNode) throw new Fault('invalid', 'This is the log of this node itself.');
      const entries = checked(page);
      const actors = page.actors.map(actorOfText);
      const who = new Map(actors.map((actor) => [actor.key, actor]));
      await neighbours.keepForeignSeals(node, page.seals);
      await insertActors(db, actors);
      const rows = entries.map((entry) => rowOf(entry, who));
      const last = sealsIn(page).at(-1)?.number;
      if (last !== undefined) await insertCopies(db, node, rows, last);
      return readCopied(db, node);
    },
  };
}

async function pageAfter(db: Db, node: string, isOwn: boolean, after: number): Promise<CopyPage> {
  const found: readonly Omit<Seal, 'node'>[] = isOwn
    ? await sealsAfter(db, after, sealsMax)
    : (await findNeighbourSeals(db, node, after, sealsMax)).filter(({ number }) => number > after);
  const whole = isOwn ? Infinity : await readCopied(db, node);
  const seals = fitting(found.filter(({ number }) => number <= whole));
  const [first, last] = [seals[0]?.first, seals.at(-1)?.last];
  const entries =
    first === undefined || last === undefined ? [] : await readTexts(db, isOwn ? undefined : node, first, last);
  const actors = await findActors(
    db,
    entries.map(({ actor }) => actor),
  );
  const keys: readonly LogKey[] = isOwn ? await readKeys(db) : await readNeighbourKeys(db, node);
  return {
    seals: {
      keys: keys.map(({ number, publicKey, firstSeal, since, word }) => ({
        number,
        publicKey,
        firstSeal,
        since,
        word: word?.toString('base64url') ?? null,
      })),
      seals: seals.map((seal) => ({
        text: sealText({ ...seal, node }),
        signature: seal.signature.toString('base64url'),
      })),
    },
    entries: entries.map(({ number, content }) => ({ number, content })),
    actors: [...actors.values()],
  };
}

/** As many as have no more entries than a page holds; one at least. */
function fitting(seals: readonly Omit<Seal, 'node'>[]): Omit<Seal, 'node'>[] {
  const [begin] = seals;
  if (begin === undefined) return [];
  const within = seals.filter(({ last }) => last - begin.first < entriesMax);
  return within.length > 0 ? within : [begin];
}

function sealsIn({ seals }: CopyPage): Seal[] {
  return seals.seals.map(({ text, signature }) => {
    const seal = sealOfText(text, Buffer.from(signature, 'base64url'));
    if (seal === undefined) throw new Fault('invalid', 'What was sent is not a seal of a log.');
    return seal;
  });
}

/** The entries that are under the seals. The seals themselves are checked where they are kept. */
function checked(page: CopyPage): CopyPage['entries'] {
  const sealed: CopyPage['entries'] = [];
  const byNumber = new Map(page.entries.map((entry) => [entry.number, entry]));
  for (const { number, first, last, root } of sealsIn(page)) {
    const builder = createRootBuilder();
    for (let at = first; at <= last && last - first < 1_000_000; at++) {
      const entry = byNumber.get(at);
      if (entry === undefined) throw new Fault('invalid', `Entry ${at} under seal ${number} was not sent.`);
      builder.add(leafOf(at, entry.content));
      sealed.push(entry);
    }
    if (!builder.root().equals(root))
      throw new Fault('invalid', `The entries under seal ${number} are not those that were sealed.`);
  }
  return sealed;
}

/** Made anew from what it says, so that nothing is kept that this program would not have written. */
function actorOfText(text: string): ActorRow {
  const { role, ...who } = parsed(text);
  const row = actorRow({ who, role } as Actor);
  if (row.content !== text || !isActorOf(text, row.fingerprint))
    throw new Fault('invalid', 'What was sent is not an actor of a log.');
  return row;
}

function parsed(text: string): { role?: unknown; [name: string]: unknown } {
  try {
    return JSON.parse(text) as { role?: unknown };
  } catch {
    throw new Fault('invalid', 'What was sent is not an actor of a log.');
  }
}

function rowOf({ number, content }: CopyPage['entries'][number], actors: ReadonlyMap<string, ActorRow>): CopyRow {
  const { fingerprint, ...columns } = derivedOf(content);
  const actor = actors.get(actorKey(fingerprint));
  if (actor === undefined) throw new Fault('invalid', `Who acted in entry ${number} was not sent.`);
  return { ...columns, number, content, actor: actor.key, who: actor.who };
}
