/** Who comes to the look-ups. The application hands in who stands at their door; without that nobody comes in. */
import type { FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import type { RegisterAccess } from './contract.ts';

/** What a route is about: the persons in it are patients, the directory is the sector's own. */
export type RegisterPart = 'persons' | 'events' | 'directory';

/** One request that was let in. */
export type RegisterVisit = {
  access: RegisterAccess;
  /** Whose data go out, by the ids of their Patients. */
  saw(patients: readonly string[]): void;
  /** Before the answer leaves: what was seen is then in the access log. */
  end(outcome: { status: number; fault?: Fault }): Promise<void>;
};

/** Throws a Fault for those who may not come in. */
export type RegisterDoor = (request: FastifyRequest, part: RegisterPart) => Promise<RegisterVisit>;

export const closed: RegisterDoor = () => Promise.reject(new Fault('unauthenticated', 'Sign in first.'));
