/** An index test as SQL over the columns of `resource`. Texts travel as parameters; tokens, keys and type names are ours and may be literals. */
import type { IndexTest, PatientSet } from './index-test.ts';
import type { Comparisons } from './interval-rules.ts';

/** Collects a statement's parameters. `literal`: tokens stand in the text, so that the planner sees how common they are. */
export class Statement {
  readonly parameters: (string | number)[] = [];
  readonly literal: boolean;

  constructor(literal: boolean) {
    this.literal = literal;
  }

  /** A parameter of a type, as `$n::type`. */
  add(value: string | number, type: 'text' | 'float8' | 'int'): string {
    this.parameters.push(value);
    return `$${this.parameters.length}::${type}`;
  }

  /** Tokens as bigint[]. */
  tokens(tokens: readonly string[]): string {
    const list = `{${tokens.join(',')}}`;
    if (!/^\{-?\d+(?:,-?\d+)*\}$/.test(list)) throw new Error('a token is a number');
    return this.literal ? `'${list}'::bigint[]` : `${this.add(list, 'text')}::bigint[]`;
  }

  /** Texts as text[]. */
  texts(texts: readonly string[]): string {
    const list = texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',');
    return `${this.add(`{${list}}`, 'text')}::text[]`;
  }

  /** Type names, which come from the model. */
  types(types: readonly string[]): string {
    if (!types.every((type) => /^[A-Za-z]+$/.test(type))) throw new Error('a type is a name');
    if (types.length === 1) return `type = '${types[0]}'`;
    return `type = any('{${types.join(',')}}'::text[])`;
  }
}

/** The boolean expression of a test. */
export function testSql(test: IndexTest, statement: Statement): string {
  switch (test.kind) {
    case 'all':
      return allSql(test.of, statement);
    case 'any':
      return `(${test.of.map((one) => testSql(one, statement)).join(' or ')})`;
    case 'not':
      return `not coalesce(${testSql(test.of, statement)}, false)`;
    case 'everything':
      return 'true';
    case 'nothing':
      return 'false';
    case 'types':
      return statement.types(test.types);
    case 'id':
      return `id = any(${statement.texts(test.ids)})`;
    case 'updated':
      return updatedSql(test.rules, statement);
    case 'record':
      return recordSql(test.of, statement);
    case 'tokens':
      return tokensSql(test.tokens, statement);
    case 'range':
      return rangeSql(test, statement);
    case 'hasRange':
      return `range_keys && '{${test.keys.map(whole).join(',')}}'::int[]`;
    case 'string':
      return stringSql(test, statement);
    case 'hasString':
      return `exists (select 1 from unnest(strings) as s where ${test.keys.map((key) => `starts_with(s, ${keyed(key, statement)})`).join(' or ')})`;
  }
}

/** Tokens that each must be there are one condition: the index then intersects their postings, rarest first. */
function allSql(of: readonly IndexTest[], statement: Statement): string {
  const required = of.flatMap((one) => (one.kind === 'tokens' && one.tokens.length === 1 ? one.tokens : []));
  const others = of.filter((one) => !(one.kind === 'tokens' && one.tokens.length === 1));
  const parts = required.length > 0 ? [`tokens @> ${statement.tokens([...new Set(required)])}`] : [];
  return `(${[...parts, ...others.map((one) => testSql(one, statement))].join(' and ')})`;
}

function tokensSql(tokens: readonly string[], statement: Statement): string {
  return `tokens ${tokens.length === 1 ? '@>' : '&&'} ${statement.tokens(tokens)}`;
}

function whole(key: number): string {
  if (!Number.isInteger(key)) throw new Error('a key is a whole number');
  return String(key);
}

function rangeSql({ keys, rules, single }: IndexTest & { kind: 'range' }, statement: Statement): string {
  const value = (than: number): string => statement.add(than, 'float8');
  if (single) {
    // At most one range of each key: its place in the array is enough, at a tenth of the cost.
    const each = keys.map((key) => {
      const at = `array_position(range_keys, ${whole(key)})`;
      return rulesSql(rules, (bound) => `range_${bound}s[${at}]`, value);
    });
    return each.length === 1 ? (each[0] as string) : `(${each.join(' or ')})`;
  }
  const which = `r.k = any('{${keys.map(whole).join(',')}}'::int[])`;
  const rule = rulesSql(rules, (bound) => (bound === 'low' ? 'r.l' : 'r.h'), value);
  return `exists (select 1 from unnest(range_keys, range_lows, range_highs) as r(k, l, h) where ${which} and ${rule})`;
}

function rulesSql(
  rules: Comparisons,
  column: (bound: 'low' | 'high') => string,
  value: (than: number) => string,
): string {
  const either = rules.map((every) =>
    every.map(({ bound, operator, than }) => `${column(bound)} ${operator} ${value(than)}`).join(' and '),
  );
  return either.length === 1 ? `(${either[0]})` : `(${either.map((one) => `(${one})`).join(' or ')})`;
}

function recordSql(of: PatientSet | 'none' | 'some', statement: Statement): string {
  if (typeof of === 'string') return of === 'none' ? 'patient is null' : 'patient is not null';
  const [only] = of.ids;
  if (of.ids.length === 1 && only !== undefined) return `patient = ${statement.add(only, 'text')}`;
  return `patient = any(${statement.texts(of.ids)})`;
}

/** `updated` is the millisecond [updated, updated + 1). */
function updatedSql(rules: Comparisons, statement: Statement): string {
  const instant = (ms: number): string => timestamp(statement, ms);
  const either = rules.map((every) =>
    every
      .map(({ bound, operator, than }) => `updated ${operator} ${instant(bound === 'low' ? than : than - 1)}`)
      .join(' and '),
  );
  return `(${either.map((one) => `(${one})`).join(' or ')})`;
}

export function timestamp(statement: Statement, ms: number): string {
  return `to_timestamp(${statement.add(ms, 'float8')} / 1000)`;
}

const separator = '\u001f';

function keyed(key: string, statement: Statement): string {
  if (!/^[0-9a-z]+~?$/.test(key)) throw new Error('a string key is of letters and digits');
  return statement.add(`${key}${separator}`, 'text');
}

function stringSql({ keys, mode, text }: IndexTest & { kind: 'string' }, statement: Statement): string {
  const each = keys.map((key) => {
    if (mode === 'starts') return `starts_with(s, ${statement.add(`${key}${separator}${text}`, 'text')})`;
    if (mode === 'equals') return `s = ${statement.add(`${key}${separator}${text}`, 'text')}`;
    const isKey = `starts_with(s, ${keyed(key, statement)})`;
    const rest = `substr(s, ${key.length + 2})`;
    if (mode === 'contains') return `(${isKey} and strpos(${rest}, ${statement.add(text, 'text')}) > 0)`;
    return `(${isKey} and right(${rest}, ${[...text].length}) = ${statement.add(text, 'text')})`;
  });
  return `exists (select 1 from unnest(strings) as s where ${each.join(' or ')})`;
}
