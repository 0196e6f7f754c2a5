/** Which resources an export takes and how it writes each. A resource is parsed only where filters, elements or a late change make it necessary. */
import type { Model } from '../definitions/model.ts';
import { parseJson, writeJson } from '../json/index.ts';
import { project } from '../media/index.ts';
import type { Reach, ResourceFacts } from '../grant.ts';
import type { SearchValues } from '../search/search-values.ts';
import type { Query } from '../search/query.ts';
import type { Resource } from '../types.ts';
import type { WalkedRow } from './export-store.ts';
import { readFilter, type ExportRequest } from './request.ts';

/** What an export needs of search. */
export type ExportSearch = {
  parse(type: string, parameters: [string, string][], options: { lenient: boolean }): Query;
  matches(resource: Resource, query: Query): boolean;
  extract(resource: Resource): SearchValues;
  patientOf(resource: Resource): string | undefined;
  reaches(reach: Reach, facts: ResourceFacts, content: string): boolean;
  /** The token of everything in this patient's compartment. */
  compartmentToken(patientId: string): string;
};

export type Choice = {
  /** The line to be written, or undefined for what is not wanted. `isSettled`: that it is in a wanted patient's record has been looked at. */
  lineOf(row: WalkedRow, isSettled: boolean): string | undefined;
  /** What of it decides who may see it. */
  factsOf(row: WalkedRow): ResourceFacts;
  /** True when content of this kind lies in a wanted patient's record. */
  isWanted(content: string | null): boolean;
  /** The tokens of the wanted patients' compartments; undefined when every patient's is wanted. */
  tokens: readonly string[] | undefined;
};

export function createChoice(
  deps: { search: ExportSearch; model: Model; reach: Reach },
  request: ExportRequest,
): Choice {
  const { search, model, reach } = deps;
  const parse = (type: string, parameters: [string, string][]): Query =>
    search.parse(type, parameters, { lenient: false });
  const filters = new Map<string, Query[]>();
  for (const filter of request.filters) {
    filters.set(filter.type, [...(filters.get(filter.type) ?? []), readFilter({ parse }, filter)]);
  }
  const tokens = request.patients?.map((id) => search.compartmentToken(id));
  const wanted = tokens && new Set(tokens);

  const isMember = (resource: Resource): boolean => {
    if (request.level === 'system') return true;
    const values = search.extract(resource);
    return wanted ? values.tokens.some((token) => wanted.has(token)) : values.patient !== undefined;
  };

  const isReached = (content: string): boolean => {
    if (reach.kind === 'everything') return true;
    const resource = parseJson(content) as Resource;
    const facts = { type: resource.resourceType, id: resource.id ?? '', patient: search.patientOf(resource) };
    return search.reaches(reach, facts, content);
  };
  const isWholeSystem = request.level === 'system' && reach.kind === 'everything';

  return {
    tokens,
    factsOf: ({ type, id, content, patient }) => ({
      type,
      id,
      patient: patient === undefined ? search.patientOf(parseJson(content) as Resource) : (patient ?? undefined),
    }),
    isWanted: (content) =>
      isWholeSystem || (content !== null && isReached(content) && isMember(parseJson(content) as Resource)),
    lineOf(row, isSettled) {
      if (!isReached(row.content)) return undefined;
      const queries = filters.get(row.type);
      const elements = elementsOf(request, row.type);
      const isOpen = !isSettled && request.level !== 'system';
      if (queries === undefined && elements.length === 0 && !isOpen) return row.content;
      const resource = parseJson(row.content) as Resource;
      if (isOpen && !isMember(resource)) return undefined;
      if (queries && !queries.some((query) => search.matches(resource, query))) return undefined;
      return elements.length === 0 ? row.content : writeJson(project(resource, { elements }, model));
    },
  };
}

/** Those asked for every type and those of this one; none when the type stays whole. */
function elementsOf({ elements = {} }: ExportRequest, type: string): string[] {
  return [...(elements['*'] ?? []), ...(elements[type] ?? [])];
}
