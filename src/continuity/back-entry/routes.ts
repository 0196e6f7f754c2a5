/** `/api/back-entry`: what was written on paper comes into the record. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import type { Door } from '#trust/index.ts';
import { entering, whoTreats } from '#trust/entered.ts';
import * as contract from './contract.ts';
import * as forms from './forms.ts';
import type { Actor, FormsDeps } from './forms.ts';

export type BackEntryDeps = FormsDeps & { door: Pick<Door, 'enter'> };

type Asked = { actor: Actor; code: string; body: unknown; query: unknown };

/** Opens the routes: for personnel who treat. An answer leaves when it is in the access log; a refusal too. */
export function registerBackEntry(server: HttpServer, deps: BackEntryDeps): void {
  const answer = (
    method: 'GET' | 'POST',
    path: string,
    action: 'read' | 'search' | 'create',
    work: (asked: Asked) => Promise<object>,
  ): void => {
    server.route({
      method,
      url: `/api/back-entry/${path}`,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const { code = '' } = request.params as { code?: string };
        const query = `back-entry ${path.replace(':code', code.slice(0, 60))}`;
        const answered = await entering(deps.door, request, { action, query }, ({ caller, grant }) => {
          const by = whoTreats(caller, 'Forms are entered by personnel who treat patients.');
          return work({ actor: { by, grant }, code, body: request.body, query: request.query });
        });
        return reply.send(answered);
      },
    });
  };
  answer('GET', 'forms', 'search', async ({ query }) => {
    const { ward, count } = parse(contract.listQuery, query);
    return { forms: await forms.openForms(deps, ward, count) };
  });
  answer('POST', 'forms', 'create', ({ actor, body }) => {
    const { ward, kind, patient } = parse(contract.issueRequest, body);
    return forms.issueForm(deps, actor, ward, { kind, ...(patient === undefined ? {} : { patient }) });
  });
  answer('POST', 'close', 'create', async ({ actor, body }) => {
    const { codes, ...how } = parse(contract.closeManyRequest, body);
    return { forms: await forms.giveUpMany(deps, actor, codes, how) };
  });
  answer('GET', 'forms/:code', 'read', ({ actor, code }) => forms.lookUp(deps, actor, code));
  answer('POST', 'forms/:code/entry', 'create', ({ actor, code, body }) =>
    forms.enter(deps, actor, code, parse(contract.formEntry, body)),
  );
  answer('POST', 'forms/:code/verify', 'create', ({ actor, code }) => forms.verify(deps, actor, code));
  answer('POST', 'forms/:code/reject', 'create', ({ actor, code, body }) =>
    forms.reject(deps, actor, code, parse(contract.rejectRequest, body).reason),
  );
  answer('POST', 'forms/:code/close', 'create', ({ actor, code, body }) =>
    forms.giveUp(deps, actor, code, parse(contract.closeRequest, body)),
  );
}
