/**
 * The bare limit: the same HTTP server, driver and PostgreSQL, the same rows and statements, and nothing of Fyr. A child process; it
 * takes its port and database from the environment and its statements from the requests' names.
 */
import fastify from 'fastify';
import { openDatabase } from '#kernel/db.ts';

export type BareStatement = { text: string; parameters: unknown[]; prepare: boolean };

const db = openDatabase(process.env['BARE_DATABASE'] as string, { connectionsMax: 10 });
const server = fastify({ logger: false, bodyLimit: 2 ** 28 });
const statements = new Map<string, BareStatement[][]>();
const asText = 'application/fhir+json; charset=utf-8';

server.removeAllContentTypeParsers();
server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

/** Takes a list of statement sequences under a name; `GET /run/<name>/<i>` runs the i-th and sends the contents joined. */
server.post<{ Params: { name: string } }>('/statements/:name', async (request) => {
  statements.set(request.params.name, JSON.parse(request.body as string) as BareStatement[][]);
  return {};
});

server.get<{ Params: { name: string; i: string } }>('/run/:name/:i', async (request, reply) => {
  const sequence = statements.get(request.params.name)?.[Number(request.params.i)] ?? [];
  let joined = '';
  for (const { text, parameters, prepare } of sequence) {
    const rows = (await db.unsafe(text, parameters as never[], { prepare })) as unknown as { content?: string }[];
    for (const row of rows) joined += row.content ?? '';
  }
  return reply.header('content-type', asText).send(joined);
});

server.get<{ Params: { bucket: string; type: string; id: string } }>(
  '/content/:bucket/:type/:id',
  async (request, reply) => {
    const { bucket, type, id } = request.params;
    const [row] = await db<{ content: string }[]>`
    select content from bare where bucket = ${bucket} and type = ${type} and id = ${id}`;
    return reply.header('content-type', asText).send(row?.content ?? '');
  },
);

/** One durable insert of the body as it is. */
server.post<{ Params: { id: string } }>('/insert', async (request, reply) => {
  const content = request.body as string;
  await db`insert into bare_written (bucket, type, id, content) values (7, 'Observation', gen_random_uuid()::text, ${content})`;
  return reply.code(201).header('content-type', asText).send(content);
});

/** The rows of a transaction in one statement: a body of `{ columns, rows }` that was made beforehand. */
server.post('/unnest', async (request, reply) => {
  const { text, parameters } = JSON.parse(request.body as string) as BareStatement;
  await db.unsafe(text, parameters as never[], { prepare: true });
  return reply.code(200).send('{}');
});

await server.listen({ port: Number(process.env['BARE_PORT']), host: '127.0.0.1' });
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));
