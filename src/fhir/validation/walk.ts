/** What one validation carries through the resource: where it is, what it has found. */
import { Decimal } from '../json/decimal.ts';
import { isFields, type Fields } from './checks.ts';
import type { OperationOutcomeIssue, Resource } from '../types.ts';

/** A literal reference met in the walk. `targets`: the resource types that the element allows; absent when any. */
export type ResourceReference = { reference: string; expression: string; targets?: string[] };

export type Severity = OperationOutcomeIssue['severity'];

/** Of errors, and of warnings, that are listed: a hostile resource must not make an answer larger than itself. */
const issuesMax = 100;

/** Far deeper than any real resource; extensions within extensions have no limit of their own. */
export const depthMax = 100;

/** The place is a stack of element names and indexes, so that text is made only when an issue or a reference needs it. */
export class Walk {
  readonly issues: OperationOutcomeIssue[] = [];
  readonly references: ResourceReference[] = [];
  readonly names: string[] = [];
  readonly indexes: number[] = [];
  /** Element paths as definitions write them (`Patient.contact.name`), beside `names`. */
  readonly paths: string[] = [];
  depth = 0;
  private indexedRoot: Resource | undefined;
  private containedById = new Map<unknown, Fields>();
  /** `%resource`: the innermost resource. */
  resource: Resource;
  /** `%rootResource`: the one that contains it, or itself. */
  root: Resource;
  /** Errors, and warnings and information, found so far. */
  errors = 0;
  others = 0;

  constructor(resource: Resource) {
    this.resource = resource;
    this.root = resource;
  }

  /** Steps into an element; `index` -1 where it doesn't repeat. */
  enter(name: string, index: number, path: string): void {
    const at = this.depth;
    this.names[at] = name;
    this.indexes[at] = index;
    this.paths[at] = path;
    this.depth = at + 1;
  }

  leave(): void {
    this.depth -= 1;
  }

  /** A resource that the root contains, by its id. Looked up in a map: both references and contained resources may be many. */
  contained(id: string): Fields | undefined {
    if (this.indexedRoot !== this.root) {
      const { contained } = this.root;
      const resources = Array.isArray(contained) ? contained.filter(isFields) : [];
      this.containedById = new Map(resources.map((resource) => [resource['id'], resource]));
      this.indexedRoot = this.root;
    }
    return this.containedById.get(id);
  }

  /** FHIRPath of the place (`Patient.name[0].family`), or of an element below it. */
  expression(below?: string): string {
    let text = this.names[0] ?? '';
    for (let at = 1; at < this.depth; at += 1) {
      const index = this.indexes[at] ?? -1;
      text += index < 0 ? `.${this.names[at]}` : `.${this.names[at]}[${index}]`;
    }
    return below === undefined ? text : `${text}.${below}`;
  }

  /** The definition's path of the element `up` levels above the place: 0 is the place itself. */
  path(up = 0): string {
    return this.paths[this.depth - 1 - up] ?? '';
  }

  issue(severity: Severity, code: string, diagnostics: string, below?: string): void {
    const isError = severity === 'error' || severity === 'fatal';
    const count = isError ? (this.errors += 1) : (this.others += 1);
    if (count > issuesMax + 1) return;
    const issue: OperationOutcomeIssue =
      count <= issuesMax
        ? { severity, code, diagnostics, expression: [this.expression(below)] }
        : {
            severity: isError ? severity : ('information' as const),
            code: 'incomplete',
            diagnostics: 'There is more than is listed.',
          };
    this.issues.push(issue);
  }

  error(code: string, diagnostics: string, below?: string): void {
    this.issue('error', code, diagnostics, below);
  }

  warning(code: string, diagnostics: string, below?: string): void {
    this.issue('warning', code, diagnostics, below);
  }

  /** Runs `work` as a trial: true when it finds no error; what it finds is forgotten. */
  accepts(work: () => void): boolean {
    const { errors, others, depth } = this;
    const issues = this.issues.length;
    const references = this.references.length;
    work();
    const accepted = this.errors === errors;
    this.errors = errors;
    this.others = others;
    this.depth = depth;
    this.issues.length = Math.min(this.issues.length, issues);
    this.references.length = references;
    return accepted;
  }
}

/** A value as a message shows it: short, and clear about what kind it is. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return value.length > 80 ? `"${value.slice(0, 80)}…"` : `"${value}"`;
  if (Array.isArray(value)) return 'an array';
  if (value === null) return 'null';
  if (value instanceof Decimal) return value.text;
  return typeof value === 'object' ? 'an object' : String(value);
}
