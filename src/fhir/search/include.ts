/** `_include` and `_revinclude` (R4 search.html#include): what a page's resources refer to, and what refers to them, with `:iterate`. */
import { Fault } from '#kernel/fault.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import type { UnitUse } from './catalog.ts';
import { any, type Condition } from './condition.ts';
import { matchesCondition } from './match.ts';
import { narrow, narrowWithin } from './narrow.ts';
import type { Within } from './resolve.ts';
import type { Include, Query } from './query.ts';
import type { Found } from './search-store.ts';
import type { SearchParts } from './search.ts';
import { pointers } from './values.ts';

const roundsMax = 10;
/** Elements that refer, times what they may refer to, that the index is asked for at once: so many for each resource that may be included. */
const pointersEach = 20;

/** The resources that come along with a page, each once, none that is on the page. Throws `tooCostly` when they are too many. */
export async function includedWith(
  within: Within,
  patient: string | undefined,
  query: Query,
  page: readonly Found[],
): Promise<Found[]> {
  if (query.includes.length === 0 && query.reverseIncludes.length === 0) return [];
  const { parts } = within;
  const around: Around = { ...within, patient };
  const seen = new Set(page.map(keyOf));
  const included: Found[] = [];
  let fresh: readonly Found[] = page;
  for (let round = 0; round < roundsMax && fresh.length > 0; round++) {
    const applies = ({ iterate }: Include): boolean => round === 0 || iterate;
    const found = [
      ...(await referredTo(around, query.includes.filter(applies), fresh, seen)),
      ...(await referringTo(around, query.reverseIncludes.filter(applies), fresh)),
    ];
    const added = found.filter((row) => !seen.has(keyOf(row)) && seen.add(keyOf(row)));
    included.push(...added);
    if (included.length > parts.limits.includedMax) throw tooMany(parts);
    fresh = added;
  }
  return included;
}

/** What comes along is, like the page, of the record of the patient whom the search names, or of nobody's. */
type Around = Within & { patient: string | undefined };

const reachOf = ({ grant, patient }: Around, types: readonly string[]): Promise<Condition> =>
  grant.reach({ by: 'search', patient, isNamed: false, types });

const keyOf = ({ type, id }: { type: string; id: string }): string => `${type}/${id}`;

const tooMany = ({ limits }: SearchParts): Fault =>
  new Fault(
    'tooCostly',
    `Includes would add more than ${limits.includedMax} resources to one page. Ask for fewer with _count.`,
  );

async function referredTo(
  around: Around,
  includes: readonly Include[],
  rows: readonly Found[],
  seen: ReadonlySet<string>,
): Promise<Found[]> {
  if (includes.length === 0) return [];
  const { parts, db } = around;
  const keys = new Map<string, { type: string; id: string }>();
  const canonicals = new Map<string, Set<string>>();
  for (const row of rows) {
    const uses = includes.flatMap((include) =>
      include.uses.filter(({ unit }) => unit.type === row.type).map((use) => ({ use, include })),
    );
    if (uses.length === 0) continue;
    const resource = parseJson(row.content) as Resource;
    for (const { use, include } of uses) collect(parts, use, include, resource, keys, canonicals);
  }
  for (const key of seen) keys.delete(key);
  if (keys.size > parts.limits.includedMax) throw tooMany(parts);
  const wanted = [...keys.values()];
  const reach = await reachOf(around, [...new Set(wanted.map(({ type }) => type))]);
  return [...(await parts.store.byKeys(db, wanted, { parts, reach })), ...(await byCanonical(around, canonicals))];
}

function collect(
  parts: SearchParts,
  { unit, target }: UnitUse,
  include: Include,
  resource: Resource,
  keys: Map<string, { type: string; id: string }>,
  canonicals: Map<string, Set<string>>,
): void {
  for (const value of unit.path.read(resource)) {
    for (const { literal } of pointers(value, parts.ownAddress)) {
      if (literal === undefined) continue;
      const [type = '', id, ...more] = literal.split('/');
      const wanted = include.target ?? target;
      if (parts.catalog.isType(type) && id !== undefined && more.length === 0) {
        if (wanted === undefined || wanted === type) keys.set(literal, { type, id });
      } else if (value.type === 'canonical') {
        for (const one of wanted === undefined ? canonicalTargets(parts, unit) : [wanted]) {
          canonicals.set(one, (canonicals.get(one) ?? new Set()).add(literal));
        }
      }
    }
  }
}

/** The types that a canonical of this unit may name, of those that have a URL to be found by. */
function canonicalTargets({ catalog }: SearchParts, unit: UnitUse['unit']): string[] {
  const parameters = catalog.parameters(unit.type).filter(({ uses }) => uses.some((use) => use.unit === unit));
  return [...new Set(parameters.flatMap(({ targets }) => targets ?? []))].filter(
    (type) => catalog.parameter(type, 'url')?.kind === 'uri',
  );
}

async function byCanonical(around: Around, canonicals: ReadonlyMap<string, ReadonlySet<string>>): Promise<Found[]> {
  const found: Found[] = [];
  for (const [type, urls] of canonicals) {
    const uses = catalogUses(around.parts, type);
    const condition = any([...urls].map((uri): Condition => ({ kind: 'uri', uses, mode: 'equals', uri })));
    found.push(...(await rowsOf(around, [type], condition)));
  }
  return found;
}

const catalogUses = ({ catalog }: SearchParts, type: string): readonly UnitUse[] =>
  catalog.parameter(type, 'url')?.uses ?? [];

async function rowsOf(around: Around, types: readonly string[], asked: Condition): Promise<Found[]> {
  const { parts, db } = around;
  const reach = await reachOf(around, types);
  const test = narrowWithin(parts, asked, reach);
  const scope = { types, isWholeSystem: false, sort: [], test, bucket: undefined };
  const rows = await parts.store.page(db, scope, undefined, parts.limits.includedMax + 1);
  if (rows.length > parts.limits.includedMax) throw tooMany(parts);
  const found = rows.map(({ row }) => row);
  if (narrow(parts, reach).exact) return found;
  return found.filter(({ content }) => matchesCondition(parts, reach, parseJson(content) as Resource));
}

async function referringTo(around: Around, includes: readonly Include[], rows: readonly Found[]): Promise<Found[]> {
  const conditions: Condition[] = [];
  const types = new Set<string>();
  const ofType = new Map<string, number>();
  for (const { type } of rows) ofType.set(type, (ofType.get(type) ?? 0) + 1);
  let pointersAsked = 0;
  for (const { uses, target } of includes) {
    const literals = rows.filter((row) => target === undefined || row.type === target).map(keyOf);
    if (literals.length === 0) continue;
    const pointing = uses.filter((use) => use.target === undefined || rows.some((row) => row.type === use.target));
    for (const { unit, target: pointedAt } of pointing) {
      types.add(unit.type);
      pointersAsked += pointedAt === undefined ? literals.length : (ofType.get(pointedAt) ?? 0);
    }
    if (pointersAsked > pointersEach * around.parts.limits.includedMax) throw tooMany(around.parts);
    conditions.push({ kind: 'reference', uses: pointing, literals });
  }
  return conditions.length === 0 ? [] : rowsOf(around, [...types], any(conditions));
}
