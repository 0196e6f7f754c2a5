/** The region as a node sees it: itself and all below it. */
import type { Alarm } from '../operations/alarms.ts';
import type { Numbers } from '../operations/numbers.ts';

export type NodeSeen = {
  name: string;
  tier: 'region' | 'site' | 'ward';
  above?: string;
  isHere: boolean;
  /** When it was as is told here, milliseconds since 1970; undefined: it has told nothing yet. */
  at?: number;
  /** Its line to the node above it, as that one sees it; undefined: nobody has told. */
  line?: { isConnected: boolean; heard?: number };
  /** By its alarms: what it told, however old. */
  state?: 'good' | 'warning' | 'critical';
  numbers: Numbers;
  alarms: readonly Pick<Alarm, 'code' | 'severity' | 'value' | 'limit' | 'title'>[];
};

/** `GET /api/operations/region`. `GET /api/operations/region/history?node=&number=&hours=` gives a HistoryAnswer. */
export type RegionAnswer = { node: string; at: number; nodes: readonly NodeSeen[] };
