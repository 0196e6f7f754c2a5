/**
 * What the classifier sees of a document: words, pairs of words, pieces of words, headings, how it begins and ends, and its layout, each as a number (a hash).
 * A digit is only a digit here: no number of a person, date or value is told from another one of its length.
 */

/** The kinds of features, each of one length in sum, so that a long text's pieces don't drown its headings. */
export const blocks = ['word', 'pair', 'piece', 'heading', 'begin', 'layout'] as const;
export type Block = (typeof blocks)[number];

/** The words of the text, with where they stand. `from` and `to` are offsets in UTF-16 code units. */
export type Token = { text: string; from: number; to: number };

/** Where a feature was found: the tokens from `token` on. Layout has none (-1). */
export type Occurrence = { hash: number; block: number; token: number; tokens: number };

/** A document's features, each bucket once: what a model multiplies its weights with. */
export type Features = { buckets: Uint32Array; blocks: Uint8Array; counts: Float32Array };

/** What is read of a long document: its beginning and its end, where its kind shows. */
const beginningCharacters = 16_000;
const endCharacters = 4_000;
const headingTokensMax = 5;
const beginningTokens = 24;
const endTokens = 16;

export type ReadDocument = { tokens: Token[]; occurrences: Occurrence[] };

/** Reads a text. Any text has an answer; one without words has its layout only. */
export function readText(whole: string): ReadDocument {
  const gap = Math.max(beginningCharacters, whole.length - endCharacters);
  const tokens = [...tokensOf(whole.slice(0, beginningCharacters), 0), ...tokensOf(whole.slice(gap), gap)];
  const occurrences: Occurrence[] = [];
  const add = (block: Block, name: string, token: number, count = 1): void => {
    const number = blocks.indexOf(block);
    occurrences.push({ hash: hashOf(number, name), block: number, token, tokens: count });
  };
  tokens.forEach(({ text }, at) => {
    add('word', text, at);
    const next = tokens[at + 1];
    if (next !== undefined) add('pair', `${text} ${next.text}`, at, 2);
    addPieces(add, text, at);
    if (at < beginningTokens) add('begin', text, at);
    if (at < 8 && next !== undefined) add('begin', `${text} ${next.text}`, at, 2);
    if (at >= tokens.length - endTokens) add('begin', `end ${text}`, at);
  });
  addHeadings(add, whole, tokens);
  for (const name of layoutOf(whole, tokens)) add('layout', name, -1, 0);
  return { tokens, occurrences };
}

function tokensOf(text: string, offset: number): Token[] {
  return [...text.matchAll(/\p{L}[\p{L}\p{M}]*|\d+/gu)].map((match) => ({
    text: shapeOf(match[0]),
    from: offset + match.index,
    to: offset + match.index + match[0].length,
  }));
}

/** Lower case; of a number its length, up to four. */
function shapeOf(word: string): string {
  return /^\d/.test(word) ? '0'.repeat(Math.min(4, word.length)) : word.toLowerCase().slice(0, 40);
}

type Add = (block: Block, name: string, token: number, count?: number) => void;

/** Three to five letters in a row, with the word's ends marked: Norwegian compounds, inflections and misread letters share them. */
function addPieces(add: Add, word: string, at: number): void {
  if (word.startsWith('0')) return;
  const marked = `<${word}>`;
  for (let length = 3; length <= 5; length += 1) {
    for (let from = 0; from + length <= marked.length; from += 1) add('piece', marked.slice(from, from + length), at);
  }
}

/** A heading is a short line of its own, or the few words before a colon. */
function addHeadings(add: Add, text: string, tokens: readonly Token[]): void {
  let at = 0;
  for (const line of text.matchAll(/[^\n]+/g)) {
    while (at < tokens.length && (tokens[at] as Token).from < line.index) at += 1;
    const before = /^[^:\n]{2,60}(?=:)/.exec(line[0])?.[0] ?? (line[0].length <= 48 ? line[0] : undefined);
    if (before === undefined) continue;
    const end = line.index + before.length;
    let count = 0;
    while (at + count < tokens.length && (tokens[at + count] as Token).to <= end) count += 1;
    if (count === 0 || count > headingTokensMax) continue;
    const words = tokens.slice(at, at + count).map(({ text: word }) => word);
    add('heading', words.join(' '), at, count);
    words.forEach((word, index) => add('heading', `w ${word}`, at + index));
  }
}

/** Length, lines, numbers, tables and bullets, coarsely. */
function layoutOf(text: string, tokens: readonly Token[]): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const share = (count: number, of: number): number => Math.round((10 * count) / Math.max(1, of));
  const numbers = tokens.filter(({ text: word }) => word.startsWith('0')).length;
  const tabular = lines.filter((line) => /\S( {2,}|\t)\S.*( {2,}|\t)\S/.test(line)).length;
  const listed = lines.filter((line) => /^\s*(?:[-*•]|\d+[.)])\s/.test(line)).length;
  const short = lines.filter((line) => line.length < 40).length;
  return [
    `length ${Math.round(Math.log2(1 + tokens.length))}`,
    `lines ${Math.round(Math.log2(1 + lines.length))}`,
    `numbers ${share(numbers, tokens.length)}`,
    `tabular ${share(tabular, lines.length)}`,
    `listed ${share(listed, lines.length)}`,
    `short ${share(short, lines.length)}`,
  ];
}

/** FNV-1a of the name, mixed once more so that its low bits are as good as its high ones. */
function hashOf(block: number, name: string): number {
  let hash = (0x811c9dc5 ^ block) >>> 0;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Folds what was found into 2 to the power of `bits` buckets. */
export function featuresOf({ occurrences }: Pick<ReadDocument, 'occurrences'>, bits: number): Features {
  const mask = 2 ** bits - 1;
  const counted = new Map<number, { block: number; count: number }>();
  for (const { hash, block } of occurrences) {
    const bucket = hash & mask;
    const known = counted.get(bucket);
    if (known === undefined) counted.set(bucket, { block, count: 1 });
    else known.count += 1;
  }
  const entries = [...counted].sort(([one], [other]) => one - other);
  return {
    buckets: Uint32Array.from(entries, ([bucket]) => bucket),
    blocks: Uint8Array.from(entries, ([, { block }]) => block),
    counts: Float32Array.from(entries, ([, { count }]) => count),
  };
}
