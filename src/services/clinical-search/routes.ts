/** `/api/clinical-search`: one question to a patient's record, or to all that the caller reaches. */
import type { z } from 'zod';
import type { FhirContext } from '#fhir/index.ts';
import { Fault } from '#kernel/fault.ts';
import { faultOf, type HttpServer } from '#kernel/http.ts';
import type { Door } from '#trust/index.ts';
import { searchQuery, type SearchAnswer } from './contract.ts';
import { searchRecords, type SearchDeps } from './search.ts';

export type SearchRouteDeps = SearchDeps & { context: FhirContext; door: Pick<Door, 'enter'> };

export function registerSearchRoutes(server: HttpServer, deps: SearchRouteDeps): void {
  server.get('/api/clinical-search', async (request, reply) => {
    // Of what was asked the log has no words: they may say more of a patient than the opening does.
    const { grant, end } = await deps.door.enter(request, { action: 'search', query: 'clinical search' });
    let answer: SearchAnswer;
    try {
      answer = await searchRecords(deps, { ...deps.context, grant }, parse(searchQuery, request.query));
    } catch (error) {
      const fault = faultOf(error);
      await end({ status: fault?.status ?? 500, ...(fault ? { fault } : {}) });
      throw error;
    }
    // Nothing leaves before it is in the log.
    await end({ status: 200 });
    return reply.header('cache-control', 'no-store').send(answer);
  });
}

/** Faults: invalid. */
function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('invalid', `${issue?.path.join('.') || 'What was sent'}: ${issue?.message ?? 'is not right'}.`);
}
