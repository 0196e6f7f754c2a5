/** `/metrics` for Prometheus, `/api/operations` for those who run the node. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { HistoryAnswer, OperationsAnswer } from './contract.ts';
import { numberFacts, numberNames, type NumberName } from './numbers.ts';
import type { Operations } from './operations.ts';
import type { OperatorDoor } from './operator.ts';

export type OperationsRouteDeps = {
  operations: Operations;
  door: OperatorDoor;
  now(): number;
  about: { node: string; role: string; version: string; baseUrl: string };
};

const historyQuery = z.strictObject({
  number: z.enum(numberNames as [NumberName, ...NumberName[]]),
  hours: z.coerce.number().positive().max(168).default(24),
});

export function registerOperationsRoutes(server: HttpServer, deps: OperationsRouteDeps): void {
  const { operations, door, about, now } = deps;
  operations.requests.watch(server);
  server.get('/metrics', async (request, reply) => {
    if (!isFromThisMachine(request)) await door.requireOperator(request, 'metrics');
    const text = await operations.requests.text(await operations.numbers());
    return reply.type(operations.requests.contentType).send(text);
  });
  server.get('/api/operations', async (request, reply) => {
    await door.requireOperator(request, 'operations');
    const { state, numbers, alarms } = await operations.state();
    const names = Object.keys(numbers) as NumberName[];
    const words = Object.fromEntries(names.map((name) => [name, numberFacts[name].help]));
    return reply.send({ ...about, at: now(), state, numbers, words, alarms } satisfies OperationsAnswer);
  });
  server.get('/api/operations/history', async (request, reply) => {
    await door.requireOperator(request, 'operations history');
    const asked = historyQuery.safeParse(request.query);
    if (!asked.success) throw new Fault('invalid', 'Say which number, and for how many hours (1 to 168).');
    const { number, hours } = asked.data;
    const samples = await operations.history(number, now() - hours * 3_600_000);
    const answer: HistoryAnswer = { number, samples: samples.map(({ at, value }) => [at, value]) };
    return reply.send(answer);
  });
}

/** The connection comes from this machine, and not through a proxy on it that stands for somebody else. */
function isFromThisMachine({ socket, headers }: FastifyRequest): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const isForwarded = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'].some(
    (name) => name in headers,
  );
  return !isForwarded && (address === '::1' || address.startsWith('127.'));
}
