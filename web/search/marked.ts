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

const before = 90;
const after = 220;

/** What of a passage is read at a glance: around the first of what was found, cut at spaces. Marks move with it. */
export function glanceOf(passage: string, marks: readonly Mark[]): { text: string; marks: Mark[] } {
  const first = marks.find(({ isDenied }) => !isDenied) ?? marks[0];
  const wanted = Math.max(0, (first?.from ?? 0) - before);
  const from = wanted === 0 ? 0 : Math.min(passage.indexOf(' ', wanted) + 1 || wanted, first?.from ?? wanted);
  const last = Math.max(first?.to ?? 0, from + before + after);
  const to = last >= passage.length ? passage.length : Math.max(passage.lastIndexOf(' ', last), first?.to ?? last);
  const begin = from === 0 ? '' : '… ';
  const text = `${begin}${passage.slice(from, to).replaceAll(/\s/g, ' ')}${to < passage.length ? ' …' : ''}`;
  const by = begin.length - from;
  const kept = marks.filter((mark) => mark.from >= from && mark.to <= to);
  return { text, marks: kept.map((mark) => ({ ...mark, from: mark.from + by, to: mark.to + by })) };
}

/** Where a hit is read: a document in the reader with what was found marked, a result among its own, what else has a day in the timeline of it. */
export function placeOf({ type, id, patient, kind, title, at, passage, marks }: Hit): string {
  const to = `/patients/${patient}`;
  if (type === 'DocumentReference') {
    const words = marks.map(({ from, to: end }) => passage.slice(from, end).toLocaleLowerCase('nb'));
    return `${to}/documents/${id}?${new URLSearchParams([...new Set(words)].map((word) => ['hit', word]))}`;
  }
  if (kind === 'result') return `${to}/results?${new URLSearchParams({ period: 'all', test: title })}`;
  if (type === 'MedicationStatement') return `${to}/medicines`;
  const day = at === undefined ? undefined : dayInNorway.format(new Date(at));
  return day !== undefined && inTimeline.has(type) ? `${to}/timeline?span=${day}` : to;
}

const inTimeline: ReadonlySet<string> = new Set([
  'Encounter',
  'Condition',
  'DiagnosticReport',
  'Procedure',
  'MedicationRequest',
  'Immunization',
]);
const dayInNorway = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo' });
