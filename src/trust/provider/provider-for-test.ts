/** A running provider over the worker's database with a few people, and the ways of a browser without one: forms and cookies by fetch. */
import { systemClock } from '#kernel/clock.ts';
import { createHttpServer, type HttpServer } from '#kernel/http.ts';
import { identifierSystems, syntheticNationalNumber, syntheticOrganisationNumber } from '#shared/identifiers.ts';
import type { Resource } from '#fhir/types.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createClientStore, type RegisteredClient } from './client-store.ts';
import { registerProvider, type EmbeddedProvider, type PersonaEntry, type ResourceReader } from './index.ts';
import { newPrivateKey, publicPart } from './key-store.ts';

export const legalEntity = syntheticOrganisationNumber(900);
export const hospital = syntheticOrganisationNumber(901);

const title = { nb: 'lege', nn: 'lege', en: 'doctor' };

export const testPersonas: readonly PersonaEntry[] = [
  {
    key: 'doctor',
    kind: 'personnel',
    name: 'Ingrid Bergvik',
    title,
    personNumber: syntheticNationalNumber({ birthDate: '1970-06-15', sex: 'female', sequence: 5 }),
    practitioner: 'doctor-1',
    practitionerRole: 'role-1',
    duty: 'care',
  },
  {
    key: 'mother',
    kind: 'citizen',
    name: 'Hege Tindeland',
    title: { nb: 'mor', nn: 'mor', en: 'mother' },
    patient: 'patient-1',
  },
  { key: 'notLoaded', kind: 'citizen', name: 'Ingen Her', title, patient: 'patient-none' },
];

export const motherNumber = syntheticNationalNumber({ birthDate: '1982-03-04', sex: 'female', sequence: 3 });

const organisation = (id: string, name: string, number: string | undefined, above?: string): Resource => ({
  resourceType: 'Organization',
  id,
  name,
  ...(number === undefined ? {} : { identifier: [{ system: identifierSystems.organisationNumber, value: number }] }),
  ...(above === undefined ? {} : { partOf: { reference: `Organization/${above}` } }),
});

const resources = new Map<string, Resource>(
  [
    organisation('trust', 'Fjordane helseføretak', legalEntity),
    organisation('hospital', 'Fjordane sjukehus', hospital, 'trust'),
    organisation('ward', 'Medisinsk avdeling', undefined, 'hospital'),
    {
      resourceType: 'Practitioner',
      id: 'doctor-1',
      gender: 'female',
      identifier: [{ system: identifierSystems.personnelNumber, value: '990000001' }],
      name: [{ use: 'official', family: 'Bergvik', given: ['Ingrid'] }],
      qualification: [{ code: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9060', code: 'LE' }] } }],
    },
    {
      resourceType: 'PractitionerRole',
      id: 'role-1',
      practitioner: { reference: 'Practitioner/doctor-1' },
      organization: { reference: 'Organization/ward' },
    },
    {
      resourceType: 'Patient',
      id: 'patient-1',
      identifier: [{ system: identifierSystems.nationalNumber, value: motherNumber }],
      name: [{ family: 'Tindeland', given: ['Hege'] }],
      birthDate: '1982-03-04',
    },
  ].map((resource) => [`${resource.resourceType}/${resource.id}`, resource as Resource]),
);

export const testResource: ResourceReader = async (type, id) => resources.get(`${type}/${id}`);

const patients = [
  { id: 'patient-1', name: 'Hege Tindeland', birthDate: '1982-03-04' },
  { id: 'patient-2', name: 'Sofie Tindeland', birthDate: '2012-07-01' },
];

export type TestProvider = {
  baseUrl: string;
  issuer: string;
  provider: EmbeddedProvider;
  server: HttpServer;
  addClient(client: Partial<RegisteredClient> & { scopes: readonly string[] }, isPublic?: boolean): Promise<TestClient>;
  close(): Promise<void>;
};

export type TestClient = RegisteredClient & { key: Awaited<ReturnType<typeof newPrivateKey>> };

/** @param prepare opens other routes on the same server, before it listens */
export async function testProvider(
  bearerAllowed = false,
  prepare: (server: HttpServer, baseUrl: string) => void = () => {},
): Promise<TestProvider> {
  const db = testDatabase();
  const server = await createHttpServer({ bodyBytesMax: 1_000_000, requestTimeoutMs: 0 });
  // The address is a part of the issuer, so the port has to be known before the routes are.
  const port = await freePort();
  const baseUrl = `http://localhost:${port}`;
  const problems: unknown[] = [];
  const provider = await registerProvider(server, {
    db,
    clock: systemClock,
    baseUrl,
    personas: testPersonas,
    read: testResource,
    findPatients: async (_person, question) => {
      if ('id' in question) return patients.filter(({ id }) => id === question.id);
      if ('name' in question)
        return patients.filter(({ name }) => name.toLowerCase().includes(question.name.toLowerCase()));
      return patients;
    },
    bearerAllowed,
    report: (_event, error) => problems.push(error),
  });
  prepare(server, baseUrl);
  await server.listen({ host: '127.0.0.1', port });
  const clients = createClientStore(db, systemClock);
  return {
    baseUrl,
    issuer: provider.issuer,
    provider,
    server,
    async addClient(client, isPublic = false) {
      const key = await newPrivateKey('ES256');
      const id = client.id ?? crypto.randomUUID();
      const registered: RegisteredClient = {
        id,
        name: `test ${id}`,
        profile: 'helseid',
        redirectUris: [],
        ...(isPublic || client.jwksUri !== undefined ? {} : { jwks: { keys: [publicPart(key)] } }),
        ...client,
      };
      await clients.add(registered);
      return { ...registered, key };
    },
    async close() {
      provider.stop();
      await server.close();
      await db.end();
      if (problems.length > 0) throw problems[0];
    },
  };
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Follows redirects and keeps cookies as a browser does, until the address begins with `until`. */
export function createBrowsing() {
  const cookies = new Map<string, { value: string; path: string }>();
  const ask = async (url: string, form?: URLSearchParams): Promise<Response> => {
    const path = new URL(url).pathname;
    const sent = [...cookies].filter(([, cookie]) => path.startsWith(cookie.path));
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: sent.map(([key, { value }]) => `${key.split('|')[0]}=${value}`).join('; '),
      },
      ...(form ? { method: 'POST', body: form } : {}),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const cookiePath = /path=([^;]+)/i.exec(line)?.[1] ?? '/';
      if (value === '') cookies.delete(`${name}|${cookiePath}`);
      else cookies.set(`${name}|${cookiePath}`, { value, path: cookiePath });
    }
    return answer;
  };
  const follow = async (
    url: string,
    until: string,
    form?: URLSearchParams,
  ): Promise<{ url: string; html: string; status: number }> => {
    let answer = await ask(url, form);
    let at = url;
    for (let hops = 0; hops < 12 && answer.status >= 300 && answer.status < 400; hops++) {
      at = new URL(answer.headers.get('location') ?? '', at).href;
      if (at.startsWith(until)) return { url: at, html: '', status: answer.status };
      answer = await ask(at);
    }
    return { url: at, html: await answer.text(), status: answer.status };
  };
  return {
    follow,
    /** Sends the form whose action ends so, from the page at this address. */
    submit: (page: { url: string }, action: string, fields: Record<string, string>, until: string) =>
      follow(`${page.url.split('?')[0] ?? ''}/${action}`, until, new URLSearchParams(fields)),
  };
}
