/** Every fault that the trial can bring, in the order of the design. */
import type { Fault } from './fault.ts';
import { answerLost, lineCut, oneWay, slowLine } from './lines.ts';
import { asleep, coldStart, databaseStopped, killed, wrongClock } from './processes.ts';
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
  coldStart,
  wrongClock,
  manyWriters,
  moved,
  poisoned,
  rightsTaken,
  tampered,
];

/** Those that this trial does not bring, and why. */
export const notBrought: readonly { id: string; why: string }[] = [
  { id: 'F9', why: 'a disk that answers with errors needs a file system of its own making' },
  { id: 'F11', why: 'nothing is acknowledged that lies in a browser only: the pages keep no records there' },
  { id: 'F12', why: 'the image archive is not a part of a node yet that work goes through' },
  { id: 'F16', why: 'restoring is tried by the tests of fyr restore' },
  { id: 'F18', why: 'there is one version of the protocol' },
  { id: 'F20', why: 'measured by --figures' },
  { id: 'F23', why: 'simulated; with real processes not yet' },
  { id: 'F24', why: 'tried by the tests of packs' },
];
