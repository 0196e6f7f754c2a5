import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '#kernel/fault.ts';
import type { Ast, BinaryOperator } from './ast.ts';
import { parse } from './parser.ts';

/** Writes a tree with parentheses around every operand, so that reading it back needs no precedence. */
function write(ast: Ast): string {
  switch (ast.kind) {
    case 'empty':
      return '{}';
    case 'literal':
      return writeLiteral(ast);
    case 'quantity':
      return ast.word === undefined ? `${ast.value} ${quoted(ast.unit!)}` : `${ast.value} ${ast.word}s`;
    case 'variable':
      return `$${ast.name}`;
    case 'constant':
      return `%\`${ast.name}\``;
    case 'member':
      return `${on(ast.on)}\`${ast.name}\``;
    case 'call':
      return `${on(ast.on)}${ast.name}(${ast.args.map(write).join(', ')})`;
    case 'item':
      return `(${write(ast.on)})[${write(ast.index)}]`;
    case 'polarity':
      return `${ast.sign}(${write(ast.of)})`;
    case 'binary':
      return `(${write(ast.left)}) ${ast.operator} (${write(ast.right)})`;
    case 'type':
      return `(${write(ast.left)}) ${ast.operator} ${ast.type.namespace ? `${ast.type.namespace}.` : ''}${ast.type.name}`;
  }
}

const on = (target: Ast | undefined): string => (target ? `(${write(target)}).` : '');
const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

function writeLiteral({ type, text }: Extract<Ast, { kind: 'literal' }>): string {
  if (type === 'String') return quoted(text);
  if (type === 'Date') return `@${text}`;
  if (type === 'DateTime') return text.includes('T') ? `@${text}` : `@${text}T`;
  return type === 'Time' ? `@T${text}` : text;
}

const at = 0;
const name = fc.constantFrom('name', 'given', 'where', 'contains', 'is', 'value', 'a_1');
const operators: BinaryOperator[] = [
  'implies',
  'or',
  'xor',
  'and',
  'in',
  'contains',
  '=',
  '~',
  '!=',
  '!~',
  '<',
  '>',
  '<=',
  '>=',
  '|',
  '+',
  '-',
  '&',
  '*',
  '/',
  'div',
  'mod',
];

const { tree } = fc.letrec<{ tree: Ast }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant<Ast>({ kind: 'empty', at }),
    fc.string().map((text): Ast => ({ kind: 'literal', type: 'String', text, at })),
    fc.nat().map((value): Ast => ({ kind: 'literal', type: 'Integer', text: String(value), at })),
    fc.constantFrom<Ast>(
      { kind: 'literal', type: 'Boolean', text: 'true', at },
      { kind: 'literal', type: 'Decimal', text: '1.50', at },
      { kind: 'literal', type: 'Date', text: '2020-02', at },
      { kind: 'literal', type: 'DateTime', text: '2020', at },
      { kind: 'literal', type: 'DateTime', text: '2020-02-29T10:00:00.5+02:00', at },
      { kind: 'literal', type: 'Time', text: '10:30', at },
      { kind: 'quantity', value: '4', word: 'day', at },
      { kind: 'quantity', value: '1.5', unit: "[arb'U]", at },
      { kind: 'variable', name: 'this', at },
      { kind: 'constant', name: 'vs-a-b', at },
    ),
    fc.record({ kind: fc.constant('member' as const), name, at: fc.constant(at) }),
    fc.record({ kind: fc.constant('member' as const), on: tie('tree'), name, at: fc.constant(at) }),
    fc.record({
      kind: fc.constant('call' as const),
      on: tie('tree'),
      name,
      args: fc.array(tie('tree'), { maxLength: 2 }),
      at: fc.constant(at),
    }),
    fc.record({ kind: fc.constant('item' as const), on: tie('tree'), index: tie('tree'), at: fc.constant(at) }),
    fc.record({
      kind: fc.constant('polarity' as const),
      sign: fc.constantFrom('+' as const, '-' as const),
      of: tie('tree'),
      at: fc.constant(at),
    }),
    fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom(...operators),
      left: tie('tree'),
      right: tie('tree'),
      at: fc.constant(at),
    }),
    fc.record({
      kind: fc.constant('type' as const),
      operator: fc.constantFrom('is' as const, 'as' as const),
      left: tie('tree'),
      type: fc.constantFrom({ name: 'Patient' }, { namespace: 'System', name: 'String' }),
      at: fc.constant(at),
    }),
  ) as fc.Arbitrary<Ast>,
}));

const withoutPlaces = (ast: unknown): unknown =>
  JSON.parse(JSON.stringify(ast, (key, value: unknown) => (key === 'at' ? undefined : value)));

test('a tree that is written and read is the same tree', () => {
  fc.assert(
    fc.property(tree, (ast) => {
      expect(withoutPlaces(parse(write(ast)))).toEqual(withoutPlaces(ast));
    }),
  );
});

test.each([
  ['1 + 2 * 3', '1 + (2 * 3)'],
  ['a and b or c implies d', '((a and b) or c) implies d'],
  ['1 | 1 is Integer', '1 | (1 is Integer)'],
  ['-1.abs()', '-(1.abs())'],
  ['a = b | c', 'a = (b | c)'],
  ['a.b[0].c', '((a.b)[0]).c'],
  ['1 - 2 - 3', '(1 - 2) - 3'],
  ['x in y and z', '(x in y) and z'],
])('reads %s as %s', (loose, bracketed) => {
  expect(withoutPlaces(parse(loose))).toEqual(withoutPlaces(parse(bracketed)));
});

test('any text is either an expression or refused as invalid', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."a1.()[]{}'`@$%|&+-*/<>=!~ \\") })),
      (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
          expect((error as Fault).kind).toBe('invalid');
        }
      },
    ),
  );
});
