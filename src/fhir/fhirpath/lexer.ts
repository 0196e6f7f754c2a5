/** Text of a FHIRPath expression to tokens (http://hl7.org/fhirpath/N1/#lexical-elements). */
import { syntaxFault } from './syntax-fault.ts';
import { parseTemporal } from './temporal.ts';

type TokenType =
  | 'identifier'
  | 'delimited'
  | 'string'
  | 'number'
  | 'date'
  | 'dateTime'
  | 'time'
  | 'variable'
  | 'constant'
  | 'symbol'
  | 'end';

/** `text` is what the token means: escapes resolved, quotes and `@`, `%`, `$` taken off. */
export type Token = { type: TokenType; text: string; at: number };

const blank = /(?:\s+|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)+/y;
const patterns: readonly [TokenType, RegExp][] = [
  ['identifier', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['delimited', /`[^`\\]*(?:\\[\s\S][^`\\]*)*`/y],
  ['string', /'[^'\\]*(?:\\[\s\S][^'\\]*)*'/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['dateTime', /@\d{4}(?:-\d{2}(?:-\d{2})?)?T(?:\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?)?/y],
  ['date', /@\d{4}(?:-\d{2}(?:-\d{2})?)?/y],
  ['time', /@T\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?/y],
  ['variable', /\$(?:this|index|total)\b/y],
  [
    'constant',
    /%(?:[A-Za-z_][A-Za-z0-9_]*|`[^`\\]*(?:\\[\s\S][^`\\]*)*`|'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*")/y,
  ],
  ['symbol', /<=|>=|!=|!~|[.,()[\]{}+\-*/|&<>=~]/y],
];

export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while ((at = skipBlank(expression, at)) < expression.length) {
    const [type, raw] = match(expression, at);
    tokens.push({ type, text: meaning(expression, at, type, raw), at });
    at += raw.length;
  }
  tokens.push({ type: 'end', text: '', at });
  return tokens;
}

function skipBlank(expression: string, at: number): number {
  blank.lastIndex = at;
  return blank.test(expression) ? blank.lastIndex : at;
}

function match(expression: string, at: number): [TokenType, string] {
  for (const [type, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(expression);
    if (found) return [type, found[0]];
  }
  throw syntaxFault(expression, at, `"${expression.slice(at, at + 10)}" is not FHIRPath`);
}

function meaning(expression: string, at: number, type: TokenType, raw: string): string {
  switch (type) {
    case 'string':
    case 'delimited':
      return unescape(expression, at, raw.slice(1, -1));
    case 'constant':
      return /^%[`'"]/.test(raw) ? unescape(expression, at, raw.slice(2, -1)) : raw.slice(1);
    case 'variable':
      return raw.slice(1);
    case 'date':
    case 'dateTime':
    case 'time':
      return calendarText(expression, at, type, raw.slice(type === 'time' ? 2 : 1));
    default:
      return raw;
  }
}

function calendarText(expression: string, at: number, type: 'date' | 'dateTime' | 'time', raw: string): string {
  const text = raw.endsWith('T') ? raw.slice(0, -1) : raw;
  if (!parseTemporal(text, type)) throw syntaxFault(expression, at, `${raw} is not in the calendar`);
  return text;
}

const escapes: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', f: '\f' };

function unescape(expression: string, at: number, text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(u[0-9A-Fa-f]{4}|[\s\S])/g, (_, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const plain = escapes[code] ?? ('\'"`\\/'.includes(code) ? code : undefined);
    if (plain === undefined) throw syntaxFault(expression, at, `\\${code} is not an escape sequence`);
    return plain;
  });
}
