/** The door of the quarantine. */
export { registerQuarantine } from './routes.ts';
