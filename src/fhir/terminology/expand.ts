/** ValueSet/$expand, https://hl7.org/fhir/R4/valueset-operation-expand.html */
import { Fault } from '#kernel/fault.ts';
import { foldedWords } from './text-match.ts';
import type { ExpansionContains, ExpansionParameter, ValueSetResource } from './model.ts';
import { languageFits } from './code-system.ts';
import type { Member, Membership } from './value-set.ts';
import { withVersion } from './library.ts';

export type ExpandRequest = {
  filter?: string | undefined;
  offset?: number | undefined;
  count?: number | undefined;
  activeOnly?: boolean | undefined;
  includeDesignations?: boolean | undefined;
  includeDefinition?: boolean | undefined;
  excludeNested?: boolean | undefined;
  displayLanguage?: string | undefined;
};

export type ExpandLimits = { codesMax: number };

/**
 * The value set with its expansion: the members that answer the text filter, best matches first, a page of them when asked.
 * Faults: tooCostly past `codesMax` codes without paging, notFound when a code system is not here.
 */
export function expandMembership(
  valueSet: ValueSetResource,
  membership: Membership,
  request: ExpandRequest,
  limits: ExpandLimits,
  made: { timestamp: string; identifier: string },
): ValueSetResource {
  const found = membersOf(membership, request);
  const offset = request.offset ?? 0;
  const count = request.count ?? Infinity;
  if (Math.min(found.length - offset, count) > limits.codesMax) {
    throw new Fault(
      'tooCostly',
      `The value set has ${found.length} codes, more than the ${limits.codesMax} that are listed at once: ask with count and offset, or with a filter`,
    );
  }
  const page = found.slice(offset, offset + count);
  const contains = page.map((member) => containsOf(member, request));
  const isPaged = request.offset !== undefined || request.count !== undefined;
  const isNested = request.excludeNested === false && !isPaged && request.filter === undefined;
  return {
    ...withoutLists(valueSet, request),
    expansion: {
      identifier: made.identifier,
      timestamp: made.timestamp,
      total: found.length,
      ...(isPaged ? { offset } : {}),
      parameter: parametersOf(membership, request),
      contains: isNested ? nest(page, contains) : contains,
    },
  };
}

function membersOf(membership: Membership, request: ExpandRequest): Member[] {
  const words = foldedWords(request.filter ?? '');
  const found: Member[] = [];
  let isRanked = false;
  for (const member of membership.members(words)) {
    if (request.activeOnly === true && member.index?.isInactive(member.row) === true) continue;
    isRanked ||= member.rank > 0;
    found.push(member);
  }
  return isRanked ? found.toSorted((a, b) => a.rank - b.rank) : found;
}

function containsOf(member: Member, request: ExpandRequest): ExpansionContains {
  const { index, row, system, code } = member;
  const isKnown = index !== undefined && row >= 0;
  const contains: ExpansionContains = { system };
  if (isKnown && index.isAbstract(row)) contains.abstract = true;
  if (isKnown && index.isInactive(row)) contains.inactive = true;
  contains.code = code;
  const display = displayOf(member, request.displayLanguage);
  if (display !== undefined) contains.display = display;
  if (request.includeDesignations === true) {
    const designation = [...(member.designation ?? []), ...(isKnown ? index.designations(row) : [])];
    if (designation.length > 0) contains.designation = designation;
  }
  return contains;
}

/** The value set's own wording first, then the code system's; a wording in the asked language before both. */
function displayOf(member: Member, language: string | undefined): string | undefined {
  const { index, row, display, designation } = member;
  if (language !== undefined) {
    const own = designation?.find((each) => languageFits(language, each.language));
    if (own !== undefined) return own.value;
  }
  const listed = index !== undefined && row >= 0 ? index.display(row, language) : undefined;
  if (language !== undefined && index !== undefined && row >= 0 && listed !== index.display(row)) return listed;
  return display ?? listed;
}

/** Each code under the nearest code above it that is listed too. */
function nest(members: readonly Member[], contains: readonly ExpansionContains[]): ExpansionContains[] {
  const places = new Map(members.map((member, at) => [`${member.system}|${member.row}`, contains[at]]));
  const roots: ExpansionContains[] = [];
  members.forEach((member, at) => {
    const own = contains[at];
    if (own === undefined) return;
    const parent = nearestListed(member, places);
    if (parent === undefined) roots.push(own);
    else (parent.contains ??= []).push(own);
  });
  return roots;
}

function nearestListed(
  { index, row, system }: Member,
  places: ReadonlyMap<string, ExpansionContains | undefined>,
): ExpansionContains | undefined {
  if (index === undefined || row < 0) return undefined;
  // A hierarchy that loops would swallow its own roots: such codes stand at the top.
  if (index.descendants(row).size > 0 && index.parents(row).some((parent) => index.ancestors(parent).has(row))) {
    return undefined;
  }
  for (const ancestor of index.ancestors(row)) {
    const place = places.get(`${system}|${ancestor}`);
    if (place !== undefined && isNearest(index, row, ancestor, system, places)) return place;
  }
  return undefined;
}

function isNearest(
  index: NonNullable<Member['index']>,
  row: number,
  ancestor: number,
  system: string,
  places: ReadonlyMap<string, unknown>,
): boolean {
  for (const between of index.ancestors(row)) {
    if (between !== ancestor && places.has(`${system}|${between}`) && index.ancestors(between).has(ancestor))
      return false;
  }
  return true;
}

function parametersOf(membership: Membership, request: ExpandRequest): ExpansionParameter[] {
  const parameters: ExpansionParameter[] = [];
  const add = (name: string, type: string, value: unknown): void => {
    if (value !== undefined) parameters.push({ name, [`value${type}`]: value });
  };
  add('filter', 'String', request.filter);
  add('offset', 'Integer', request.offset);
  add('count', 'Integer', request.count);
  add('activeOnly', 'Boolean', request.activeOnly);
  add('includeDesignations', 'Boolean', request.includeDesignations);
  add('excludeNested', 'Boolean', request.excludeNested);
  add('displayLanguage', 'Code', request.displayLanguage);
  for (const { url, version, index } of membership.systems) {
    add('used-codesystem', 'Uri', withVersion(url, version));
    // The reader must see that the list may lack codes: https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.content
    if (index !== undefined && !index.isComplete)
      add(`warning-${index.head.content}`, 'Uri', withVersion(url, version));
  }
  return parameters;
}

function withoutLists(valueSet: ValueSetResource, request: ExpandRequest): ValueSetResource {
  const { compose, expansion: _expansion, text: _text, ...head } = valueSet;
  return request.includeDefinition === true && compose !== undefined
    ? ({ ...head, compose } as ValueSetResource)
    : (head as ValueSetResource);
}
