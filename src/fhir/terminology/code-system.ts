import { foldDisplay } from './text-match.ts';
import type { CodeSystemContent, CodeSystemResource, Concept, ConceptProperty, Designation } from './model.ts';

/** A concept on its way into an index: parents by code, nesting already flattened. */
export type ConceptRow = { concept: Concept; parents: string[] };

export type CodeSystemHead = {
  url: string;
  version?: string | undefined;
  name?: string | undefined;
  title?: string | undefined;
  language?: string | undefined;
  content: CodeSystemContent;
  caseSensitive: boolean;
  valueSet?: string | undefined;
  properties: readonly { code: string; uri?: string; description?: string; type?: string }[];
  /** The one way that this system spells a code (ICD-10: with or without a dot); the text as it is when absent. */
  spelling?: (code: string) => string;
};

const noRows: readonly number[] = [];

/**
 * A code system, compact: rows by code, parents and children by row, details only where a concept has them.
 * Immutable; built once and shared. Cycles in a hostile hierarchy are harmless: every walk keeps what it has seen.
 */
export class CodeSystemIndex {
  readonly head: CodeSystemHead;
  readonly #codes: string[] = [];
  readonly #displays: (string | undefined)[] = [];
  readonly #rows = new Map<string, number>();
  readonly #parents: (readonly number[])[] = [];
  readonly #details = new Map<number, Concept>();
  readonly #abstract = new Set<number>();
  readonly #inactive = new Set<number>();
  #children: number[][] | undefined;
  #lower: Map<string, number> | undefined;
  #folded: (string | undefined)[] = [];

  constructor(head: CodeSystemHead, rows: Iterable<ConceptRow>) {
    this.head = head;
    const parentCodes: string[][] = [];
    for (const { concept, parents } of rows) {
      if (this.#rows.has(concept.code)) continue;
      const row = this.#codes.length;
      this.#rows.set(concept.code, row);
      this.#codes.push(concept.code);
      this.#displays.push(concept.display);
      parentCodes.push(parents);
      this.#keepDetails(row, concept);
    }
    for (const codes of parentCodes) this.#parents.push(this.#rowsOf(codes));
  }

  #rowsOf(codes: readonly string[]): readonly number[] {
    if (codes.length === 0) return noRows;
    const rows = new Set<number>();
    for (const code of codes) {
      const row = this.#rows.get(code);
      if (row !== undefined) rows.add(row);
    }
    return [...rows];
  }

  #keepDetails(row: number, concept: Concept): void {
    if (concept.definition !== undefined || concept.designation !== undefined || concept.property !== undefined) {
      this.#details.set(row, concept);
    }
    for (const property of concept.property ?? []) {
      if (isNotSelectable(property)) this.#abstract.add(row);
      if (isInactive(property)) this.#inactive.add(row);
    }
  }

  get size(): number {
    return this.#codes.length;
  }

  /** True when a code that is not here is known not to exist. */
  get isComplete(): boolean {
    return this.head.content === 'complete';
  }

  /** The row of a code in any spelling that the system allows, or -1. */
  row(code: string): number {
    const exact = this.#rows.get(code);
    if (exact !== undefined) return exact;
    const spelt = this.head.spelling === undefined ? undefined : this.#rows.get(this.head.spelling(code));
    if (spelt !== undefined) return spelt;
    return this.head.caseSensitive ? -1 : (this.#lowerCased().get(code.toLowerCase()) ?? -1);
  }

  #lowerCased(): Map<string, number> {
    this.#lower ??= new Map(this.#codes.map((code, row) => [code.toLowerCase(), row]));
    return this.#lower;
  }

  /** The code as the system spells it: the key of comparisons. */
  normal(code: string): string {
    const row = this.row(code);
    return row < 0 ? code : this.code(row);
  }

  code(row: number): string {
    const code = this.#codes[row];
    if (code === undefined) throw new RangeError(`No row ${row} in ${this.head.url}`);
    return code;
  }

  /** The display, in the asked language where the system has it (`nb` and `nn` also accept what is marked `no`). */
  display(row: number, language?: string): string | undefined {
    if (language !== undefined && !languageFits(language, this.head.language)) {
      const designation = this.designations(row).find((each) => languageFits(language, each.language));
      if (designation !== undefined) return designation.value;
    }
    return this.#displays[row];
  }

  definition(row: number): string | undefined {
    return this.#details.get(row)?.definition;
  }

  designations(row: number): readonly Designation[] {
    return this.#details.get(row)?.designation ?? [];
  }

  properties(row: number): readonly ConceptProperty[] {
    return this.#details.get(row)?.property ?? [];
  }

  isAbstract(row: number): boolean {
    return this.#abstract.has(row);
  }

  isInactive(row: number): boolean {
    return this.#inactive.has(row);
  }

  /** Code, display and designations, folded for text search. */
  folded(row: number): string {
    const known = this.#folded[row];
    if (known !== undefined) return known;
    const others = this.designations(row).map((each) => each.value);
    const folded = foldDisplay([this.#displays[row] ?? '', ...others, this.code(row)].join(' '));
    this.#folded[row] = folded;
    return folded;
  }

  parents(row: number): readonly number[] {
    return this.#parents[row] ?? noRows;
  }

  children(row: number): readonly number[] {
    if (this.#children === undefined) {
      const children: number[][] = [];
      this.#parents.forEach((parents, child) => {
        for (const parent of parents) (children[parent] ??= []).push(child);
      });
      this.#children = children;
    }
    return this.#children[row] ?? noRows;
  }

  /** Every row below, without the row itself. */
  descendants(row: number): Set<number> {
    return this.#reach(row, (each) => this.children(each));
  }

  /** Every row above, without the row itself. */
  ancestors(row: number): Set<number> {
    return this.#reach(row, (each) => this.parents(each));
  }

  #reach(start: number, next: (row: number) => readonly number[]): Set<number> {
    const seen = new Set<number>();
    const open = [...next(start)];
    for (let row = open.pop(); row !== undefined; row = open.pop()) {
      if (row === start || seen.has(row)) continue;
      seen.add(row);
      open.push(...next(row));
    }
    return seen;
  }
}

