/** Faults of a node's processes: killed, stopped, asleep, started without a line. */
import type { Operation } from '../history.ts';
import type { NodeName } from '../topology.ts';
import { until } from './until.ts';
import type { Fault, Strike } from './fault.ts';

export async function again({ trial, note }: Strike, name: NodeName): Promise<void> {
  const began = performance.now();
  await trial.topology.node(name).start();
  note(`${name} answers ${((performance.now() - began) / 1000).toFixed(1)} s after it was started again`);
}

export const killed: Fault = {
  id: 'F5',
  name: 'processes killed in the middle of work',
  async strike(strike) {
    const { trial, wait } = strike;
    await wait(1500);
    await trial.topology.node('central').kill();
    await wait(1000);
    await again(strike, 'central');
    const both = (['ward', 'region'] as const).filter((name) => trial.topology.names.includes(name));
    for (const name of both) await trial.topology.node(name).kill();
    await Promise.all(both.map((name) => again(strike, name)));
    await wait(1500);
  },
};

export const databaseStopped: Fault = {
  id: 'F6',
  name: 'databases stopped at once',
  async strike(strike) {
    const { trial, wait } = strike;
    await wait(1500);
    const struck = (['local', 'region'] as const).filter((name) => trial.topology.names.includes(name));
    await Promise.all(struck.map((name) => trial.topology.node(name).stopDatabase()));
    await Promise.all(struck.map((name) => again(strike, name)));
    await wait(1500);
  },
};

export const asleep: Fault = {
  id: 'F7',
  name: 'asleep for 90 s and awake again',
  async strike({ trial, wait }) {
    trial.topology.node('central').pause();
    await wait(90_000);
    trial.topology.node('central').wake();
    await wait(3000);
  },
};

/** The hospital's own network is gone: the ward alone, and started anew without a line. */
export const coldStart: Fault = {
  id: 'F13',
  name: 'hospital network gone, cold start of the ward',
  async strike(strike) {
    const { trial, wait, tally } = strike;
    trial.topology.line('ward').cut('silent');
    await wait(1000);
    await trial.topology.node('ward').kill();
    await again(strike, 'ward');
    const from = trial.history.now();
    const atWard = (): Operation[] =>
      trial.history.within({ from, to: trial.history.now() }).filter(({ node }) => node === 'ward');
    await wait(5000);
    // On a machine that is busy with other things.
    await until(() => Promise.resolve(atWard().length > 0), 30_000);
    const alone = atWard();
    tally.check('I13', alone.length > 0, 'ward', () => 'nobody could work at the ward');
    for (const { outcome, kind, problem } of alone)
      tally.check(
        'I13',
        outcome !== 'unknown',
        'ward',
        () => `${kind} was not answered alone after a cold start: ${problem}`,
      );
    trial.topology.line('ward').restore();
  },
};

/** Two hours ahead at one node, two behind at another. */
export const wrongClock: Fault = {
  id: 'F14',
  name: 'clocks two hours wrong',
  async strike(strike) {
    const { trial, wait, note } = strike;
    const offsets = [
      ['central', 7_200_000],
      ['local', -7_200_000],
    ] as const;
    for (const [name, offsetMs] of offsets) await restartWithClock(strike, name, offsetMs);
    await wait(8000);
    for (const [name] of offsets) {
      const { clockOffsetMs } = await trial.lineOf(name);
      note(`${name} tells of a clock ${Math.round((clockOffsetMs ?? 0) / 60_000)} min off`);
    }
    for (const [name] of offsets) await restartWithClock(strike, name, 0);
  },
};

async function restartWithClock(strike: Strike, name: NodeName, offsetMs: number): Promise<void> {
  const node = strike.trial.topology.node(name);
  await node.stop();
  node.clockOffsetMs = offsetMs;
  await again(strike, name);
  await strike.trial.signAgain(name);
}
