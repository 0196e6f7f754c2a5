/** The codes of the value sets that R4 binds as required, expanded, so that a write can be checked without the terminology service. */
import type { Source, SourceConcept, SourceInclude } from './definitions-source.ts';

type Expansion = Map<string, Set<string>>;
type Lookup = Map<string, Source>;

const walk = (
  concepts: SourceConcept[] | undefined,
  visit: (concept: SourceConcept, parents: string[]) => void,
  parents: string[] = [],
): void => {
  for (const concept of concepts ?? []) {
    visit(concept, parents);
    walk(concept.concept, visit, [...parents, concept.code]);
  }
};

const parentsByProperty = (system: Source): Map<string, Set<string>> => {
  const parents = new Map<string, Set<string>>();
  walk(system.concept, (concept, above) => {
    const stated = (concept.property ?? [])
      .filter((one) => one.code === 'subsumedBy')
      .map((one) => one.valueCode ?? '');
    parents.set(concept.code, new Set([...above, ...stated]));
  });
  return parents;
};

const descendants = (system: Source, ancestor: string): Set<string> => {
  const parents = parentsByProperty(system);
  const found = new Set<string>();
  const isBelow = (code: string, seen: Set<string>): boolean => {
    if (seen.has(code)) return false;
    seen.add(code);
    return [...(parents.get(code) ?? [])].some((parent) => parent === ancestor || isBelow(parent, seen));
  };
  for (const code of parents.keys()) if (isBelow(code, new Set())) found.add(code);
  return found;
};

/** The codes of one system that an include takes; undefined when they can't be listed from what is here. */
const systemCodes = (include: SourceInclude, lookup: Lookup): Set<string> | undefined => {
  if (include.concept !== undefined) return new Set(include.concept.map((concept) => concept.code));
  const system = lookup.get(include.system ?? '');
  if (system?.resourceType !== 'CodeSystem' || system.content !== 'complete') return undefined;
  const all = new Set<string>();
  walk(system.concept, (concept) => all.add(concept.code));
  for (const filter of include.filter ?? []) {
    if (filter.property !== 'concept' || !['is-a', 'descendent-of'].includes(filter.op)) return undefined;
    const below = descendants(system, filter.value);
    if (filter.op === 'is-a') below.add(filter.value);
    for (const code of all) if (!below.has(code)) all.delete(code);
  }
  return all;
};

const expandInclude = (include: SourceInclude, lookup: Lookup): Expansion | undefined => {
  const own = include.system === undefined ? undefined : systemCodes(include, lookup);
  if (include.system !== undefined && own === undefined) return undefined;
  let result: Expansion | undefined = own && new Map([[include.system ?? '', own]]);
  for (const url of include.valueSet ?? []) {
    const other = expand(url, lookup);
    if (other === undefined) return undefined;
    if (result === undefined) {
      result = other;
      continue;
    }
    for (const [system, codes] of result) {
      for (const code of codes) if (!other.get(system)?.has(code)) codes.delete(code);
    }
  }
  return result;
};

export const expand = (url: string, lookup: Lookup): Expansion | undefined => {
  const valueSet = lookup.get(url.split('|')[0] ?? '');
  if (valueSet?.resourceType !== 'ValueSet' || valueSet.compose === undefined) return undefined;
  const result: Expansion = new Map();
  for (const include of valueSet.compose.include) {
    const part = expandInclude(include, lookup);
    if (part === undefined) return undefined;
    for (const [system, codes] of part) result.set(system, new Set([...(result.get(system) ?? []), ...codes]));
  }
  for (const exclude of valueSet.compose.exclude ?? []) {
    const part = expandInclude(exclude, lookup);
    if (part === undefined) return undefined;
    for (const [system, codes] of part) for (const code of codes) result.get(system)?.delete(code);
  }
  return result;
};

/** Each required value set that can be listed, as `{ valueSet, codes: { system: [code] } }`. */
export const compactCodes = (structures: Source[], concepts: Source[]): object[] => {
  const lookup: Lookup = new Map(concepts.map((concept) => [concept.url, concept]));
  const bindings = structures
    .flatMap((structure) => structure.snapshot?.element ?? [])
    .map((element) => element.binding);
  const urls = new Set(
    bindings
      .filter((one) => one?.strength === 'required' && one.valueSet)
      .map((one) => one?.valueSet?.split('|')[0] ?? ''),
  );
  return [...urls].sort().flatMap((url) => {
    const expansion = expand(url, lookup);
    if (expansion === undefined) {
      process.stderr.write(`${url} can't be listed\n`);
      return [];
    }
    return [
      { valueSet: url, codes: Object.fromEntries([...expansion].map(([system, codes]) => [system, [...codes]])) },
    ];
  });
};
