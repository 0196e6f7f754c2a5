/**
 * A whole node as a child process, for measuring over HTTP what users get: validation, history and durability on. With FYR_BENCH_OPEN the same without
 * trust: everybody may everything, and nothing is logged, as the limit that authorised and logged requests are held against.
 */
import pino from 'pino';
import { readConfig } from '#kernel/config.ts';
import { createHttpServer } from '#kernel/http.ts';
import { backgroundGrant } from '#trust/grant.ts';
import { openRecord, startNode } from '../../src/app.ts';
import { personaEntries } from '#sample/persona-entries.ts';

const { FYR_BENCH_OPEN: isOpen, ...environment } = process.env;
const { config } = readConfig(environment, process.cwd());
const databaseUrl = environment['DATABASE_URL'] as string;

async function startOpen(): Promise<{ stop(): Promise<void> }> {
  const record = await openRecord(config, databaseUrl);
  const server = await createHttpServer({ bodyBytesMax: config.limits.bodyBytesMax, requestTimeoutMs: 0 });
  const everybody = { grant: backgroundGrant('bench'), end: () => Promise.resolve() };
  await record.fhir.register(server, '/fhir', () => Promise.resolve(everybody));
  await server.listen({ host: config.host, port: config.port });
  return {
    async stop() {
      await server.close();
      await record.close();
    },
  };
}

const node =
  isOpen === '1'
    ? await startOpen()
    : await startNode(config, databaseUrl, pino({ level: 'silent' }), personaEntries());
process.send?.({ ready: true });
process.on('message', () => process.send?.({ rss: process.memoryUsage().rss }));
process.on('SIGTERM', () => void node.stop().then(() => process.exit(0)));