/** Builds the index of a CodeSystem resource, with the designations and properties that supplements add. */
export function indexCodeSystem(
  resource: CodeSystemResource,
  supplements: readonly CodeSystemResource[] = [],
  spelling?: CodeSystemHead['spelling'],
): CodeSystemIndex {
  const head: CodeSystemHead = {
    url: resource.url ?? '',
    version: resource.version,
    name: resource.name,
    title: resource.title,
    language: resource.language,
    content: resource.content ?? 'complete',
    caseSensitive: resource.caseSensitive !== false,
    valueSet: resource.valueSet,
    properties: [resource, ...supplements].flatMap((each) => each.property ?? []),
    ...(spelling === undefined ? {} : { spelling }),
  };
  return new CodeSystemIndex(head, withSupplements(flatten(resource), supplements));
}

/** Nested concepts as rows, parents before children. Iterative: a hostile depth costs no stack. */
function flatten(resource: CodeSystemResource): ConceptRow[] {
  const parentProperties = hierarchyProperties(resource, 'parent', ['parent', 'subsumedBy']);
  const childProperties = hierarchyProperties(resource, 'child', ['child']);
  const rows: ConceptRow[] = [];
  const extraParents = new Map<string, string[]>();
  const open = (resource.concept ?? [])
    .map((concept) => ({ concept, parent: undefined as string | undefined }))
    .reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { concept, parent } = next;
    const parents = parent === undefined ? [] : [parent];
    for (const property of concept.property ?? []) {
      const value = property['valueCode'];
      if (typeof value !== 'string') continue;
      if (parentProperties.has(property.code)) parents.push(value);
      if (childProperties.has(property.code)) {
        extraParents.set(value, [...(extraParents.get(value) ?? []), concept.code]);
      }
    }
    rows.push({ concept, parents });
    for (const child of [...(concept.concept ?? [])].reverse()) open.push({ concept: child, parent: concept.code });
  }
  return extraParents.size === 0
    ? rows
    : rows.map((row) => ({ ...row, parents: [...row.parents, ...(extraParents.get(row.concept.code) ?? [])] }));
}

/** Properties that say where a concept stands: by their standard uri, or by the names that HL7's own systems use. */
function hierarchyProperties(resource: CodeSystemResource, kind: string, names: string[]): Set<string> {
  const uri = `http://hl7.org/fhir/concept-properties#${kind}`;
  const declared = (resource.property ?? []).filter((each) => each.uri === uri).map((each) => each.code);
  return new Set([...names, ...declared]);
}

function withSupplements(rows: ConceptRow[], supplements: readonly CodeSystemResource[]): ConceptRow[] {
  if (supplements.length === 0) return rows;
  const added = new Map<string, Concept[]>();
  for (const supplement of supplements) {
    for (const { concept } of flatten(supplement)) {
      added.set(concept.code, [...(added.get(concept.code) ?? []), concept]);
    }
  }
  return rows.map((row) => ({ ...row, concept: supplemented(row.concept, added.get(row.concept.code) ?? []) }));
}

function supplemented(concept: Concept, extra: readonly Concept[]): Concept {
  if (extra.length === 0) return concept;
  return {
    ...concept,
    designation: [...(concept.designation ?? []), ...extra.flatMap((each) => each.designation ?? [])],
    property: [...(concept.property ?? []), ...extra.flatMap((each) => each.property ?? [])],
  };
}

function isNotSelectable(property: ConceptProperty): boolean {
  return (property.code === 'notSelectable' || property.code === 'abstract') && property['valueBoolean'] === true;
}

function isInactive(property: ConceptProperty): boolean {
  if (property.code === 'inactive') return property['valueBoolean'] === true || property['valueString'] === 'true';
  const status = property['valueCode'] ?? property['valueString'];
  return property.code === 'status' && (status === 'retired' || status === 'inactive');
}

/** `nb-NO` fits `nb` and `no`; `no` fits either written form; a tag without a language fits nothing. */
export function languageFits(asked: string, actual: string | undefined): boolean {
  if (actual === undefined) return false;
  const wanted = asked.toLowerCase().split('-')[0] ?? '';
  const given = actual.toLowerCase().split('-')[0] ?? '';
  if (wanted === given) return true;
  return (
    (wanted === 'no' && (given === 'nb' || given === 'nn')) || (given === 'no' && (wanted === 'nb' || wanted === 'nn'))
  );
}
