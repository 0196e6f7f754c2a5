/** `/api/ward`: for personnel who treat; the list of devices also for operators. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { FhirContext } from '#fhir/index.ts';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Ids, Randomness } from '#kernel/ids.ts';
import { parse } from '#kernel/parse.ts';
import type { Door } from '#trust/index.ts';
import { entering } from '#trust/entered.ts';
import type { Packs } from '../packs/index.ts';
import { handOver, tellKnown, type Handing } from './captures.ts';
import * as contract from './contract.ts';
import { addDevice, askWipe, forgetDevices, listDevices, noteWiped, seeDevice } from './device-store.ts';
import { readWard } from './ward-view.ts';

export type WardBrowserDeps = {
  context: Pick<FhirContext, 'db' | 'search' | 'writer'>;
  packs: Pick<Packs, 'reading' | 'held' | 'wards'>;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
  randomness: Randomness;
  /** FYR_NODE. */
  node: string;
  /** How long a device may keep its copy without having been here, milliseconds. */
  keptMs: number;
  door: Pick<Door, 'enter'>;
};

type Asked = Handing & {
  isOperator: boolean;
  parameters: Readonly<Record<string, string>>;
  body: unknown;
  query: unknown;
};
type Action = 'read' | 'search' | 'create' | 'operation';

const keyBytes = 32;
const listMax = 200;
const forgottenAfterMs = 90 * 86_400_000;
const wardQuery = z.strictObject({ device: z.uuid().optional() });

/** Opens the routes. An answer leaves when it is in the access log, an entry a patient; a refusal too. */
export function registerWardBrowser(server: HttpServer, deps: WardBrowserDeps): void {
  const { context, packs, node, clock } = deps;
  const { db } = context;
  const answer = createAnswer(server, deps);
  answer('GET', '', 'search', false, async () => {
    const wards = await packs.wards();
    return { node, wards: wards.map(({ id, name }) => ({ ward: id, name })) } satisfies contract.WardsAnswer;
  });
  answer('GET', '/devices', 'search', true, async ({ by, isOperator }) => {
    return { devices: await listDevices(db, isOperator ? undefined : by.reference, listMax) };
  });
  answer('POST', '/devices', 'operation', false, async ({ by, body }) => makeDevice(deps, by, body));
  answer('POST', '/devices/:id/wipe', 'operation', true, async ({ by, isOperator, parameters }) => {
    const isKnown = await askWipe(db, uuidIn(parameters), isOperator ? undefined : by.reference, clock.now());
    if (!isKnown) throw new Fault('notFound', 'There is no such device.');
    return {};
  });
  answer('POST', '/devices/:id/wiped', 'operation', false, async ({ by, parameters }) => {
    const isKnown = await noteWiped(db, uuidIn(parameters), by.reference, clock.now());
    if (!isKnown) throw new Fault('notFound', 'There is no such device.');
    return {};
  });
  answer('GET', '/:ward', 'search', false, async ({ by, grant, parameters, query }) => {
    const { device } = parse(wardQuery, query);
    const now = clock.now();
    const view = await readWard(
      { reading: packs.reading, node, held: packs.held },
      grant,
      parameters['ward'] ?? '',
      now,
    );
    const seen = device === undefined ? undefined : await seeDevice(db, device, by.reference, now, now + deps.keptMs);
    // Of a device that this node does not know nothing may be kept on it.
    const told = device === undefined ? {} : { device: seen ?? { until: now, mustWipe: true } };
    return { ...view, ...told } satisfies contract.WardAnswer;
  });
  answer('POST', '/captures/known', 'search', false, async ({ by, body }) => {
    return tellKnown(deps, by, parse(contract.knownRequest, body).ids);
  });
  answer('PUT', '/captures/:id', 'create', false, async ({ parameters, body, ...handing }) => {
    return handOver(deps, handing, uuidIn(parameters), parse(contract.captureRequest, body));
  });
}

async function makeDevice(deps: WardBrowserDeps, by: Handing['by'], body: unknown): Promise<contract.DeviceAnswer> {
  const { ward, name } = parse(contract.deviceRequest, body);
  const { db } = deps.context;
  const now = deps.clock.now();
  const until = now + deps.keptMs;
  const device = deps.ids.uuid();
  await forgetDevices(db, now - forgottenAfterMs);
  await addDevice(db, { device, name, ward, person: by.reference, personName: by.name }, now, until);
  return { device, key: Buffer.from(deps.randomness.bytes(keyBytes)).toString('base64url'), until };
}

type Answer = (
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  action: Action,
  mayOperator: boolean,
  work: (asked: Asked) => Promise<object>,
) => void;

function createAnswer(server: HttpServer, { door }: WardBrowserDeps): Answer {
  return (method, path, action, mayOperator, work) => {
    server.route({
      method,
      url: `/api/ward${path}`,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const parameters = request.params as Readonly<Record<string, string>>;
        const query = `ward${path.replace(/:(\w+)/g, (_, name: string) => (parameters[name] ?? '').slice(0, 64))}`;
        const answered = await entering(door, request, { action, query }, ({ caller, grant }) => {
          const { subject } = caller;
          const isOperator = subject.kind === 'personnel' && subject.duty === 'operator';
          if (subject.kind !== 'personnel' || (subject.duty !== 'care' && !(mayOperator && isOperator)))
            throw new Fault('forbidden', 'The ward is for personnel who treat patients.', { reason: 'not-care' });
          const by = { reference: `Practitioner/${subject.practitioner}`, name: subject.name };
          return work({ by, grant, isOperator, parameters, body: request.body, query: request.query });
        });
        return reply.send(answered);
      },
    });
  };
}

/** Faults: invalid. */
function uuidIn(parameters: Readonly<Record<string, string>>): string {
  return parse(z.uuid(), parameters['id']);
}
