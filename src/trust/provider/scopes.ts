/**
 * SMART App Launch 2.2 scopes: `patient/Observation.rs?category=laboratory`. Read, written in one form, compared, and asked what they allow. Pure.
 * https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
 */

/** Of a system that says whom its organisation has: the one where patients are admitted, called in and discharged. */
export const admissionsScope = 'fyr:admissions';

export type ScopeLevel = 'patient' | 'user' | 'system';

/** c create · r read, vread, instance history · u update, patch · d delete · s search, type and system history. */
export type ScopeInteraction = 'c' | 'r' | 'u' | 'd' | 's';

export type ResourceScope = {
  level: ScopeLevel;
  /** A resource type, or `*` for all. */
  type: string;
  interactions: readonly ScopeInteraction[];
  /** Search parameters that a resource must match, all of them, sorted; none: every resource of the type. */
  search: readonly (readonly [name: string, value: string])[];
};

const order: readonly ScopeInteraction[] = ['c', 'r', 'u', 'd', 's'];

/** SMART 1 wrote whole words. */
const words: ReadonlyMap<string, string> = new Map([
  ['read', 'rs'],
  ['write', 'cud'],
  ['*', 'cruds'],
]);

const shape = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]{1,63})\.(c?r?u?d?s?|read|write|\*)(?:\?(.*))?$/;

/** Longer ones are refused, whatever they say. */
const lengthMax = 2000;

/** Undefined for what is no scope over resources (`openid`, `launch`), and for what is not understood. */
export function parseScope(text: string): ResourceScope | undefined {
  if (text.length > lengthMax) return undefined;
  const [, level, type, letters, query] = shape.exec(text) ?? [];
  if (level === undefined || type === undefined || !letters) return undefined;
  const search = query === undefined ? [] : parseSearch(query);
  if (search === undefined) return undefined;
  const allowed = words.get(letters) ?? letters;
  return {
    level: level as ScopeLevel,
    type,
    interactions: order.filter((interaction) => allowed.includes(interaction)),
    search,
  };
}

/** A `?` without a parameter, or a parameter without a name or value, would look like a limit and be none. */
function parseSearch(query: string): [string, string][] | undefined {
  const pairs: [string, string][] = [];
  for (const part of query.split('&')) {
    const at = part.indexOf('=');
    const [name, value] = [decoded(part.slice(0, Math.max(at, 0))), decoded(part.slice(at + 1))];
    if (!name || !value) return undefined;
    pairs.push([name, value]);
  }
  return sortedPairs(pairs);
}

function sortedPairs(pairs: readonly (readonly [string, string])[]): [string, string][] {
  const byText = new Map(pairs.map(([name, value]) => [pairText([name, value]), [name, value] as [string, string]]));
  return [...byText.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}

function decoded(text: string): string | undefined {
  try {
    return text.isWellFormed() ? decodeURIComponent(text) : undefined;
  } catch {
    return undefined;
  }
}

/** In the one form: parameters sorted, interactions as letters, and only what must be escaped is. */
export function formatScope({ level, type, interactions, search }: ResourceScope): string {
  const query = search.map(pairText).join('&');
  return `${level}/${type}.${interactions.join('')}${query === '' ? '' : `?${query}`}`;
}

function pairText([name, value]: readonly [string, string]): string {
  return `${escaped(name)}=${escaped(value)}`;
}

/** As in a URL, but what SMART's own examples write plainly stays plain. RFC 6749 allows neither blanks, quotes nor backslashes in a scope. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/%(?:24|2C|2F|3A|3B|3F|40|7C)/g, decodeURIComponent);
}

/** True when everything that `asked` allows, `allowed` allows too. */
export function covers(allowed: ResourceScope, asked: ResourceScope): boolean {
  return (
    allowed.level === asked.level &&
    (allowed.type === '*' || allowed.type === asked.type) &&
    asked.interactions.every((interaction) => allowed.interactions.includes(interaction)) &&
    allowed.search.every(([name, value]) => asked.search.some(([n, v]) => n === name && v === value))
  );
}

/** Scopes in the one form, those for the same resources taken together, those that another covers left out. Others stay as they are. */
export function normaliseScopes(scopes: readonly string[]): string[] {
  const others: string[] = [];
  const byTarget = new Map<string, ResourceScope>();
  for (const text of new Set(scopes)) {
    const scope = parseScope(text);
    if (!scope) {
      others.push(text);
      continue;
    }
    const target = formatScope({ ...scope, interactions: [] });
    const same = byTarget.get(target)?.interactions ?? [];
    const interactions = order.filter((one) => same.includes(one) || scope.interactions.includes(one));
    byTarget.set(target, { ...scope, interactions });
  }
  const all = [...byTarget.values()];
  const kept = all.filter((scope) => !all.some((other) => other !== scope && covers(other, scope)));
  return [...others.sort(), ...kept.map(formatScope).sort()];
}

/**
 * What of the asked scopes may be had: each in part, where only a part is allowed (`patient/*.cruds` of one who may have `patient/Observation.rs`).
 * `isPlain` says which of those that are not over resources may be.
 */
export function allowedScopes(
  asked: readonly string[],
  allowed: readonly string[],
  isPlain: (scope: string) => boolean,
): string[] {
  const limits = allowed.map(parseScope).filter((scope) => scope !== undefined);
  const granted = asked.flatMap((text): (ResourceScope | string)[] => {
    const scope = parseScope(text);
    if (scope) return limits.map((limit) => overlap(limit, scope)).filter((one) => one !== undefined);
    return isPlain(text) ? [text] : [];
  });
  return normaliseScopes(granted.map((one) => (typeof one === 'string' ? one : formatScope(one))));
}

/** What both allow. */
function overlap(one: ResourceScope, other: ResourceScope): ResourceScope | undefined {
  if (one.level !== other.level) return undefined;
  if (one.type !== '*' && other.type !== '*' && one.type !== other.type) return undefined;
  const interactions = order.filter((i) => one.interactions.includes(i) && other.interactions.includes(i));
  if (interactions.length === 0) return undefined;
  return {
    level: one.level,
    type: one.type === '*' ? other.type : one.type,
    interactions,
    search: sortedPairs([...one.search, ...other.search]),
  };
}

/** What scopes allow of a type: nothing, all of it, or what matches any of these searches. */
export type ScopeReach = 'none' | 'all' | readonly ResourceScope['search'][];

/** @param level only scopes of this level count; undefined: of any */
export function scopeReach(
  scopes: readonly string[],
  interaction: ScopeInteraction,
  type: string,
  level?: ScopeLevel,
): ScopeReach {
  const fitting = scopes
    .map(parseScope)
    .filter((scope) => scope !== undefined)
    .filter(
      (scope) =>
        (level === undefined || scope.level === level) &&
        (scope.type === '*' || scope.type === type) &&
        scope.interactions.includes(interaction),
    );
  if (fitting.length === 0) return 'none';
  if (fitting.some(({ search }) => search.length === 0)) return 'all';
  return fitting.map(({ search }) => search);
}
