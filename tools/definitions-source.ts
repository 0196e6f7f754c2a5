/** What the tools read of HL7's conformance resources: only the fields that they use. */
export type SourceElementType = {
  code: string;
  profile?: string[];
  targetProfile?: string[];
  extension?: { url: string; valueUrl?: string; valueString?: string; valueBoolean?: boolean }[];
};

export type SourceConstraint = {
  key: string;
  severity: 'error' | 'warning';
  human: string;
  expression?: string;
  source?: string;
  extension?: { url: string; valueBoolean?: boolean }[];
};

export type SourceElement = {
  id: string;
  path: string;
  min: number;
  max: string;
  base?: { path: string; min: number; max: string };
  type?: SourceElementType[];
  contentReference?: string;
  representation?: string[];
  isModifier?: boolean;
  isSummary?: boolean;
  binding?: { strength: 'required' | 'extensible' | 'preferred' | 'example'; valueSet?: string };
  constraint?: SourceConstraint[];
  [field: string]: unknown;
};

export type SourceConcept = {
  code: string;
  display?: string;
  definition?: string;
  concept?: SourceConcept[];
  property?: { code: string; valueCode?: string }[];
};

export type SourceInclude = {
  system?: string;
  valueSet?: string[];
  concept?: { code: string; display?: string }[];
  filter?: { property: string; op: string; value: string }[];
};

export type Source = {
  resourceType: string;
  url: string;
  name: string;
  version?: string;
  fhirVersion?: string;
  kind?: string;
  abstract?: boolean;
  type?: string;
  derivation?: string;
  baseDefinition?: string;
  snapshot?: { element: SourceElement[] };
  code?: string;
  resource?: { code: string; param?: string[] }[];
  content?: string;
  concept?: SourceConcept[];
  compose?: { include: SourceInclude[]; exclude?: SourceInclude[] };
  [field: string]: unknown;
};
