/** Every fault that the trial can bring, in the order of the design. */
import { createRandom } from '#continuity/simulation/random.ts';
import type { Fault, Strike } from './fault.ts';
import { storeLost } from './devices.ts';
import { archiveGone } from './images.ts';
import { oneVersionApart, setBack, thereTwice } from './lives.ts';
import { answerLost, lineCut, oneWay, slowLine } from './lines.ts';
import { asleep, coldStart, databaseStopped, killed, wrongClock } from './processes.ts';
import { killedInPack } from './packs.ts';
import { rightsTaken } from './rights.ts';
import { bitRot, diskFull, tampered } from './storage.ts';
import { manyWriters, moved, poisoned } from './work.ts';

export type { Fault, Strike } from './fault.ts';

export const faults: readonly Fault[] = [
  lineCut,
  oneWay,
  slowLine,
  answerLost,
  killed,
  databaseStopped,
  asleep,
  diskFull,
  bitRot,
  storeLost,
  archiveGone,
  coldStart,
  wrongClock,
  manyWriters,
  moved,
  poisoned,
  rightsTaken,
  tampered,
  oneVersionApart,
  thereTwice,
  killedInPack,
  setBack,
];

/** Those that this trial does not bring, and why. */
export const notBrought: readonly { id: string; why: string }[] = [
  {
    id: 'F9',
    why: 'a file system can not be made read-only under a running database, and errors need a device of one’s own making',
  },
  {
    id: 'F20',
    why: 'a hundred thousand changes that wait are measured by --figures; twenty hospitals need more nodes than two cores carry',
  },
];

/** What `--quick` brings: faults that do not touch the same node or line strike side by side, and are agreed and checked upon once. */
export const quickSet: readonly Fault[] = [
  together(lineCut, manyWriters),
  oneWay,
  together(answerLost, tampered, storeLost),
  killed,
  together(databaseStopped, diskFull),
  together(bitRot, coldStart, archiveGone),
  moved,
  poisoned,
  rightsTaken,
];

/** What `--smoke` brings, to a region and one hospital. */
export const smokeSet: readonly Fault[] = [lineCut, together(answerLost, tampered), killed];

/** Several faults as one, which begin at the same time. Each has the chance that it has by itself. */
export function together(...among: readonly Fault[]): Fault {
  const strikeOf = (strike: Strike, { id }: Fault): Strike => ({
    ...strike,
    random: createRandom(strike.trial.seed + Number(id.slice(1))),
    note: (text) => strike.note(`${id}: ${text}`),
  });
  return {
    id: among.map(({ id }) => id).join('+'),
    name: among.map(({ name }) => name).join('; '),
    aloneAt: [...new Set(among.flatMap(({ aloneAt = [] }) => aloneAt))],
    ...(among.some(({ needsRoot }) => needsRoot) ? { needsRoot: true } : {}),
    async strike(strike) {
      await Promise.all(among.map((fault) => fault.strike(strikeOf(strike, fault))));
    },
    async settle(strike) {
      for (const fault of among) await fault.settle?.(strikeOf(strike, fault));
    },
  };
}

/** Of `F1`, or `F1+F15` for several at once; undefined: there is none. */
export function faultOf(words: string): Fault | undefined {
  const ids = words.split('+');
  const among = ids.flatMap((id) => faults.find((fault) => fault.id === id) ?? []);
  if (among.length !== ids.length) return undefined;
  return among.length === 1 ? among[0] : together(...among);
}
