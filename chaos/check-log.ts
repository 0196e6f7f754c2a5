/** I8: the access log of each node is whole by the function of `fyr log verify`, and tells each request that was answered. */
import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { exportEntries, lastNumber, readAnchors, readLogKey, verifyLog, findingLine } from '#trust/access-log/index.ts';
import type { Tally } from './findings.ts';
import { isWrite, type History, type Operation } from './history.ts';
import type { NodeProcess } from './node-process.ts';
import type { NodeName, Topology } from './topology.ts';

const findingsMax = 5;

export async function checkLogs(
  topology: Topology,
  history: History,
  tally: Tally,
  setBackAt: ReadonlyMap<NodeName, number> = new Map(),
): Promise<void> {
  for (const name of topology.names) {
    const node = topology.node(name);
    const from = setBackAt.get(name);
    const isSetBack = from !== undefined;
    const findings = await logFindings(node, { isAnchored: !isSetBack });
    tally.check('I8', findings.length === 0, name, () => findings.join('; '));
    // What was lost with the disk is in no log any more, and the anchors say so for good.
    if (isSetBack)
      tally.check('I8', (await logFindings(node)).length > 0, name, () => 'nothing tells that the log was set back');
    await checkTold({ node, name, tally, from: from ?? 0 }, history);
  }
}

/** What `fyr log verify` says of the node's log: nothing, where it was not touched. */
export async function logFindings(
  { name, folder, db }: NodeProcess,
  { isAnchored = true }: { isAnchored?: boolean } = {},
): Promise<string[]> {
  const key = readLogKey(join(folder, 'keys', 'log.key'));
  const findings: string[] = [];
  await verifyLog(db, {
    node: name,
    ...(key ? { publicKey: createPublicKey(key) } : {}),
    witnesses: isAnchored ? [{ name: 'the anchors', anchors: readAnchors(join(folder, 'log', 'anchors')) }] : [],
    onFinding: (finding) => void (findings.length < findingsMax && findings.push(findingLine(finding))),
  });
  return findings;
}

/** By action and what was touched: how many entries there are. */
async function entriesOf({ name, db }: NodeProcess): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const count = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  for await (const entries of exportEntries(db, name, 1, await lastNumber(db))) {
    for (const { action, patient, what, outcome } of entries) {
      if (outcome !== 'allowed') continue;
      if (action === 'search') count(`search ${patient ?? ''}`);
      for (const resource of what.resources) count(`${isWriting(action) ? 'write' : action} ${resource}`);
    }
  }
  return counts;
}

function isWriting(action: string): boolean {
  return action === 'create' || action === 'update';
}

/** No fewer entries than requests that were answered. There may be more: of those whose answer was lost on the way. */
async function checkTold(
  { node, name, tally, from }: { node: NodeProcess; name: NodeName; tally: Tally; from: number },
  history: History,
): Promise<void> {
  const entries = await entriesOf(node);
  const answered = new Map<string, number>();
  for (const operation of history.operations) {
    if (operation.node !== name || operation.outcome !== 'acknowledged' || operation.began < from) continue;
    for (const key of keysOf(operation)) answered.set(key, (answered.get(key) ?? 0) + 1);
  }
  for (const [key, count] of answered) {
    const told = entries.get(key) ?? 0;
    tally.check('I8', told >= count, name, () => `${key}: ${count} answered, ${told} in the log`);
  }
}

function keysOf(operation: Operation): string[] {
  if (operation.kind === 'search') return [`search ${operation.patient}`];
  if (isWrite(operation)) return operation.written.map(({ resource }) => `write ${resource}`);
  return operation.shown.map(({ resource }) => `read ${resource}`);
}
