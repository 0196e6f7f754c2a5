import { Fault } from '#kernel/fault.ts';
import type { CodeSystemIndex } from './code-system.ts';
import { filteredRows } from './filters.ts';
import { foldDisplay, matchRank } from './text-match.ts';
import { grammarAccepts } from './grammar-systems.ts';
import { withVersion } from './library.ts';
import type { TerminologyLibrary } from './library.ts';
import type { Designation, ExpansionContains, Include, IncludeConcept, ValueSetResource } from './model.ts';

/** One code of a value set. `row` and `index` where its code system is here. */
export type Member = {
  system: string;
  code: string;
  rank: number;
  index: CodeSystemIndex | undefined;
  row: number;
  display?: string | undefined;
  designation?: readonly Designation[] | undefined;
};

/**
 * A value set made ready: who is in it, without listing it, and the list where it can be had.
 * `has` is undefined where the node can't tell: a code system that is not here, or only in part.
 */
export type Membership = {
  has(system: string, code: string): boolean | undefined;
  /** The codes that answer the folded words, in the value set's order. Faults: notFound when a code system is not here. */
  members(words: readonly string[]): Iterable<Member>;
  /** The display that the value set itself gives the code. */
  displayOf(system: string, code: string): string | undefined;
  /** Code systems that it draws on, those of the value sets inside it too. */
  systems: readonly UsedSystem[];
  /** False when a value set inside it is not here, so that `systems` may lack some. */
  knowsSystems: boolean;
  /** False: inactive codes are not in it (`compose.inactive`). */
  inactive: boolean;
};

type UsedSystem = { url: string; version: string | undefined; index: CodeSystemIndex | undefined };

type Part = Pick<Membership, 'has' | 'members' | 'displayOf'>;

const depthMax = 20;

/** The membership of a value set by canonical; kept until something that it stands on changes. undefined: the value set is not here. */
export function membershipOf(library: TerminologyLibrary, canonical: string): Membership | undefined {
  return resolve(library, canonical, []);
}

/** The membership of a value set that the caller holds. */
export function compileValueSet(library: TerminologyLibrary, valueSet: ValueSetResource): Membership {
  return compile(library, valueSet, []);
}

function resolve(library: TerminologyLibrary, canonical: string, trail: readonly string[]): Membership | undefined {
  const kept = library.derived.get(canonical) as Membership | undefined;
  if (kept !== undefined) return kept;
  const valueSet = library.valueSet(canonical) ?? implicitValueSet(library, canonical);
  if (valueSet === undefined) return undefined;
  if (trail.includes(canonical)) throw new Fault('unprocessable', `The value set ${canonical} includes itself`);
  if (trail.length > depthMax) throw new Fault('tooCostly', 'Value sets include each other too deeply');
  const membership = compile(library, valueSet, [...trail, canonical]);
  library.derived.set(canonical, membership);
  return membership;
}

/** `<code system>?fhir_vs` and `?fhir_vs=isa/<code>`, as https://hl7.org/fhir/R4/snomedct.html#implicit has them, for any system here. */
export function implicitValueSet(library: TerminologyLibrary, url: string): ValueSetResource | undefined {
  const match = /^([^?]+)\?fhir_vs(?:=isa\/(.+))?$/.exec(url);
  const system = match?.[1];
  if (system === undefined || library.codeSystem(system) === undefined) return undefined;
  const filter = match?.[2] === undefined ? [] : [{ property: 'concept', op: 'is-a', value: match[2] }];
  const include: Include = filter.length === 0 ? { system } : { system, filter };
  return { resourceType: 'ValueSet', url, status: 'active', compose: { include: [include] } };
}

function compile(library: TerminologyLibrary, valueSet: ValueSetResource, trail: readonly string[]): Membership {
  const includes = valueSet.compose?.include ?? [];
  if (includes.length === 0) return compileExpansion(library, valueSet);
  const included = includes.map((include) => compileInclude(library, include, trail));
  const excluded = (valueSet.compose?.exclude ?? []).map((include) => compileInclude(library, include, trail));
  const inactive = valueSet.compose?.inactive !== false;
  return {
    has: (system, code) => hasAny(included, excluded, system, code),
    members: (words) => union(included, excluded, words, inactive),
    displayOf: (system, code) => firstDisplay(included, system, code),
    ...systemsOf(library, valueSet, trail),
    inactive,
  };
}

