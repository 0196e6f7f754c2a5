/** Who may look after a node, and that it is written down when they change something. */
import type { FastifyRequest } from 'fastify';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { AccessLog } from '#trust/access-log/index.ts';
import type { Caller } from '#trust/caller.ts';
import { frameOf } from '#trust/frame.ts';
import type { Door } from '#trust/index.ts';
import type { Subject } from '#trust/subject.ts';

/** The scope of a system that watches nodes. */
export const operationsScope = 'fyr/operations.read';

export function isOperator(subject: Subject): boolean {
  if (subject.kind === 'personnel') return subject.duty === 'operator';
  return subject.kind === 'system' && subject.scopes.includes(operationsScope);
}

export type OperatorDoor = {
  /** Who asks. Throws a Fault `unauthenticated` where nobody signed in. */
  require(request: FastifyRequest): Promise<Caller>;
  /** An operator, or a system that watches. Faults: unauthenticated; forbidden, which is logged. */
  requireOperator(request: FastifyRequest, what: string): Promise<Caller>;
  /** Does what changes something, for one who may; in the access log before it is done, and that it was refused. */
  logged<T>(
    request: FastifyRequest,
    what: string,
    refuseOthers: (caller: Caller) => void,
    work: (caller: Caller) => Promise<T>,
  ): Promise<T>;
};

export type OperatorDoorDeps = { door: Pick<Door, 'require'>; log: AccessLog; clock: Clock; ids: Pick<Ids, 'uuid'> };

export function createOperatorDoor({ door, log, clock, ids }: OperatorDoorDeps): OperatorDoor {
  const append = async (caller: Caller, what: string, refused?: Fault): Promise<void> => {
    const { defaultGround, ...frame } = frameOf(caller, ids.uuid());
    await log.append([
      {
        ...frame,
        at: clock.now(),
        action: 'administration',
        patient: undefined,
        what: { types: {}, resources: [], query: what },
        purpose: 'OPERATE',
        ground: defaultGround.ground,
        outcome: refused === undefined ? 'allowed' : 'refused',
        ...(refused === undefined ? {} : { reason: refused.reason ?? 'refused' }),
      },
    ]);
  };
  const refusing = async (caller: Caller, what: string, refuseOthers: (caller: Caller) => void): Promise<void> => {
    try {
      refuseOthers(caller);
    } catch (error) {
      if (error instanceof Fault) await append(caller, what, error);
      throw error;
    }
  };
  return {
    require: (request) => door.require(request),
    async requireOperator(request, what) {
      const caller = await door.require(request);
      await refusing(caller, what, refuseNonOperators);
      return caller;
    },
    async logged(request, what, refuseOthers, work) {
      const caller = await door.require(request);
      await refusing(caller, what, refuseOthers);
      await append(caller, what);
      return work(caller);
    },
  };
}

/** A change: a person who runs the node, no system that watches it. Fault `forbidden`. */
export function refuseWhoIsNoOperator({ subject }: Caller): void {
  if (isOperator(subject) && subject.kind === 'personnel') return;
  throw new Fault('forbidden', 'This is for those who run the node.', { reason: 'duty' });
}

function refuseNonOperators({ subject }: Caller): void {
  if (isOperator(subject)) return;
  throw new Fault('forbidden', 'This is for those who run the node.', { reason: 'duty' });
}
