/**
 * What every answer says to a browser, who may call from a page of another origin, how much is taken on, and that a stop ends. Registered first, so that it
 * holds for every route, for those that are refused, and for addresses that are not there.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from './fault.ts';
import type { HttpServer } from './http.ts';
import type { RequestLimits } from './request-limits.ts';

export type HttpSecurity = {
  /** Clients reach the node by HTTPS, its own or a proxy's. */
  isHttps?: boolean;
  /** Origins, in lower case, whose pages may call (CORS). */
  origins?: readonly string[];
  limits?: RequestLimits;
  /** Milliseconds that requests under way have to end once the node stops; then their connections are closed. */
  closeWithinMs?: number;
};

const closeWithinMs = 5000;
const preflightSeconds = 600;

/**
 * The content security policy of what is no page: nothing runs, nothing loads, and a document that somebody stored (a Binary of HTML) is a stranger to this origin.
 * A page says its own, without `unsafe-inline`: `pagePolicy`, or stricter.
 */
const dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/** For pages of our own, with scripts and styles from files of this origin. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const everywhere: Readonly<Record<string, string>> = {
  'content-security-policy': dataPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  // Health data stays in no cache. ETag and If-None-Match work all the same: who keeps a copy on purpose asks whether it is still right.
  'cache-control': 'no-store',
};

/** What matters where a browser opens an answer as a document, which it says by what it accepts. Others are spared the bytes and the time. */
const documents: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
};

const strictTransport = { 'strict-transport-security': 'max-age=31536000' };

/** Registers the hooks. Routes may say more or less than the headers here, by setting their own. */
export function secureHttp(server: HttpServer, options: HttpSecurity): void {
  const headers = headersOf(options);
  const origins = new Set(options.origins);
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers);
    if (request.headers.accept?.includes('text/html')) reply.headers(documents);
    try {
      takeOn(options.limits, request, reply);
    } catch (error) {
      done(error as Error);
      return;
    }
    const { origin } = request.headers;
    if (origin !== undefined && answerOrigin(origins, origin, request, reply)) return;
    done();
  });
  closeInTime(server, options.closeWithinMs ?? closeWithinMs);
}

/** What every answer carries. */
export function headersOf({ isHttps }: HttpSecurity): Readonly<Record<string, string>> {
  return isHttps ? { ...everywhere, ...strictTransport } : everywhere;
}

/** A reply that is handed to another library, which writes to the socket itself (`reply.hijack()`), gets the headers that are set so far this way. */
export function putHeaders(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
}

function takeOn(limits: RequestLimits | undefined, request: FastifyRequest, reply: FastifyReply): void {
  if (limits === undefined) return;
  limits.address(request.ip);
  // A WebSocket is no request under way, and its answer never ends.
  if (request.headers.upgrade !== undefined) return;
  limits.enter(request);
  reply.raw.on('close', () => limits.leave(request));
}

const exposed = 'ETag, Last-Modified, Location, Content-Location, Retry-After, WWW-Authenticate, DPoP-Nonce';
const accepted =
  'Authorization, DPoP, Content-Type, Accept, Prefer, If-Match, If-None-Match, If-Modified-Since, If-None-Exist, X-Request-Id';

/**
 * Fetch standard §3.3. Cookies are never let through (`Access-Control-Allow-Credentials`): apps of other origins come with tokens. True when this was the whole answer.
 */
function answerOrigin(
  origins: ReadonlySet<string>,
  origin: string,
  request: FastifyRequest,
  reply: FastifyReply,
): boolean {
  const isAllowed = origins.has(origin.toLowerCase());
  reply.header('vary', 'Origin');
  if (isAllowed) {
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', exposed);
    reply.header('cross-origin-resource-policy', 'cross-origin');
  }
  // Browsers open WebSockets to any origin and ask nobody: RFC 6455 §10.2 leaves it to the server.
  if (request.headers.upgrade !== undefined && !isAllowed && !isOwnOrigin(origin, request)) {
    reply.code(403).send();
    return true;
  }
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  if (!isPreflight) return false;
  if (isAllowed) {
    reply.headers({
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': accepted,
      'access-control-max-age': String(preflightSeconds),
    });
  }
  reply.code(isAllowed ? 204 : 403).send();
  return true;
}

function isOwnOrigin(origin: string, request: FastifyRequest): boolean {
  return URL.canParse(origin) && new URL(origin).host === request.host;
}

/** A request whose database is gone, or a client that reads slowly, must not keep a node from stopping. */
function closeInTime(server: HttpServer, withinMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  server.addHook('preClose', (done) => {
    timer = setTimeout(() => server.server.closeAllConnections(), withinMs);
    done();
  });
  server.addHook('onClose', (_instance, done) => {
    clearTimeout(timer);
    done();
  });
}

/**
 * Refuses to carry health data in the clear over a network.
 * Faults: invalid, for an address other than this machine's own without a certificate, unless a proxy in front is said to have one.
 */
export function refusePlainHttp(config: {
  host: string;
  tls: unknown;
  security: { isPlainHttpBehindProxy: boolean };
}): void {
  const { host, tls, security } = config;
  const isOwnMachine = host === 'localhost' || host === '::1' || host.startsWith('127.');
  if (tls !== undefined || isOwnMachine || security.isPlainHttpBehindProxy) return;
  throw new Fault(
    'invalid',
    `FYR_HOST is ${host}, and there is no certificate: health data would go over the network in the clear. Set FYR_TLS_CERT and FYR_TLS_KEY, ` +
      'or FYR_PLAIN_HTTP_BEHIND_PROXY=1 where a proxy in front speaks HTTPS.',
  );
}
