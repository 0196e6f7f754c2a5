/** `/api/continuity/conflicts`, and what is kept beside of one patient. For personnel who treat; operators see that there is something and whose it is. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import { parseJson, writeJson } from '#fhir/json/index.ts';
import type { Caller } from '#trust/caller.ts';
import type { Door } from '#trust/index.ts';
import type { Personnel } from '#trust/subject.ts';
import { entering } from '#trust/entered.ts';
import { isOperator } from '../operations/operator.ts';
import { keptBeside } from './beside.ts';
import { conflictId, listQuery, resolveRequest, type ConflictList } from './contract.ts';
import { listFor, outlineAll } from './list-conflicts.ts';
import { readConflict } from './read-conflict.ts';
import { resolve, take, type Deciding, type ResolveDeps } from './resolve.ts';

export type ConflictRouteDeps = ResolveDeps & { door: Pick<Door, 'enter'> };

type Asked = Deciding & { subject: Personnel; caller: Caller; request: FastifyRequest; id: string };
type What = { action: 'read' | 'search' | 'update'; query: string };

/** In a scope of its own: what is edited keeps its numbers to the letter, as FHIR wants it. */
export async function registerConflicts(server: HttpServer, deps: ConflictRouteDeps): Promise<void> {
  await server.register((scope) => registerRoutes(scope as unknown as HttpServer, deps));
}

async function registerRoutes(server: HttpServer, deps: ConflictRouteDeps): Promise<void> {
  server.removeContentTypeParser(['application/json']);
  server.addContentTypeParser(['application/json'], { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : parseJson(String(body)));
    } catch (error) {
      done(error as Error);
    }
  });
  const answer = (method: 'GET' | 'POST', path: string, what: What, work: (asked: Asked) => Promise<object>): void => {
    server.route({ method, url: `/api/continuity/${path}`, handler: handlerOf(deps, what, work) });
  };
  answer('GET', 'conflicts', { action: 'search', query: 'conflicts' }, ({ request, subject, grant }) =>
    list(deps, parse(listQuery, request.query), subject, grant),
  );
  answer('GET', 'conflicts/:id', { action: 'read', query: 'conflict' }, ({ grant, id }) =>
    readConflict(deps, grant, parse(conflictId, id)),
  );
  answer('POST', 'conflicts/:id/take', { action: 'update', query: 'take conflict' }, ({ by, grant, id }) =>
    take(deps, { by, grant }, parse(conflictId, id)),
  );
  answer('POST', 'conflicts/:id/resolve', { action: 'update', query: 'resolve conflict' }, (asked) => {
    const { by, grant, id, request } = asked;
    return resolve(deps, { by, grant }, parse(conflictId, id), parse(resolveRequest, request.body));
  });
  answer('GET', 'patients/:id/beside', { action: 'search', query: 'kept beside' }, ({ grant, id }) =>
    keptBeside(deps, grant, id.slice(0, 64)),
  );
}

async function list(
  deps: ConflictRouteDeps,
  { scope, ...asked }: z.output<typeof listQuery>,
  subject: Personnel,
  grant: Asked['grant'],
): Promise<ConflictList> {
  if (scope === 'all') {
    if (!isOperator(subject))
      throw new Fault('forbidden', 'All conflicts are for those who run the node.', { reason: 'duty' });
    return { scope, conflicts: await outlineAll(deps, asked) };
  }
  requireCare(subject);
  return { scope, conflicts: await listFor(deps, { subject, grant }, { scope, ...asked }) };
}

function requireCare({ duty }: Personnel): void {
  if (duty !== 'care')
    throw new Fault('forbidden', 'Conflicts are decided by personnel who treat patients.', { reason: 'not-care' });
}

/** An answer leaves when it is in the access log; a refusal too. */
function handlerOf(
  { door }: ConflictRouteDeps,
  what: What,
  work: (asked: Asked) => Promise<object>,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  return async (request, reply) => {
    const answer = await entering(door, request, what, ({ caller, grant }) => {
      const { subject } = caller;
      if (subject.kind !== 'personnel')
        throw new Fault('forbidden', 'Conflicts are decided by personnel who treat patients.', { reason: 'not-care' });
      if (what.query !== 'conflicts') requireCare(subject);
      const { id = '' } = request.params as { id?: string };
      const by = { reference: `Practitioner/${subject.practitioner}`, name: subject.name };
      return work({ by, subject, grant, caller, request, id });
    });
    return reply.type('application/json; charset=utf-8').send(writeJson(answer));
  };
}
