/** The door of the ward's pages: what a device keeps, and what it hands over. */
export { registerWardBrowser, type WardBrowserDeps } from './routes.ts';
