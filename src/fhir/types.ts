/** The shapes that the whole record speaks of. A resource is its JSON; types by name live in `definitions`. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type Meta = {
  versionId?: string;
  lastUpdated?: string;
  profile?: string[];
  tag?: Coding[];
  security?: Coding[];
  source?: string;
};

export type Coding = { system?: string; version?: string; code?: string; display?: string; userSelected?: boolean };

export type Resource = { resourceType: string; id?: string; meta?: Meta; [element: string]: unknown };

export type OperationOutcomeIssue = {
  severity: 'fatal' | 'error' | 'warning' | 'information';
  code: string;
  details?: { text?: string; coding?: { system: string; code: string }[] };
  diagnostics?: string;
  expression?: string[];
};

export type OperationOutcome = { resourceType: 'OperationOutcome'; issue: OperationOutcomeIssue[] };
