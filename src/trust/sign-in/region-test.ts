/** For tests: a node with a small region in its record, on a socket of its own, and a browser that has nothing but cookies. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { systemIds, systemRandomness } from '#kernel/ids.ts';
import { createHttpServer } from '#kernel/http.ts';
import type { Db } from '#kernel/db.ts';
import { identifierSystems, syntheticNationalNumber, syntheticOrganisationNumber } from '#shared/identifiers.ts';
import { testApi, type TestApi } from '../../../test/support/fhir.ts';
import { wholeGrant } from '../../../test/support/grant.ts';
import type { AccessEntry } from '../access-log/entry.ts';
import { createTokens, type Tokens, type TrustedIssuer } from '../tokens/index.ts';
import { createSignIn, recordReader, type SignIn, type SignInDeps, type SignInIssuer } from './index.ts';

export type Region = {
  api: TestApi;
  /** What HelseID says of the doctor. */
  doctorClaims: { [name: string]: string };
  numbers: {
    hpr: string;
    doctor: string;
    citizen: string;
    owner: string;
    trust: string;
    hospital: string;
    office: string;
  };
  ids: { doctor: string; roles: string[]; citizen: string; trust: string; hospital: string; department: string };
};

const two = (number: number): string => String(number).padStart(2, '0');

/** A day of birth by chance: with a sequence, numbers that no other run of a test has. */
function bornIn(run: number): string {
  return `19${50 + (run % 40)}-${two(1 + (Math.floor(run / 40) % 12))}-${two(1 + (Math.floor(run / 480) % 28))}`;
}

