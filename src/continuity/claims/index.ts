/** The door of what may happen once. */
export { refuseWhatIsTaken } from './guard.ts';
