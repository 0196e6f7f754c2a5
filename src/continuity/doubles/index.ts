/** The door of possible doubles. */
export { followDoubles } from './follow.ts';
export { registerDoubles } from './routes.ts';
