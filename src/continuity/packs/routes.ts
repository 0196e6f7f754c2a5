/** `/api/packs`: for personnel of the ward. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Grant } from '#fhir/index.ts';
import type { Door } from '#trust/index.ts';
import { markPrinted, type Signature } from '../back-entry/form-store.ts';
import type { Clock } from '#kernel/clock.ts';
import { entering, whoTreats } from '#trust/entered.ts';
import type { KeptPack } from './kept-packs.ts';
import { mustReachAll } from './may-fetch.ts';
import { htmlPolicy } from './write-html.ts';
import type { Packs } from './index.ts';

export type PackRoutesDeps = { packs: Packs; clock: Clock; door: Pick<Door, 'enter'> };

type Asked = { ward: string; by: Signature; grant: Grant; request: FastifyRequest; reply: FastifyReply };

/** Opens the routes. An answer leaves when it is in the access log, an entry a patient; a refusal too. */
export function registerPacks(server: HttpServer, { packs, clock, door }: PackRoutesDeps): void {
  const answer = (
    method: 'GET' | 'POST',
    path: string,
    action: 'search' | 'export' | 'operation',
    work: (asked: Asked) => Promise<object | Buffer>,
  ): void => {
    server.route({
      method,
      url: `/api/packs${path}`,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const { ward = '' } = request.params as { ward?: string };
        const query = `pack${path.replace(':ward', ward.slice(0, 64))}`;
        const body = await entering(door, request, { action, query }, ({ caller, grant }) => {
          const by = whoTreats(caller, 'Packs are for personnel who treat patients.');
          return work({ ward, by, grant, request, reply });
        });
        return reply.send(body);
      },
    });
  };
  const fetch = async (ward: string, grant: Grant): Promise<KeptPack> => {
    const pack = await packs.newest(ward);
    if (pack === undefined) throw new Fault('notFound', 'There is no pack of this ward here.');
    await mustReachAll(packs.reading, grant, pack);
    return pack;
  };
  answer('GET', '', 'search', async () => ({ packs: await packs.list(), wards: await packs.wards() }));
  answer('GET', '/:ward/latest.pdf', 'export', async ({ ward, grant, by, reply }) => {
    const pack = await fetch(ward, grant);
    await markPrinted(packs.reading.db, pack.forms, clock.now(), by);
    void reply.type('application/pdf').header('content-disposition', `inline; filename="pack-${pack.madeAt}.pdf"`);
    return pack.pdf;
  });
  answer('GET', '/:ward/latest.html', 'export', async ({ ward, grant, reply }) => {
    const { html } = await fetch(ward, grant);
    void reply.type('text/html; charset=utf-8').header('content-security-policy', htmlPolicy);
    return html;
  });
  answer('POST', '/:ward', 'operation', async ({ ward, grant, by, request }) => {
    const { print } = (request.body ?? {}) as { print?: unknown };
    if (print !== undefined && typeof print !== 'boolean') throw new Fault('invalid', 'print is true or false.');
    const pack = await packs.make(ward, by);
    await mustReachAll(packs.reading, grant, pack);
    if (print === true) await packs.print(pack, by);
    const { madeAt, pages, patients, name } = pack;
    return {
      ward,
      name,
      madeAt: new Date(madeAt).toISOString(),
      pages,
      patients: patients.length,
      isPrinted: print === true,
    };
  });
}
