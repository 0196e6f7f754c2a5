/** `fyr client add|list|remove`: applications and systems that may ask the embedded provider for tokens. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import { systemIds } from '#kernel/ids.ts';
import { checkIdentifier, identifierSystems } from '#shared/identifiers.ts';
import {
  createClientStore,
  isProviderOn,
  newPrivateKey,
  parseScope,
  plainScopes,
  registeredScopes,
  publicPart,
  readPublicKeys,
  type RegisteredClient,
} from '#trust/provider/index.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { refuseWithIssuers, withProviderDatabase } from './provider-database.ts';

export const clientAdd: Command = {
  name: 'client add',
  takes: '<name> --scopes "system/*.rs …"',
  summary: 'Adds an application or system to the embedded provider',
  help: `
Prints the client's id. A key is made for it, unless it brings its own, and written to a file that only this account may read.

  --scopes         what it may ask for at most, between blanks: system/*.rs, user/Observation.cruds, patient/*.rs?category=…, launch, openid …;
                   fyr:admissions of a system that says whom its organisation has (admissions, appointments)
  --organization   organisation number of the legal entity that it acts for; without it, it names one each time
  --redirect       address that people are sent back to after sign-in; may be given several times
  --public         an application that can keep no key (in a browser or on a telephone); takes --redirect
  --smart          held to SMART App Launch and Backend Services as written, not to what HelseID demands; --public is always so
  --jwks           file with its public keys (a JWKS)
  --jwks-uri       address of them
  --key            file for the private key; clients/<name>.jwk.json in the data folder unless said

Exit codes: 0 added, 1 it failed, 2 wrong use or settings.`,
  async run(words, context) {
    const { positionals, values } = parseWords(clientAdd, words, {
      scopes: { type: 'string' },
      organization: { type: 'string' },
      redirect: { type: 'string', multiple: true, default: [] },
      public: { type: 'boolean', default: false },
      smart: { type: 'boolean', default: false },
      jwks: { type: 'string' },
      'jwks-uri': { type: 'string' },
      key: { type: 'string' },
    });
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw wrongUse(clientAdd, 'Give it one name');
    if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,60}$/u.test(name))
      throw wrongUse(clientAdd, 'A name is letters, digits, blanks, dots, - and _, at most 61');
    const given: Given = { ...values, jwksUri: values['jwks-uri'] };
    checkWords(given);
    const { config } = context.readConfig();
    refuseWithIssuers(isProviderOn(config));
    const keyFile = resolve(context.folder, values.key ?? join(config.dataFolder, 'clients', `${name}.jwk.json`));
    const { client, privateKey } = await clientOf(name, given, context);
    if (privateKey && existsSync(keyFile)) throw new Fault('conflict', `${keyFile} is there already.`);
    await withProviderDatabase(context, 'client add', (db) => createClientStore(db, systemClock).add(client));
    if (privateKey) {
      mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
      writeFileSync(keyFile, `${JSON.stringify(privateKey, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    }
    context.output.write(`client id  ${client.id}\n`);
    if (privateKey) context.output.write(`key        ${keyFile}\n`);
    context.output.write(`issuer     ${config.baseUrl}/oidc\n`);
    return exitCode.done;
  },
};

type Given = {
  scopes?: string | undefined;
  organization?: string | undefined;
  redirect: string[];
  public: boolean;
  smart: boolean;
  jwks?: string | undefined;
  jwksUri?: string | undefined;
};

function checkWords({ scopes, organization, redirect, ...given }: Given): void {
  const listed = scopesIn(scopes);
  if (listed.length === 0) throw wrongUse(clientAdd, 'Say with --scopes what it may ask for');
  const known = [...plainScopes, ...registeredScopes];
  const unknown = listed.find((scope) => parseScope(scope) === undefined && !known.includes(scope));
  if (unknown !== undefined) throw wrongUse(clientAdd, `${unknown} is not a scope that is known here`);
  if (given.public && redirect.length === 0) throw wrongUse(clientAdd, 'A public client needs --redirect');
  if (given.public && (given.jwks !== undefined || given.jwksUri !== undefined))
    throw wrongUse(clientAdd, 'A public client has no keys');
  if (given.jwks !== undefined && given.jwksUri !== undefined)
    throw wrongUse(clientAdd, 'Give its keys or their address, not both');
  const wrong = redirect.find(
    (uri) => !URL.canParse(uri) || uri.includes('#') || /^(javascript|data|vbscript):/i.test(uri),
  );
  if (wrong !== undefined) throw wrongUse(clientAdd, `${wrong} is no address to send people back to`);
  if (organization !== undefined) {
    const problem = checkIdentifier(identifierSystems.organisationNumber, organization);
    if (problem) throw wrongUse(clientAdd, problem.problem);
  }
}

async function clientOf(
  name: string,
  given: Given,
  context: CommandContext,
): Promise<{ client: RegisteredClient; privateKey?: Awaited<ReturnType<typeof newPrivateKey>> }> {
  const brings = given.public || given.jwks !== undefined || given.jwksUri !== undefined;
  const privateKey = brings ? undefined : await newPrivateKey('ES384');
  const jwks = privateKey ? { keys: [publicPart(privateKey)] } : readKeys(given.jwks, context.folder);
  return {
    client: {
      id: systemIds(systemClock).uuid(),
      name,
      profile: given.public || given.smart ? 'smart' : 'helseid',
      scopes: scopesIn(given.scopes),
      redirectUris: given.redirect,
      ...(jwks ? { jwks } : {}),
      ...(given.jwksUri === undefined ? {} : { jwksUri: given.jwksUri }),
      ...(given.organization === undefined ? {} : { organisation: given.organization }),
    },
    ...(privateKey ? { privateKey } : {}),
  };
}

function readKeys(path: string | undefined, folder: string): RegisteredClient['jwks'] {
  if (path === undefined) return undefined;
  try {
    return readPublicKeys(readFileSync(resolve(folder, path), 'utf8'));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('invalid', `${path} can not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {
      cause: error,
    });
  }
}

function scopesIn(text = ''): string[] {
  return text.split(/\s+/).filter((scope) => scope !== '');
}

export const clientList: Command = {
  name: 'client list',
  takes: '',
  summary: 'Lists the applications and systems of the embedded provider',
  help: `
One a line: name, id, how it is held, its organisation, and its scopes.

Exit codes: 0 listed, 1 it failed, 2 wrong use or settings.`,
  async run(words, context) {
    if (parseWords(clientList, words, {}).positionals.length > 0)
      throw wrongUse(clientList, 'fyr client list takes nothing more');
    const clients = await withProviderDatabase(context, 'client list', (db) =>
      createClientStore(db, systemClock).list(),
    );
    for (const { name, id, profile, organisation, scopes } of clients)
      context.output.write(`${name}\t${id}\t${profile}\t${organisation ?? '-'}\t${scopes.join(' ')}\n`);
    return exitCode.done;
  },
};

export const clientRemove: Command = {
  name: 'client remove',
  takes: '<name|id>',
  summary: 'Takes an application or system away, with all that was given to it',
  help: `
Its refresh tokens are gone at once. An access token goes on until it expires, ten minutes after it was issued, unless it is introspected.

Exit codes: 0 removed, 1 there is none, 2 wrong use or settings.`,
  async run(words, context) {
    const [name, ...more] = parseWords(clientRemove, words, {}).positionals;
    if (name === undefined || more.length > 0) throw wrongUse(clientRemove, 'Say which');
    const removed = await withProviderDatabase(context, 'client remove', async (db) => {
      const clients = createClientStore(db, systemClock);
      return clients.remove((await clients.findByName(name))?.id ?? name);
    });
    if (!removed) throw new Fault('notFound', `There is no client called ${name}.`);
    context.output.write(`${name} is gone.\n`);
    return exitCode.done;
  },
};
