/** `/api/control`: what personnel attest, what citizens decide, what the privacy officer follows up. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import type { Caller } from '../caller.ts';
import { inLanguage, languageIn } from '../policy/refusal.ts';
import { attest, endAttestation, listAttestations } from './attest.ts';
import { followUp, listCases, readCase } from './cases.ts';
import { addBlock, grantParent, listBlocks, listRepresentation, reserve, takeBack } from './choose.ts';
import * as contract from './contract.ts';
import { givePower } from './power-of-attorney.ts';
import { addShare, listShares, withdrawShare, type SharingDeps } from './shares.ts';

export type ControlRouteDeps = SharingDeps & {
  /** Who calls, also for what changes something (CSRF). Throws a Fault `unauthenticated`. */
  require(request: FastifyRequest): Promise<Caller>;
};

type Asked = { caller: Caller; body: unknown; query: unknown; id: string };
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Opens the routes. Everything is answered as JSON that no cache keeps. */
export function registerControlRoutes(server: HttpServer, deps: ControlRouteDeps): void {
  const answer = (method: Method, path: string, work: (asked: Asked) => Promise<object | void>): void => {
    server.route({
      method,
      url: `/api/control/${path}`,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const caller = await deps.require(request);
        const { id = '' } = request.params as { id?: string };
        const body = await inTheirLanguage(request, () =>
          work({ caller, body: request.body, query: request.query, id }),
        );
        return reply
          .code(method === 'POST' ? 201 : 200)
          .type('application/json; charset=utf-8')
          .header('cache-control', 'no-store')
          .send(body ?? {});
      },
    });
  };
  answer('POST', 'attestations', ({ caller, body }) => attest(deps, caller, parse(contract.attestRequest, body)));
  answer('POST', 'break-glass', ({ caller, body }) =>
    attest(deps, caller, { ...parse(contract.breakGlassRequest, body), purpose: 'BTG' }),
  );
  answer('GET', 'attestations', async ({ caller }) => ({ attestations: await listAttestations(deps, caller) }));
  answer('DELETE', 'attestations/:id', ({ caller, id }) => endAttestation(deps, caller, id));
  registerChoices(answer, deps);
  answer('GET', 'cases', ({ caller, query }) => listCases(deps, caller, parse(contract.caseQuery, query)));
  answer('GET', 'cases/:id', ({ caller, id }) => readCase(deps, caller, id));
  answer('POST', 'cases/:id/follow-up', ({ caller, id, body }) =>
    followUp(deps, caller, id, parse(contract.followUpRequest, body)),
  );
}

function registerChoices(
  answer: (method: Method, path: string, work: (asked: Asked) => Promise<object | void>) => void,
  deps: SharingDeps,
): void {
  answer('GET', 'blocks', async ({ caller, query }) => ({
    blocks: await listBlocks(deps, caller, parse(contract.whose, query).patient),
  }));
  answer('POST', 'blocks', ({ caller, body }) => addBlock(deps, caller, parse(contract.blockRequest, body)));
  answer('DELETE', 'blocks/:id', ({ caller, id }) => takeBack(deps, caller, id, ['block']));
  answer('PUT', 'reservation', ({ caller, body }) => reserve(deps, caller, parse(contract.reservationRequest, body)));
  answer('POST', 'parental-access', async ({ caller, body }) => ({
    id: await grantParent(deps, caller, parse(contract.parentalAccessRequest, body).relatedPerson),
  }));
  answer('GET', 'shares', async ({ caller, query }) => ({
    shares: await listShares(deps, caller, parse(contract.whose, query).patient),
  }));
  answer('POST', 'shares', ({ caller, body }) => addShare(deps, caller, parse(contract.shareRequest, body)));
  answer('DELETE', 'shares/:id', ({ caller, id }) => withdrawShare(deps, caller, id));
  answer('GET', 'representation', ({ caller }) => listRepresentation(deps, caller));
  answer('POST', 'representation', ({ caller, body }) => givePower(deps, caller, parse(contract.powerRequest, body)));
  answer('DELETE', 'representation/:id', ({ caller, id }) =>
    takeBack(deps, caller, id, ['power-of-attorney', 'youth-grant']),
  );
}

/** A refusal by a rule is told in the language that the reader prefers. */
async function inTheirLanguage<T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw inLanguage(error, languageIn(request.headers['accept-language']));
  }
}
