/** The addresses of WebAuthn keys: enrolled in a session, used to sign in while the issuer is away. */
import { readFileSync } from 'node:fs';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyInstance } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import { keyEnrolment, keySignIn } from './contract.ts';
import { refuseOtherSite } from './csrf.ts';
import type { Keys } from './keys.ts';
import { keySignInPage, keysPage, scriptPath } from './pages.ts';
import { changeFrom, frameOf, returnToIn, sendPage, sessionOrRefuse, type RoutesDeps } from './requests.ts';

export type KeyRoutesDeps = Pick<RoutesDeps, 'identifier' | 'cookies' | 'origin'> & { keys: Keys };

/** The pages and the script; a refusal is a page. */
export function registerKeyPages(scope: FastifyInstance, { keys, ...deps }: KeyRoutesDeps): void {
  const script = readFileSync(new URL('keys-in-browser.mjs', import.meta.url));
  scope.get(scriptPath, (_request, reply) => reply.type('text/javascript; charset=utf-8').send(script));

  scope.get('/sign-in/key', async (request, reply) =>
    sendPage(reply, keySignInPage({ ...frameOf(request, '/sign-in/key'), returnTo: returnToIn(request) })),
  );

  scope.get('/sign-in/keys', async (request, reply) => {
    const { session } = await sessionOrRefuse(deps.identifier, request);
    const rows = (await keys.list(session)).map(({ credential, name, enrolled, used }) => ({
      id: credential.toString('base64url'),
      name,
      enrolled,
      used,
    }));
    return sendPage(reply, keysPage({ ...frameOf(request, '/sign-in/keys'), keys: rows, csrf: session.csrf }));
  });

  scope.post('/sign-in/keys/remove', async (request, reply) => {
    const { form, session } = await changeFrom(deps, request);
    await keys.remove(session, form['id'] ?? '', request.ip);
    return reply.redirect('/sign-in/keys', 303);
  });
}

/** What the script asks for; a refusal is JSON. */
export function registerKeyCalls(scope: FastifyInstance, { keys, ...deps }: KeyRoutesDeps): void {
  scope.post('/api/session/keys/options', async (request) => {
    const { session } = await changeFrom(deps, request);
    return keys.enrolOptions(session);
  });

  scope.post('/api/session/keys', async (request, reply) => {
    const { session } = await changeFrom(deps, request);
    const parsed = keyEnrolment.safeParse(request.body);
    if (!parsed.success) throw new Fault('invalid', 'A name and what the key answered are needed.');
    const { name, response } = parsed.data;
    await keys.enrol(session, name, response as unknown as RegistrationResponseJSON, request.ip);
    return reply.code(204).send();
  });

  scope.post('/api/sign-in/key/options', async (request) => {
    refuseOtherSite(request.headers, deps.origin);
    return keys.signInOptions(request.ip);
  });

  scope.post('/api/sign-in/key', async (request, reply) => {
    refuseOtherSite(request.headers, deps.origin);
    const parsed = keySignIn.safeParse(request.body);
    if (!parsed.success) throw new Fault('invalid', 'What the key answered is needed.');
    const response = parsed.data.response as unknown as AuthenticationResponseJSON;
    const done = await keys.signIn(response, request.ip);
    return reply.header('set-cookie', deps.cookies.setSession(done.session)).send({ roles: done.roles });
  });
}
