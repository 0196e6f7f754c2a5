/** The door of downtime. */
export { createDowntimes, type Counters, type DowntimeDeps, type Downtimes } from './downtime.ts';
export { registerDowntimeRoutes } from './routes.ts';
export type { Downtime, DowntimeKind } from './rules.ts';
export { defaultWatchSettings, type Observation, type WatchSettings } from './watch.ts';
