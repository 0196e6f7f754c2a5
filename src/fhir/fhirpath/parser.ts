/**
 * FHIRPath grammar (http://hl7.org/fhirpath/N1/grammar.html) as a precedence-climbing parser.
 * Length and depth are limited: expressions arrive from clients (FHIRPath Patch, operations).
 */
import { Fault } from '#kernel/fault.ts';
import type { Ast, BinaryOperator, TypeName } from './ast.ts';
import { tokenize, type Token } from './lexer.ts';
import { syntaxFault } from './syntax-fault.ts';

const lengthMax = 20_000;
const depthMax = 400;

const precedence: ReadonlyMap<string, number> = new Map([
  ['implies', 1],
  ['or', 2],
  ['xor', 2],
  ['and', 3],
  ['in', 4],
  ['contains', 4],
  ['=', 5],
  ['~', 5],
  ['!=', 5],
  ['!~', 5],
  ['<', 6],
  ['>', 6],
  ['<=', 6],
  ['>=', 6],
  ['|', 7],
  ['is', 8],
  ['as', 8],
  ['+', 9],
  ['-', 9],
  ['&', 9],
  ['*', 10],
  ['/', 10],
  ['div', 10],
  ['mod', 10],
]);
const polarityPrecedence = 11;
const calendarWord = /^(?:year|month|week|day|hour|minute|second|millisecond)s?$/;
/** Words that the grammar keeps; `as`, `is`, `in` and `contains` are also names. */
const reserved: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'implies', 'div', 'mod', 'true', 'false']);

/** Parses an expression; throws Fault('invalid') with line and column. */
export function parse(expression: string): Ast {
  if (expression.length > lengthMax) throw new Fault('invalid', `FHIRPath: longer than ${lengthMax} characters`);
  return new Parser(expression).whole();
}

class Parser {
  private readonly expression: string;
  private readonly tokens: Token[];
  private position = 0;
  private depth = 0;

  constructor(expression: string) {
    this.expression = expression;
    this.tokens = tokenize(expression);
  }

  whole(): Ast {
    const ast = this.operators(0);
    if (this.next.type !== 'end') throw this.unexpected();
    return ast;
  }

  private get next(): Token {
    return this.tokens[this.position]!;
  }

  private take(): Token {
    return this.tokens[this.position++]!;
  }

  private isSymbol(text: string): boolean {
    return this.next.type === 'symbol' && this.next.text === text;
  }

  private skipSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.position++;
    return true;
  }

  private expectSymbol(text: string): void {
    if (!this.skipSymbol(text)) throw this.unexpected(`"${text}"`);
  }

  private unexpected(expected?: string): Fault {
    const found = this.next.type === 'end' ? 'the end' : `"${this.next.text}"`;
    const wanted = expected ? `expected ${expected}, found ${found}` : `${found} was not expected here`;
    return syntaxFault(this.expression, this.next.at, wanted);
  }

  /** Nesting and chains both cost stack when the tree is walked, so both count. */
  private deeper(levels: number): void {
    this.depth += levels;
    if (this.depth > depthMax) throw syntaxFault(this.expression, this.next.at, `nested deeper than ${depthMax}`);
  }

  private operators(least: number): Ast {
    const before = this.depth;
    this.deeper(1);
    let left = this.unary();
    for (;;) {
      const token = this.next;
      const level = token.type === 'symbol' || token.type === 'identifier' ? precedence.get(token.text) : undefined;
      if (level === undefined || level <= least) break;
      this.deeper(1);
      this.take();
      left = this.operation(left, token, level);
    }
    this.depth = before;
    return left;
  }

  private operation(left: Ast, token: Token, level: number): Ast {
    if (token.text === 'is' || token.text === 'as')
      return { kind: 'type', operator: token.text, left, type: this.typeName(), at: token.at };
    const operator = token.text as BinaryOperator;
    return { kind: 'binary', operator, left, right: this.operators(level), at: token.at };
  }

  private unary(): Ast {
    if (!this.isSymbol('+') && !this.isSymbol('-')) return this.postfix();
    const { text, at } = this.take();
    return { kind: 'polarity', sign: text as '+' | '-', of: this.operators(polarityPrecedence), at };
  }

  private postfix(): Ast {
    let ast = this.term();
    for (;;) {
      const { at } = this.next;
      if (this.skipSymbol('.')) ast = this.invocation(ast);
      else if (this.skipSymbol('[')) {
        ast = { kind: 'item', on: ast, index: this.operators(0), at };
        this.expectSymbol(']');
      } else return ast;
      this.deeper(1);
    }
  }

  private term(): Ast {
    const token = this.next;
    switch (token.type) {
      case 'string':
        return { kind: 'literal', type: 'String', text: this.take().text, at: token.at };
      case 'date':
        return { kind: 'literal', type: 'Date', text: this.take().text, at: token.at };
      case 'dateTime':
        return { kind: 'literal', type: 'DateTime', text: this.take().text, at: token.at };
      case 'time':
        return { kind: 'literal', type: 'Time', text: this.take().text, at: token.at };
      case 'number':
        return this.number();
      case 'constant':
        return { kind: 'constant', name: this.take().text, at: token.at };
      case 'symbol':
        return this.bracketed();
      case 'identifier':
        if (token.text === 'true' || token.text === 'false')
          return { kind: 'literal', type: 'Boolean', text: this.take().text, at: token.at };
        return this.invocation(undefined);
      default:
        return this.invocation(undefined);
    }
  }

  private number(): Ast {
    const { text, at } = this.take();
    const unit = this.next;
    if (unit.type === 'string') return { kind: 'quantity', value: text, unit: this.take().text, at };
    if (unit.type === 'identifier' && calendarWord.test(unit.text))
      return { kind: 'quantity', value: text, word: this.take().text.replace(/s$/, ''), at };
    return { kind: 'literal', type: text.includes('.') ? 'Decimal' : 'Integer', text, at };
  }

  private bracketed(): Ast {
    const { at } = this.next;
    if (this.skipSymbol('{')) {
      this.expectSymbol('}');
      return { kind: 'empty', at };
    }
    if (!this.skipSymbol('(')) throw this.unexpected();
    const inner = this.operators(0);
    this.expectSymbol(')');
    return inner;
  }

  private invocation(on: Ast | undefined): Ast {
    const { at } = this.next;
    const target = on ? { on } : {};
    if (this.next.type === 'variable') {
      if (on) throw this.unexpected('a name');
      return { kind: 'variable', name: this.take().text as 'this' | 'index' | 'total', at };
    }
    const name = this.name();
    if (!this.skipSymbol('(')) return { kind: 'member', ...target, name, at };
    return { kind: 'call', ...target, name, args: this.args(), at };
  }

  private args(): Ast[] {
    const args: Ast[] = [];
    if (this.skipSymbol(')')) return args;
    do args.push(this.operators(0));
    while (this.skipSymbol(','));
    this.expectSymbol(')');
    return args;
  }

  private name(): string {
    const { type, text } = this.next;
    if (type !== 'delimited' && (type !== 'identifier' || reserved.has(text))) throw this.unexpected('a name');
    return this.take().text;
  }

  private typeName(): TypeName {
    const first = this.name();
    return this.skipSymbol('.') ? { namespace: first, name: this.name() } : { name: first };
  }
}
