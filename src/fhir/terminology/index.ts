/** The door of terminology: the operations, and what validation and search ask while they work. */
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { Resource } from '../types.ts';
import { icd10Spellings, isIcd10 } from './diagnoses.ts';
import { TerminologyLibrary } from './library.ts';
import type { TerminologyDefinitions, TerminologySource, ValueSetResource } from './model.ts';
import * as operations from './operations.ts';
import type { Parameters, Query } from './operation-input.ts';
import { memberOf } from './validate-code.ts';
import { membershipOf } from './value-set.ts';

export type { TerminologySource } from './model.ts';
export type { Parameters, Query } from './operation-input.ts';

export type TerminologyDeps = {
  /** CodeSystems, ValueSets and ConceptMaps of the standard and of packages; called on first use. */
  definitions: () => TerminologyDefinitions;
  clock: Clock;
  ids: Ids;
  source?: TerminologySource;
  /** Most codes in one answer of `$expand`; 10,000 when absent. */
  codesMax?: number;
  /** How many of the record's resources are kept in memory; 500 when absent. */
  cachedMax?: number;
};

type SystemCode = { system: string; code: string };

export type Terminology = {
  /** An operation's input is a Parameters resource or a query; `instance` is the resource of an instance-level call. */
  expand(input: Parameters | Query, instance?: Resource): Promise<ValueSetResource>;
  validateCode(type: 'CodeSystem' | 'ValueSet', input: Parameters | Query, instance?: Resource): Promise<Parameters>;
  lookup(input: Parameters | Query): Promise<Parameters>;
  translate(input: Parameters | Query, instance?: Resource): Promise<Parameters>;
  subsumes(input: Parameters | Query, instance?: Resource): Promise<Parameters>;
  /** Brings value sets (and what they stand on) of the record into memory, so that the synchronous questions can be answered. */
  prepare(valueSets: readonly string[]): Promise<void>;
  /** Is the code in the value set? undefined: can't be told here. A code without a system is looked for in each of its systems. */
  validateCodeSync(valueSet: string, system: string | undefined, code: string): boolean | undefined;
  /** Every code of a value set (`:in`, `:not-in`); for ICD-10 in both spellings. undefined: not here. Faults as `$expand`. */
  expandCodes(valueSet: string): Promise<SystemCode[] | undefined>;
  /** The codes below (`:below`), without the code itself; undefined: system or code not here. ICD-10 in both spellings. */
  descendants(system: string, code: string): string[] | undefined;
  /** The codes above (`:above`), without the code itself. */
  ancestors(system: string, code: string): string[] | undefined;
  /** A display of a code, where its system is here. */
  display(system: string, code: string, language?: string): string | undefined;
  /** The code systems that this node has of itself, by URL; those stored in the record are found by a search. */
  codeSystems(): string[];
  /** To be called after each write of a CodeSystem, ValueSet or ConceptMap (`url` of the old and of the new content). */
  changed(url: string | undefined): void;
  /** To be called when the definitions have grown (a package was added). */
  definitionsChanged(): void;
};

export function createTerminology(deps: TerminologyDeps): Terminology {
  const { definitions, source, clock, ids } = deps;
  const library = new TerminologyLibrary({ definitions, source, cachedMax: deps.cachedMax ?? 500 });
  const own = { library, clock, ids, codesMax: deps.codesMax ?? 10_000 };
  return {
    expand: (input, instance) => operations.expand(own, input, instance),
    validateCode: (type, input, instance) =>
      type === 'ValueSet'
        ? operations.validateInValueSet(own, input, instance)
        : operations.validateInCodeSystem(own, input, instance),
    lookup: (input) => operations.lookup(own, input),
    translate: (input, instance) => operations.translateCode(own, input, instance),
    subsumes: (input, instance) => operations.subsumes(own, input, instance),
    prepare: (valueSets) => library.gather('ValueSet', valueSets),
    validateCodeSync: (valueSet, system, code) =>
      untoldWhenRefused(() => validateCodeSync(library, valueSet, system, code)),
    expandCodes: (valueSet) => expandCodes(library, valueSet),
    descendants: (system, code) => relatives(library, system, code, 'descendants'),
    ancestors: (system, code) => relatives(library, system, code, 'ancestors'),
    display: (system, code, language) => displayOf(library, system, code, language),
    codeSystems: () => library.ownCodeSystems(),
    changed: (url) => library.forget(url),
    definitionsChanged: () => library.forgetDefinitions(),
  };
}

/** A value set that can't be worked out (a filter that isn't understood, one that includes itself) can't tell; it refuses nobody's resource. */
function untoldWhenRefused(ask: () => boolean | undefined): boolean | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function validateCodeSync(
  library: TerminologyLibrary,
  valueSet: string,
  system: string | undefined,
  code: string,
): boolean | undefined {
  const membership = membershipOf(library, valueSet);
  if (membership === undefined) return undefined;
  if (system !== undefined) return memberOf(library, membership, system, code);
  const answers = membership.systems.map(({ url }) => memberOf(library, membership, url, code));
  if (answers.includes(true)) return true;
  return membership.knowsSystems && !answers.includes(undefined) ? false : undefined;
}

async function expandCodes(library: TerminologyLibrary, valueSet: string): Promise<SystemCode[] | undefined> {
  await library.gather('ValueSet', [valueSet]);
  const membership = membershipOf(library, valueSet);
  if (membership === undefined) return undefined;
  const codes: SystemCode[] = [];
  for (const { system, code } of membership.members([])) {
    for (const spelling of spellings(system, code)) codes.push({ system, code: spelling });
  }
  return codes;
}

function relatives(
  library: TerminologyLibrary,
  system: string,
  code: string,
  direction: 'descendants' | 'ancestors',
): string[] | undefined {
  const index = library.codeSystem(system);
  const row = index?.row(code) ?? -1;
  if (index === undefined || row < 0) return undefined;
  return [...index[direction](row)].flatMap((each) => spellings(system, index.code(each)));
}

function spellings(system: string, code: string): string[] {
  return isIcd10(system) ? icd10Spellings(code) : [code];
}

function displayOf(library: TerminologyLibrary, system: string, code: string, language?: string): string | undefined {
  const index = library.codeSystem(system);
  const row = index?.row(code) ?? -1;
  return index === undefined || row < 0 ? undefined : index.display(row, language);
}
