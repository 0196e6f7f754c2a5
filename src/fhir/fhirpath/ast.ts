/** What a FHIRPath expression says, as a tree. `at` is the offset in the text, for messages. */
export type TypeName = { namespace?: string; name: string };

export type BinaryOperator =
  | 'implies'
  | 'or'
  | 'xor'
  | 'and'
  | 'in'
  | 'contains'
  | '='
  | '~'
  | '!='
  | '!~'
  | '<'
  | '>'
  | '<='
  | '>='
  | '|'
  | '+'
  | '-'
  | '&'
  | '*'
  | '/'
  | 'div'
  | 'mod';

type LiteralType = 'Boolean' | 'String' | 'Integer' | 'Decimal' | 'Date' | 'DateTime' | 'Time';

export type Ast = { at: number } & (
  | { kind: 'empty' }
  | { kind: 'literal'; type: LiteralType; text: string }
  /** `word` is a calendar word (`year`), written bare; `unit` a UCUM code, written in quotes. */
  | { kind: 'quantity'; value: string; unit?: string; word?: string }
  | { kind: 'variable'; name: 'this' | 'index' | 'total' }
  | { kind: 'constant'; name: string }
  | { kind: 'member'; on?: Ast; name: string }
  | { kind: 'call'; on?: Ast; name: string; args: Ast[] }
  | { kind: 'item'; on: Ast; index: Ast }
  | { kind: 'polarity'; sign: '+' | '-'; of: Ast }
  | { kind: 'binary'; operator: BinaryOperator; left: Ast; right: Ast }
  | { kind: 'type'; operator: 'is' | 'as'; left: Ast; type: TypeName }
);
