/**
 * `_filter` (R4 search_filter.html): `name eq "Ola" and (birthdate ge 1980 or not (gender eq male))`, with chains (`subject.name`)
 * and parameters of what a condition was found in (`related[type eq "x"].target`), as the same conditions that parameters give.
 */
import { Fault } from '#kernel/fault.ts';
import { all, any, type Condition } from './condition.ts';
import { parseParameter, type ParameterParts } from './parse-parameter.ts';

type Word = { text: string; quoted: boolean; at: number };

const operators = new Set([
  'eq',
  'ne',
  'co',
  'sw',
  'ew',
  'gt',
  'lt',
  'ge',
  'le',
  'ap',
  'sa',
  'eb',
  'pr',
  'po',
  'ss',
  'sb',
  'in',
  'ni',
  're',
]);
const depthMax = 20;
const lengthMax = 10_000;

/** Parses a filter on resources of these types. Throws `invalid` with the position of what is wrong. */
export function parseFilter(parts: ParameterParts, types: readonly string[], text: string): Condition {
  if (text.length > lengthMax) throw new Fault('tooCostly', `_filter has at most ${lengthMax} characters`);
  const parser = new FilterParser(parts, types, words(text));
  return parser.whole();
}

function words(text: string): Word[] {
  const found: Word[] = [];
  const pattern = /\s*(?:([()[\]])|"((?:[^"\\]|\\.)*)"|([^\s()[\]"]+))/gy;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      if (text.slice(at).trim() === '') break;
      throw new Fault('invalid', `_filter: not understood at character ${at + 1}`);
    }
    const [, sign, quoted, plain] = match;
    if (quoted !== undefined) found.push({ text: quoted.replace(/\\(.)/g, '$1'), quoted: true, at });
    else found.push({ text: sign ?? plain ?? '', quoted: false, at });
  }
  return found;
}

class FilterParser {
  readonly #parts: ParameterParts;
  readonly #types: readonly string[];
  readonly #words: Word[];
  #next = 0;
  #depth = 0;

  constructor(parts: ParameterParts, types: readonly string[], words: Word[]) {
    this.#parts = parts;
    this.#types = types;
    this.#words = words;
  }

  whole(): Condition {
    const condition = this.#or();
    if (this.#peek() !== undefined) throw this.#refuse('something is left over');
    return condition;
  }

  #peek(): Word | undefined {
    return this.#words[this.#next];
  }

