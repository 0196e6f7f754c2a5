/** The look-ups over HTTP, below `/registers`. Who stands at their door is handed in; without that nobody comes in. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import { faultOf, type HttpServer } from '#kernel/http.ts';
import type { RequestContext } from '#fhir/index.ts';
import { writeJson } from '#fhir/json/index.ts';
import { findAuthorisation, findPractitioner } from './personnel/find-authorisation.ts';
import type { CodeLists } from './code-lists/code-lists.ts';
import { findOrganisation, searchOrganisations } from './organisations/find-organisation.ts';
import { findParties, findParty, type PartyQuestion } from './parties/find-party.ts';
import { findPerson, findProtectedAddresses } from './persons/find-person.ts';
import { readEvents } from './persons/read-events.ts';
import { readOrganisationEvents, readPersonnelEvents } from './read-directory-events.ts';
import { systemOf } from './persons/person-number.ts';
import { closed, type RegisterDoor, type RegisterPart, type RegisterVisit } from './visit.ts';

type Query = { [name: string]: string | undefined };
type Asked = { query: Query; parts: Query; visit: RegisterVisit; request: FastifyRequest };

const eventsMax = 1000;

export async function registerRoutes(
  server: HttpServer,
  { context, codeLists }: { context: Pick<RequestContext, 'db' | 'search' | 'clock' | 'grant'>; codeLists: CodeLists },
  door: RegisterDoor = closed,
): Promise<void> {
  const handle =
    (part: RegisterPart, ask: (asked: Asked) => Promise<object>) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const visit = await door(request, part);
      const body = await visited(visit, () =>
        ask({ query: firstOfEach(request.query), parts: firstOfEach(request.params), visit, request }),
      );
      return reply.type('application/json; charset=utf-8').send(writeJson(body));
    };
  const answer = (path: string, part: RegisterPart, ask: (asked: Asked) => Promise<object>): void => {
    server.get(`/registers/${path}`, handle(part, ask));
  };
  answer('persons/events', 'events', async ({ query: { after, count }, visit: { access } }) =>
    readEvents(context.db, { ...(after === undefined ? {} : { after }), limit: countOf(count), access }),
  );
  const personBy = async (number: string, { access, saw }: RegisterVisit): Promise<object> => {
    if (systemOf(number) === undefined) throw new Fault('invalid', 'This is not a person number.');
    const found = await findPerson(context, number, access);
    if (found === undefined) throw new Fault('notFound', 'Nobody here has or had this number.');
    saw([found.patient.id ?? '']);
    return found;
  };
  answer('persons/:number', 'persons', ({ parts: { number = '' }, visit }) => personBy(number, visit));
  // Addresses of requests end up in logs along the way: who can, asks by POST, as Persontjenesten wants it.
  server.post(
    '/registers/persons/by-number',
    handle('persons', ({ request, visit }) => {
      const { number } = (request.body ?? {}) as { number?: unknown };
      return personBy(typeof number === 'string' ? number : '', visit);
    }),
  );
  answer('persons/:number/protected-addresses', 'persons', async ({ parts: { number = '' }, visit }) => {
    if (systemOf(number) === undefined) throw new Fault('invalid', 'This is not a person number.');
    const addresses = await findProtectedAddresses(context, number, visit.access);
    const found = await findPerson(context, number, visit.access);
    if (found !== undefined) visit.saw([found.patient.id ?? '']);
    return { addresses };
  });
  registerDirectory(answer, { context, codeLists });
}

/** An answer leaves when it is in the log; a refusal too. */
async function visited(visit: RegisterVisit, work: () => Promise<object>): Promise<object> {
  let body: object;
  try {
    body = await work();
  } catch (error) {
    const fault = faultOf(error);
    await visit.end({ status: fault?.status ?? 500, ...(fault ? { fault } : {}) });
    throw error;
  }
  await visit.end({ status: 200 });
  return body;
}

/** The sector's own directories: personnel, organisations, communication parties, code lists. */
function registerDirectory(
  answer: (path: string, part: RegisterPart, ask: (asked: Asked) => Promise<object>) => void,
  { context, codeLists }: { context: Pick<RequestContext, 'db' | 'search' | 'clock'>; codeLists: CodeLists },
): void {
  answer('personnel/events', 'directory', ({ query: { after, count } }) =>
    readPersonnelEvents(context.db, { after, limit: countOf(count) }),
  );
  answer('organisations/events', 'directory', ({ query: { after, count } }) =>
    readOrganisationEvents(context.db, { after, limit: countOf(count) }),
  );
  answer('personnel/:number', 'directory', async ({ parts: { number = '' } }) => {
    const found = await findPractitioner(context, number);
    if (found === undefined) throw new Fault('notFound', 'Nobody here has this HPR number.');
    return found;
  });
  answer(
    'personnel/:number/authorisation',
    'directory',
    async ({ query: { category, on }, parts: { number = '' } }) => {
      if (category === undefined) throw new Fault('invalid', 'category is a code of 9060, such as SP.');
      return findAuthorisation(context, { number, category, on: dayOf(context, on) });
    },
  );
  answer('code-lists', 'directory', async () => ({ lists: await codeLists.read() }));
  answer('organisations', 'directory', async ({ query: { name = '', count } }) => ({
    organisations: await searchOrganisations(context, name, countOf(count)),
  }));
  answer('organisations/:key', 'directory', async ({ query: { on }, parts: { key = '' } }) =>
    findOrganisation(context, key, dayOf(context, on)),
  );
  answer('parties/:herId', 'directory', async ({ parts: { herId = '' } }) => findParty(context, herId));
  answer('parties', 'directory', async ({ query: { organisation, service, message, version, on } }) => {
    const asked = { organisation, service, message, version, on: dayOf(context, on) };
    return { parties: await findParties(context, withoutUndefined(asked)) };
  });
}

/** A parameter that is given twice counts once. Faults: invalid, for characters that no text has. */
function firstOfEach(parameters: unknown): Query {
  const entries = Object.entries(parameters as Record<string, unknown>).map(([name, value]): [string, string] => [
    name,
    String(Array.isArray(value) ? value[0] : value),
  ]);
  if (entries.some(([, value]) => value.includes('\0')))
    throw new Fault('invalid', 'There is a null character in the request.');
  return Object.fromEntries(entries);
}

/** A date that a question is about; today when it names none. */
function dayOf({ clock }: Pick<RequestContext, 'clock'>, on: string | undefined): string {
  if (on === undefined) return new Date(clock.now()).toISOString().slice(0, 10);
  if (!/^\d{4}-\d\d-\d\d$/.test(on) || Number.isNaN(Date.parse(on)))
    throw new Fault('invalid', 'on must be a date: YYYY-MM-DD.');
  return on;
}

function countOf(text: string | undefined): number {
  if (text === undefined) return 100;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Fault('invalid', 'count must be a whole number from 1.');
  return Math.min(Number(text), eventsMax);
}

function withoutUndefined(asked: { [name in keyof PartyQuestion]: PartyQuestion[name] | undefined }): PartyQuestion {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as PartyQuestion;
}
