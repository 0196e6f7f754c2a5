/** A resource's text as the row that it is found by. Pure. */
import { packPassage, type Analysis, type Mention } from './analysis.ts';
import { packPassages, type Passage } from './packed-passages.ts';
import type { SearchText } from './read-texts.ts';

export type IndexRow = Omit<SearchText, 'codes'> & { passages: Buffer; terms: number[] };

/** A passage is some sentences: enough to be understood by itself, little enough to be read at a glance. */
const passageMin = 220;
const passageMax = 600;

export function indexRow(analysis: Analysis, { codes, ...text }: SearchText): IndexRow {
  const mentions = analysis.mentionsIn(text.content);
  const ofCodes = codes.flatMap(({ system, code }) => analysis.termsOfCode(system, code));
  const passages: Passage[] = [];
  let next = 0;
  for (const [from, to] of passagesIn(text.content)) {
    const own: Mention[] = [];
    // Concepts come after the words, in an order of their own: both runs are walked by place.
    for (const mention of sorted(mentions, next)) {
      if (mention.from >= to) break;
      own.push(mention);
      next++;
    }
    passages.push({ from, to, ...packPassage(own, passages.length === 0 ? ofCodes : []) });
  }
  const terms = new Set(passages.flatMap((one) => [...one.terms]));
  // The column is of signed numbers.
  return { ...text, passages: packPassages(passages), terms: [...terms].map((term) => term | 0) };
}

function* sorted(mentions: Mention[], from: number): Generator<Mention> {
  if (from === 0) mentions.sort((a, b) => a.from - b.from);
  for (let at = from; at < mentions.length; at++) yield mentions[at]!;
}

/** Cut at the ends of sentences and lines; a text without any, at a space. */
export function passagesIn(content: string): [from: number, to: number][] {
  const found: [number, number][] = [];
  let from = 0;
  while (from < content.length) {
    let to = Math.min(content.length, from + passageMax);
    if (to < content.length) {
      const rest = content.slice(from, to);
      const end = lastEnd(rest.slice(passageMin)) ?? rest.slice(passageMin).lastIndexOf(' ') + 1;
      to = from + (end > 0 ? passageMin + end : rest.length);
    }
    found.push([from, to]);
    from = to;
  }
  return found;
}

function lastEnd(text: string): number | undefined {
  let end: number | undefined;
  for (const match of text.matchAll(/[.!?]\s|\n/g)) end = match.index + match[0].length;
  return end;
}
