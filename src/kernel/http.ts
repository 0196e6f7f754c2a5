/** The HTTP server that every part registers on: limits, request numbers, and the one edge where what went wrong becomes an answer. */
import compress from '@fastify/compress';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { asFault } from './db.ts';
import { Fault } from './fault.ts';

export type HttpServer = FastifyInstance;

export type HttpOptions = {
  /** Bytes that a request body may have. */
  bodyBytesMax: number;
  /** Milliseconds that a request may take to arrive. */
  requestTimeoutMs: number;
  logger?: FastifyBaseLogger;
  tls?: { cert: string; key: string };
};

/** A server without routes. Who answers much sends by `reply.compress`: br or gzip, as the client accepts. */
export async function createHttpServer(options: HttpOptions): Promise<HttpServer> {
  const server = fastify({
    bodyLimit: options.bodyBytesMax,
    requestTimeout: options.requestTimeoutMs,
    connectionTimeout: 0,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 2000, ignoreTrailingSlash: true },
    ...(options.logger ? { loggerInstance: options.logger } : { logger: false }),
    ...(options.tls ? { https: options.tls } : {}),
  }) as unknown as HttpServer;
  await server.register(compress, { global: false, threshold: 1024, encodings: ['br', 'gzip'] });
  server.setErrorHandler((error, request, reply) => {
    const fault = faultOf(error);
    if (!fault) logBug(request.log, request.id, error);
    if (fault?.challenge) reply.header('www-authenticate', fault.challenge);
    const problem = fault?.message ?? `Something is wrong at our side. Request number ${request.id}.`;
    return reply.code(fault?.status ?? 500).send({ problem });
  });
  return server;
}

/** The refusal behind an error: ours, the database's, or Fastify's own; undefined for a bug. */
export function faultOf(error: unknown): Fault | undefined {
  const known = asFault(error);
  if (known instanceof Fault) return known;
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  if (statusCode === 413) return new Fault('tooLarge', 'The body is larger than this node takes.', { cause: error });
  if (statusCode === 415)
    return new Fault('unsupportedMediaType', 'This media type is not taken here.', { cause: error });
  if (statusCode === 408) return new Fault('busy', 'The request took too long to arrive.', { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Fault('invalid', `The request can not be read (${code ?? statusCode}).`, { cause: error });
  }
  return undefined;
}

/** A bug is logged with its request number and cause, and never told to the client. */
export function logBug(log: FastifyBaseLogger, requestId: string, error: unknown): void {
  log.error({ event: 'bug', requestId, err: error }, 'bug');
}
