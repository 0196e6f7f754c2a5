/** A text cut where its deciding words are. Pure. */
import type { DecidingWord } from '#services/classification/contract.ts';

export type Piece = { text: string; from: number; isMarked: boolean };

/** The whole text in order. Places that overlap or lie outside are left out. */
export function piecesOf(text: string, words: readonly DecidingWord[]): Piece[] {
  const places = words.flatMap((word) => word.places).sort((one, other) => one.from - other.from);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to } of places) {
    if (from < at || to > text.length || to <= from) continue;
    pieces.push({ text: text.slice(at, from), from: at, isMarked: false });
    pieces.push({ text: text.slice(from, to), from, isMarked: true });
    at = to;
  }
  pieces.push({ text: text.slice(at), from: at, isMarked: false });
  return pieces.filter((piece) => piece.text !== '');
}
