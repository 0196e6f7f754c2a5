/** The look-ups over HTTP, below `/registers`. Who calls is authorised elsewhere and handed in; by default nobody may know what is protected. */
import type { FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { RequestContext } from '#fhir/index.ts';
import { writeJson } from '#fhir/json/index.ts';
import { noAccess, type RegisterAccess } from './contract.ts';
import { findAuthorisation, findPractitioner } from './personnel/find-authorisation.ts';
import type { CodeLists } from './code-lists/code-lists.ts';
import { findOrganisation, searchOrganisations } from './organisations/find-organisation.ts';
import { findParties, findParty, type PartyQuestion } from './parties/find-party.ts';
import { findPerson, findProtectedAddresses } from './persons/find-person.ts';
import { readEvents } from './persons/read-events.ts';
import { readOrganisationEvents, readPersonnelEvents } from './read-directory-events.ts';
import { systemOf } from './persons/person-number.ts';

type AccessOf = (request: unknown) => RegisterAccess;
type Query = { [name: string]: string | undefined };

const eventsMax = 1000;

export async function registerRoutes(
  server: HttpServer,
  { context, codeLists }: { context: Pick<RequestContext, 'db' | 'search' | 'clock' | 'grant'>; codeLists: CodeLists },
  accessOf: AccessOf = () => noAccess,
): Promise<void> {
  const answer = (path: string, ask: (query: Query, access: RegisterAccess, parts: Query) => Promise<object>): void => {
    server.get(`/registers/${path}`, async (request: FastifyRequest, reply) => {
      const body = await ask(firstOfEach(request.query), accessOf(request), firstOfEach(request.params));
      return reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(writeJson(body));
    });
  };
  answer('persons/events', async ({ after, count }, access) =>
    readEvents(context.db, { ...(after === undefined ? {} : { after }), limit: countOf(count), access }),
  );
  const personBy = async (number: string, access: RegisterAccess): Promise<object> => {
    if (systemOf(number) === undefined) throw new Fault('invalid', 'This is not a person number.');
    const found = await findPerson(context, number, access);
    if (found === undefined) throw new Fault('notFound', 'Nobody here has or had this number.');
    return found;
  };
  answer('persons/:number', (_query, access, { number = '' }) => personBy(number, access));
  // Addresses of requests end up in logs along the way: who can, asks by POST, as Persontjenesten wants it.
  server.post('/registers/persons/by-number', async (request, reply) => {
    const { number } = (request.body ?? {}) as { number?: unknown };
    const body = await personBy(typeof number === 'string' ? number : '', accessOf(request));
    return reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(writeJson(body));
  });
  answer('persons/:number/protected-addresses', async (_query, access, { number = '' }) => {
    if (systemOf(number) === undefined) throw new Fault('invalid', 'This is not a person number.');
    return { addresses: await findProtectedAddresses(context, number, access) };
  });
  answer('personnel/events', async ({ after, count }) =>
    readPersonnelEvents(context.db, { after, limit: countOf(count) }),
  );
  answer('organisations/events', async ({ after, count }) =>
    readOrganisationEvents(context.db, { after, limit: countOf(count) }),
  );
  answer('personnel/:number', async (_query, _access, { number = '' }) => {
    const found = await findPractitioner(context, number);
    if (found === undefined) throw new Fault('notFound', 'Nobody here has this HPR number.');
    return found;
  });
  answer('personnel/:number/authorisation', async ({ category, on }, _access, { number = '' }) => {
    if (category === undefined) throw new Fault('invalid', 'category is a code of 9060, such as SP.');
    return findAuthorisation(context, { number, category, on: dayOf(context, on) });
  });
  answer('code-lists', async () => ({ lists: await codeLists.read() }));
  answer('organisations', async ({ name = '', count }) => ({
    organisations: await searchOrganisations(context, name, countOf(count)),
  }));
  answer('organisations/:key', async ({ on }, _access, { key = '' }) =>
    findOrganisation(context, key, dayOf(context, on)),
  );
  answer('parties/:herId', async (_query, _access, { herId = '' }) => findParty(context, herId));
  answer('parties', async ({ organisation, service, message, version, on }) => {
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
