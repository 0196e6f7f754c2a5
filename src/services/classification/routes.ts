/** `/api/classification`: what a text is, the queue of what people decide, the models. */
import type { FastifyRequest } from 'fastify';
import type { FhirContext, RequestContext } from '#fhir/index.ts';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import { entering, whoTreats } from '#trust/entered.ts';
import type { Door, Entered } from '#trust/index.ts';
import * as contract from './contract.ts';
import { decideType, readQueue, readQueued, type QueueDeps } from './queue.ts';

export type ClassificationRouteDeps = QueueDeps & { context: FhirContext; door: Pick<Door, 'enter'> };

type Asked = { context: RequestContext; caller: Entered['caller'] };
const notYours = 'Types of documents are decided by those who treat patients.';

export function registerClassificationRoutes(server: HttpServer, deps: ClassificationRouteDeps): void {
  const { classifier, context, door } = deps;
  const within = <T>(request: FastifyRequest, query: string, work: (asked: Asked) => Promise<T>): Promise<T> =>
    entering(door, request, { action: 'operation', query }, ({ grant, caller }) =>
      work({ context: { ...context, grant }, caller }),
    );
  server.post('/api/classification/suggest', (request) =>
    within(request, 'classification of a text', async ({ caller }) => {
      if (caller.subject.kind === 'citizen') throw new Fault('forbidden', notYours, { reason: 'not-care' });
      return classifier.suggest(parse(contract.suggestRequest, request.body).text);
    }),
  );
  server.get('/api/classification/queue', (request) =>
    within(request, 'documents without a type', ({ context: asked, caller }) => {
      whoTreats(caller, notYours);
      return readQueue(asked, parse(contract.queueQuery, request.query)._cursor);
    }),
  );
  server.get('/api/classification/queue/:id', (request) =>
    within(request, 'document without a type', ({ context: asked, caller }) => {
      whoTreats(caller, notYours);
      return readQueued(asked, deps, idOf(request));
    }),
  );
  server.post('/api/classification/queue/:id/decide', (request) =>
    within(request, 'type of a document decided', ({ context: asked, caller }) => {
      const by = whoTreats(caller, notYours);
      const { type, version } = parse(contract.decideRequest, request.body);
      return decideType(asked, deps, { id: idOf(request), type, version, by });
    }),
  );
  server.get('/api/classification/models', (request) =>
    within(request, 'models of classification', async ({ caller }): Promise<contract.ModelsAnswer> => {
      if (caller.subject.kind === 'citizen') throw new Fault('forbidden', notYours, { reason: 'not-care' });
      return { models: await classifier.models() };
    }),
  );
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id?: string }).id ?? '';
}
