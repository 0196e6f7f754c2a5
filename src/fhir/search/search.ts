/** A search as an object: what it needs is made once, when the node starts, and shared by writes, searches and subscriptions. */
import type { Definitions, SearchParameterDefinition } from '../definitions/index.ts';
import type { Model } from '../definitions/model.ts';
import { createUcum } from '../fhirpath/index.ts';
import type { Reach, ResourceFacts } from '../grant.ts';
import type { Resource } from '../types.ts';
import { Calendar } from './calendar.ts';
import { Catalog } from './catalog.ts';
import { dateCells } from './date-cells.ts';
import { extract, patientIds, patientsOf } from './extract.ts';
import { tokenOf } from './hash.ts';
import { matchesCondition, type MatchParts, type SearchTerminology } from './match.ts';
import type { CanonicalQuantity } from './measure.ts';
import { modifiersOf, type ParameterParts } from './parse-parameter.ts';
import { parseQuery, type ParseOptions } from './parse.ts';
import type { Compile } from './path.ts';
import { defaultLimits, type Query, type SearchLimits } from './query.ts';
import { reaches } from './reaches.ts';
import { SearchStore } from './search-store.ts';
import type { SearchValues } from './search-values.ts';
import { patientCompartmentToken } from './tokens.ts';
import { pointers } from './values.ts';
import { Words } from './words.ts';

export type SearchOptions = {
  definitions: Definitions;
  model?: Model;
  /** The FHIRPath engine, for the few expressions that are not plain paths. */
  compile: Compile;
  /** UCUM; FHIRPath's own when absent. */
  canonicalQuantity?: CanonicalQuantity;
  terminology?: SearchTerminology;
  /** IANA name of the zone that days without an offset are days of; `Europe/Oslo` when absent. */
  zone?: string;
  /** Where clients reach this node's FHIR API: references that begin with it are to resources here. */
  baseUrl?: string;
  now?: () => number;
  limits?: Partial<SearchLimits>;
  /** The bucket of a patient's record: where `isDistributed`, searches that name a patient then go to one shard. */
  patientBucket?: (patientId: string) => number;
  /** The record is spread over several PostgreSQLs. On one, the bucket beside the tokens would only be a second index to read. */
  isDistributed?: boolean;
};

/** A search parameter as a CapabilityStatement lists it. */
export type CapabilityParameter = { name: string; definition: string; type: string; documentation?: string };

export type SearchParts = MatchParts &
  ParameterParts & { store: SearchStore; patientBucket: ((patientId: string) => number) | undefined };

export type Search = {
  readonly parts: SearchParts;
  /** What a resource is found by. */
  extract(resource: Resource): SearchValues;
  /** The ids of the compartments of a kind (`Patient`, `Encounter` …) that a resource is in. */
  compartmentsOf(resource: Resource, code: string): string[];
  /** Parses a search on a type, or on everything. Throws `invalid`, `notSupported`, `tooCostly`. */
  parse(type: string | undefined, parameters: readonly (readonly [string, string])[], options?: ParseOptions): Query;
  /** The patient in whose record a resource lies. */
  patientOf(resource: Resource): string | undefined;
  /** Whether a resource is within reach; its facts and its text as it is stored. */
  reaches(reach: Reach, facts: ResourceFacts, content: string | Buffer): boolean;
  /** Whether a resource satisfies a query, without the database: no chains, `_has` or `_list`. */
  matches(resource: Resource, query: Query): boolean;
  /** Takes a parameter into use. Answers the types whose resources must be indexed anew. */
  addParameter(definition: SearchParameterDefinition): string[];
  removeParameter(url: string): void;
  /** What the CapabilityStatement says of a type, or of searches of the whole system. */
  parametersOf(type: string | undefined): CapabilityParameter[];
  includesOf(type: string): string[];
  revincludesOf(type: string): string[];
  /** The token of every unit that may refer to a resource. */
  referencesTo(type: string, id: string): string[];
  /** The token of everything in a patient's compartment. */
  compartmentToken(patientId: string): string;
};

