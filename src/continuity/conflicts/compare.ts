/** Versions of one resource side by side, element by element. Pure. */
import { isNumeric } from '#fhir/json/index.ts';
import type { ElementRow } from './contract.ts';

type Json = { readonly [element: string]: unknown };

/** What names a version, or repeats in words what stands in its elements. */
const leftOut: ReadonlySet<string> = new Set(['resourceType', 'id', 'meta', 'text']);

/**
 * A row for each element that one of the versions has; those that differ first, each group in the order in which the first version has them.
 * Undefined for a version stands for its deletion.
 */
export function sideBySide(versions: readonly (Json | undefined)[], base: Json | undefined): ElementRow[] {
  const names = new Set(versions.flatMap((version) => Object.keys(version ?? {})).filter((name) => !leftOut.has(name)));
  const rows = [...names].map((element): ElementRow => {
    const values = versions.map((version) => version?.[element]);
    const texts = new Set(values.map(canonical));
    return {
      element,
      isDifferent: texts.size > 1,
      values,
      texts: values.map(readable),
      before: base === undefined ? undefined : { value: base[element], text: readable(base[element]) },
    };
  });
  return [...rows.filter(({ isDifferent }) => isDifferent), ...rows.filter(({ isDifferent }) => !isDifferent)];
}

/** The same text for equal JSON. */
function canonical(value: unknown): string {
  if (value === undefined) return '';
  return JSON.stringify(value, (_key, part: unknown) =>
    isFields(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

const depthMax = 6;

/** How a person reads a value: words before codes, periods and quantities as one writes them, the rest element by element. */
export function readable(value: unknown, depth = 0): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => readable(item, depth)).join('; ');
  if (isNumeric(value)) return String(value);
  if (!isFields(value)) return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
  if (depth >= depthMax) return '…';
  return (
    worded(value) ??
    Object.entries(value)
      .filter(([name]) => name !== 'id' && name !== 'url')
      .map(([name, part]) => `${name}: ${readable(part, depth + 1)}`)
      .join(', ')
  );
}

/** Of the data types that have words of their own. */
function worded(value: Json): string | undefined {
  const text = (name: string): string | undefined => (typeof value[name] === 'string' ? value[name] : undefined);
  if (Array.isArray(value['coding'])) return text('text') ?? readable(value['coding'][0]);
  if (isOnly(value, ['text']) || text('display') !== undefined) return text('display') ?? text('text');
  if (isOnly(value, ['system', 'code', 'version', 'userSelected'])) return text('code');
  if (text('reference') !== undefined) return text('reference');
  if (value['value'] !== undefined && ['unit', 'code'].some((name) => name in value))
    return [value['comparator'], value['value'], value['unit'] ?? value['code']]
      .filter((p) => p !== undefined)
      .join(' ');
  if (isOnly(value, ['start', 'end'])) return `${text('start') ?? ''} – ${text('end') ?? ''}`.trim();
  return undefined;
}

const isOnly = (value: Json, names: readonly string[]): boolean =>
  Object.keys(value).every((name) => names.includes(name));

function isFields(value: unknown): value is Json {
  // Numbers that keep their digits are objects too, and no fields.
  return (
    value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}
