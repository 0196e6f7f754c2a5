/** The door of what nodes tell of themselves to the node above. */
export { createReports, type LineBelow, type Reports } from './reports.ts';
export { registerReportRoutes } from './routes.ts';
