/** What JSON routes do between the door and the answer: the work, then its entries in the access log. */
import type { FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import { faultOf } from '#kernel/http.ts';
import type { Caller } from './caller.ts';
import type { Door, Entered } from './door.ts';

/** Does the work, and leaves its entries in the log before anything is answered: that it went well, or with what fault. */
export async function endingWell<T>({ end }: Pick<Entered, 'end'>, work: () => Promise<T>): Promise<T> {
  let answer: T;
  try {
    answer = await work();
  } catch (error) {
    const fault = faultOf(error);
    await end({ status: fault?.status ?? 500, ...(fault ? { fault } : {}) });
    throw error;
  }
  await end({ status: 200 });
  return answer;
}

/** Enters by the door, does the work, and ends as `endingWell`. */
export async function entering<T>(
  door: Pick<Door, 'enter'>,
  request: FastifyRequest,
  what: Parameters<Door['enter']>[1],
  work: (entered: Entered) => Promise<T>,
): Promise<T> {
  const entered = await door.enter(request, what);
  return endingWell(entered, () => work(entered));
}

/** Who treats patients, as a signature. Fault `forbidden` with these words for everybody else. */
export function whoTreats({ subject }: Caller, refusal: string): { reference: string; name: string } {
  if (subject.kind !== 'personnel' || subject.duty !== 'care')
    throw new Fault('forbidden', refusal, { reason: 'not-care' });
  return { reference: `Practitioner/${subject.practitioner}`, name: subject.name };
}
