/** Something that was captured on this device, and how far it has come. */
import type {
  CaptureAnswer,
  CaptureEntry,
  CaptureQuestion,
  CaptureRequest,
} from '#continuity/ward-browser/contract.ts';
import { Refusal } from '../session/ask.ts';

export type CaptureState =
  /** On this device only. */
  | { name: 'waiting' }
  /** In the record, since when (milliseconds since 1970). */
  | { name: 'recorded'; at: number }
  | { name: 'asks'; question: CaptureQuestion; about: string }
  /** The node's own words. */
  | { name: 'refused'; problem: string };

export type Captured = {
  id: string;
  ward: string;
  patientName: string;
  entry: CaptureEntry;
  typedAt: string;
  by: CaptureRequest['by'];
  isConfirmed?: boolean;
  isForOther?: boolean;
  state: CaptureState;
  /** In this window alone: the browser could not keep it. */
  isVolatile?: boolean;
};

export function requestOf(
  { entry, typedAt, by, isConfirmed, isForOther }: Captured,
  device: string | undefined,
): CaptureRequest {
  return {
    typedAt,
    by,
    entry,
    ...(device === undefined ? {} : { device }),
    ...(isConfirmed === undefined ? {} : { isConfirmed }),
    ...(isForOther === undefined ? {} : { isForOther }),
  };
}

/** What the node's answer makes of it. */
export function stateAfter(answer: CaptureAnswer): CaptureState {
  if (answer.state === 'recorded') return { name: 'recorded', at: answer.at };
  return { name: 'asks', question: answer.question, about: answer.about };
}

const laterStatuses: readonly number[] = [401, 408, 425, 429];

/** A refusal that will be the same the next time; undefined: what waits goes on waiting. */
export function refusalOf(error: unknown): CaptureState | undefined {
  if (!(error instanceof Refusal) || error.status >= 500 || laterStatuses.includes(error.status)) return undefined;
  return { name: 'refused', problem: error.message };
}

/** It still concerns somebody: it is not in the record, and nobody has thrown it away. */
export const isOpen = ({ state }: Captured): boolean => state.name !== 'recorded';