function hasAny(
  included: readonly Part[],
  excluded: readonly Part[],
  system: string,
  code: string,
): boolean | undefined {
  const isIn = some(included, system, code);
  if (isIn === false) return false;
  const isOut = some(excluded, system, code);
  if (isOut === true) return false;
  return isOut === undefined ? undefined : isIn;
}

/** True when one says so, else undefined when one can't tell. */
function some(parts: readonly Part[], system: string, code: string): boolean | undefined {
  let answer: boolean | undefined = false;
  for (const part of parts) {
    const has = part.has(system, code);
    if (has === true) return true;
    if (has === undefined) answer = undefined;
  }
  return answer;
}

function* union(
  included: readonly Part[],
  excluded: readonly Part[],
  words: readonly string[],
  inactive: boolean,
): Generator<Member> {
  const seen = included.length > 1 ? new Set<string>() : undefined;
  for (const part of included) {
    for (const member of part.members(words)) {
      if (!inactive && member.index?.isInactive(member.row) === true) continue;
      if (excluded.length > 0 && some(excluded, member.system, member.code) !== false) continue;
      if (seen !== undefined) {
        const key = `${member.system}|${member.code}`;
        if (seen.has(key)) continue;
        seen.add(key);
      }
      yield member;
    }
  }
}

function firstDisplay(parts: readonly Part[], system: string, code: string): string | undefined {
  for (const part of parts) {
    const display = part.displayOf(system, code);
    if (display !== undefined) return display;
  }
  return undefined;
}

function compileInclude(library: TerminologyLibrary, include: Include, trail: readonly string[]): Part {
  const nested = (include.valueSet ?? []).map((canonical) => nestedPart(library, canonical, trail));
  if (include.system === undefined) {
    const [first, ...others] = nested;
    if (first === undefined)
      throw new Fault('unprocessable', 'A part of the value set names no system and no value set');
    return others.length === 0 ? first : intersection(first, others);
  }
  const own = compileSystem(library, include.system, include);
  return nested.length === 0 ? own : intersection(own, nested);
}

function nestedPart(library: TerminologyLibrary, canonical: string, trail: readonly string[]): Part {
  const membership = resolve(library, canonical, trail);
  if (membership !== undefined) return membership;
  return {
    has: () => undefined,
    displayOf: () => undefined,
    members: () => {
      throw new Fault(
        'notFound',
        `The value set ${canonical} is not here, so the one that includes it can't be listed`,
      );
    },
  };
}

function intersection(first: Part, others: readonly Part[]): Part {
  return {
    has: (system, code) => {
      const answers = [first, ...others].map((part) => part.has(system, code));
      if (answers.includes(false)) return false;
      return answers.includes(undefined) ? undefined : true;
    },
    displayOf: (system, code) => firstDisplay([first, ...others], system, code),
    *members(words) {
      for (const member of first.members(words)) {
        if (others.every((part) => part.has(member.system, member.code) === true)) yield member;
      }
    },
  };
}

function compileSystem(library: TerminologyLibrary, system: string, include: Include): Part {
  const index = library.codeSystem(system, include.version);
  if (include.concept !== undefined && include.concept.length > 0) return conceptList(system, include.concept, index);
  if (index === undefined) return absentSystem(system, include);
  if (include.filter === undefined || include.filter.length === 0) return wholeSystem(system, index);
  return filteredSystem(system, index, include);
}

function conceptList(system: string, concepts: readonly IncludeConcept[], index: CodeSystemIndex | undefined): Part {
  const normal = (code: string): string => index?.normal(code) ?? code;
  const unique = [
    ...new Map(concepts.toReversed().map((concept) => [normal(concept.code), concept])).values(),
  ].toReversed();
  const codes = new Map(unique.map((concept) => [normal(concept.code), concept.display]));
  return {
    has: (asked, code) => asked === system && codes.has(normal(code)),
    displayOf: (asked, code) => (asked === system ? codes.get(normal(code)) : undefined),
    *members(words) {
      for (const { code, display, designation } of unique) {
        const row = index?.row(code) ?? -1;
        const texts = [display ?? '', ...(designation ?? []).map((each) => each.value), code].join(' ');
        const own = row < 0 || index === undefined ? '' : index.folded(row);
        const rank = words.length === 0 ? 0 : matchRank(`${foldDisplay(texts)} ${own}`, words);
        if (rank >= 0) yield { system, code, rank, index, row, display, designation };
      }
    },
  };
}

