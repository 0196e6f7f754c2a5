/** The entries of one seal against its root; where they differ, which of them was altered, removed, inserted or moved. */
import type { WalkedEntry } from './copied-rows.ts';
import { timeOf, whereOf, type Finding } from './finding.ts';
import { createRootBuilder, leafOf, rootOf } from './merkle.ts';
import type { Seal } from './seal.ts';
import type { EntryCheck } from './verify-entries.ts';

export type SealedEntries = {
  seal: Seal;
  /** The numbers that the seal covers, as far as can be told. */
  first: number;
  last: number;
  rows: readonly WalkedEntry[];
  isSigned: boolean;
  /** Is this other seal signed? Tells what of an altered seal was altered. */
  fits(seal: Seal): boolean;
  /** The hashes of the entries that were kept with the seal. */
  leaves(): Promise<Buffer | undefined>;
  tell(finding: Finding): void;
  check: EntryCheck;
};

/** Tells every difference between what is there and what was sealed. */
export async function checkSealedEntries(sealed: SealedEntries): Promise<void> {
  const { seal, first, last, rows, isSigned, tell, check } = sealed;
  for (const row of rows) check.look(row);
  await check.settle();
  const builder = createRootBuilder();
  for (const { leaf } of rows) builder.add(leaf);
  const root = builder.root();
  const isDense = rows.length === last - first + 1 && rows.every(({ number }, i) => number === first + i);
  if (isSigned && isDense && root.equals(seal.root)) return;
  if (!isSigned) {
    const isOnlySeal = isDense && sealed.fits({ ...seal, first, last, root });
    tell({
      kind: 'seal altered',
      seal: seal.number,
      at: seal.sealed,
      problem: isOnlySeal
        ? `What seal ${seal.number} says of its entries was altered; entries ${first} to ${last} themselves are as they were sealed.`
        : `Seal ${seal.number} was altered or replaced: the node's key has not signed what it says of entries ${first} to ${last}.`,
    });
    if (isOnlySeal || (isDense && root.equals(seal.root))) return;
  }
  await locate(sealed);
}

/** Names the entries, by the hashes that were kept with the seal, when those are what was sealed. */
async function locate({ seal, first, last, rows, leaves, tell, check }: SealedEntries): Promise<void> {
  const kept = await leaves();
  if (kept === undefined || !rootOf(kept).equals(seal.root)) {
    tell({
      kind: 'altered',
      number: first,
      seal: seal.number,
      at: seal.since,
      problem: `Of the entries ${first} to ${last} (${timeOf(seal.since)} to ${timeOf(seal.until)}) one or more were altered, removed or inserted. The list of their hashes was altered as well, so which of them can not be told.`,
    });
    return;
  }
  const sealedAs = (number: number): Buffer => kept.subarray((number - first) * 32, (number - first + 1) * 32);
  const here = new Map<number, WalkedEntry[]>();
  for (const row of rows) here.set(row.number, [...(here.get(row.number) ?? []), row]);
  const missing: number[] = [];
  const strays: WalkedEntry[] = [];
  for (let number = first; number <= last; number++) {
    const found = here.get(number) ?? [];
    const right = found.find((row) => row.leaf.equals(sealedAs(number)));
    if (!right) missing.push(number);
    strays.push(...found.filter((row) => row !== right));
  }
  for (const row of rows) if (row.number < first) strays.push(row);
  await tellStrays({ strays, missing, sealedAs, seal, tell, check });
}

type Strays = {
  strays: readonly WalkedEntry[];
  /** Numbers whose entry, as it was sealed, is not at its place. */
  missing: readonly number[];
  sealedAs(number: number): Buffer;
  seal: Seal;
  tell(finding: Finding): void;
  check: EntryCheck;
};

/** A stray whose content was sealed under another number was moved; one whose number misses its entry was altered; any other was inserted. */
async function tellStrays({ strays, missing, sealedAs, seal, tell, check }: Strays): Promise<void> {
  const gone = new Set(missing);
  const left: WalkedEntry[] = [];
  for (const row of strays) {
    const home = missing.find((number) => gone.has(number) && leafOf(number, row.content).equals(sealedAs(number)));
    if (home === undefined) {
      left.push(row);
      continue;
    }
    gone.delete(home);
    tell({
      ...whereOf(row, await check.whoOf(row.content)),
      kind: 'moved',
      problem: `It was sealed as entry ${home}: the order was altered.`,
    });
  }
  for (const row of left) {
    const where = whereOf(row, await check.whoOf(row.content));
    if (gone.delete(row.number))
      tell({ ...where, kind: 'altered', problem: 'Its content is not what was sealed: altered.' });
    else tell({ ...where, kind: 'inserted', problem: 'Nothing like it was sealed: inserted.' });
  }
  for (const number of gone)
    tell({
      kind: 'removed',
      number,
      seal: seal.number,
      at: seal.since,
      problem: `It was removed. It was sealed between ${timeOf(seal.since)} and ${timeOf(seal.until)}.`,
    });
}
