/** `/api/continuity/doubles`, for personnel who treat the patients. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import { faultOf, type HttpServer } from '#kernel/http.ts';
import { writeJson } from '#fhir/json/index.ts';
import type { Door } from '#trust/index.ts';
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
        const { caller, grant, end } = await deps.door.enter(request, what);
        try {
          const { subject } = caller;
          if (subject.kind !== 'personnel' || subject.duty !== 'care')
            throw new Fault('forbidden', 'Possible doubles are for personnel who treat patients.', {
              reason: 'not-care',
            });
          const by = { reference: `Practitioner/${subject.practitioner}`, name: subject.name };
          const body = await work({ by, grant }, request);
          await end({ status: 200 });
          return await reply
            .type('application/json; charset=utf-8')
            .header('cache-control', 'no-store')
            .send(writeJson(body));
        } catch (error) {
          const fault = faultOf(error);
          await end({ status: fault?.status ?? 500, ...(fault ? { fault } : {}) });
          throw error;
        }
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

/** Faults: invalid. */
function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('invalid', `${issue?.path.join('.') || 'What was sent'}: ${issue?.message}.`);
}
