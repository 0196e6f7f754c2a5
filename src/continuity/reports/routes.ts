/** `/api/operations/region`: this node and all below it, for those who run it; a number of one of them over time. */
import { z } from 'zod';
import type { Clock } from '#kernel/clock.ts';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import { nodeName, type NodeMap, type RegionNode } from '../line/nodes.ts';
import { alarmsOf } from '../operations/alarms.ts';
import type { HistoryAnswer } from '../operations/contract.ts';
import { numberNames, type NumberName, type Numbers } from '../operations/numbers.ts';
import type { OperatorDoor } from '../operations/operator.ts';
import type { NodeSeen, RegionAnswer } from './contract.ts';
import type { LineBelow, Reports } from './reports.ts';
import type { KeptReport } from './reports-store.ts';

export type ReportRouteDeps = {
  node: string;
  tier: RegionNode['tier'];
  reports: Reports;
  clock: Clock;
  door: Pick<OperatorDoor, 'requireOperator'>;
  /** This node's own numbers. */
  numbers(): Promise<Numbers>;
  /** Undefined: the node has no lines. */
  line(): { map: NodeMap; below(): Promise<readonly LineBelow[]> } | undefined;
};

const historyQuery = z.strictObject({
  node: nodeName,
  number: z.enum(numberNames as [NumberName, ...NumberName[]]),
  hours: z.coerce.number().positive().max(168).default(24),
});
const hourMs = 3_600_000;

export function registerReportRoutes(server: HttpServer, deps: ReportRouteDeps): void {
  const { reports, door, clock, node } = deps;
  server.get('/api/operations/region', async (request, reply) => {
    await door.requireOperator(request, 'region');
    return reply.send({ node, at: clock.now(), nodes: await seen(deps) } satisfies RegionAnswer);
  });
  server.get('/api/operations/region/history', async (request, reply) => {
    await door.requireOperator(request, 'region history');
    const asked = parse(historyQuery, request.query);
    const samples = await reports.history(asked.node, asked.number, clock.now() - asked.hours * hourMs);
    const answer: HistoryAnswer = { number: asked.number, samples: samples.map(({ at, value }) => [at, value]) };
    return reply.send(answer);
  });
}

async function seen({ node, tier, reports, clock, numbers, line }: ReportRouteDeps): Promise<NodeSeen[]> {
  const here: NodeSeen = { ...stateOf(await numbers()), name: node, tier, isHere: true, at: clock.now() };
  const lines = line();
  if (lines === undefined) return [here];
  const { map } = lines;
  const told = new Map((await reports.all()).map((one) => [one.node, one]));
  const direct = new Map((await lines.below()).map((one) => [one.node, one]));
  const below = map.all().filter(({ name }) => name !== node && map.facts.subtree.has(name));
  return [here, ...below.map((one) => nodeSeen(one, told.get(one.name), direct.get(one.name)))];
}

function nodeSeen(
  { name, tier, above }: RegionNode,
  told: KeptReport | undefined,
  direct: LineBelow | undefined,
): NodeSeen {
  const line = direct === undefined ? told?.line : { isConnected: direct.isConnected, heard: direct.lastHeard };
  return {
    ...(told === undefined ? { numbers: {}, alarms: [] } : { ...stateOf(told.numbers), at: told.at }),
    name,
    tier,
    ...(above === undefined ? {} : { above }),
    isHere: false,
    ...(line === undefined
      ? {}
      : { line: { isConnected: line.isConnected, ...(line.heard === undefined ? {} : { heard: line.heard }) } }),
  };
}

function stateOf(numbers: Numbers): Required<Pick<NodeSeen, 'state' | 'numbers' | 'alarms'>> {
  const alarms = alarmsOf(numbers).map(({ code, severity, value, limit, title }) => ({
    code,
    severity,
    value,
    limit,
    title,
  }));
  return { state: alarms[0]?.severity ?? 'good', numbers, alarms };
}