export function createSearch(options: SearchOptions): Search {
  const parts = partsOf(options);
  const { catalog } = parts;
  const revincludes = new Map<string, string[]>();
  return {
    parts,
    extract: (resource) => extract(parts, resource),
    compartmentsOf: (resource, code) => compartmentsOf(parts, resource, code),
    patientOf: (resource) => patientsOf(parts, resource)[0],
    reaches: (reach, facts, content) => reaches(parts, reach, facts, content),
    parse: (type, parameters, parseOptions) => parseQuery(parts, type, parameters, parseOptions),
    matches: (resource, query) =>
      query.types.includes(resource.resourceType) && matchesCondition(parts, query.condition, resource),
    addParameter: (definition) => {
      revincludes.clear();
      return catalog.add(definition);
    },
    removeParameter: (url) => {
      revincludes.clear();
      catalog.remove(url);
    },
    parametersOf: (type) => parametersOf(catalog, type),
    includesOf: (type) => referenceCodes(catalog, type),
    revincludesOf: (type) => {
      const known = revincludes.get(type) ?? revincludesOf(catalog, type);
      revincludes.set(type, known);
      return known;
    },
    referencesTo: (type, id) => referencesTo(catalog, type, id),
    compartmentToken: patientCompartmentToken,
  };
}

function partsOf(options: SearchOptions): SearchParts {
  const calendar = new Calendar(options.zone ?? 'Europe/Oslo');
  return {
    catalog: new Catalog({ definitions: options.definitions, compile: options.compile }),
    calendar,
    cells: dateCells(calendar),
    words: new Words(),
    canonical: options.canonicalQuantity ?? createUcum().canonicalQuantity,
    ownAddress: options.baseUrl === undefined ? undefined : `${options.baseUrl.replace(/\/+$/, '')}/`,
    terminology: options.terminology,
    limits: { ...defaultLimits, ...options.limits },
    now: options.now ?? (() => 0),
    store: new SearchStore(),
    patientBucket: options.isDistributed ? options.patientBucket : undefined,
  };
}

function compartmentsOf(parts: SearchParts, resource: Resource, code: string): string[] {
  const compartment = parts.catalog.compartment(code, resource.resourceType);
  if (compartment === undefined) return [];
  const ids = new Set(compartment.isItself && resource.id !== undefined ? [resource.id] : []);
  if (code === 'Patient') for (const id of patientIds(compartment.uses, resource, parts.ownAddress)) ids.add(id);
  else {
    for (const { unit } of compartment.uses) {
      for (const { literal } of unit.path.read(resource).flatMap((value) => pointers(value, parts.ownAddress))) {
        if (literal?.startsWith(`${code}/`)) ids.add(literal.slice(code.length + 1));
      }
    }
  }
  return [...ids];
}

const everywhere = new Set(['_id', '_lastUpdated', '_profile', '_security', '_source', '_tag', '_content', '_text']);

function parametersOf(catalog: Catalog, type: string | undefined): CapabilityParameter[] {
  const known = catalog.parameters(type ?? 'Patient').filter(({ code }) => code !== '_query');
  const listed = type === undefined ? known.filter(({ code }) => everywhere.has(code)) : known;
  return [
    ...listed.map(({ code, url, kind, uses }) => {
      const missing = uses.length > 0 ? ['missing'] : [];
      const types = kind === 'reference' ? ['[type]'] : [];
      const modifiers = [...missing, ...(uses.length > 0 ? (modifiersOf[kind] ?? []) : []), ...types];
      const documentation = modifiers.length === 0 ? {} : { documentation: `Modifiers: ${modifiers.join(', ')}` };
      return { name: code, definition: url, type: kind, ...documentation };
    }),
    { name: '_filter', definition: 'http://hl7.org/fhir/SearchParameter/filter', type: 'special' },
    { name: '_list', definition: 'http://hl7.org/fhir/SearchParameter/Resource-list', type: 'string' },
    { name: '_has', definition: 'http://hl7.org/fhir/SearchParameter/Resource-has', type: 'string' },
    ...(type === undefined
      ? [{ name: '_type', definition: 'http://hl7.org/fhir/SearchParameter/type', type: 'token' }]
      : []),
  ];
}

function referenceCodes(catalog: Catalog, type: string): string[] {
  return catalog
    .parameters(type)
    .filter(({ kind }) => kind === 'reference')
    .map(({ code }) => `${type}:${code}`);
}

/** Every `Type:parameter` whose references may point at a type. */
function revincludesOf(catalog: Catalog, type: string): string[] {
  return catalog.model.resourceTypes().flatMap((source) =>
    catalog
      .parameters(source)
      .filter(({ kind, targets }) => kind === 'reference' && (targets === undefined || targets.includes(type)))
      .map(({ code }) => `${source}:${code}`),
  );
}

function referencesTo(catalog: Catalog, type: string, id: string): string[] {
  const text = `r${type}/${id}`;
  const found = new Set<string>();
  for (const source of catalog.model.resourceTypes()) {
    for (const { kind, targets, uses } of catalog.parameters(source)) {
      if (kind !== 'reference' || (targets !== undefined && !targets.includes(type))) continue;
      for (const { unit } of uses) found.add(tokenOf(unit.seed, text));
    }
  }
  return [...found];
}
