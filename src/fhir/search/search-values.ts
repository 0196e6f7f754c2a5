/**
 * What a resource is found by: the columns that the record keeps beside its content (`record/migrations/0001-record.sql`).
 * Made by `extract.ts` in the one pass of a write, read back by the SQL that search builds.
 */
export type SearchValues = {
  /** Distinct 64-bit hashes, as signed decimal strings. Found through the one GIN index. */
  tokens: string[];
  /** `<key>\u001f<normalised text>`: rechecks and sorts of string parameters. */
  strings: string[];
  /** Dates (milliseconds since 1970, closed below, open above), numbers and quantities: three arrays of one length. */
  rangeKeys: number[];
  rangeLows: number[];
  rangeHighs: number[];
  /** The id of the patient whose record this belongs to (first of its Patient compartments), and so its bucket. */
  patient: string | undefined;
};

/** Of what has no content: it is found by nothing. */
export const noValues: SearchValues = {
  tokens: [],
  strings: [],
  rangeKeys: [],
  rangeLows: [],
  rangeHighs: [],
  patient: undefined,
};
