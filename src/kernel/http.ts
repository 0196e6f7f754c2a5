/** The HTTP server that every part registers on: limits, request numbers, and the one edge where what went wrong becomes an answer. */
import compress from '@fastify/compress';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { asFault } from './db.ts';
import { Fault } from './fault.ts';
import { headersOf, secureHttp, type HttpSecurity } from './http-security.ts';
import { tlsOptions } from './tls.ts';

export type HttpServer = FastifyInstance;

export type HttpOptions = {
  /** Bytes that a request body may have. */
  bodyBytesMax: number;
  /** Milliseconds that a request may take to arrive. */
  requestTimeoutMs: number;
  logger?: FastifyBaseLogger;
  tls?: { cert: string; key: string };
  /** Proxies that are believed when they tell the address of a client. */
  proxies?: readonly string[];
  security?: HttpSecurity;
};

/** Bytes that the address and the headers of a request may have together; more is refused with 431. */
const headerBytesMax = 16_384;
/** Milliseconds that they may take to arrive. */
const headersTimeoutMs = 20_000;
const connectionsMax = 20_000;

/** A server without routes. Who answers much sends by `reply.compress`: br or gzip, as the client accepts. */
export async function createHttpServer(options: HttpOptions): Promise<HttpServer> {
  const security = { isHttps: options.tls !== undefined, ...options.security };
  const server = fastify({
    bodyLimit: options.bodyBytesMax,
    requestTimeout: options.requestTimeoutMs,
    connectionTimeout: 0,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    // An address that can not be read comes to no route, and to no hook.
    frameworkErrors: (error, request, reply) => {
      void answerError(error, request, reply.headers(headersOf(security)));
    },
    // What goes wrong is logged with its request's number (`logBug`), so that requests that go well need no logger of their own.
    childLoggerFactory: (logger) => logger,
    routerOptions: { maxParamLength: 2000, ignoreTrailingSlash: true },
    ...(options.logger ? { loggerInstance: options.logger } : { logger: false }),
    trustProxy: options.proxies !== undefined && options.proxies.length > 0 ? [...options.proxies] : false,
    ...(options.tls ? { https: { ...arriving(options), ...tlsOptions(options.tls) } } : { http: arriving(options) }),
  }) as unknown as HttpServer;
  server.server.maxConnections = connectionsMax;
  secureHttp(server, security);
  await server.register(compress, { global: false, threshold: 1024, encodings: ['br', 'gzip'] });
  server.setErrorHandler(answerError);
  return server;
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = faultOf(error);
  if (!fault) logBug(request.log, request.id, error);
  if (fault?.challenge) reply.header('www-authenticate', fault.challenge);
  if (fault?.retryAfterSeconds) reply.header('retry-after', String(fault.retryAfterSeconds));
  const problem = fault?.message ?? `Something is wrong at our side. Request number ${request.id}.`;
  return reply.code(fault?.status ?? 500).send({ problem });
}

/** Who sends a byte now and then holds a connection no longer than this, and looks are taken often enough to see it. */
function arriving({ requestTimeoutMs }: HttpOptions): {
  maxHeaderSize: number;
  headersTimeout: number;
  connectionsCheckingInterval: number;
} {
  const headersTimeout = requestTimeoutMs === 0 ? headersTimeoutMs : Math.min(headersTimeoutMs, requestTimeoutMs);
  return { maxHeaderSize: headerBytesMax, headersTimeout, connectionsCheckingInterval: Math.ceil(headersTimeout / 4) };
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
