import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import { Decimal, parseJson, parseUtf8, writeJson } from './index.ts';

const refusals: [what: string, text: string, message: RegExp][] = [
  ['a key twice in one object', '{"a":1,"b":2,"a":3}', /'a' twice.*line 1, column 15/],
  ['a key twice, once with an escape', '{"a":1,"\\u0061":3}', /twice/],
  ['a key twice, far down', '[{"x":[{"y":{"a":1,\n"a":2}}]}]', /twice.*line 2, column 2/],
  ['a key twice around a nested object', '{"a":{"b":1},"c":[{}],"a":1}', /twice/],
  ['the key __proto__', '{"a":{"__proto__":{}}}', /not allowed/],
  ['the key __proto__ behind escapes', '{"\\u005f_proto__":{}}', /not allowed/],
  ['the key constructor', '{"constructor":1}', /not allowed/],
  ['the key prototype', '{"prototype":1}', /not allowed/],
  ['an escaped NUL', '["\\u0000"]', /control character/],
  ['a raw NUL', '["\u0000"]', /cannot be read/],
  ['a raw line feed in a string', '["\n"]', /cannot be read/],
  ['an escaped control character', '["\\b"]', /control character/],
  ['half a surrogate pair', '["\ud800"]', /surrogate.*column 3/],
  ['half a surrogate pair behind an escape', '["\\udc00"]', /surrogate/],
  ['a high surrogate before another character', '["\\ud800\\u0041"]', /surrogate/],
  ['a number beyond a double', '[1e309]', /too large/],
  ['a number of a million digits', `[0.${'1'.repeat(1e6)}]`, /1000002 characters/],
  ['nesting beyond the limit', '['.repeat(65) + ']'.repeat(65), /deeper than 64/],
  ['nesting of ten thousand objects', '{"a":'.repeat(10_000), /deeper than 64/],
  ['an empty text', '', /too early/],
  ['half an object', '{"a":', /too early/],
  ['a comma too many', '{"a":1,}', /cannot be read.*column 8/],
  ['something after the end', '{} {}', /cannot be read.*column 4/],
  ['a leading zero', '[01]', /cannot be read.*column 3/],
  ['NaN', '[NaN]', /cannot be read/],
  ['single quotes', "{'a':1}", /cannot be read/],
];

test.each(refusals)('refuses %s', (_what, text, message) => {
  expect(() => parseJson(text)).toThrow(message);
  expect(fault(() => parseJson(text))?.kind).toBe('invalid');
});

test('finds the place of a mistake behind a string of ten million characters', () => {
  for (const long of ['y', '\\n', '\\u00e5']) {
    const text = `["${long.repeat(10_000_000 / long.length)}" x]`;
    expect(fault(() => parseJson(text))?.message).toContain(`column ${text.length - 1}`);
    expect(fault(() => parseJson(text.slice(0, -4)))?.message).toContain('too early');
  }
});

test('never echoes more than a few characters of what it refuses', () => {
  for (const text of [`{"${'x'.repeat(1e6)}":1,"${'x'.repeat(1e6)}":2}`, `${'y'.repeat(1e6)}`]) {
    expect(fault(() => parseJson(text))?.message.length).toBeLessThan(120);
  }
});

test.each([
  '1.00',
  '1.0',
  '-0',
  '-0.0',
  '0.0',
  '1e3',
  '1E+3',
  '1e-07',
  '0.0000001',
  '12345678901234567890',
  '3.14159265358979323846',
])('keeps the text of %s, wherever it stands', (number) => {
  for (const text of [
    number,
    `[${number}]`,
    `{"a":[0,{"b":"x","c":{"d":${number}},"e":[[],[1,${number}]]}],"f":${number}}`,
  ]) {
    expect(writeJson(parseJson(text))).toBe(text);
  }
  expect(parseJson(number)).toBeInstanceOf(Decimal);
});

test.each(['0', '-1', '0.5', '-0.05', '107.5', '123456789012345', '0.30000000000000004', '1e-7', '0.000001'])(
  'makes a plain number of %s',
  (number) => {
    expect(parseJson(`[${number}]`)).toEqual([Number(number)]);
  },
);

test('keeps the texts of numbers under keys with escapes', () => {
  expect(writeJson(parseJson('{"\\u0061":{"b\\n":1.0}}'))).toBe('{"a":{"b\\n":1.0}}');
});

test('skips a byte order mark and takes surrogate pairs, escaped or not', () => {
  expect(parseJson('\ufeff{"a":"\\ud83d\\ude00😀\\t\\n\\r\\/"}')).toEqual({ a: '😀😀\t\n\r/' });
});

test('takes an object of many keys in linear time, and still sees the last one twice', () => {
  const keys = Array.from({ length: 100_000 }, (_unused, index) => `"k${index}":${index}`);
  expect(Object.keys(parseJson(`{${keys.join(',')}}`) as object)).toHaveLength(100_000);
  expect(() => parseJson(`{${keys.join(',')},"k0":1}`)).toThrow(/twice/);
});

test('refuses bytes that are not UTF-8', () => {
  const cases = [[0xc0, 0x80], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xff], [0x61, 0xc3], [0xf4, 0x90, 0x80, 0x80]];
  for (const bytes of cases) expect(fault(() => parseUtf8(Uint8Array.from(bytes)))?.kind).toBe('invalid');
  expect(parseUtf8(new TextEncoder().encode('Tromsø 😀'))).toBe('Tromsø 😀');
});

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);
const characters = fc
  .string({ unit: 'grapheme' })
  // oxlint-disable-next-line no-control-regex -- what the parser must refuse
  .map((text) => text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ''));
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.integer(),
    characters,
    fc.array(tie('json')),
    fc.dictionary(
      characters.filter((key) => !forbidden.has(key)),
      tie('json'),
      { noNullPrototype: true },
    ),
  ),
}));

test('reads what JSON.parse reads, for any JSON without duplicate keys', () => {
  fc.assert(
    fc.property(json, fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      expect(plain(parseJson(text))).toEqual(JSON.parse(text));
      expect(writeJson(parseJson(text))).toBe(JSON.stringify(value));
      expect(parseJson(writeJson(parseJson(text), true))).toEqual(parseJson(text));
    }),
  );
});

test('keeps the text of any number', () => {
  const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?$/);
  fc.assert(
    fc.property(digits, (text) => {
      expect(writeJson(parseJson(`{"a":[${text},{"b":${text}}]}`))).toBe(`{"a":[${text},{"b":${text}}]}`);
    }),
  );
});

test('any change of bytes gives a value or a Fault, and a Fault wherever JSON.parse fails', () => {
  const change = fc.record({
    at: fc.nat(),
    byte: fc.constantFrom(...Buffer.from('{}[],:"\\u0e-.19 a\n\u0000\xff', 'latin1')),
  });
  fc.assert(
    fc.property(json, fc.array(change, { minLength: 1, maxLength: 4 }), (value, changes) => {
      const bytes = Buffer.from(JSON.stringify(value));
      for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
      const problem = fault(() => parseJson(parseUtf8(bytes)));
      if (problem === undefined) expect(() => JSON.parse(bytes.toString())).not.toThrow();
      else expect(problem.kind).toBe('invalid');
    }),
    { numRuns: 500 },
  );
});

/** The Fault that `act` throws; anything else thrown fails the test. */
function fault(act: () => unknown): Fault | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

function plain(value: unknown): unknown {
  if (value instanceof Decimal) return value.valueOf();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
