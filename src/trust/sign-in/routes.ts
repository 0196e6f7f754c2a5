/** The addresses of signing in and out. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import { faultOf, logBug, type HttpServer } from '#kernel/http.ts';
import { styleSheet } from '../provider/page.ts';
import { roleChoice, type RoleAnswer, type SessionAnswer } from './contract.ts';
import { attemptSeconds } from './flow.ts';
import { registerKeyCalls, registerKeyPages } from './key-routes.ts';
import { refusedPage, rolePage, signInPage, signOutPage, stylePath } from './pages.ts';
import type { Found, Role } from './people.ts';
import {
  changeFrom,
  frameOf,
  queryOf,
  returnToIn,
  safePath,
  sendPage,
  sessionOrNone,
  sessionOrRefuse,
  type Form,
  type RoutesDeps,
  type ShownSession,
} from './requests.ts';
import { chooseRole } from './session-store.ts';

/** Everything that begins with `/sign-in`, `/sign-out` and `/api/session`. */
export async function registerSignInRoutes(server: HttpServer, deps: RoutesDeps): Promise<void> {
  await server.register(async (scope) => {
    acceptForms(scope);
    scope.get(stylePath, (_request, reply) => reply.type('text/css; charset=utf-8').send(styleSheet));
    registerSession(scope, deps);
    registerKeyCalls(scope, deps);
    await scope.register(async (pages) => {
      pages.setErrorHandler((error, request, reply) => sendRefused(error, request, reply));
      registerSignIn(pages, deps);
      registerRole(pages, deps);
      registerSignOut(pages, deps);
      registerKeyPages(pages, deps);
    });
  });
}

/** Forms of ours: small, and each name once. */
export function acceptForms(scope: FastifyInstance): void {
  const options = { parseAs: 'string', bodyLimit: 65_536 } as const;
  scope.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
}

function registerSignIn(scope: FastifyInstance, deps: RoutesDeps): void {
  const { flow, cookies, identifier, people } = deps;

  scope.get('/sign-in', async (request, reply) => {
    const shown = await sessionOrNone(identifier, request);
    const found = shown && (await people.find(shown.session.identity).catch(() => undefined));
    const page = signInPage({
      ...frameOf(request, '/sign-in'),
      issuers: deps.issuers,
      returnTo: returnToIn(request),
      signedInAs: found && nameIn(found),
      isSignedOut: queryOf(request)['out'] !== undefined,
      isTrialBearer: deps.isTrialBearer,
    });
    return sendPage(reply, page);
  });

  scope.get('/sign-in/start', async (request, reply) => {
    const { url, secret } = await flow.begin(queryOf(request)['issuer'] ?? '', returnToIn(request), request.ip);
    return reply.header('set-cookie', cookies.setAttempt(secret, attemptSeconds)).redirect(url.href, 303);
  });

  scope.get('/sign-in/callback', async (request, reply) => {
    const query = request.originalUrl.split('?')[1] ?? '';
    const done = await flow.finish(query, cookies.attempt(request.headers.cookie), request.ip);
    // A session that the browser had is over: whoever signs in begins one of their own.
    const old = await sessionOrNone(identifier, request);
    if (old) await flow.replace(old.session);
    const next = done.roles > 1 ? `/sign-in/role?${new URLSearchParams({ to: done.returnTo })}` : done.returnTo;
    return reply
      .header('set-cookie', [cookies.setSession(done.session), cookies.clearAttempt()])
      .header('cache-control', 'no-store')
      .redirect(next, 303);
  });
}

function registerRole(scope: FastifyInstance, deps: RoutesDeps): void {
  const { cookies, identifier, people } = deps;

  scope.get('/sign-in/role', async (request, reply) => {
    const { session, isOffline } = await sessionOrRefuse(identifier, request);
    const roles = rolesOf(await people.find(session.identity, { isOffline }));
    const page = { ...frameOf(request, '/sign-in/role'), roles, csrf: session.csrf, returnTo: returnToIn(request) };
    return sendPage(reply, rolePage(page));
  });

  scope.post('/sign-in/role', async (request, reply) => {
    const { form, ...shown } = await changeFrom(deps, request);
    const rotated = await takeRole(deps, shown, form['practitionerRole'] ?? '');
    if (rotated !== undefined) reply.header('set-cookie', cookies.setSession(rotated));
    return reply.redirect(safePath(form['to']), 303);
  });
}

