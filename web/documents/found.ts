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

export type Piece = { text: string; isHit: boolean };

/** The whole text in order; hits are any of the words, whatever the case. */
export function pieces(text: string, typed: string): Piece[] {
  const words = typed.split(/\s+/).filter((word) => word.length >= 2);
  if (words.length === 0) return [{ text, isHit: false }];
  const any = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'giu');
  return text
    .split(any)
    .map((piece, at) => ({ text: piece, isHit: at % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
