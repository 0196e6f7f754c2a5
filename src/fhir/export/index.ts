/** The door of bulk export. `operations.ts` is taken by `operations/index.ts` alone. */
export { createExports, type Exports, type ExportsLimits, type ExportsOptions } from './exports.ts';
export type { ExportSearch } from './choose.ts';
export type { ExportLevel, ExportRequest } from './request.ts';
