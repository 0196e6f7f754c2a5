/**
 * What FHIR R4 (4.0.1) defines, read from the compact files under top-level `definitions/` (`tools/definitions.ts` writes them).
 * `loadDefinitions` is what every part needs; profiles and terminology are larger and loaded by the parts that use them.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Resource } from '../types.ts';
import type { Model } from './model.ts';
import { createModel, type StoredType } from './types-model.ts';

export type * from './model.ts';
export { jsonProperties } from './types-model.ts';

export type SearchParameterType =
  | 'number'
  | 'date'
  | 'string'
  | 'token'
  | 'reference'
  | 'composite'
  | 'quantity'
  | 'uri'
  | 'special';

export type SearchParameterDefinition = {
  url: string;
  code: string;
  /** Resource types it is for; `Resource` and `DomainResource` mean all. */
  base: string[];
  type: SearchParameterType;
  /** FHIRPath; absent for `_text`, `_content`, `_query`. */
  expression?: string;
  target?: string[];
  component?: { definition: string; expression: string }[];
  comparator?: string[];
  modifier?: string[];
  multipleOr?: boolean;
  multipleAnd?: boolean;
};

export type CompartmentDefinition = {
  code: 'Patient' | 'Encounter' | 'RelatedPerson' | 'Practitioner' | 'Device';
  /** Resource type → the search parameters that put it in the compartment; `{def}` is the resource itself. */
  params: Record<string, string[]>;
};

export type Definitions = {
  model: Model;
  searchParameters: SearchParameterDefinition[];
  compartments: CompartmentDefinition[];
  /** The codes of a value set that R4 binds as required; undefined when unknown or when it can't be listed (mime types, UCUM …). */
  codes(valueSetUrl: string): ReadonlySet<string> | undefined;
  /** The same as `system|code`. */
  codings(valueSetUrl: string): ReadonlySet<string> | undefined;
};

const folder = new URL('../../../definitions/', import.meta.url);

// What these files hold is ours: they are written by tools/definitions.ts and checked by this folder's tests.
const readPlain = <T>(name: string): T => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as T;
const readPacked = <T>(name: string): T =>
  JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, folder))).toString('utf8')) as T;

type StoredCodes = { valueSet: string; codes: Record<string, string[]> };

const setsOf = (stored: StoredCodes[], entry: (system: string, code: string) => string) => {
  const byUrl = new Map(stored.map((one) => [one.valueSet, one.codes]));
  const sets = new Map<string, ReadonlySet<string>>();
  return (valueSetUrl: string): ReadonlySet<string> | undefined => {
    const url = valueSetUrl.split('|', 1)[0] ?? '';
    const systems = byUrl.get(url);
    if (systems === undefined) return undefined;
    const known = sets.get(url);
    if (known !== undefined) return known;
    const made = new Set(
      Object.entries(systems).flatMap(([system, codes]) => codes.map((code) => entry(system, code))),
    );
    sets.set(url, made);
    return made;
  };
};

/** Types, search parameters, compartments and required codes of R4. Synchronous; reads about 1.4 MB. */
export function loadDefinitions(): Definitions {
  const codes = readPlain<StoredCodes[]>('r4-codes');
  return {
    model: createModel(readPlain<StoredType[]>('r4-types')),
    searchParameters: readPlain<SearchParameterDefinition[]>('r4-search-parameters'),
    compartments: readPlain<CompartmentDefinition[]>('r4-compartments'),
    codes: setsOf(codes, (_system, code) => code),
    codings: setsOf(codes, (system, code) => `${system}|${code}`),
  };
}

/** R4's ValueSets, CodeSystems and ConceptMaps (hl7.org/fhir, v3, v2 tables), without narrative. Some 25 MB in memory. */
export function loadTerminologyDefinitions(): Resource[] {
  return readPacked<Resource[]>('r4-terminology');
}

/** The profiles (vital signs, SimpleQuantity, …) and extensions that R4 itself publishes: StructureDefinitions with snapshots. */
export function loadProfileDefinitions(): Resource[] {
  return readPacked<Resource[]>('r4-profiles');
}

/** The canonical URL of one of R4's own types. */
export function typeUrl(type: string): string {
  return `http://hl7.org/fhir/StructureDefinition/${type}`;
}
