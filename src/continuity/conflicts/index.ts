/** The door of conflicts: versions side by side, who decides, and the deciding. */
export { resourcesBeside } from './beside.ts';
export { followConflicts, type Following } from './follow.ts';
export { registerConflicts } from './routes.ts';
