/** The door of the embedded OpenID provider: sign-in for trials, with HelseID's claims and SMART App Launch. Never on where real issuers are set. */
import { Provider } from 'oidc-provider';
import type { JWK } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { HttpServer } from '#kernel/http.ts';
import { createAssertionDetails } from './client-assertion.ts';
import { createClientStore } from './client-store.ts';
import { pagesClient, pagesClientId } from './clients.ts';
import { providerConfiguration } from './configuration.ts';
import { registerProviderRoutes } from './http.ts';
import type { FindPatients } from './interaction.ts';
import { createIssuedTokens, type IssuedTokens } from './issued-tokens.ts';
import { keysMark, loadKeys, pruneKeys, type ProviderKeys } from './key-store.ts';
import { createLaunchContexts, type Launch, type LaunchContext } from './launch-context.ts';
import { readPerson, type Person, type ResourceReader } from './person.ts';
import type { PersonaEntry } from './persona.ts';
import { createItemStore } from './provider-store.ts';
import { finishing } from './around-answers.ts';

export { createClientStore, type RegisteredClient } from './client-store.ts';
export { plainScopes, registeredScopes } from './clients.ts';
export type { FindPatients } from './interaction.ts';
export { createPatientChoices, type PatientChoicesDeps } from './patient-choices.ts';
export type { PatientChoice } from './interaction-pages.ts';
export type { Launch } from './launch-context.ts';
export type { ResourceReader } from './person.ts';
export type { PersonaEntry } from './persona.ts';
export { issueToken } from './issue-token.ts';
export { newPrivateKey, publicPart, readPublicKeys } from './key-store.ts';
export { parseScope } from './scopes.ts';
export { isProviderOn } from './is-provider-on.ts';
export { smartConfiguration } from './smart-configuration.ts';

export type ProviderOptions = {
  db: Db;
  clock: Clock;
  /** The node's address, without a slash at its end: the issuer is `/oidc` and the API `/fhir` below it. */
  baseUrl: string;
  personas: readonly PersonaEntry[];
  read: ResourceReader;
  /** For the choice of a patient when an application is opened by itself: among those whose record the person may read. */
  findPatients: FindPatients;
  /** `FYR_TRIAL_BEARER`: SMART clients get tokens that are not bound to a key. */
  bearerAllowed: boolean;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type EmbeddedProvider = {
  issuer: string;
  /** What the node's own pages sign in with: private_key_jwt by this private key (ES256). */
  pages: { clientId: string; key: JWK };
  /** An EHR launch: gives the `launch` parameter for an application, good for five minutes. `account` is the token's `sub`. */
  createLaunch(launch: Launch): Promise<string>;
  /** False once the token was revoked, or the session or grant behind it has ended: for who would know before it expires. */
  isActive(jti: string): Promise<boolean>;
  /** Whether an application or system of this id is registered. */
  hasClient(id: string): Promise<boolean>;
  /** Ends the sign-in of an account that the pages know by this session, all its sign-ins where there is none, or everything that it was given. */
  endSignIn(account: string, which: { session: string | undefined; isEverywhere: boolean }): Promise<void>;
  /** Removes what has expired, and takes up keys that another process made. */
  tidy(): Promise<void>;
  /** Does so each minute. */
  start(): void;
  stop(): void;
};

export const providerPrefix = '/oidc';

const tidyEveryMs = 60_000;

/** Opens the provider below `/oidc`. */
export async function registerProvider(server: HttpServer, options: ProviderOptions): Promise<EmbeddedProvider> {
  const { db, clock, baseUrl, personas, report } = options;
  const items = createItemStore(db, clock);
  const launches = createLaunchContexts(items);
  const findPerson = personFinder(options);
  const keys = await loadKeys(db, clock);
  const build = async (current: ProviderKeys) => {
    const issued = createIssuedTokens(items, current);
    const provider = createOidc(options, { keys: current, items, issued, launches, findPerson });
    return { provider, issued, mark: await keysMark(db) };
  };
  let state = await build(keys);
  const tidy = async (): Promise<void> => {
    while ((await items.prune()) === 10_000);
    await pruneKeys(db, clock);
    if ((await keysMark(db)) !== state.mark) state = await build(await loadKeys(db, clock));
  };
  await registerProviderRoutes(server, {
    provider: () => state.provider,
    issued: () => state.issued,
    clientOf: async (refreshToken) => (await state.provider.RefreshToken.find(refreshToken))?.clientId,
    prefix: providerPrefix,
    baseUrl,
    fhirBase: `${baseUrl}/fhir`,
    personas,
    findPerson,
    findPatients: options.findPatients,
    launches,
    choices: {
      keep: async (uid, choice) => void (await items.put('LaunchChoice', uid, choice, 1800)),
      of: async (uid) => (await items.find('LaunchChoice', uid)) as LaunchContext | undefined,
    },
  });
  let timer: NodeJS.Timeout | undefined;
  return {
    issuer: `${baseUrl}${providerPrefix}`,
    pages: { clientId: pagesClientId, key: keys.pagesClient },
    createLaunch: (launch) => launches.createLaunch(launch),
    isActive: (jti) => state.issued.isActive(jti),
    hasClient: async (id) => (await createClientStore(db, clock).find(id)) !== undefined,
    async endSignIn(account, { session, isEverywhere }) {
      if (isEverywhere) return items.removeAccount(account);
      await items.removeSessions(account, session === undefined ? undefined : { client: pagesClientId, sid: session });
    },
    tidy,
    start() {
      timer = setInterval(() => void tidy().catch((error: unknown) => report('provider', error)), tidyEveryMs);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** Persons are read anew each time: a persona's workplace or authorisation may change while a trial runs. */
function personFinder({ personas, read }: ProviderOptions): (account: string) => Promise<Person | undefined> {
  const byKey = new Map(personas.map((persona) => [persona.key, persona]));
  return async (account) => {
    const persona = byKey.get(account);
    return persona && readPerson(persona, read);
  };
}

type Parts = {
  keys: ProviderKeys;
  items: ReturnType<typeof createItemStore>;
  issued: IssuedTokens;
  launches: ReturnType<typeof createLaunchContexts>;
  findPerson(account: string): Promise<Person | undefined>;
};

function createOidc(options: ProviderOptions, { keys, items, issued, launches, findPerson }: Parts): Provider {
  const { db, clock, baseUrl, bearerAllowed, report } = options;
  const provider = new Provider(
    `${baseUrl}${providerPrefix}`,
    providerConfiguration({
      issuer: `${baseUrl}${providerPrefix}`,
      baseUrl,
      fhirBase: `${baseUrl}/fhir`,
      clock,
      keys,
      items,
      issued,
      clients: createClientStore(db, clock),
      pages: pagesClient(baseUrl, keys.pagesClient),
      bearerAllowed,
      findPerson,
      launches,
      assertions: createAssertionDetails(),
    }),
  );
  // Its address is set by us on each request (http.ts).
  provider.proxy = true;
  provider.use(finishing((sessionUid) => items.removeBySession(sessionUid)));
  provider.on('server_error', (_ctx, error) => report('provider', error));
  // Else Koa would print it.
  (provider as NodeJS.EventEmitter).on('error', (error: unknown) => report('provider', error));
  return provider;
}
