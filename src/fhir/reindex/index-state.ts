/** What this process knows of the index: which units every existing resource has, and which are being filled. Kept in step with `search_unit`. */
import type { Db } from '#kernel/db.ts';
import type { Search } from '../search/index.ts';
import { addFilledUnits, findTypesInUse, readFilledUnits, removeFilledUnits, type UnitRow } from './reindex-store.ts';
import { typeOfUnit, unitsOf } from './units.ts';

export type IndexState = {
  /** Units that a search must not rest on yet. */
  readonly pending: ReadonlySet<string>;
  /** Reads what the tables say; what is pending here and filled there is filled. */
  refresh(): Promise<void>;
  /** The units of these types that are not filled are pending from now on. */
  expect(types: readonly string[]): void;
  /**
   * Settles what needs no walk: forgets units that are no longer kept up, and takes those of types without resources as filled. That is noted for
   * others when `isNoted`: by a node, which hears of every search parameter, and not by a command beside it.
   */
  settle(types: readonly string[], isNoted: boolean): Promise<void>;
  /** True when the record is indexed by all that this release has. */
  isOfRelease(): boolean;
  /** Notes that it is, once nothing is pending. */
  noteRelease(): Promise<void>;
  /** The pending units and the types that they are of. */
  open(): { types: string[]; units: string[] };
  /** These units are filled: the tables have been told. */
  filled(units: readonly string[]): void;
};

export const rowsOf = (units: readonly string[]): UnitRow[] => units.map((unit) => ({ type: typeOfUnit(unit), unit }));
/** Stands in place of a type where the row is about the release. */
const ofRelease = '';
const typesOfUnits = (units: Iterable<string>): string[] => [...new Set([...units].map(typeOfUnit))];

/** `release` names what this release indexes by: while it is the one on record, the units of the standard need no look. */
export function createIndexState(db: Db, search: Pick<Search, 'parts'>, release: string): IndexState {
  const pending = new Set<string>();
  const assumed = new Set<string>();
  let known = new Map<string, Set<string>>();

  const filled = (units: readonly string[]): void => {
    for (const { type, unit } of rowsOf(units)) {
      known.set(type, (known.get(type) ?? new Set()).add(unit));
      pending.delete(unit);
      assumed.delete(unit);
    }
  };

  const missingOf = (types: readonly string[]): string[] =>
    types.flatMap((type) => unitsOf(search, type).filter((unit) => !known.get(type)?.has(unit)));

  const expect = (types: readonly string[]): void => {
    for (const unit of missingOf(types)) if (!assumed.has(unit)) pending.add(unit);
  };

  const forgetUnused = async (types: readonly string[]): Promise<void> => {
    const isUnused = unusedIn(search, types);
    for (const set of [pending, assumed]) for (const unit of [...set].filter(isUnused)) set.delete(unit);
    const unused = types.flatMap((type) => [...(known.get(type) ?? [])].filter(isUnused));
    for (const { type, unit } of rowsOf(unused)) known.get(type)?.delete(unit);
    await removeFilledUnits(db, rowsOf(unused));
  };

  return {
    pending,
    expect,
    filled,
    async refresh() {
      known = await readFilledUnits(db);
      for (const unit of pending) if (known.get(typeOfUnit(unit))?.has(unit)) pending.delete(unit);
    },
    async settle(types, isNoted) {
      // Whoever writes settles first: where nothing has been noted yet, nothing was written by another release.
      const isFirst = known.size === 0;
      await forgetUnused(types);
      const missing = missingOf(types);
      for (const unit of missing) pending.add(unit);
      const inUse = isFirst ? new Set() : await findTypesInUse(db, typesOfUnits(missing));
      const empty = missing.filter((unit) => !inUse.has(typeOfUnit(unit)) || assumed.has(unit));
      if (isNoted || isFirst) {
        const noted = empty.filter((unit) => !inUse.has(typeOfUnit(unit)));
        await addFilledUnits(db, rowsOf(noted));
        filled(noted);
        return;
      }
      for (const unit of empty) {
        assumed.add(unit);
        pending.delete(unit);
      }
    },
    isOfRelease: () => known.get(ofRelease)?.has(release) ?? false,
    async noteRelease() {
      if (pending.size + assumed.size > 0 || known.get(ofRelease)?.has(release)) return;
      await removeFilledUnits(
        db,
        [...(known.get(ofRelease) ?? [])].map((unit) => ({ type: ofRelease, unit })),
      );
      await addFilledUnits(db, [{ type: ofRelease, unit: release }]);
      known.set(ofRelease, new Set([release]));
    },
    open: () => ({ types: typesOfUnits(pending), units: [...pending].sort() }),
  };
}

/** A test for units of these types that are no longer kept up. */
function unusedIn(search: Pick<Search, 'parts'>, types: readonly string[]): (unit: string) => boolean {
  const kept = new Map(types.map((type) => [type, new Set(unitsOf(search, type))]));
  return (unit) => kept.get(typeOfUnit(unit))?.has(unit) === false;
}
