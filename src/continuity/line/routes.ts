/** `/api/continuity`: the lines of this node, for operators; and in short for the line on top of every page. */
import type { FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Caller } from '#trust/caller.ts';
import type { LineState, LineSummary } from './contract.ts';

export type LineRouteDeps = {
  /** Who asks. Throws a Fault `unauthenticated`. */
  require(request: FastifyRequest): Promise<Caller>;
  state(): Promise<LineState>;
  summary(): Promise<LineSummary>;
};

export function registerLineRoutes(server: HttpServer, { require, state, summary }: LineRouteDeps): void {
  server.get('/api/continuity', async (request, reply) => {
    const { subject } = await require(request);
    if (subject.kind === 'citizen' || (subject.kind === 'personnel' && subject.duty !== 'operator'))
      throw new Fault('forbidden', 'Only operators see the lines of a node.');
    return reply.send(await state());
  });
  server.get('/api/continuity/summary', async (request, reply) => {
    await require(request);
    return reply.send(await summary());
  });
}