function registerSignOut(scope: FastifyInstance, deps: RoutesDeps): void {
  const { flow, cookies, identifier, people, formTargets } = deps;

  scope.get('/sign-out', async (request, reply) => {
    const { session } = await sessionOrRefuse(identifier, request);
    const found = await people.find(session.identity).catch(() => undefined);
    const name = found === undefined ? (session.identity.name ?? '') : nameIn(found);
    const page = { ...frameOf(request, '/sign-out'), name, csrf: session.csrf };
    return sendPage(reply, signOutPage(page), formTargets);
  });

  scope.post('/sign-out', async (request, reply) => {
    const { form, session } = await changeFrom(deps, request);
    const isEverywhere = form['everywhere'] === '1';
    const next = await flow.signOut(session, { isEverywhere, address: request.ip });
    return reply.header('set-cookie', cookies.clearSession()).redirect(next, 303);
  });

  scope.post('/sign-in/back-channel', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const token = (request.body as Form | undefined)?.['logout_token'] ?? '';
    try {
      await flow.issuerSignedOut(token);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return reply.code(error.kind === 'unavailable' ? 503 : 400).send({ error: 'invalid_request' });
    }
    return reply.code(200).send();
  });
}

function registerSession(scope: FastifyInstance, deps: RoutesDeps): void {
  const { cookies } = deps;

  scope.get('/api/session', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return reply.send(await sessionAnswer(deps, request));
  });

  scope.post('/api/session/role', async (request, reply) => {
    const shown = await changeFrom(deps, request);
    const parsed = roleChoice.safeParse(request.body);
    if (!parsed.success) throw new Fault('invalid', 'practitionerRole is missing.');
    const rotated = await takeRole(deps, shown, parsed.data.practitionerRole);
    if (rotated !== undefined) reply.header('set-cookie', cookies.setSession(rotated));
    return reply.code(204).send();
  });
}

async function sessionAnswer(deps: RoutesDeps, request: FastifyRequest): Promise<SessionAnswer> {
  const { identifier, people, issuers, isTrialBearer, sessionIdleMs } = deps;
  const isTrial = issuers.some(({ kind }) => kind === 'embedded');
  const shown = await sessionOrNone(identifier, request);
  if (shown === undefined) return { signedIn: false, issuers: [...issuers], isTrial, isTrialBearer };
  const { session, isOffline } = shown;
  const found = await people.find(session.identity, { isOffline });
  if (found.kind === 'system') throw new Fault('forbidden', 'Systems do not sign in to the pages.');
  const roles = rolesOf(found);
  const role = roles.length === 1 ? roles[0] : roles.find((each) => each.practitionerRole === session.practitionerRole);
  return {
    signedIn: true,
    kind: found.kind,
    name: found.name,
    id: found.kind === 'citizen' ? found.patient : found.practitioner,
    ...(role === undefined ? {} : { role }),
    roles,
    csrf: session.csrf,
    ends: session.ends,
    idleEnds: session.seen + sessionIdleMs,
    isOffline,
    isTrial,
    isTrialBearer,
  };
}

/** One of the person's own roles; the session gets a new secret, since its rights change. */
async function takeRole(deps: RoutesDeps, shown: ShownSession, role: string): Promise<string | undefined> {
  const { session, secret, isOffline } = shown;
  const roles = rolesOf(await deps.people.find(session.identity, { isOffline }));
  if (!roles.some(({ practitionerRole }) => practitionerRole === role))
    throw new Fault('forbidden', 'That is not a role of yours.');
  await chooseRole(deps.db, session.id, role);
  return deps.sessions.rotate(secret, session);
}

function rolesOf(found: Found): RoleAnswer[] {
  return found.kind === 'personnel' ? found.roles.map(roleAnswer) : [];
}

function roleAnswer({ practitionerRole, title, duty, workplace }: Role): RoleAnswer {
  return { practitionerRole, title, duty, organisations: workplace.organisations.map(({ name }) => name) };
}

function nameIn(found: Found): string {
  return found.kind === 'system' ? '' : found.name;
}

function sendRefused(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = faultOf(error);
  if (!fault) logBug(request.log, request.id, error);
  const reason = fault?.message ?? `Something is wrong at our side. Request number ${request.id}.`;
  const page = { ...frameOf(request, '/sign-in'), isAway: fault?.kind === 'unavailable', reason };
  if (fault?.challenge !== undefined) reply.header('www-authenticate', fault.challenge);
  return sendPage(reply.code(fault?.status ?? 500), refusedPage(page));
}
