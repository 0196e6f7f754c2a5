/** The shapes of `/api/continuity/doubles` that pages see: what may happen once and has perhaps happened twice. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import type { ConflictOwner } from '../conflicts/contract.ts';

export const doubleId = z.string().regex(/^double-[0-9a-f]{8,64}$/);
const reference = z.string().regex(/^[A-Z][A-Za-z]{1,40}\/[A-Za-z0-9.-]{1,64}$/);

/** `GET`: those of patients whom the caller treats. */
export const doublesQuery = z.strictObject({
  state: z.enum(['open', 'closed']).default('open'),
  patient: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,64}$/)
    .optional(),
});

/** One of those that took what may be taken once. */
export type Candidate = {
  /** `Type/id`. */
  resource: string;
  status: string;
  title: string;
  /** The node that wrote the version that holds, and when. */
  node: string;
  writtenAt: string;
  /** When it was done or is to be, as it says itself. */
  at: string | undefined;
  /** It says that it was done though who decides could not be asked. */
  isEmergency: boolean;
  content: object;
};

export type Double = {
  /** Of the DetectedIssue, and of the Task about it. */
  id: string;
  kind: 'dispense' | 'slot' | 'dose';
  state: 'open' | 'closed';
  patient: { id: string; name: string } | undefined;
  since: string;
  deadline: string;
  owner: ConflictOwner;
  candidates: readonly Candidate[];
  resolution: { at: string; by: string; reason: string } | undefined;
};

export type DoubleList = { doubles: readonly Double[] };

/**
 * `POST …/:id/settle`. `both-happened`: they stand. `one-mistaken`: one of the candidates was entered in error and is marked so. A reason stands in the record.
 */
export const settleRequest = z
  .strictObject({
    outcome: z.enum(['both-happened', 'one-mistaken']),
    mistaken: reference.optional(),
    reason: z.string().trim().min(1).max(2000),
  })
  .refine(({ outcome, mistaken }) => (outcome === 'one-mistaken') === (mistaken !== undefined), {
    message: 'mistaken belongs to one-mistaken',
  });
export type SettleRequest = z.output<typeof settleRequest>;
