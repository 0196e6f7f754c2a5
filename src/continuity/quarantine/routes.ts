/** `/api/continuity/quarantine`: the list and trying again for operators, the content for who treats the patient, settling for both. */
import type { FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import type { Caller } from '#trust/caller.ts';
import type { Door, Entered } from '#trust/index.ts';
import { entering, whoTreats } from '#trust/entered.ts';
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
    return reply.send(await listQuarantine(deps));
  });
  server.get(`${url}/:operation`, async (request, reply) =>
    reply.send(await treating(deps, request, 'read', ({ grant }) => showQuarantined(deps, grant, nameOf(request)))),
  );
  server.post(`${url}/:operation/again`, async (request, reply) => {
    const work = (): Promise<object> => tryAgain(deps, nameOf(request));
    return reply.send(await operators.logged(request, 'quarantine: try again', refuseNonOperators, work));
  });
  server.post(`${url}/:operation/settle`, async (request, reply) => {
    const decide = async (caller: Caller): Promise<object> => {
      const { words } = parse(settleRequest, request.body);
      const by = byOf(caller);
      return settle(deps, nameOf(request), { ...by, words });
    };
    const { subject } = await operators.require(request);
    if (isOperator(subject)) return reply.send(await operators.logged(request, 'quarantine: settle', () => {}, decide));
    const work = async ({ grant, caller }: Entered): Promise<object> => {
      await showQuarantined(deps, grant, nameOf(request));
      return decide(caller);
    };
    return reply.send(await treating(deps, request, 'update', work));
  });
}

/** For personnel who treat; logged with what they saw. */
function treating<T>(
  { door }: Pick<QuarantineRouteDeps, 'door'>,
  request: FastifyRequest,
  action: 'read' | 'update',
  work: (entered: Entered) => Promise<T>,
): Promise<T> {
  return entering(door, request, { action, query: 'quarantine' }, (entered) => {
    whoTreats(entered.caller, 'What an operation says is for personnel who treat the patient.');
    return work(entered);
  });
}

function refuseNonOperators({ subject }: Caller): void {
  if (!isOperator(subject)) throw new Fault('forbidden', 'This is for those who run the node.', { reason: 'duty' });
}

const nameOf = (request: FastifyRequest): string =>
  parse(operationId, (request.params as { operation?: string }).operation);
