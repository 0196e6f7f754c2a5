/** `/api/continuity/doubles`, for personnel who treat the patients. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import { writeJson } from '#fhir/json/index.ts';
import type { Door } from '#trust/index.ts';
import { entering, whoTreats } from '#trust/entered.ts';
import { doubleId, doublesQuery, settleRequest, type DoubleList } from './contract.ts';
import { listDoubles, settleDouble, type DoublesDeps, type Settling } from './doubles.ts';

export type DoublesRouteDeps = DoublesDeps & { door: Pick<Door, 'enter'> };

export function registerDoubles(server: HttpServer, deps: DoublesRouteDeps): void {
  const answer = (
    method: 'GET' | 'POST',
    path: string,
    work: (settling: Settling, request: FastifyRequest) => Promise<object>,
  ): void => {
    const what = { action: method === 'GET' ? 'search' : 'update', query: 'doubles' } as const;
    server.route({
      method,
      url: `/api/continuity/doubles${path}`,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const body = await entering(deps.door, request, what, ({ caller, grant }) => {
          const by = whoTreats(caller, 'Possible doubles are for personnel who treat patients.');
          return work({ by, grant }, request);
        });
        return reply.type('application/json; charset=utf-8').send(writeJson(body));
      },
    });
  };
  answer('GET', '', async ({ grant }, { query }): Promise<DoubleList> => ({
    doubles: await listDoubles(deps, grant, parse(doublesQuery, query)),
  }));
  answer('POST', '/:id/settle', (settling, { params, body }) =>
    settleDouble(deps, settling, parse(doubleId, (params as { id?: string }).id), parse(settleRequest, body)),
  );
}
