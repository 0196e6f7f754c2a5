/** The provider's routes on the node's server: `oidc-provider` below `/oidc`, with what it does not do by itself put before it. */
import { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from 'oidc-provider';
import { putHeaders } from '#kernel/http-security.ts';
import type { HttpServer } from '#kernel/http.ts';
import { registerInteraction, type InteractionDeps } from './interaction.ts';
import type { IssuedTokens } from './issued-tokens.ts';
import { styleSheet } from './page.ts';

/** Bytes of a form that is sent to the provider. */
const formBytesMax = 56 * 1024;

export type ProviderRoutesDeps = InteractionDeps & {
  /** Asked each time: keys change. */
  issued(): Pick<IssuedTokens, 'nameOf'>;
  /** The client that a refresh token was given to. */
  clientOf(refreshToken: string): Promise<string | undefined>;
};

type Handler = ReturnType<Provider['callback']>;

export async function registerProviderRoutes(server: HttpServer, deps: ProviderRoutesDeps): Promise<void> {
  const { prefix } = deps;
  server.get(`${prefix}/style.css`, (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'max-age=3600').send(styleSheet),
  );
  await server.register(async (forms) => {
    forms.removeAllContentTypeParsers();
    forms.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formBytesMax },
      async (_request: FastifyRequest, body: string | Buffer) => new URLSearchParams(String(body)),
    );
    forms.addContentTypeParser('*', (_request, _payload, done) => done(null));
    registerInteraction(forms, deps);
    const rewritten: [string, (form: URLSearchParams, request: FastifyRequest) => void | Promise<void>][] = [
      ['/par', askForConsent],
      ['/token', (form, request) => nameClient(deps, form, request)],
      ['/introspect', (form) => nameToken(deps, form)],
      ['/revoke', (form) => nameToken(deps, form)],
    ];
    for (const [path, rewrite] of rewritten) {
      forms.post(`${prefix}${path}`, async (request, reply) => {
        const form = request.body;
        // No form: the library says so in OAuth's words.
        if (!(form instanceof URLSearchParams)) return hand(deps, request.raw, reply);
        await rewrite(form, request);
        return hand(deps, requestWith(request.raw, form.toString()), reply);
      });
    }
  });
  await server.register(async (raw) => {
    // The library reads the body itself.
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser('*', (_request, _payload, done) => done(null));
    raw.all(`${prefix}/*`, (request, reply) => {
      const { raw: message } = request;
      if (request.method === 'GET' && request.url.startsWith(`${prefix}/authorize?`)) {
        const query = new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1));
        askForConsent(query);
        message.url = `${prefix}/authorize?${query.toString()}`;
      }
      return hand(deps, message, reply);
    });
  });
}

/**
 * OpenID Connect gives `offline_access` only after consent that was asked for by `prompt`; SMART applications don't send that, and are asked about
 * all the same.
 */
function askForConsent(query: URLSearchParams): void {
  const wants = (query.get('scope') ?? '').split(' ').includes('offline_access');
  const prompts = (query.get('prompt') ?? '').split(' ').filter(Boolean);
  if (wants && !prompts.includes('none') && !prompts.includes('consent'))
    query.set('prompt', [...prompts, 'consent'].join(' '));
}

/**
 * Public clients are known by `client_id` alone (RFC 6749 §6 with §3.2.1), and the most used SMART library forgets it when it refreshes. The refresh token
 * says whose it is. Clients with a key are not helped by it: they have to prove who they are all the same.
 */
async function nameClient(deps: ProviderRoutesDeps, form: URLSearchParams, { headers }: FastifyRequest): Promise<void> {
  const isNamed = form.has('client_id') || form.has('client_assertion') || headers.authorization !== undefined;
  if (isNamed || form.get('grant_type') !== 'refresh_token') return;
  const client = await deps.clientOf(form.get('refresh_token') ?? '');
  if (client !== undefined) form.set('client_id', client);
}

/** The library takes no JWT here: it is asked by the name that the token is remembered under. A false token has none. */
async function nameToken({ issued }: ProviderRoutesDeps, form: URLSearchParams): Promise<void> {
  const token = form.get('token') ?? '';
  if (token.split('.').length === 3) form.set('token', (await issued().nameOf(token)) ?? 'unknown');
}

/** The same request with another body. */
function requestWith(original: IncomingMessage, body: string): IncomingMessage {
  const request = new IncomingMessage(original.socket);
  const { method, url, headers, httpVersion } = original;
  Object.assign(request, { method, url, httpVersion, httpVersionMajor: 1, httpVersionMinor: 1 });
  request.headers = { ...headers, 'content-length': String(Buffer.byteLength(body)) };
  request.push(body);
  request.push(null);
  // All of it has come: its end is not the connection's.
  request.complete = true;
  return request;
}

/**
 * Gives the request to the library. Which address the provider has is a setting, whatever the request says: no Host header, and no proxy's, can
 * make it write another one into a token or a redirect.
 */
function hand(deps: InteractionDeps, message: IncomingMessage, reply: FastifyReply): FastifyReply {
  const { host, protocol } = new URL(deps.baseUrl);
  const known = message as IncomingMessage & { originalUrl?: string };
  known.originalUrl = message.url ?? '';
  message.url = known.originalUrl.slice(deps.prefix.length);
  message.headers['x-forwarded-host'] = host;
  message.headers['x-forwarded-proto'] = protocol.slice(0, -1);
  putHeaders(reply);
  reply.hijack();
  const handler: Handler = deps.provider().callback();
  void handler(message, reply.raw);
  return reply;
}
