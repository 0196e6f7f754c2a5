/**
 * JSON as FHIR R4 wants it (https://hl7.org/fhir/R4/json.html): strict, hostile-proof, decimals to the letter.
 * `scan.ts` reads the text once for what `JSON.parse` lets through; the native parser makes the values.
 */
import { Fault } from '#kernel/fault.ts';
import { jsonFault } from './position.ts';
import { scanJson, type InexactNumber } from './scan.ts';
import { findSyntaxError } from './syntax.ts';

export { Decimal, isNumeric } from './decimal.ts';

export type JsonLimits = {
  /** Deepest nesting of objects and arrays. */
  depthMax?: number;
};

const depthMaxDefault = 64;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses JSON text. Numbers are plain numbers where JavaScript writes them as they came, and `Decimal` where it would not
 * (`1.00`, `1e3`, more digits than a double holds). A byte order mark is skipped.
 * @throws Fault 'invalid' with line and column: bad syntax, a duplicate or prototype key, nesting beyond `depthMax`, a control
 * character or half a surrogate pair (escaped or not), a number too large for a double.
 */
export function parseJson(text: string, limits: JsonLimits = {}): unknown {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (!body.isWellFormed()) throw jsonFault(body, loneSurrogate(body), 'has half a surrogate pair');
  const inexact = scanJson(body, limits.depthMax ?? depthMaxDefault);
  const value = parseNatively(body);
  return inexact.length === 0 ? value : keepTexts(value, inexact);
}

/** JSON text of a value; `pretty` indents by two spaces. A `Decimal` is written as it came. */
export function writeJson(value: unknown, pretty = false): string {
  const text: string | undefined = pretty ? JSON.stringify(value, undefined, 2) : JSON.stringify(value);
  if (text === undefined) throw new TypeError('A value without a JSON form cannot be written');
  return text;
}

/**
 * The text of UTF-8 bytes; a byte order mark is skipped.
 * @throws Fault 'invalid' for bytes that are not UTF-8 (overlong forms, surrogates and cut sequences among them).
 */
export function parseUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Fault('invalid', 'The body is not valid UTF-8');
  }
}

function parseNatively(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const offset = findSyntaxError(text);
    throw jsonFault(text, offset, offset >= text.length ? 'ends too early' : 'cannot be read');
  }
}

function loneSurrogate(text: string): number {
  return /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(text)?.index ?? 0;
}

type Container = Record<string | number, unknown>;

/** Puts the texts of the inexact numbers in their places. The scan has refused every key that could reach a prototype. */
function keepTexts(root: unknown, numbers: InexactNumber[]): unknown {
  for (const { place, key, decimal } of numbers) {
    if (place === undefined) return decimal;
    const container = resolve(root, place);
    container[key] = decimal;
  }
  return root;
}

function resolve(root: unknown, place: NonNullable<InexactNumber['place']>): Container {
  if (place.value === undefined) {
    place.value = place.parent === undefined ? root : resolve(root, place.parent)[place.key];
  }
  return place.value as Container;
}
