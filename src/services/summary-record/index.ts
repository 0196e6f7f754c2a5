/** The door of the summary record: `Patient/$summary`, `Composition/$document`. */
export { summaryOperations, type IsReserved } from './summary-operation.ts';
