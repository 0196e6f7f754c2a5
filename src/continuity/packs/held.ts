/** What is held of a patient's record here, and how old it is. */
import type { Db } from '#kernel/db.ts';
import { never, type Held } from './contract.ts';
import { lastArrival, wholeHere } from './holding-store.ts';

export type HoldingOf = (patients: readonly string[], now: number) => Promise<ReadonlyMap<string, Held>>;

/** Where the records live: all of them whole, and as old as the moment. */
export const heldAtHome: HoldingOf = (patients, now) =>
  Promise.resolve(new Map(patients.map((patient) => [patient, { isWhole: true, heardAt: now }])));

/**
 * At a node below another.
 * @param currentAt when all that the node above had was here, last; undefined: never since this node was started
 */
export function heldBelow(db: Db, currentAt: () => Promise<number | undefined>): HoldingOf {
  let arrival: Promise<number | undefined> | undefined;
  return async (patients) => {
    const whole = await wholeHere(db, patients);
    // A node that starts without a line knows what came before by its own record.
    const heardAt = (await currentAt()) ?? (await (arrival ??= lastArrival(db))) ?? never;
    return new Map(patients.map((patient) => [patient, { isWhole: whole.has(patient), heardAt }]));
  };
}
