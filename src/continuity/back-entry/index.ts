/** The door of back-entry. */
export { registerBackEntry, type BackEntryDeps } from './routes.ts';
