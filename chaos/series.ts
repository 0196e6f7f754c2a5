/** Fault after fault on one region: work, strike, heal, agree, check. */
import { createRandom } from '#continuity/simulation/random.ts';
import type { Agreed } from './agreement.ts';
import type { Fault } from './faults/index.ts';
import { unanswered } from './faults/fault.ts';
import { Tally, type Finding } from './findings.ts';
import { isWrite, percentile, type Operation, type Window } from './history.ts';
import type { NodeName } from './topology.ts';
import type { Trial } from './trial.ts';

export type Latency = { readP50: number; readP99: number; writeP50: number; writeP99: number };

export type Row = {
  fault: Fault;
  strike: Window;
  agreed: Agreed;
  /** What was looked at, by promise; findings that are new. */
  checked: Tally['checked'];
  findings: readonly Finding[];
  notes: readonly string[];
  operations: { acknowledged: number; refused: number; unknown: number; writes: number };
  /** While it struck. */
  latency: ReadonlyMap<NodeName, Latency>;
};

const workBeforeMs = 1500;
const agreeLimitMs = 120_000;

export async function runSeries(trial: Trial, faults: readonly Fault[]): Promise<Row[]> {
  const rows: Row[] = [];
  const seen = new Set<string>();
  for (const fault of faults) {
    trial.say(`${fault.id} ${fault.name}`);
    const row = await runOne(trial, fault, seen);
    rows.push(row);
    for (const note of row.notes) trial.say(`   ${note}`);
    for (const { promise, node, what } of row.findings.slice(0, 5))
      trial.say(`   BROKEN ${promise} at ${node}: ${what}`);
    const { acknowledged, unknown } = row.operations;
    trial.say(
      `   ${acknowledged} acknowledged, ${unknown} without answer; agreed after ${(row.agreed.ms / 1000).toFixed(1)} s; ${row.findings.length} broken`,
    );
  }
  return rows;
}

async function runOne(trial: Trial, fault: Fault, seen: Set<string>): Promise<Row> {
  const { history } = trial;
  const notes: string[] = [];
  const own = new Tally();
  const strike = {
    trial,
    random: createRandom(trial.seed + (Number.parseInt(fault.id.slice(1), 10) || 0)),
    tally: own,
    wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    note: (text: string) => void notes.push(text),
  };
  trial.startWork();
  await strike.wait(workBeforeMs);
  const from = history.now();
  await fault.strike(strike);
  const window = { from, to: history.now() };
  await trial.stopWork();
  const agreed = await trial.agreed(agreeLimitMs);
  await trial.settle();
  const tally = await trial.check();
  await fault.settle?.(strike);
  const during = history.within(window);
  const { aloneAt = [] } = fault;
  const lost = unanswered(during, aloneAt);
  own.check(
    'I13',
    lost.length === 0,
    aloneAt.join(),
    () => `${lost.length} requests were not answered: ${lost[0]?.problem}`,
  );
  own.check(
    'I4',
    agreed.obstacle === undefined,
    'all',
    () => `not agreed after ${agreeLimitMs / 1000} s: ${agreed.obstacle}`,
  );
  const findings = [...own.findings, ...tally.findings].filter((finding) => isNew(seen, finding));
  const checked = new Map(tally.checked);
  for (const [promise, count] of own.checked) checked.set(promise, (checked.get(promise) ?? 0) + count);
  return {
    fault,
    strike: window,
    agreed,
    checked,
    findings,
    notes,
    operations: counted(during),
    latency: latencies(during),
  };
}

/** What one fault broke stays broken: it is told where it was found first. */
function isNew(seen: Set<string>, { promise, node, what }: Finding): boolean {
  const key = `${promise} ${node} ${what}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function counted(operations: readonly Operation[]): Row['operations'] {
  const of = (outcome: Operation['outcome']): number => operations.filter((one) => one.outcome === outcome).length;
  const writes = operations.filter((one) => isWrite(one) && one.outcome === 'acknowledged').length;
  return { acknowledged: of('acknowledged'), refused: of('refused'), unknown: of('unknown'), writes };
}

function latencies(operations: readonly Operation[]): Map<NodeName, Latency> {
  const answered = operations.filter(({ outcome }) => outcome === 'acknowledged');
  const nodes = new Set(answered.map(({ node }) => node));
  return new Map([...nodes].map((name) => [name, latencyOf(answered.filter(({ node }) => node === name))]));
}

function latencyOf(operations: readonly Operation[]): Latency {
  const times = (isWanted: (one: Operation) => boolean): number[] =>
    operations.filter(isWanted).map(({ began, ended }) => ended - began);
  const reads = times((one) => !isWrite(one));
  const writes = times(isWrite);
  return {
    readP50: percentile(reads, 0.5),
    readP99: percentile(reads, 0.99),
    writeP50: percentile(writes, 0.5),
    writeP99: percentile(writes, 0.99),
  };
}
