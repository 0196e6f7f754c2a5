/** `/api/continuity/quarantine`: the list and trying again for operators, the content for who treats the patient, settling for both. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import { faultOf, type HttpServer } from '#kernel/http.ts';
import type { Caller } from '#trust/caller.ts';
import type { Door } from '#trust/index.ts';
import { byOf } from '../downtime/routes.ts';
import { isOperator, type OperatorDoor } from '../operations/operator.ts';
import { operationId, settleRequest } from './contract.ts';
import { listQuarantine, settle, showQuarantined, tryAgain, type QuarantineDeps } from './quarantine.ts';

export type QuarantineRouteDeps = QuarantineDeps & { door: Pick<Door, 'enter'>; operators: OperatorDoor };

const url = '/api/continuity/quarantine';

export function registerQuarantine(server: HttpServer, deps: QuarantineRouteDeps): void {
  const { operators } = deps;
  server.get(url, async (request, reply) => {
    await operators.requireOperator(request, 'quarantine');
    return answer(reply, await listQuarantine(deps));
  });
  server.get(`${url}/:operation`, async (request, reply) =>
    answer(reply, await entering(deps, request, 'read', ({ grant }) => showQuarantined(deps, grant, nameOf(request)))),
  );
  server.post(`${url}/:operation/again`, async (request, reply) => {
    const work = (): Promise<object> => tryAgain(deps, nameOf(request));
    return answer(reply, await operators.logged(request, 'quarantine: try again', refuseNonOperators, work));
  });
  server.post(`${url}/:operation/settle`, async (request, reply) => {
    const decide = async (caller: Caller): Promise<object> => {
      const { words } = parse(settleRequest, request.body);
      const by = byOf(caller);
      return settle(deps, nameOf(request), { ...by, words });
    };
    const { subject } = await operators.require(request);
    if (isOperator(subject))
      return answer(reply, await operators.logged(request, 'quarantine: settle', () => {}, decide));
    const work = async ({ grant, caller }: Entered): Promise<object> => {
      await showQuarantined(deps, grant, nameOf(request));
      return decide(caller);
    };
    return answer(reply, await entering(deps, request, 'update', work));
  });
}

type Entered = Awaited<ReturnType<Door['enter']>>;

/** For personnel who treat; logged with what they saw. */
async function entering<T>(
  { door }: Pick<QuarantineRouteDeps, 'door'>,
  request: FastifyRequest,
  action: 'read' | 'update',
  work: (entered: Entered) => Promise<T>,
): Promise<T> {
  const entered = await door.enter(request, { action, query: 'quarantine' });
  try {
    const { subject } = entered.caller;
    if (subject.kind !== 'personnel' || subject.duty !== 'care')
      throw new Fault('forbidden', 'What an operation says is for personnel who treat the patient.', {
        reason: 'not-care',
      });
    const result = await work(entered);
    await entered.end({ status: 200 });
    return result;
  } catch (error) {
    const fault = faultOf(error);
    await entered.end({ status: fault?.status ?? 500, ...(fault ? { fault } : {}) });
    throw error;
  }
}

function refuseNonOperators({ subject }: Caller): void {
  if (!isOperator(subject)) throw new Fault('forbidden', 'This is for those who run the node.', { reason: 'duty' });
}

const nameOf = (request: FastifyRequest): string =>
  parse(operationId, (request.params as { operation?: string }).operation);

const answer = (reply: FastifyReply, body: object): FastifyReply =>
  reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(body);

/** Faults: invalid. */
function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('invalid', `${issue?.path.join('.') || 'What was sent'}: ${issue?.message}.`);
}
