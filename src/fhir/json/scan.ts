/**
 * One pass over JSON text before the native parser sees it: refuses what `JSON.parse` would swallow (duplicate keys, prototype
 * keys, too deep nesting, NUL and lone surrogates behind escapes) and finds the numbers whose text JavaScript would not keep.
 * It does not check syntax: `JSON.parse` does that, right after, and faster.
 */
import { Fault } from '#kernel/fault.ts';
import { Decimal } from './decimal.ts';
import { jsonFault } from './position.ts';

/** A container on the way to an inexact number. Made only for containers that hold one, or hold a container that does. */
type Place = { parent: Place | undefined; key: string | number; value: unknown };

/** A number whose text must be kept, and where it stands; no `place` when it is the whole document. */
export type InexactNumber = { place: Place | undefined; key: string | number; decimal: Decimal };

const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Above this many keys an object's names go into a set, so that a hostile object of a million keys stays linear. */
const linearKeysMax = 24;
const numberLengthMax = 400;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** The walk over one text. Stacks are indexed by depth or hold the keys of the open objects, oldest first. */
class JsonScan {
  readonly inexact: InexactNumber[] = [];
  private readonly text: string;
  private readonly depthMax: number;
  /** Offset of the first backslash that no string has passed yet; the length of the text when there is none. */
  private nextEscape: number;
  private depth = 0;
  private inObject = false;
  /** By depth: is it an object; where its keys begin in the key stack; the index of the current item; its set of names, its place. */
  private readonly objects: boolean[] = [];
  private readonly bases: number[] = [];
  private readonly indexes: number[] = [];
  private readonly names: (Set<string> | undefined)[] = [];
  private readonly places: (Place | undefined)[] = [];
  /** The keys of the open objects. */
  private keyCount = 0;
  private readonly hashes: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  constructor(text: string, depthMax: number) {
    this.text = text;
    this.depthMax = depthMax;
    this.nextEscape = findEscape(text, 0);
  }