export async function testRegion(): Promise<Region> {
  const api = await testApi();
  const run = Math.floor(Math.random() * 90_000_000);
  const organisation = async (
    name: string,
    offset: number,
    partOf?: string,
    type?: object,
  ): Promise<{ id: string; number: string }> => {
    const number = syntheticOrganisationNumber((run % 90_000) * 10 + offset);
    const made = await api.make({
      resourceType: 'Organization',
      identifier: [{ system: identifierSystems.organisationNumber, value: number }],
      active: true,
      name,
      ...(type ? { type: [{ coding: [type] }] } : {}),
      ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : {}),
    });
    return { id: made.id, number };
  };
  const level = { system: 'urn:oid:2.16.578.1.12.4.1.1.8628', code: '1', display: 'RHF' };
  const owner = await organisation('Helse Prøve RHF', 0, undefined, level);
  const trust = await organisation('Prøve sykehus HF', 1, owner.id);
  const hospital = await organisation('Prøve sykehus', 2, trust.id);
  const department = await organisation('Medisinsk avdeling', 3, hospital.id);
  const office = await organisation('Prøve legekontor', 4);
  const hpr = String(900_000_000 + run);
  const doctorNumber = syntheticNationalNumber({ birthDate: bornIn(run), sex: 'female', sequence: run % 90 });
  const citizenNumber = syntheticNationalNumber({ birthDate: bornIn(run), sex: 'male', sequence: run % 90 });
  const doctor = await api.make({
    resourceType: 'Practitioner',
    identifier: [{ system: identifierSystems.personnelNumber, value: hpr }],
    active: true,
    name: [{ family: 'Bergvik', given: ['Ingrid'] }],
    qualification: [
      { code: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9060', code: 'LE', display: 'Lege' }] } },
      { code: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.7704', code: '1', display: 'Autorisasjon' }] } },
    ],
  });
  const role = async (at: string): Promise<string> => {
    const made = await api.make({
      resourceType: 'PractitionerRole',
      active: true,
      practitioner: { reference: `Practitioner/${doctor.id}` },
      organization: { reference: `Organization/${at}` },
      code: [{ text: 'Lege' }],
    });
    return made.id as string;
  };
  const roles = [await role(department.id), await role(office.id)];
  const citizen = await api.make({
    resourceType: 'Patient',
    identifier: [{ system: identifierSystems.nationalNumber, value: citizenNumber }],
    active: true,
    name: [{ family: 'Nordskog', given: ['Torleif'] }],
    gender: 'male',
    birthDate: bornIn(run),
  });
  return {
    api,
    doctorClaims: {
      'helseid://claims/identity/pid': doctorNumber,
      'helseid://claims/identity/security_level': '4',
      'helseid://claims/hpr/hpr_number': hpr,
      name: 'Ingrid Bergvik',
    },
    numbers: {
      hpr,
      doctor: doctorNumber,
      citizen: citizenNumber,
      owner: owner.number,
      trust: trust.number,
      hospital: hospital.number,
      office: office.number,
    },
    ids: {
      doctor: doctor.id,
      roles,
      citizen: citizen.id,
      trust: trust.id,
      hospital: hospital.id,
      department: department.id,
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export type TestNode = {
  baseUrl: string;
  /** Where it listens. */
  socket: string;
  /** The name of its session cookie. */
  cookie: string;
  signIn: SignIn;
  tokens: Tokens;
  /** What the access log was handed. */
  logged: AccessEntry[];
  /** Milliseconds that the node's clock is ahead. */
  ahead: { ms: number };
  stop(): Promise<void>;
};

export type NodeOptions = {
  db: Db;
  region: Region;
  port: number;
  issuers: readonly (SignInIssuer | TrustedIssuer)[];
  settings?: Partial<Pick<SignInDeps, 'sessionIdleMs' | 'sessionMs' | 'outageGraceMs' | 'baseUrl'>>;
  isTrialBearer?: boolean;
};

/** Signing in on a socket, with `GET|POST /who` telling who asks, as a part of the node would see it. */
export async function startTestNode(options: NodeOptions): Promise<TestNode> {
  const { db, region, port, issuers } = options;
  const baseUrl = options.settings?.baseUrl ?? `http://127.0.0.1:${port}`;
  const ahead = { ms: 0 };
  const clock = { now: () => Date.now() + ahead.ms };
  const logged: AccessEntry[] = [];
  const { context } = region.api.record.fhir;
  const outageGraceMs = options.settings?.outageGraceMs ?? 3_600_000;
  const tokens = createTokens({
    db,
    clock,
    issuers,
    baseUrl,
    fetch: globalThis.fetch,
    clockSkewMs: 5000,
    outageGraceMs,
    isTrialBearer: options.isTrialBearer ?? false,
  });
  const signIn = createSignIn({
    db,
    clock,
    ids: systemIds(clock),
    randomness: systemRandomness,
    tokens,
    issuers: issuers.filter((issuer): issuer is SignInIssuer => 'clientId' in issuer),
    reader: recordReader({ db: region.api.record.db, search: context.search, grant: wholeGrant }),
    log: { append: async (entries) => void logged.push(...entries) },
    baseUrl,
    fetch: globalThis.fetch,
    sessionIdleMs: 30 * 60_000,
    sessionMs: 10 * 3_600_000,
    outageGraceMs,
    report: (event, error) => {
      throw new Error(event, { cause: error });
    },
    ...options.settings,
  });
  const server = await createHttpServer({ bodyBytesMax: 1_000_000, requestTimeoutMs: 0 });
  await signIn.register(server);
  const who = async (request: Parameters<SignIn['identify']>[0]): Promise<object> =>
    (await signIn.identify(request)) ?? {};
  server.route({ method: ['GET', 'POST'], url: '/who', handler: who });
  await server.listen({ port, host: '127.0.0.1' });
  region.api.record.fhir.committer.onWritten(({ writes }) => signIn.onWritten(writes));
  const stop = async (): Promise<void> => {
    signIn.stop();
    await server.close();
    await tokens.stop();
  };
  const cookie = `fyr-${new URL(baseUrl).port || 80}`;
  return { baseUrl, cookie, socket: `http://127.0.0.1:${port}`, signIn, tokens, logged, ahead, stop };
}

export type Browser = {
  /** Follows redirects, within the node and to its issuers, as a person's browser does. */
  open(
    url: string,
    init?: { method?: string; form?: object; json?: object; headers?: { [name: string]: string } },
  ): Promise<Page>;
  /** Follows until it is sent to this path of the node, and gives that address without going there. */
  openUntil(url: string, path: string): Promise<string>;
  /** Those of the node. */
  cookies: Map<string, string>;
  cookieHeader(): string;
};

export type Page = { status: number; url: string; text: string; headers: Headers; visited: string[] };

export function testBrowser(): Browser {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: string): Map<string, string> => {
    const { origin } = new URL(url);
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    return jar;
  };
  const open = async (url: string, init: Parameters<Browser['open']>[1] = {}, stop = ''): Promise<Page> => {
    const visited: string[] = [];
    let next = url;
    let { method = 'GET' } = init;
    let body = init.form ? new URLSearchParams(init.form as never).toString() : init.json && JSON.stringify(init.json);
    for (let hops = 0; hops < 12; hops++) {
      visited.push(next);
      const jar = jarOf(next);
      const request: RequestInit = {
        method,
        redirect: 'manual',
        headers: {
          ...(jar.size > 0 ? { cookie: headerOf(jar) } : {}),
          ...(body === undefined
            ? {}
            : { 'content-type': init.form ? 'application/x-www-form-urlencoded' : 'application/json' }),
          ...init.headers,
        },
        ...(body === undefined ? {} : { body }),
      };
      const answer = await sent(next, request);
      for (const cookie of answer.headers.getSetCookie()) keep(jar, cookie);
      if (new URL(next).origin === new URL(url).origin) browser.cookies = jar;
      const location = answer.headers.get('location');
      if (location === null)
        return { status: answer.status, url: next, text: await answer.text(), headers: answer.headers, visited };
      next = new URL(location, next).href;
      if (stop !== '' && next.startsWith(new URL(stop, url).href)) {
        return { status: answer.status, url: next, text: '', headers: answer.headers, visited };
      }
      method = 'GET';
      body = undefined;
    }
    throw new Error(`went round in circles: ${visited.join(' ')}`);
  };
  const browser: Browser = {
    cookies: new Map(),
    open: (url, init) => open(url, init),
    openUntil: async (url, path) => (await open(url, {}, path)).url,
    cookieHeader: () => headerOf(browser.cookies),
  };
  return browser;
}

/** Once more where a connection that was kept has been closed by a node that stopped. */
async function sent(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch {
    return fetch(url, request);
  }
}

function headerOf(jar: Map<string, string>): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

function keep(jar: Map<string, string>, cookie: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  if (/max-age=0|expires=thu, 01 jan 1970/i.test(cookie)) jar.delete(name);
  else jar.set(name, value);
}
