/** The door of operations. */
export { openOperations, type NodeOperations, type OpenOperationsOptions } from './open.ts';
export type { Sources } from './gather.ts';
export { createOperatorDoor } from './operator.ts';
export type { NumberName, Numbers } from './numbers.ts';
export { countOpenPaper } from './operations-store.ts';
export { countConflicts, countDoubles } from './record-counts.ts';
