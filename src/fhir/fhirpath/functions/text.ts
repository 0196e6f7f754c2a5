/** http://hl7.org/fhirpath/N1/#string-manipulation */
import { Fault } from '#kernel/fault.ts';
import { empty, integerNodes, stringNodes, type Nodes } from '../node.ts';
import { Pattern } from '../regex.ts';
import { textMax, type Scope } from '../scope.ts';
import { integerIn, integerType, textIn, textType, type FunctionDefinition, type FunctionTable } from './definition.ts';
import { decodeText, encodeText, escapeText, unescapeText } from '../text-codec.ts';

/** A function of the input text and text arguments; empty when any of them is empty. */
function ofTexts(
  name: string,
  argumentCount: number,
  types: NonNullable<Extract<FunctionDefinition, { returns: 'nodes' }>['types']>,
  apply: (text: string, args: string[], scope: Scope) => Nodes,
): FunctionDefinition {
  return {
    arity: [argumentCount, argumentCount],
    returns: 'nodes',
    types,
    build: (args) => (input, self, scope) => {
      const text = textIn(input, name);
      const values = args.map((argument) => textIn(argument.evaluate(self, scope), name));
      if (text === undefined || values.includes(undefined)) return empty;
      return apply(text, values as string[], scope);
    },
  };
}

/** A question about the input text and one text argument. */
function textTest(name: string, ask: (text: string, argument: string) => boolean): FunctionDefinition {
  return {
    arity: [1, 1],
    returns: 'condition',
    build:
      ([argument]) =>
      (input, self, scope) => {
        const text = textIn(input, name);
        const other = textIn(argument!.evaluate(self, scope), name);
        return text === undefined || other === undefined ? undefined : ask(text, other);
      },
  };
}

/** Remembers the last pattern: it is nearly always a literal. */
function patternMemory(
  flags: string,
  wrap: (source: string) => string = (source) => source,
): (source: string) => Pattern {
  let last: { source: string; pattern: Pattern } | undefined;
  return (source) => {
    if (last?.source !== source) last = { source, pattern: new Pattern(wrap(source), flags) };
    return last.pattern;
  };
}

function matcher(name: string, wrap: (source: string) => string): FunctionDefinition {
  return {
    arity: [1, 2],
    returns: 'condition',
    build: ([pattern, flags]) => {
      const plain = patternMemory('', wrap);
      const ignoringCase = patternMemory('i', wrap);
      return (input, self, scope) => {
        const text = textIn(input, name);
        const source = textIn(pattern!.evaluate(self, scope), name);
        if (text === undefined || source === undefined) return undefined;
        const isInsensitive = flags && textIn(flags.evaluate(self, scope), name)?.includes('i');
        return (isInsensitive ? ignoringCase : plain)(source).test(text, scope);
      };
    },
  };
}

const replaceMatches: FunctionDefinition = {
  arity: [2, 3],
  returns: 'nodes',
  types: textType,
  build: ([pattern, by]) => {
    const remembered = patternMemory('g');
    return (input, self, scope) => {
      const text = textIn(input, 'replaceMatches');
      const source = textIn(pattern!.evaluate(self, scope), 'replaceMatches');
      const substitution = textIn(by!.evaluate(self, scope), 'replaceMatches');
      if (text === undefined || source === undefined || substitution === undefined) return empty;
      if (source === '') return stringNodes(text);
      return stringNodes(scope.spendText(remembered(source).replace(text, substitution.replace(/\$\{/g, '$<'), scope)));
    };
  },
};

function replaceAll(text: string, pattern: string, by: string, scope: Scope): string {
  const pieces = pattern === '' ? [...text] : text.split(pattern);
  spendLength(text.length + pieces.length * by.length, scope);
  return pattern === '' ? `${by}${pieces.map((piece) => piece + by).join('')}` : pieces.join(by);
}

/** Refuses before a text is built that would not fit. */
function spendLength(length: number, scope: Scope): void {
  if (length > textMax) throw new Fault('tooCostly', 'FHIRPath: a text grows too long');
  scope.spend(length / 8);
}

const substring: FunctionDefinition = {
  arity: [1, 2],
  returns: 'nodes',
  types: textType,
  build:
    ([start, length]) =>
    (input, self, scope) => {
      const text = textIn(input, 'substring');
      const from = integerIn(start!.evaluate(self, scope), 'substring');
      if (text === undefined || from === undefined || from < 0 || from >= text.length) return empty;
      const count = length ? (integerIn(length.evaluate(self, scope), 'substring') ?? text.length) : text.length;
      return stringNodes(text.slice(from, from + Math.max(0, count)));
    },
};

const join: FunctionDefinition = {
  arity: [0, 1],
  returns: 'nodes',
  types: textType,
  build:
    ([separator]) =>
    (input, self, scope) => {
      const between = separator ? (textIn(separator.evaluate(self, scope), 'join') ?? '') : '';
      const texts = input.map((node) => textIn([node], 'join')).filter((text) => text !== undefined);
      spendLength(
        texts.reduce((length, text) => length + text.length + between.length, 0),
        scope,
      );
      return input.length === 0 ? empty : stringNodes(texts.join(between));
    },
};

const manyTexts = (texts: string[], scope: Scope): Nodes => {
  scope.spend(texts.length);
  return texts.flatMap(stringNodes);
};

const maybeText = (text: string | undefined): Nodes => (text === undefined ? empty : stringNodes(text));

export const textFunctions: FunctionTable = {
  indexOf: ofTexts('indexOf', 1, integerType, (text, [part]) => integerNodes(text.indexOf(part!))),
  lastIndexOf: ofTexts('lastIndexOf', 1, integerType, (text, [part]) => integerNodes(text.lastIndexOf(part!))),
  substring,
  startsWith: textTest('startsWith', (text, part) => text.startsWith(part)),
  endsWith: textTest('endsWith', (text, part) => text.endsWith(part)),
  contains: textTest('contains', (text, part) => text.includes(part)),
  upper: ofTexts('upper', 0, textType, (text) => stringNodes(text.toUpperCase())),
  lower: ofTexts('lower', 0, textType, (text) => stringNodes(text.toLowerCase())),
  trim: ofTexts('trim', 0, textType, (text) => stringNodes(text.trim())),
  length: ofTexts('length', 0, integerType, (text) => integerNodes(text.length)),
  replace: ofTexts('replace', 2, textType, (text, [part, by], scope) =>
    stringNodes(replaceAll(text, part!, by!, scope)),
  ),
  matches: matcher('matches', (source) => source),
  matchesFull: matcher('matchesFull', (source) => `^(?:${source})$`),
  replaceMatches,
  toChars: ofTexts('toChars', 0, textType, (text, _args, scope) => manyTexts([...text], scope)),
  split: ofTexts('split', 1, textType, (text, [separator], scope) => manyTexts(text.split(separator!), scope)),
  join,
  encode: ofTexts('encode', 1, textType, (text, [format]) => maybeText(encodeText(text, format!))),
  decode: ofTexts('decode', 1, textType, (text, [format]) => maybeText(decodeText(text, format!))),
  escape: ofTexts('escape', 1, textType, (text, [target]) => maybeText(escapeText(text, target!))),
  unescape: ofTexts('unescape', 1, textType, (text, [target]) => maybeText(unescapeText(text, target!))),
};
