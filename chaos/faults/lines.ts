/** Faults of the lines between nodes. */
import type { Passing } from '#continuity/index.ts';
import type { NodeName } from '../topology.ts';
import type { Fault, Strike } from './fault.ts';
import { until } from './until.ts';

export const lineCut: Fault = {
  id: 'F1',
  name: 'line cut, then flapping',
  aloneAt: ['central', 'ward', 'local'],
  async strike({ trial, wait, tally, note }) {
    const { topology } = trial;
    const central = topology.line('central');
    central.cut();
    const began = performance.now();
    const isTold = await until(() => isCutOff({ trial }, 'central'), 10_000);
    tally.check('I5', isTold, 'central', () => 'nobody is told that the node is cut off');
    note(`told as cut off after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    if (topology.names.includes('local')) {
      for (let times = 0; times < 5; times++) {
        topology.line('local').cut();
        await wait(500);
        topology.line('local').restore();
        await wait(500);
      }
    } else await wait(3000);
    central.restore();
  },
};

/** Bytes one way vanish: who is above still hears, or still is heard. */
export const oneWay: Fault = {
  id: 'F2',
  name: 'one way only, half open',
  aloneAt: ['central', 'ward', 'local'],
  async strike({ trial, wait }) {
    const { topology } = trial;
    topology.disturb('central', ({ way }) => (way === 'up' ? 'lose' : 'pass'));
    topology.disturb('local', ({ way }) => (way === 'down' ? 'lose' : 'pass'));
    await wait(9000);
    for (const name of ['central', 'local'] as const) {
      if (!topology.names.includes(name)) continue;
      topology.disturb(name, undefined);
      // What was swallowed can not be made up for on the connections that are there.
      topology.line(name).cut();
      topology.line(name).restore();
    }
  },
};

/** Slow, in pieces, and with connections that break: 300 ms each way, and one piece in twenty lost with its connection. */
export const slowLine: Fault = {
  id: 'F3',
  name: 'slow line, 600 ms there and back, breaking',
  aloneAt: ['central', 'ward'],
  async strike({ trial, random, wait }) {
    const { topology } = trial;
    for (const name of ['central', 'ward'] as const)
      topology.disturb(name, () => (random.chance(0.02) ? 'end' : { afterMs: 300 }));
    await wait(20_000);
    for (const name of ['central', 'ward'] as const) topology.disturb(name, undefined);
  },
};

/** What is asked arrives and is done; the answer is lost with the connection. */
export const answerLost: Fault = {
  id: 'F4',
  name: 'answers lost after the commit',
  async strike({ trial, random, wait, note }) {
    const { topology } = trial;
    const names = (['central', 'local', 'ward'] as const).filter((name) => topology.names.includes(name));
    let lost = 0;
    for (const name of names)
      topology.disturb(
        name,
        losing(random.chance, () => void lost++),
      );
    await wait(8000);
    for (const name of names) topology.disturb(name, undefined);
    note(`${lost} answers lost`);
  },
};

/** Once a connection has sent more than greetings, each second answer is lost; and of those to a question as large as operations are, most. */
function losing(chance: (probability: number) => boolean, onLost: () => void): (passing: Passing) => 'pass' | 'end' {
  const sent = new Map<number, { all: number; asked: number }>();
  return ({ way, bytes, connection }) => {
    const { all, asked } = sent.get(connection) ?? { all: 0, asked: 0 };
    if (way === 'up') {
      sent.set(connection, { all: all + bytes, asked: asked + bytes });
      return 'pass';
    }
    sent.set(connection, { all, asked: 0 });
    if (all < 6000 || chance(asked > operationBytes ? 0.2 : 0.5)) return 'pass';
    onLost();
    return 'end';
  };
}

const operationBytes = 1500;

async function isCutOff({ trial }: Pick<Strike, 'trial'>, name: NodeName): Promise<boolean> {
  const summary = await trial.summary(name);
  return summary.isCutOff;
}
