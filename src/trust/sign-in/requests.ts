/** What the routes of signing in read of a request, and how they answer with a page. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { languageOf, type Language } from '../provider/page.ts';
import type { Cookies } from './cookies.ts';
import { csrfHeader, refuseOtherSite, refuseWithoutToken } from './csrf.ts';
import type { Flow } from './flow.ts';
import type { Identifier } from './identify.ts';
import type { Keys } from './keys.ts';
import { signInHeaders, type IssuerChoice } from './pages.ts';
import type { People } from './people.ts';
import type { Sessions } from './sessions.ts';

export type RoutesDeps = {
  db: Db;
  flow: Flow;
  keys: Keys;
  identifier: Identifier;
  sessions: Sessions;
  people: People;
  cookies: Cookies;
  issuers: readonly IssuerChoice[];
  /** Where signing out may lead on to: the issuers' origins. */
  formTargets: readonly string[];
  origin: string;
  isTrialBearer: boolean;
  sessionIdleMs: number;
};

export type Form = { readonly [name: string]: string };

/** A session that a request has shown. */
export type ShownSession = NonNullable<Awaited<ReturnType<Identifier['sessionOf']>>>;

/** A session that is over counts as none, where one comes to sign in. */
export async function sessionOrNone(
  identifier: Identifier,
  request: FastifyRequest,
): Promise<ShownSession | undefined> {
  try {
    return await identifier.sessionOf(request);
  } catch (error) {
    if (error instanceof Fault && error.kind === 'unauthenticated') return undefined;
    throw error;
  }
}

export async function sessionOrRefuse(identifier: Identifier, request: FastifyRequest): Promise<ShownSession> {
  const shown = await identifier.sessionOf(request);
  if (shown === undefined) throw new Fault('unauthenticated', 'You are not signed in.');
  return shown;
}

/** A change that one of our own pages asks for: its session, and the form's fields. The token is in a header (scripts) or a field (forms). */
export async function changeFrom(
  deps: Pick<RoutesDeps, 'identifier' | 'origin'>,
  request: FastifyRequest,
): Promise<ShownSession & { form: Form }> {
  refuseOtherSite(request.headers, deps.origin);
  const shown = await sessionOrRefuse(deps.identifier, request);
  const form = (request.body ?? {}) as Form;
  refuseWithoutToken(request.headers[csrfHeader] ?? form['_csrf'], shown.session.csrf);
  return { ...shown, form };
}

export function queryOf(request: FastifyRequest): { [name: string]: string | undefined } {
  return Object.fromEntries(new URLSearchParams(request.originalUrl.split('?')[1] ?? ''));
}

export function frameOf(request: FastifyRequest, path: string): { language: Language; path: string } {
  const query = queryOf(request);
  const to = query['to'] === undefined ? '' : `?${new URLSearchParams({ to: safePath(query['to']) })}`;
  return { language: languageOf(query['lang'], request.headers['accept-language']), path: `${path}${to}` };
}

export function returnToIn(request: FastifyRequest): string {
  return safePath(queryOf(request)['to']);
}

/** Within this node, whatever a link says: else a sign-in here could end at somebody else's page. */
export function safePath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes('\\') ? path : '/';
}

export function sendPage(reply: FastifyReply, page: string, formTargets: readonly string[] = []): FastifyReply {
  return reply.headers(signInHeaders(formTargets)).send(page);
}
