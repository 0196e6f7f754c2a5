/** `/api/continuity/encounters/:id/custody`, for personnel who treat the patient. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import type { Door } from '#trust/index.ts';
import { entering, whoTreats } from '#trust/entered.ts';
import { custodyRequest, encounterId } from './contract.ts';
import { changeCustody, readCustody, type Acting, type CustodyDeps } from './custody.ts';

export type CustodyRouteDeps = CustodyDeps & { door: Pick<Door, 'enter'> };

export function registerCustody(server: HttpServer, deps: CustodyRouteDeps): void {
  const url = '/api/continuity/encounters/:id/custody';
  const answer = (
    method: 'GET' | 'POST',
    work: (acting: Acting, encounter: string, request: FastifyRequest) => Promise<object>,
  ): void => {
    const what = { action: method === 'GET' ? 'read' : 'update', query: 'custody' } as const;
    server.route({
      method,
      url,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const body = await entering(deps.door, request, what, ({ caller, grant }) => {
          const by = whoTreats(caller, 'Who writes a stay is for personnel who treat patients.');
          return work({ by, grant }, parse(encounterId, (request.params as { id?: string }).id), request);
        });
        return reply.send(body);
      },
    });
  };
  answer('GET', ({ grant }, encounter) => readCustody(deps, grant, encounter));
  answer('POST', (acting, encounter, { body }) => changeCustody(deps, acting, encounter, parse(custodyRequest, body)));
}