/** A system that is not here: a grammar decides where there is one, a filter on it never can. */
function absentSystem(system: string, include: Include): Part {
  const isWhole = include.filter === undefined || include.filter.length === 0;
  return {
    has: (asked, code) => {
      if (asked !== system) return false;
      const accepted = grammarAccepts(system, code);
      return isWhole || accepted === false ? accepted : undefined;
    },
    displayOf: () => undefined,
    members: () => {
      throw new Fault('notFound', `The code system ${system} is not here, so its codes can't be listed`);
    },
  };
}

function wholeSystem(system: string, index: CodeSystemIndex): Part {
  return {
    has: (asked, code) => {
      if (asked !== system) return false;
      return index.row(code) >= 0 ? true : index.isComplete ? false : undefined;
    },
    displayOf: () => undefined,
    members: (words) => rowsOf(system, index, undefined, words),
  };
}

function filteredSystem(system: string, index: CodeSystemIndex, include: Include): Part {
  let rows: Uint8Array | Fault | undefined;
  // A refusal is kept too: a filter that takes too long takes it once.
  const passing = (): Uint8Array => {
    rows ??= rowsOrFault(index, include);
    if (rows instanceof Fault) throw rows;
    return rows;
  };
  return {
    has: (asked, code) => {
      if (asked !== system) return false;
      const row = index.row(code);
      if (row < 0) return index.isComplete ? false : undefined;
      return passing()[row] === 1;
    },
    displayOf: () => undefined,
    members: (words) => rowsOf(system, index, passing(), words),
  };
}

function rowsOrFault(index: CodeSystemIndex, include: Include): Uint8Array | Fault {
  try {
    return filteredRows(index, include.filter ?? []);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

function* rowsOf(
  system: string,
  index: CodeSystemIndex,
  passing: Uint8Array | undefined,
  words: readonly string[],
): Generator<Member> {
  for (let row = 0; row < index.size; row += 1) {
    if (passing !== undefined && passing[row] !== 1) continue;
    const rank = words.length === 0 ? 0 : matchRank(index.folded(row), words);
    if (rank >= 0) yield { system, code: index.code(row), rank, index, row };
  }
}

/** A value set that comes only as its list. */
function compileExpansion(library: TerminologyLibrary, valueSet: ValueSetResource): Membership {
  if (valueSet.expansion === undefined) {
    throw new Fault(
      'unprocessable',
      `The value set ${valueSet.url ?? ''} says neither what it is composed of nor what it holds`,
    );
  }
  const bySystem = new Map<string, IncludeConcept[]>();
  for (const { system, code, display, designation, abstract } of flattened(valueSet.expansion.contains ?? [])) {
    if (code === undefined || abstract === true) continue;
    const concept: IncludeConcept = { code };
    if (display !== undefined) concept.display = display;
    if (designation !== undefined) concept.designation = designation;
    bySystem.set(system ?? '', [...(bySystem.get(system ?? '') ?? []), concept]);
  }
  const parts = [...bySystem].map(([system, concepts]) => conceptList(system, concepts, library.codeSystem(system)));
  return {
    has: (system, code) => some(parts, system, code),
    members: (words) => union(parts, [], words, true),
    displayOf: (system, code) => firstDisplay(parts, system, code),
    systems: [...bySystem.keys()].map((url) => ({ url, version: undefined, index: library.codeSystem(url) })),
    knowsSystems: true,
    inactive: true,
  };
}

function* flattened(contains: readonly ExpansionContains[]): Generator<ExpansionContains> {
  const open = [...contains].reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    open.push(...[...(next.contains ?? [])].reverse());
  }
}

function systemsOf(
  library: TerminologyLibrary,
  valueSet: ValueSetResource,
  trail: readonly string[],
): Pick<Membership, 'systems' | 'knowsSystems'> {
  const systems = new Map<string, UsedSystem>();
  let knowsSystems = true;
  for (const { system: url, version, valueSet: nested } of valueSet.compose?.include ?? []) {
    if (url !== undefined) {
      const index = library.codeSystem(url, version);
      systems.set(withVersion(url, version), { url, version: version ?? index?.head.version, index });
    }
    for (const canonical of nested ?? []) {
      const membership = resolve(library, canonical, trail);
      knowsSystems &&= membership?.knowsSystems ?? false;
      for (const used of membership?.systems ?? []) systems.set(withVersion(used.url, used.version), used);
    }
  }
  return { systems: [...systems.values()], knowsSystems };
}
