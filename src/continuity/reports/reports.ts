/** How the nodes below are, as they told: kept here for the operations room, and told on to the node above with this node's own. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { numberNames, type NumberName, type Numbers } from '../operations/numbers.ts';
import { putReport, readReports, readReportSamples, removeReports, type KeptReport } from './reports-store.ts';

/** What the node above needs to see of a node; the rest stays where it was counted. */
export const toldAbove = [
  'upstreamSilentSeconds',
  'feedLagSeconds',
  'regionAgeSeconds',
  'backlog',
  'conflicts',
  'quarantine',
  'paperOpen',
  'packAgeMinutes',
  'scrubAgeHours',
  'backupAgeHours',
  'blobsDamaged',
  'recordsDamaged',
  'dataFreeShare',
  'walFreeShare',
  'certificateDays',
  'uptimeSeconds',
] as const satisfies readonly NumberName[];

/** One node as it is told on a line: lengths of time, so that clocks that differ change nothing. */
export type ToldNode = {
  node: string;
  /** How long ago it was so, milliseconds. */
  ageMs: number;
  numbers: Readonly<Record<string, number>>;
  /** Its line to the node above it, as that one sees it. */
  line?: { isConnected: boolean; silentMs?: number | undefined } | undefined;
};

/** The lines to the nodes directly below, as this node sees them. */
export type LineBelow = { node: string; isConnected: boolean; lastHeard: number | undefined };

export type Reports = {
  /** This node and all below it, for the node above. */
  tell(node: string, below: readonly LineBelow[]): Promise<ToldNode[]>;
  /** Keeps what was told. Whose it may be is decided before. Numbers that this version does not know are left out. */
  keep(told: readonly ToldNode[]): Promise<void>;
  all(): Promise<KeptReport[]>;
  history(node: string, name: NumberName, from: number): Promise<{ at: number; value: number }[]>;
  /** Forgets what is older than a week, and nodes that are no longer named. */
  prune(nodes: readonly string[]): Promise<void>;
};

const keptMs = 7 * 86_400_000;

export type ReportsDeps = { db: Db; clock: Clock; numbers(): Promise<Numbers> };

export function createReports({ db, clock, numbers }: ReportsDeps): Reports {
  return {
    async tell(node, below) {
      const [own, kept] = await Promise.all([numbers(), readReports(db)]);
      const now = clock.now();
      const lines = new Map(below.map((line) => [line.node, line]));
      return [
        { node, ageMs: 0, numbers: chosen(own, toldAbove) },
        ...kept.map((one) => ({
          node: one.node,
          ageMs: Math.max(0, now - one.at),
          numbers: chosen(one.numbers, toldAbove),
          ...lineTold(one, lines.get(one.node), now),
        })),
      ];
    },
    async keep(told) {
      const now = clock.now();
      for (const { node, ageMs, numbers: given, line } of told) {
        const heard = line?.silentMs === undefined ? undefined : now - line.silentMs;
        await putReport(db, {
          node,
          at: now - ageMs,
          numbers: chosen(given, numberNames),
          line: line && { isConnected: line.isConnected, heard },
        });
      }
    },
    all: () => readReports(db),
    history: (node, name, from) => readReportSamples(db, node, name, from),
    prune: (nodes) => removeReports(db, clock.now() - keptMs, nodes),
  };
}

function chosen(
  given: Readonly<Record<string, number | undefined>>,
  names: readonly NumberName[],
): Numbers & Record<string, number> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = given[name];
      return value === undefined || !Number.isFinite(value) ? [] : [[name, value]];
    }),
  );
}

/** Of a node directly below what this one sees; of others what was told. */
function lineTold({ line }: KeptReport, own: LineBelow | undefined, now: number): Pick<ToldNode, 'line'> {
  const [isConnected, heard] = own === undefined ? [line?.isConnected, line?.heard] : [own.isConnected, own.lastHeard];
  if (isConnected === undefined) return {};
  return { line: { isConnected, ...(heard === undefined ? {} : { silentMs: Math.max(0, now - heard) }) } };
}
