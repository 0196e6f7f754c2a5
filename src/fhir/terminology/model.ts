import type { Coding, Resource } from '../types.ts';

/** The parts of the R4 terminology resources that are read here. They come from outside: every reader checks what it uses. */
export type Designation = { language?: string; use?: Coding; value: string };

export type ConceptProperty = { code: string; [value: string]: unknown };

export type Concept = {
  code: string;
  display?: string;
  definition?: string;
  designation?: Designation[];
  property?: ConceptProperty[];
  concept?: Concept[];
};

/** https://hl7.org/fhir/R4/codesystem.html */
export type CodeSystemContent = 'complete' | 'fragment' | 'example' | 'not-present' | 'supplement';

export type CodeSystemResource = Resource & {
  resourceType: 'CodeSystem';
  url?: string;
  version?: string;
  name?: string;
  title?: string;
  language?: string;
  content?: CodeSystemContent;
  caseSensitive?: boolean;
  valueSet?: string;
  supplements?: string;
  property?: { code: string; uri?: string; description?: string; type?: string }[];
  concept?: Concept[];
};

export type ValueSetFilter = { property: string; op: string; value: string };

export type IncludeConcept = { code: string; display?: string; designation?: Designation[] };

export type Include = {
  system?: string;
  version?: string;
  concept?: IncludeConcept[];
  filter?: ValueSetFilter[];
  valueSet?: string[];
};

export type ExpansionContains = {
  system?: string;
  version?: string;
  abstract?: boolean;
  inactive?: boolean;
  code?: string;
  display?: string;
  designation?: Designation[];
  contains?: ExpansionContains[];
};

export type ExpansionParameter = { name: string; [value: string]: unknown };

/** https://hl7.org/fhir/R4/valueset.html */
export type ValueSetResource = Resource & {
  resourceType: 'ValueSet';
  url?: string;
  version?: string;
  name?: string;
  compose?: { inactive?: boolean; include?: Include[]; exclude?: Include[] };
  expansion?: {
    identifier?: string;
    timestamp: string;
    total?: number;
    offset?: number;
    parameter?: ExpansionParameter[];
    contains?: ExpansionContains[];
  };
};

export type ConceptMapTarget = {
  code?: string;
  display?: string;
  equivalence?: string;
  comment?: string;
  product?: { property: string; system?: string; value: string }[];
};

export type ConceptMapGroup = {
  source?: string;
  sourceVersion?: string;
  target?: string;
  targetVersion?: string;
  element?: { code?: string; display?: string; target?: ConceptMapTarget[] }[];
  unmapped?: { mode: string; code?: string; display?: string; url?: string };
};

/** https://hl7.org/fhir/R4/conceptmap.html */
export type ConceptMapResource = Resource & {
  resourceType: 'ConceptMap';
  url?: string;
  version?: string;
  sourceUri?: string;
  sourceCanonical?: string;
  targetUri?: string;
  targetCanonical?: string;
  group?: ConceptMapGroup[];
};

export type CanonicalType = 'CodeSystem' | 'ValueSet' | 'ConceptMap';

/** What the standard and the packages bring: CodeSystem, ValueSet and ConceptMap resources. Read once, when terminology is first asked. */
export type TerminologyDefinitions = readonly Resource[];

/** The record's side: resources that users stored. The founder of the write path calls `Terminology.changed` on each write of one. */
export interface TerminologySource {
  /** The current resource with this canonical url (the newest version when none is named), or undefined. */
  canonical(type: CanonicalType, url: string, version?: string): Promise<Resource | undefined>;
  /** CodeSystem supplements of this code system. */
  supplements?(url: string): Promise<Resource[]>;
  /** Concept maps that `$translate` may use when the caller names none. */
  conceptMaps?(): Promise<Resource[]>;
}

/** `http://x|1.0` → url and version. https://hl7.org/fhir/R4/references.html#canonical */
export function parseCanonical(canonical: string): { url: string; version: string | undefined } {
  const bar = canonical.lastIndexOf('|');
  if (bar < 0) return { url: withoutFragment(canonical), version: undefined };
  const version = withoutFragment(canonical.slice(bar + 1));
  return { url: canonical.slice(0, bar), version: version === '' ? undefined : version };
}

function withoutFragment(text: string): string {
  const hash = text.indexOf('#');
  return hash < 0 ? text : text.slice(0, hash);
}

/** No version asked, the same, or a part of it (`4.0` for `4.0.1`). */
export function versionFits(asked: string | undefined, actual: unknown): boolean {
  return asked === undefined || actual === asked || (typeof actual === 'string' && actual.startsWith(`${asked}.`));
}
