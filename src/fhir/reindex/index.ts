/** The door of re-indexing. `operations.ts` is taken by `operations/index.ts` alone. */
export {
  createReindex,
  type Reindex,
  type ReindexOptions,
  type ReindexStatus,
  type WrittenResource,
} from './reindex.ts';
export { checkSearchParameter } from './search-parameter.ts';
export { createWritesUnderWay, type WritesUnderWay } from './writes-under-way.ts';
