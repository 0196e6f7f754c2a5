/** The door of the summary record: `Patient/$summary`, `Composition/$document`, and `/api/summary`. */
export { registerSummaryRoutes, type SummaryRouteDeps } from './routes.ts';
export type { ReadBeside } from './read-summary.ts';
export { summaryOperations, type IsReserved } from './summary-operation.ts';
