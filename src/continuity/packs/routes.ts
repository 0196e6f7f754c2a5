/** `/api/packs`: for personnel of the ward. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import type { Grant } from '#fhir/index.ts';
import type { Door } from '#trust/index.ts';
import { markPrinted, type Signature } from '../back-entry/form-store.ts';
import type { Clock } from '#kernel/clock.ts';
import { entering, whoTreats } from '#trust/entered.ts';
import type { KeptPack } from './kept-packs.ts';
import { mustReachAll } from './may-fetch.ts';
import { packLanguages } from './phrases.ts';
import { htmlPolicy } from './write-html.ts';
import type { Packs } from './index.ts';

export type PackRoutesDeps = { packs: Packs; clock: Clock; door: Pick<Door, 'enter'> };

const language = z.enum(packLanguages).optional();
const packQuery = z.object({ language });
const packRequest = z.object({ print: z.boolean().optional(), language });

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
  const fetch = async ({ ward, grant, request }: Asked): Promise<KeptPack> => {
    const { language } = parse(packQuery, request.query);
    const pack = await packs.newest(ward, language);
    if (pack === undefined) throw new Fault('notFound', 'There is no pack of this ward in this language here.');
    await mustReachAll(packs.reading, grant, pack);
    return pack;
  };
  answer('GET', '', 'search', async () => ({
    packs: await packs.list(),
    wards: await packs.wards(),
    language: packs.language,
  }));
  answer('GET', '/:ward/latest.pdf', 'export', async (asked) => {
    const { by, reply } = asked;
    const pack = await fetch(asked);
    await markPrinted(packs.reading.db, pack.forms, clock.now(), by);
    void reply.type('application/pdf').header('content-disposition', `inline; filename="pack-${pack.madeAt}.pdf"`);
    return pack.pdf;
  });
  answer('GET', '/:ward/latest.html', 'export', async (asked) => {
    const { html } = await fetch(asked);
    void asked.reply.type('text/html; charset=utf-8').header('content-security-policy', htmlPolicy);
    return html;
  });
  answer('POST', '/:ward', 'operation', async ({ ward, grant, by, request }) => {
    const { print, language } = parse(packRequest, request.body ?? {});
    const pack = await packs.make(ward, by, language);
    await mustReachAll(packs.reading, grant, pack);
    if (print === true) await packs.print(pack, by);
    const { madeAt, pages, patients, name } = pack;
    return {
      ward,
      name,
      language: pack.language,
      madeAt: new Date(madeAt).toISOString(),
      pages,
      patients: patients.length,
      isPrinted: print === true,
    };
  });
}
