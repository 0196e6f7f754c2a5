/** The door of search. See README.md for units, tokens and strategies. */
export { createSearch, type CapabilityParameter, type Search, type SearchOptions } from './search.ts';
export { runSearch, type SearchContext, type SearchResult, type SearchRow } from './run.ts';
export type { SearchTerminology } from './match.ts';
export type { ParseOptions } from './parse.ts';
export { defaultLimits, type Query, type SearchLimits } from './query.ts';
export type { SearchValues } from './search-values.ts';
