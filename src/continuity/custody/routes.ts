/** `/api/continuity/encounters/:id/custody`, for personnel who treat the patient. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import { faultOf, type HttpServer } from '#kernel/http.ts';
import type { Door } from '#trust/index.ts';
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
        const { caller, grant, end } = await deps.door.enter(request, what);
        try {
          const { subject } = caller;
          if (subject.kind !== 'personnel' || subject.duty !== 'care')
            throw new Fault('forbidden', 'Who writes a stay is for personnel who treat patients.', {
              reason: 'not-care',
            });
          const by = { reference: `Practitioner/${subject.practitioner}`, name: subject.name };
          const encounter = parse(encounterId, (request.params as { id?: string }).id);
          const body = await work({ by, grant }, encounter, request);
          await end({ status: 200 });
          return await reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(body);
        } catch (error) {
          const fault = faultOf(error);
          await end({ status: fault?.status ?? 500, ...(fault ? { fault } : {}) });
          throw error;
        }
      },
    });
  };
  answer('GET', ({ grant }, encounter) => readCustody(deps, grant, encounter));
  answer('POST', (acting, encounter, { body }) => changeCustody(deps, acting, encounter, parse(custodyRequest, body)));
}

/** Faults: invalid. */
function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('invalid', `${issue?.path.join('.') || 'What was sent'}: ${issue?.message}.`);
}
