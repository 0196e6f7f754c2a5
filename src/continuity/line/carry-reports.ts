/** How a node is, on its way up: its own numbers and those of the nodes below it, some times a minute. A node above of before this was made answers 404. */
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import type { LineBelow, Reports } from '../reports/reports.ts';
import type { NodeFacts } from '../protocol/view.ts';
import { nodeName } from './nodes.ts';
import type { Transport } from './transport.ts';

/** POST, below `/continuity/`. */
export const reportPath = '/continuity/report';
export const reportBytesMax = 4 * 1024 * 1024;

const ms = z.number().min(0).max(1e14);
const numbers = z
  .record(z.string().max(60), z.number())
  .refine((given) => Object.keys(given).length <= 100, 'There are more numbers than a node has.');

export const reportShape = z.object({
  nodes: z
    .array(
      z.object({
        node: nodeName,
        ageMs: ms,
        numbers,
        line: z.object({ isConnected: z.boolean(), silentMs: ms.optional() }).optional(),
      }),
    )
    .max(5000),
});

/** At the upper side. Faults: forbidden, for a node that is not below the one that sends. */
export async function takeReport(
  reports: Reports,
  { children }: Pick<NodeFacts, 'children'>,
  from: string,
  { nodes }: z.output<typeof reportShape>,
): Promise<void> {
  const subtree = children.find(({ name }) => name === from)?.subtree;
  const foreign = nodes.find(({ node }) => node !== from && subtree?.has(node) !== true);
  if (foreign !== undefined) throw new Fault('forbidden', `${from} tells of ${foreign.node}, which is not below it.`);
  await reports.keep(nodes);
}

export type SendingReport = {
  reports: Reports;
  node: string;
  below: readonly LineBelow[];
  transport: Pick<Transport, 'ask'>;
  signal: AbortSignal;
};

/** At the lower side. A node above that takes no reports is no error: it is of an earlier release. */
export async function sendReport({ reports, node, below, transport, signal }: SendingReport): Promise<void> {
  const nodes = await reports.tell(node, below);
  try {
    await transport.ask('POST', reportPath, { nodes }, signal);
  } catch (error) {
    if (!(error instanceof Fault && error.kind === 'notFound')) throw error;
  }
}
