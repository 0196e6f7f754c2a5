/** Rows of the index in memory, as one array of terms to be ranked. */
import type { PassageRow } from './index-store.ts';
import { unpackPassages } from './packed-passages.ts';
import { createTermIndex, type TermIndex } from './term-index.ts';

export type Loaded = {
  readonly rows: readonly (Omit<PassageRow, 'passages'> & {
    /** Of `at`, in UTC; empty: unknown. */ readonly day: string;
  })[];
  readonly index: TermIndex;
  /** By passage: its row, and where it stands in the row's text. */
  readonly rowOf: Uint32Array;
  readonly places: Uint32Array;
};

export function loadRows(rows: readonly PassageRow[], weightOf?: (term: number) => number): Loaded {
  const all = rows.map(({ passages }) => unpackPassages(passages));
  const texts = all.flat();
  const [rowOf, places] = [new Uint32Array(texts.length), new Uint32Array(2 * texts.length)];
  let at = 0;
  all.forEach((passages, row) => {
    for (const { from, to } of passages) {
      rowOf[at] = row;
      places[2 * at] = from;
      places[2 * at + 1] = to;
      at++;
    }
  });
  const bare = rows.map(({ type, id, patient, kind, at: when, author, site, title }) => {
    const day = when === null ? '' : new Date(when).toISOString().slice(0, 10);
    return { type, id, patient, kind, at: when, day, author, site, title };
  });
  return { rows: bare, index: createTermIndex(texts, weightOf), rowOf, places };
}

/** Indexes of patients that were asked last, for as long as they are right. `passagesMax` over all of them. */
export function createRemembered(passagesMax: number): {
  get(patient: string, state: string, load: () => Promise<Loaded>): Promise<Loaded>;
} {
  const kept = new Map<string, { state: string; loaded: Loaded }>();
  let passages = 0;
  const drop = (patient: string): void => {
    passages -= kept.get(patient)?.loaded.index.size ?? 0;
    kept.delete(patient);
  };
  return {
    async get(patient, state, load) {
      const known = kept.get(patient);
      if (known?.state === state) {
        // The last one asked is the last to go.
        kept.delete(patient);
        kept.set(patient, known);
        return known.loaded;
      }
      const loaded = await load();
      drop(patient);
      kept.set(patient, { state, loaded });
      passages += loaded.index.size;
      for (const [oldest] of kept) {
        if (passages <= passagesMax || oldest === patient) break;
        drop(oldest);
      }
      return loaded;
    },
  };
}