  #isNext(text: string): boolean {
    const word = this.#peek();
    return word !== undefined && !word.quoted && word.text === text;
  }

  #take(what: string): Word {
    const word = this.#words[this.#next++];
    if (word === undefined) throw this.#refuse(`${what} is missing`);
    return word;
  }

  #refuse(why: string): Fault {
    const word = this.#words[Math.min(this.#next, this.#words.length - 1)];
    return new Fault('invalid', `_filter: ${why}, at character ${(word?.at ?? 0) + 1}`);
  }

  #or(): Condition {
    const of = [this.#and()];
    while (this.#isNext('or')) {
      this.#next++;
      of.push(this.#and());
    }
    return any(of);
  }

  #and(): Condition {
    const of = [this.#term()];
    while (this.#isNext('and')) {
      this.#next++;
      of.push(this.#term());
    }
    return all(of);
  }

  #term(): Condition {
    if (++this.#depth > depthMax) throw new Fault('tooCostly', `_filter is nested deeper than ${depthMax}`);
    const condition = this.#termWithin();
    this.#depth--;
    return condition;
  }

  #termWithin(): Condition {
    if (this.#isNext('not')) {
      this.#next++;
      return { kind: 'not', of: this.#term() };
    }
    if (this.#isNext('(')) {
      this.#next++;
      const condition = this.#or();
      this.#close(')');
      return condition;
    }
    return this.#comparison();
  }

  #close(sign: ')' | ']'): void {
    if (!this.#isNext(sign)) throw this.#refuse(`a ${sign} is missing`);
    this.#next++;
  }

  /** `path operator value`; a path may hold a filter in brackets, which must hold too. */
  #comparison(): Condition {
    const path = this.#take('a parameter').text;
    if (!/^[A-Za-z_][\w.:-]*$/.test(path)) throw this.#refuse(`“${path.slice(0, 40)}” is not a parameter`);
    if (this.#isNext('[')) return this.#bracketed(path);
    const operator = this.#take('an operator').text;
    if (!operators.has(operator)) throw this.#refuse(`“${operator.slice(0, 40)}” is not an operator`);
    const value = this.#take('a value').text;
    return this.#compare(path, operator, value);
  }

  /** `subject[name eq "x"].birthdate ge 1980`: both hold for what `subject` refers to. */
  #bracketed(path: string): Condition {
    this.#next++;
    const inner = this.#words.slice(this.#next, this.#closing());
    this.#next = this.#closing();
    this.#close(']');
    const rest = this.#take('a parameter').text;
    if (!rest.startsWith('.')) throw this.#refuse('a . is missing after ]');
    const operator = this.#take('an operator').text;
    if (!operators.has(operator)) throw this.#refuse(`“${operator.slice(0, 40)}” is not an operator`);
    const value = this.#take('a value').text;
    const chain = parseParameter(this.#parts, this.#types, `${path}._id`, 'x');
    if (chain.kind !== 'chain') throw this.#refuse(`${path} cannot be filtered`);
    const targets = chain.targets.flatMap(({ type }) => {
      const own = new FilterParser(this.#parts, [type], inner);
      const comparison = new FilterParser(this.#parts, [type], []);
      try {
        return [{ type, condition: all([own.whole(), comparison.#compare(rest.slice(1), operator, value)]) }];
      } catch (error) {
        if (error instanceof Fault && error.kind === 'invalid' && chain.targets.length > 1) return [];
        throw error;
      }
    });
    if (targets.length === 0) throw this.#refuse(`${path}[…]${rest} is not known`);
    return { ...chain, targets };
  }

  #closing(): number {
    let depth = 1;
    for (let i = this.#next; i < this.#words.length; i++) {
      const word = this.#words[i] as Word;
      if (word.quoted) continue;
      if (word.text === '[') depth++;
      if (word.text === ']' && --depth === 0) return i;
    }
    throw this.#refuse('a ] is missing');
  }

  #compare(path: string, operator: string, value: string): Condition {
    const escaped = value.replace(/[\\,$]/g, '\\$&');
    const parameter = (name: string, text: string): Condition => parseParameter(this.#parts, this.#types, name, text);
    if (operator === 'pr') return parameter(`${path}:missing`, value === 'true' ? 'false' : 'true');
    if (operator === 'sb') return parameter(`${path}:below`, escaped);
    if (operator === 'ss') return parameter(`${path}:above`, escaped);
    if (operator === 'in') return parameter(`${path}:in`, escaped);
    if (operator === 'ni') return parameter(`${path}:not-in`, escaped);
    if (operator === 'co') return this.#text(path, escaped, 'contains');
    if (operator === 'sw') return this.#text(path, escaped, 'starts');
    if (operator === 'ew') return this.#text(path, escaped, 'ends');
    if (operator === 're') return parameter(path, escaped);
    if (operator === 'po') return overlap(parameter(path, escaped));
    const plain = parameter(path, escaped);
    if (hasRange(plain)) return parameter(path, `${operator}${escaped}`);
    if (operator === 'eq') return eachString(plain, 'equals');
    if (operator === 'ne') return { kind: 'not', of: eachString(plain, 'equals') };
    throw this.#refuse(`${operator} does not apply to ${path}`);
  }

  #text(path: string, value: string, mode: 'contains' | 'starts' | 'ends'): Condition {
    const condition = parseParameter(this.#parts, this.#types, path, value);
    if (!hasString(condition)) throw this.#refuse(`${path} is not a string`);
    return eachString(condition, mode);
  }
}

/** Changes every leaf of what one parameter gave, through chains. */
function eachLeaf(condition: Condition, change: (leaf: Condition) => Condition): Condition {
  if (condition.kind === 'all') return all(condition.of.map((one) => eachLeaf(one, change)));
  if (condition.kind === 'any') return any(condition.of.map((one) => eachLeaf(one, change)));
  if (condition.kind === 'chain') {
    const targets = condition.targets.map((one) => ({ type: one.type, condition: eachLeaf(one.condition, change) }));
    return { ...condition, targets };
  }
  return change(condition);
}

const eachString = (condition: Condition, mode: 'equals' | 'contains' | 'starts' | 'ends'): Condition =>
  eachLeaf(condition, (leaf) => (leaf.kind === 'string' ? { ...leaf, mode } : leaf));

function hasLeaf(condition: Condition, test: (leaf: Condition) => boolean): boolean {
  let found = false;
  eachLeaf(condition, (leaf) => {
    found ||= test(leaf);
    return leaf;
  });
  return found;
}

const hasString = (condition: Condition): boolean => hasLeaf(condition, ({ kind }) => kind === 'string');
const hasRange = (condition: Condition): boolean =>
  hasLeaf(condition, ({ kind }) => kind === 'date' || kind === 'number' || kind === 'quantity' || kind === 'updated');

/** `po`: the two periods overlap. */
const overlap = (condition: Condition): Condition =>
  eachLeaf(condition, (leaf) =>
    leaf.kind === 'date' ? { ...leaf, search: { ...leaf.search, prefix: 'ap', around: leaf.search.searched } } : leaf,
  );
