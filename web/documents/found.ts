/** Documents by the words that somebody typed, and a text cut where it has them. Pure. */
import type { DocumentReference } from 'fhir/r4';
import { documentTitle } from '../record/directory.ts';
import { wordsOf } from '../record/words.ts';

export function kindOf({ category, type }: DocumentReference): string {
  return wordsOf(category?.[0]) || wordsOf(type);
}

/** Those whose title, kind or author has every word; of the kind, where one is chosen. */
export function found(documents: readonly DocumentReference[], typed: string, kind: string): DocumentReference[] {
  const words = typed.toLocaleLowerCase('nb').split(/\s+/).filter(Boolean);
  return documents.filter((one) => {
    const said = [documentTitle(one), kindOf(one), wordsOf(one.type), one.author?.[0]?.display, one.custodian?.display]
      .join(' ')
      .toLocaleLowerCase('nb');
    return (kind === '' || kindOf(one) === kind) && words.every((word) => said.includes(word));
  });
}

const asWritten = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export type Piece = { text: string; isHit: boolean };

/** What is marked in a text: parts of words that somebody typed, and whole words and phrases that a search found. */
export type Sought = { typed: string; hits: readonly string[] };

/** The whole text in order; hits are any of what is sought, whatever the case. */
export function pieces(text: string, { typed, hits }: Sought): Piece[] {
  const words = typed.split(/\s+/).filter((word) => word.length >= 2);
  const wholes = hits.filter((hit) => hit.trim() !== '').sort((a, b) => b.length - a.length);
  if (words.length === 0 && wholes.length === 0) return [{ text, isHit: false }];
  const patterns = [
    // A line may end within a phrase.
    ...wholes.map(
      (hit) => `(?<![\\p{L}\\p{N}])${hit.trim().split(/\s+/).map(asWritten).join('\\s+')}(?![\\p{L}\\p{N}])`,
    ),
    ...words.map(asWritten),
  ];
  const any = new RegExp(`(${patterns.join('|')})`, 'giu');
  return text
    .split(any)
    .map((piece, at) => ({ text: piece, isHit: at % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

/** Where a passage that search showed begins in a text whose lines may be broken otherwise; -1: it is not there. */
export function placeOfPassage(text: string, passage: string): number {
  const words = passage.trim().split(/\s+/).slice(0, 12);
  // The title stands before the text in what is searched: from some word on it is the text's own.
  for (let from = 0; from < words.length; from++) {
    const rest = words.slice(from);
    if (from > 0 && rest.join(' ').length < 12) break;
    const found = text.search(new RegExp(rest.map(asWritten).join('\\s+'), 'u'));
    if (found >= 0) return found;
  }
  return -1;
}
