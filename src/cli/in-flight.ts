/** Does numbered pieces of work a few at a time, while keeping count of how many from the first are done: where to go on after a stop. */

export type Place = {
  /** Pieces done, all from the first to this one. */
  readonly done: number;
};

export type InFlight<T> = {
  /** In their order, with their numbers from 0; those below `first` were done before. */
  pieces: AsyncIterable<[number, T]>;
  first: number;
  /** Pieces at the same time: while one waits for the disk, the next is checked. */
  atOnce: number;
  work: (piece: T, index: number) => Promise<void>;
  /** After each piece, with the place as it is then. */
  save: (place: Place) => Promise<void>;
  /** Aborted: what is under way is finished, nothing new is begun. */
  signal: AbortSignal;
};

/** Resolves with the place when all is done or the signal was aborted; rejects with the first failure, once the others have ended. */
export async function workInFlight<T>({ pieces, first, atOnce, work, save, signal }: InFlight<T>): Promise<Place> {
  const place = { done: first };
  const after = new Set<number>();
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const begin = async (piece: T, index: number): Promise<void> => {
    try {
      await work(piece, index);
      after.add(index);
      while (after.delete(place.done)) place.done++;
      await save(place);
    } catch (error) {
      failures.push(error);
    }
  };
  for await (const [index, piece] of pieces) {
    if (signal.aborted || failures.length > 0) break;
    if (index < first) continue;
    const piecework: Promise<void> = begin(piece, index).then(() => void underWay.delete(piecework));
    underWay.add(piecework);
    if (underWay.size >= atOnce) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
  return place;
}
