/** From a request to its Caller: by the token in Authorization, else by the session's cookie. */
import type { FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import type { Caller } from '../caller.ts';
import type { Claims, Tokens } from '../tokens/index.ts';
import type { Cookies } from './cookies.ts';
import { csrfHeader, isChange, refuseOtherSite, refuseWithoutToken } from './csrf.ts';
import type { EndedSignIns } from './ended.ts';
import { identityOf, type Identity } from './identity.ts';
import type { People } from './people.ts';
import type { Session, Sessions } from './sessions.ts';

export type Identifier = {
  /** Who asks; undefined where there are no credentials at all. Throws a Fault `unauthenticated` or `forbidden` for those that are not right. */
  identify(request: FastifyRequest): Promise<Caller | undefined>;
  /** The session of a request's cookie, without asking who it is in the record; undefined where there is no cookie. */
  sessionOf(request: FastifyRequest): Promise<{ session: Session; secret: string; isOffline: boolean } | undefined>;
  /** What Set-Cookie the answer to this request should have. */
  cookieFor(request: FastifyRequest): string | undefined;
};

export type IdentifierDeps = {
  tokens: Tokens;
  sessions: Sessions;
  people: People;
  ended: Pick<EndedSignIns, 'refuseEnded'>;
  cookies: Cookies;
  /** Of our own pages: `https://fyr.example.no`. */
  origin: string;
};

/** Where a trust-framework attestation travels with a request of another node. */
const attestationHeader = 'x-fyr-attestation';
const attestationType = 'nhn:tillitsrammeverk:parameters';

export function createIdentifier(deps: IdentifierDeps): Identifier {
  const { tokens, sessions, people, cookies, origin, ended } = deps;
  // The claims of a token that was checked before are the same object each time.
  const identities = new WeakMap<Claims, Identity>();
  const newCookies = new WeakMap<FastifyRequest, string>();

  const byToken = async (request: FastifyRequest, authorization: string): Promise<Caller> => {
    const { dpop } = request.headers;
    const checked = await tokens.check({
      method: request.method,
      path: request.originalUrl,
      authorization,
      dpop: Array.isArray(dpop) ? dpop.join(',') : dpop,
      isLoopback: isLoopback(request),
    });
    const { issuer, claims, isOffline, isTrialBearer, id } = checked;
    const identity = identities.get(claims) ?? identityOf(issuer, claims);
    identities.set(claims, identity);
    await ended.refuseEnded(identity);
    return {
      subject: await people.subjectOf(identity, { isOffline }),
      session: id,
      address: request.ip,
      ...attestationOf(request, claims),
      ...(isTrialBearer ? { isTrialBearer } : {}),
    };
  };

  const sessionOf: Identifier['sessionOf'] = async (request) => {
    const secret = cookies.session(request.headers.cookie);
    if (secret === undefined) return undefined;
    const { session, isOffline, rotated } = await sessions.show(secret);
    if (rotated !== undefined) newCookies.set(request, cookies.setSession(rotated));
    return { session, secret: rotated ?? secret, isOffline };
  };

  return {
    sessionOf,
    cookieFor: (request) => newCookies.get(request),
    async identify(request) {
      const { authorization } = request.headers;
      if (authorization !== undefined) return byToken(request, authorization);
      const shown = await sessionOf(request);
      if (shown === undefined) return undefined;
      const { session, isOffline } = shown;
      if (isChange(request.method)) {
        refuseOtherSite(request.headers, origin);
        refuseWithoutToken(request.headers[csrfHeader], session.csrf);
      }
      const how = { isOffline, practitionerRole: session.practitionerRole ?? undefined };
      return {
        subject: await people.subjectOf(session.identity, how),
        session: session.id,
        address: request.ip,
        ...attestationOf(request, undefined),
      };
    },
  };
}

/** From this very machine, and not passed on by a proxy that runs on it. */
function isLoopback({ ip, headers }: FastifyRequest): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined) return false;
  return ip === '::1' || /^(::ffff:)?127\./.test(ip);
}

function attestationOf(request: FastifyRequest, claims: Claims | undefined): { attestation?: string } {
  const sent = request.headers[attestationHeader];
  if (typeof sent === 'string') {
    // As JSON it would be anybody's word: in a header it is signed by itself.
    if (sent.trimStart().startsWith('{'))
      throw new Fault('invalid', 'An attestation in a header must be a signed JWS.');
    return { attestation: sent };
  }
  const details = claims?.['authorization_details'] ?? claims?.['assertion_details'];
  const list = (Array.isArray(details) ? details : [details]) as ({ type?: unknown } | null | undefined)[];
  const told = claims?.[attestationType] ?? list.find((detail) => detail?.type === attestationType);
  if (told === undefined) return {};
  return { attestation: typeof told === 'string' ? told : JSON.stringify(told) };
}