  run(): void {
    const text = this.text;
    const length = text.length;
    let keyNext = false;
    let at = 0;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        at = keyNext ? this.key(at + 1) : this.skipString(at + 1);
        keyNext = false;
      } else if (code <= space) {
        do at += 1;
        while (at < length && text.charCodeAt(at) === space);
      } else if (code === comma) {
        keyNext = this.inObject;
        if (!keyNext && this.depth > 0) this.indexes[this.depth]! += 1;
        at += 1;
      } else if (code === openBrace || code === openBracket) {
        keyNext = code === openBrace;
        this.open(keyNext, at);
        at += 1;
      } else if (code === closeBrace || code === closeBracket) {
        keyNext = false;
        this.close();
        at += 1;
      } else if (code === minus || (code >= zero && code <= nine)) {
        at = this.number(at);
      } else {
        at += 1;
      }
    }
  }

  private open(isObject: boolean, at: number): void {
    const depth = this.depth + 1;
    if (depth > this.depthMax) throw jsonFault(this.text, at, `is nested deeper than ${this.depthMax} levels`);
    this.depth = depth;
    this.inObject = isObject;
    this.objects[depth] = isObject;
    this.bases[depth] = this.keyCount;
    this.indexes[depth] = 0;
    this.names[depth] = undefined;
    this.places[depth] = undefined;
  }

  private close(): void {
    const depth = this.depth;
    if (depth === 0) return;
    this.keyCount = this.bases[depth]!;
    this.depth = depth - 1;
    this.inObject = depth > 1 && this.objects[depth - 1]!;
  }

  /** Reads the key that starts at `start`, after its quote; returns the place after its closing quote. */
  private key(start: number): number {
    const text = this.text;
    const length = text.length;
    let hash = 0;
    let end = start;
    for (; end < length; end += 1) {
      const code = text.charCodeAt(end);
      if (code === quote) break;
      if (code === backslash) return this.escapedKey(start);
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    const size = end - start;
    if ((size === 9 || size === 11) && forbiddenKeys.has(text.slice(start, end))) throw this.forbidden(start, end);
    this.remember(hash, start, end);
    return end + 1;
  }

  /** A key with escapes is the same key as the one without: it is decoded before it is compared. */
  private escapedKey(start: number): number {
    const next = this.skipString(start);
    const name = decodeKey(this.text, start, next - 1);
    if (forbiddenKeys.has(name)) throw this.forbidden(start, next - 1);
    let hash = 0;
    for (let index = 0; index < name.length; index += 1) hash = (Math.imul(hash, 31) + name.charCodeAt(index)) | 0;
    this.remember(hash, start, next - 1);
    return next;
  }

  private remember(hash: number, start: number, end: number): void {
    const base = this.bases[this.depth]!;
    const count = this.keyCount;
    if (count - base >= linearKeysMax) {
      this.rememberInSet(start, end, base);
    } else {
      for (let other = base; other < count; other += 1) {
        if (this.hashes[other] === hash && this.keyAt(other) === decodeKey(this.text, start, end)) {
          throw this.duplicate(start, end);
        }
      }
    }
    this.hashes[count] = hash;
    this.starts[count] = start;
    this.ends[count] = end;
    this.keyCount = count + 1;
  }

  private rememberInSet(start: number, end: number, base: number): void {
    let names = this.names[this.depth];
    if (names === undefined) {
      names = new Set();
      for (let other = base; other < this.keyCount; other += 1) names.add(this.keyAt(other));
      this.names[this.depth] = names;
    }
    const name = decodeKey(this.text, start, end);
    if (names.has(name)) throw this.duplicate(start, end);
    names.add(name);
  }

  private keyAt(index: number): string {
    return decodeKey(this.text, this.starts[index]!, this.ends[index]!);
  }

  /**
   * Returns the place after the closing quote of the string whose first character is at `start`. Quotes and backslashes are
   * searched natively, many bytes at a time; neither search ever goes back, so the whole stays linear.
   */
  private skipString(start: number): number {
    const text = this.text;
    let end = text.indexOf('"', start);
    if (this.nextEscape < start) this.nextEscape = findEscape(text, start);
    while (end > this.nextEscape) {
      const after = this.nextEscape + this.escape(this.nextEscape);
      this.nextEscape = findEscape(text, after);
      if (end < after) end = text.indexOf('"', after);
    }
    return end === -1 ? text.length : end + 1;
  }

  /**
   * Length of the escape at `at`. Refused: what PostgreSQL cannot store (NUL), what XML cannot carry (other control characters
   * than tab, line feed and carriage return), and half a surrogate pair, which is no character.
   */
  private escape(at: number): number {
    const text = this.text;
    const letter = text[at + 1];
    if (letter === 'b' || letter === 'f') throw jsonFault(text, at, 'has a control character');
    if (letter !== 'u') return 2;
    const code = codeUnit(text, at);
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) {
      throw jsonFault(text, at, 'has a control character');
    }
    if (code < 0xd800 || code > 0xdfff) return 6;
    const low = text[at + 6] === '\\' && text[at + 7] === 'u' ? codeUnit(text, at + 6) : 0;
    if (code > 0xdbff || low < 0xdc00 || low > 0xdfff) throw jsonFault(text, at, 'has half a surrogate pair');
    return 12;
  }

  /** Skips the number at `start`; keeps its text where JavaScript would write another. */
  private number(start: number): number {
    const text = this.text;
    const length = text.length;
    let end = start;
    let isPlain = true;
    let hasPoint = false;
    for (; end < length; end += 1) {
      const code = text.charCodeAt(end);
      if (code >= zero && code <= nine) continue;
      if (code === point) hasPoint = true;
      else if (code === 0x65 || code === 0x45 || code === 0x2b) isPlain = false;
      else if (code !== minus) break;
    }
    // Up to 15 digits survive the way through a double (IEEE 754), unless the text has a form that JavaScript never writes.
    const leading = text.charCodeAt(start) === minus ? start + 1 : start;
    if (end - leading > 15) isPlain = false;
    else if (
      text.charCodeAt(leading) === zero &&
      (hasPoint ? text.charCodeAt(leading + 2) === zero : leading > start)
    ) {
      isPlain = false;
    } else if (hasPoint && text.charCodeAt(end - 1) === zero) isPlain = false;
    if (!isPlain) this.inspectNumber(start, end);
    return end;
  }

  private inspectNumber(start: number, end: number): void {
    if (end - start > numberLengthMax) throw jsonFault(this.text, start, `has a number of ${end - start} characters`);
    const source = this.text.slice(start, end);
    const value = Number(source);
    if (Number.isNaN(value)) return;
    if (!Number.isFinite(value)) throw jsonFault(this.text, start, 'has a number that is too large');
    if (String(value) === source) return;
    this.inexact.push({
      place: this.place(this.depth),
      key: this.currentKey(this.depth),
      decimal: new Decimal(source),
    });
  }

  /** The place of the open container at `depth`, shared by all that stands in it. */
  private place(depth: number): Place | undefined {
    if (depth === 0) return undefined;
    const parent = this.places[depth] ?? {
      parent: this.place(depth - 1),
      key: this.currentKey(depth - 1),
      value: undefined,
    };
    this.places[depth] = parent;
    return parent;
  }

  /** Key or index of what is being read in the open container at `depth`. */
  private currentKey(depth: number): string | number {
    if (depth === 0) return '';
    if (!this.objects[depth]) return this.indexes[depth]!;
    // The last key of the container at this depth stands just before the keys of the container inside it.
    const after = depth === this.depth ? this.keyCount : this.bases[depth + 1]!;
    return after > this.bases[depth]! ? this.keyAt(after - 1) : '';
  }

  private forbidden(start: number, end: number): Fault {
    return jsonFault(this.text, start, `has a property that is not allowed: ${excerpt(this.text, start, end)}`);
  }

  private duplicate(start: number, end: number): Fault {
    return jsonFault(this.text, start, `has the property ${excerpt(this.text, start, end)} twice in one object`);
  }
}

function findEscape(text: string, start: number): number {
  const at = text.indexOf('\\', start);
  return at === -1 ? text.length : at;
}

function decodeKey(text: string, start: number, end: number): string {
  const raw = text.slice(start, end);
  if (!raw.includes('\\')) return raw;
  try {
    const name: unknown = JSON.parse(`"${raw}"`);
    return typeof name === 'string' ? name : raw;
  } catch {
    // Not JSON at all: the native parser refuses the document in a moment.
    return raw;
  }
}

/** The 16 bits of the `\uXXXX` at `at`; a space where it is not one (the native parser refuses it in a moment). */
function codeUnit(text: string, at: number): number {
  const digits = text.slice(at + 2, at + 6);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : 0x20;
}

function excerpt(text: string, start: number, end: number): string {
  const name = text.slice(start, Math.min(end, start + 24));
  return /^[\w\\-]+$/.test(name) ? `'${name}'` : 'of an unusual name';
}

/** Throws `Fault('invalid')`, or returns the numbers whose text must be kept (none, nearly always). */
export function scanJson(text: string, depthMax: number): InexactNumber[] {
  const scan = new JsonScan(text, depthMax);
  scan.run();
  return scan.inexact;
}
