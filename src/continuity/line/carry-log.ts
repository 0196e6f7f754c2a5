/**
 * The access log on its way up: sealed here, copied to the node above when the line is there, with those of the nodes below that are copied here. What was
 * written while the line was cut comes in order, from where the node above says that it ended.
 */
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import { copyPageSchema, type LogCopies } from '#trust/access-log/index.ts';
import type { NodeFacts } from '../protocol/view.ts';
import { paths } from './contract.ts';
import { nodeName } from './nodes.ts';
import type { Transport } from './transport.ts';

/** Without a page: how far is it here? */
export const logShape = z.object({ node: nodeName, page: copyPageSchema.optional() });
const answerShape = z.object({ seal: z.int().min(0) });

/** A page has a thousand entries, of some hundred bytes each. */
export const logBytesMax = 32 * 1024 * 1024;

/** What the node above answers. Faults: forbidden for the log of a node that is not below the one that sends; invalid, conflict. */
export async function takeLog(
  copies: LogCopies,
  { children }: Pick<NodeFacts, 'children'>,
  from: string,
  { node, page }: z.output<typeof logShape>,
): Promise<{ seal: number }> {
  const subtree = children.find(({ name }) => name === from)?.subtree;
  if (node !== from && subtree?.has(node) !== true)
    throw new Fault('forbidden', `${from} sends the log of ${node}, which is not below it.`);
  return { seal: page === undefined ? await copies.copied(node) : await copies.keep(node, page) };
}

export type SendingLog = {
  copies: LogCopies;
  facts: Pick<NodeFacts, 'name' | 'subtree'>;
  transport: Pick<Transport, 'ask'>;
  signal: AbortSignal;
};

/** Sends what the node above does not have, of this node and of those below. */
export async function sendLog({ copies, facts, transport, signal }: SendingLog): Promise<void> {
  const ask = async (body: object): Promise<number> =>
    answerShape.parse(JSON.parse(await transport.ask('POST', paths.log, body, signal))).seal;
  for (const node of [facts.name, ...[...facts.subtree].filter((name) => name !== facts.name)]) {
    let seal = await ask({ node });
    for (;;) {
      const page = await copies.pageAfter(node, seal);
      if (page.seals.seals.length === 0) break;
      const kept = await ask({ node, page });
      if (kept <= seal) break;
      seal = kept;
    }
  }
}
