/** A search request as a Query: which parameters find, and which shape the answer (R4 search.html#Summary). */
import { Fault, type FaultIssue } from '#kernel/fault.ts';
import type { UnitUse } from './catalog.ts';
import { all, type Condition } from './condition.ts';
import { readCursor } from './cursor.ts';
import { parseFilter } from './filter.ts';
import { parseParameter, UnknownParameter, type ParameterParts } from './parse-parameter.ts';
import type { Include, Query, SortKey } from './query.ts';

export type ParseOptions = {
  /** `Prefer: handling=lenient`: unknown parameters are ignored with a warning instead of refused. */
  lenient?: boolean;
  compartment?: { type: string; id: string };
};

type Draft = { -readonly [key in keyof Query]: Query[key] } & { conditions: Condition[] };

/** Parameters that are for the answer's form, which the caller of the search sees to. */
const forTheCaller = new Set(['_format', '_pretty']);

/**
 * Parses the parameters of a search on a type, or on the whole system when it is undefined. Throws `invalid` for what is wrong or unknown,
 * `notSupported` for what R4 has and we have not, `tooCostly` beyond the limits.
 */
export function parseQuery(
  parts: ParameterParts,
  type: string | undefined,
  parameters: readonly (readonly [string, string])[],
  options: ParseOptions = {},
): Query {
  if (parameters.length > parts.limits.parametersMax) {
    throw new Fault('tooCostly', `A search has at most ${parts.limits.parametersMax} parameters`);
  }
  if (parameters.some(([name, value]) => name.includes('\u0000') || value.includes('\u0000'))) {
    throw new Fault('invalid', 'A search parameter holds a NUL character');
  }
  const types = typesOf(parts, type, parameters);
  const draft: Draft = {
    types,
    isWholeSystem: type === undefined && !parameters.some(([name]) => name === '_type'),
    condition: { kind: 'everything' },
    conditions: [],
    sort: [],
    count: parts.limits.countDefault,
    cursor: undefined,
    total: 'none',
    countOnly: false,
    includes: [],
    reverseIncludes: [],
    summary: undefined,
    elements: undefined,
    warnings: [],
    ignored: [],
  };
  if (options.compartment !== undefined) draft.conditions.push(compartmentCondition(parts, options.compartment, types));
  for (const [name, value] of parameters) {
    try {
      takeParameter(parts, draft, name, value);
    } catch (error) {
      if (!(error instanceof UnknownParameter) || !options.lenient) throw error;
      draft.warnings.push(ignored(error.message));
      draft.ignored.push([name, value]);
    }
  }
  const { conditions, ...query } = draft;
  query.condition = all(conditions);
  if (query.cursor !== undefined) readCursor(query, query.cursor);
  return query;
}

const ignored = (message: string): FaultIssue => ({
  severity: 'warning',
  code: 'not-supported',
  diagnostics: `${message} It was ignored.`,
});

function typesOf(
  { catalog }: ParameterParts,
  type: string | undefined,
  parameters: readonly (readonly [string, string])[],
): string[] {
  const named = parameters.filter(([name]) => name === '_type').flatMap(([, value]) => value.split(','));
  if (type !== undefined && named.length > 0)
    throw new Fault('invalid', '_type is for searches of the whole system or a compartment');
  const types = type !== undefined ? [type] : [...new Set(named)];
  for (const one of types) {
    if (!catalog.isType(one)) throw new Fault('invalid', `${one.slice(0, 60)} is not a resource type`);
  }
  return types.length > 0 ? types : [...catalog.model.resourceTypes()];
}

function compartmentCondition(
  { catalog }: ParameterParts,
  { type, id }: { type: string; id: string },
  types: readonly string[],
): Condition {
  if (catalog.compartment(type, 'Patient') === undefined)
    throw new Fault('notSupported', `There is no compartment of ${type.slice(0, 60)}`);
  return { kind: 'compartment', code: type, id, types };
}

function takeParameter(parts: ParameterParts, draft: Draft, name: string, value: string): void {
  const [code = ''] = name.split(':');
  switch (code) {
    case '_type':
      return;
    case '_count':
      draft.count = countOf(parts, value);
      if (value === '0') draft.countOnly = true;
      return;
    case '_sort':
      draft.sort = value.split(',').map((one) => sortKey(parts, draft.types, one));
      return;
    case '_cursor':
      draft.cursor = value;
      return;
    case '_total':
      draft.total = oneOf(name, value, ['none', 'estimate', 'accurate'] as const);
      return;
    case '_summary':
      draft.summary = oneOf(name, value, ['true', 'false', 'text', 'data', 'count'] as const);
      if (value === 'count') draft.countOnly = true;
      return;
    case '_elements':
      draft.elements = value.split(',').filter((one) => one !== '');
      return;
    case '_include':
    case '_revinclude':
      takeInclude(parts, draft, name, value);
      return;
    case '_contained':
      if (value !== 'false') throw new Fault('notSupported', 'Contained resources are not searched (_contained)');
      return;
    case '_containedType':
      throw new Fault('notSupported', 'Contained resources are not searched (_containedType)');
    case '_filter':
      draft.conditions.push(parseFilter(parts, draft.types, value));
      return;
    case '_list':
      draft.conditions.push(listCondition(value));
      return;
    default:
      if (!forTheCaller.has(name)) draft.conditions.push(parseParameter(parts, draft.types, name, value));
  }
}

