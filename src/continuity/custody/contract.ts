/** The shapes of `/api/continuity/encounters/:id/custody` that pages see. Times are ISO 8601 in UTC. */
import { z } from 'zod';

export const encounterId = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);

/**
 * `take`: nobody has been named, this node writes from now on. `pass`: to another node. `seize`: who has it can't be reached, and the patient is here.
 * `return`: what was seized or passed here goes back to who had it before.
 */
export const custodyActs = ['take', 'pass', 'seize', 'return'] as const;
export type CustodyAct = (typeof custodyActs)[number];

/** `POST`. `to`: the node that it is passed to. `reason` is needed to seize, and stands in the record. */
export const custodyRequest = z
  .strictObject({
    act: z.enum(custodyActs),
    to: z.string().max(40).optional(),
    reason: z.string().trim().min(1).max(2000).optional(),
  })
  .refine(({ act, to }) => (act === 'pass') === (to !== undefined), { message: 'to belongs to pass' })
  .refine(({ act, reason }) => act !== 'seize' || reason !== undefined, { message: 'a reason is needed to seize' });
export type CustodyRequest = z.output<typeof custodyRequest>;

export type CustodyStep = {
  act: CustodyAct;
  holder: string;
  from: string | undefined;
  at: string;
  by: { reference: string; name: string };
  reason: string | undefined;
};

/** `GET`, and the answer to `POST`. */
export type CustodyShown = {
  /** Id of the Encounter. */
  encounter: string;
  /** The node that writes it; undefined: nobody was named, and every node may. */
  holder: string | undefined;
  /** This node. */
  here: string;
  mayWriteHere: boolean;
  isSeized: boolean;
  /** How it came to be so; undefined where nobody was named. */
  last: CustodyStep | undefined;
  /** What may be done here now. */
  acts: readonly CustodyAct[];
  /** To whom it may be passed. */
  nodes: readonly string[];
  /** Two nodes hold it, each in its own view: the conflict that a person must decide. */
  conflict: string | undefined;
  /** All steps that this node knows, the newest first. */
  history: readonly CustodyStep[];
};
