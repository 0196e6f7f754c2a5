/** A passage cut where its marks are. Pure. */
import type { Hit, Mark } from '#services/clinical-search/contract.ts';

export type Piece = { text: string; mark: Mark | undefined };

/** The whole passage in order. Marks that overlap or lie outside are left out. */
export function markedPieces(passage: string, marks: readonly Mark[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const mark of marks) {
    if (mark.from < at || mark.to > passage.length || mark.to <= mark.from) continue;
    pieces.push({ text: passage.slice(at, mark.from), mark: undefined });
    pieces.push({ text: passage.slice(mark.from, mark.to), mark });
    at = mark.to;
  }
  pieces.push({ text: passage.slice(at), mark: undefined });
  return pieces.filter(({ text }) => text !== '');
}

/** Where a hit is read: a document in the reader with its words marked, what else there is on the page of its kind. */
export function placeOf({ type, id, patient, kind, passage, marks }: Hit): string {
  const to = `/patients/${patient}`;
  if (type === 'DocumentReference') {
    const words = [...new Set(marks.map(({ from, to: end }) => passage.slice(from, end).toLocaleLowerCase('nb')))];
    return `${to}/documents/${id}?${new URLSearchParams({ words: words.join(' ') })}`;
  }
  if (kind === 'result' || kind === 'report') return `${to}/results`;
  if (kind === 'medicine') return `${to}/medicines`;
  return kind === 'document' ? `${to}/timeline` : to;
}