function countOf({ limits }: ParameterParts, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new Fault('invalid', '_count is a whole number');
  return Math.min(Math.max(1, Number(value)), limits.countMax);
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Fault('invalid', `${name} is one of ${allowed.join(', ')}`);
  return found;
}

function listCondition(value: string): Condition {
  if (value.startsWith('$')) throw new Fault('notSupported', 'Functional lists ($current-…) are not kept here');
  const id = value.startsWith('List/') ? value.slice('List/'.length) : value;
  if (!/^[A-Za-z0-9\-.]{1,64}$/.test(id)) throw new Fault('invalid', '_list is the id of a List');
  return { kind: 'list', id };
}

function sortKey({ catalog }: ParameterParts, types: readonly string[], text: string): SortKey {
  const descending = text.startsWith('-');
  const code = descending ? text.slice(1) : text;
  if (code === '_id') return { code, descending, by: 'id' };
  if (code === '_lastUpdated') return { code, descending, by: 'updated' };
  const uses: UnitUse[] = [];
  let kind = '';
  for (const type of types) {
    const parameter = catalog.parameter(type, code);
    if (parameter === undefined || parameter.uses.length === 0) {
      throw new UnknownParameter(`_sort: ${code.slice(0, 60)} is not a search parameter of ${type} to sort by.`);
    }
    uses.push(...parameter.uses);
    kind = parameter.kind;
  }
  if (kind === 'date' || kind === 'number' || kind === 'quantity') return { code, descending, by: 'range', uses };
  if (kind === 'special') throw new UnknownParameter(`_sort: by ${code} there is no order.`);
  return { code, descending, by: kind === 'string' ? 'string' : 'content', uses };
}

function takeInclude({ catalog }: ParameterParts, draft: Draft, name: string, value: string): void {
  const [code = '', modifier] = name.split(':');
  if (modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse') {
    throw new UnknownParameter(`${code} has no modifier ${modifier.slice(0, 60)}.`);
  }
  const iterate = modifier !== undefined;
  const [source = '', parameter = '*', target] = value.split(':');
  if (target !== undefined && !catalog.isType(target))
    throw new UnknownParameter(`${name}: ${target.slice(0, 60)} is not a resource type.`);
  const isReverse = code === '_revinclude';
  const sources = source !== '*' ? [source] : isReverse || iterate ? [...catalog.model.resourceTypes()] : draft.types;
  // With :iterate, what was included may be pointed at too.
  const pointedAt = isReverse && !iterate ? draft.types : undefined;
  const uses = sources.flatMap((type) => includeUses(catalog, name, type, parameter, source === '*', pointedAt));
  const include: Include = { uses: distinctUses(uses), target, iterate };
  if (isReverse) draft.reverseIncludes = [...draft.reverseIncludes, include];
  else draft.includes = [...draft.includes, include];
}

/** `pointedAt`: of a wildcard, only the references that may lead to these types. */
function includeUses(
  catalog: ParameterParts['catalog'],
  name: string,
  type: string,
  code: string,
  isWildcard: boolean,
  pointedAt: readonly string[] | undefined,
): UnitUse[] {
  if (!catalog.isType(type)) throw new UnknownParameter(`${name}: ${type.slice(0, 60)} is not a resource type.`);
  if (code === '*') {
    const mayPoint = (targets: readonly string[] | undefined): boolean =>
      targets === undefined || pointedAt === undefined || pointedAt.some((one) => targets.includes(one));
    const followed = catalog.parameters(type).filter(({ kind, targets }) => kind === 'reference' && mayPoint(targets));
    return followed.flatMap(({ uses }) => uses);
  }
  const parameter = catalog.parameter(type, code);
  if (parameter?.kind === 'reference') return parameter.uses;
  if (isWildcard) return [];
  throw new UnknownParameter(`${name}: ${code.slice(0, 60)} is not a reference parameter of ${type}.`);
}

/** Of uses of one unit, the one without a restriction is enough. */
function distinctUses(uses: readonly UnitUse[]): UnitUse[] {
  const found = new Map<string, UnitUse>();
  for (const use of uses) {
    const key = `${use.unit.type}|${use.unit.path.name}`;
    if (use.target === undefined) {
      for (const other of found.keys()) if (other.startsWith(`${key}>`)) found.delete(other);
      found.set(key, use);
    } else if (!found.has(key)) found.set(`${key}>${use.target}`, use);
  }
  return [...found.values()];
}
