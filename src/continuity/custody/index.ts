/** The door of custody: which node writes a stay, and what a node may not write because others decide it. */
export { refuseWhatOthersDecide } from './guard.ts';
export { registerCustody } from './routes.ts';
