/** The issuers that people and systems sign in with, from the JSON file that FYR_ISSUERS names. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';

/** One OpenID provider. HelseID and ID-porten have ways of their own; `openid` is any other. */
export type IssuerSettings = {
  /** Short name in addresses and the log. */
  readonly name: string;
  readonly kind: 'helseid' | 'idporten' | 'openid';
  /** The issuer as it names itself, without a slash at its end unless it has one itself. */
  readonly url: string;
  /** What Fyr is called there; undefined: only its tokens are taken, nobody signs in to the pages with it. */
  readonly clientId: string | undefined;
  /** The private key of that client, JWK or PEM. */
  readonly keyFile: string | undefined;
  /** What `aud` of its access tokens must say; undefined: the address of the FHIR API. */
  readonly audience: string | undefined;
  /** Organisation numbers that Fyr signs in for: legal entity and place of care. Without the first, Fyr is a client of one legal entity only. */
  readonly organisation: { readonly parent?: string; readonly child?: string } | undefined;
  /** What is asked for besides what the kind always asks for, with blanks between. */
  readonly scopes: string | undefined;
  /** What its own API scopes allow here, as SMART scopes with blanks between: `{"example:fyr/journal": "user/*.rs"}`. */
  readonly scopeMeanings: { readonly [scope: string]: string } | undefined;
  /** Client ids of systems that are the region's own: their tokens need no organisation, and reach all records that their scopes name. */
  readonly regionClients: readonly string[];
};

const organisationNumber = z.string().regex(/^\d{9}$/, 'an organisation number of nine digits');

const entry = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'a name of a-z, 0-9 and -'),
  kind: z.literal(['helseid', 'idporten', 'openid']),
  url: z.string().refine(isSafeUrl, 'a URL that begins with https:// (http:// only on this machine)'),
  clientId: z.string().min(1).optional(),
  keyFile: z.string().min(1).optional(),
  audience: z.string().min(1).optional(),
  organisation: z
    .strictObject({ parent: organisationNumber.optional(), child: organisationNumber.optional() })
    .refine(({ parent, child }) => parent !== undefined || child !== undefined, 'parent or child is needed')
    .optional(),
  scopes: z.string().optional(),
  scopeMeanings: z.record(z.string().min(1), z.string().min(1)).optional(),
  regionClients: z.array(z.string().min(1)).default([]),
});

const file = z.array(entry).min(1, 'at least one issuer');

/** Reads the file; what is wrong is added to `problems`, and nothing is given. */
export function readIssuers(path: string, problems: string[]): IssuerSettings[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    problems.push(`FYR_ISSUERS names ${path}, which cannot be read as JSON: ${(error as Error).message}`);
    return [];
  }
  const parsed = file.safeParse(content);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(`${path}, ${issue.path.join('.')}: ${issue.message}.`);
    return [];
  }
  const issuers = parsed.data.map((one) => settingsOf(one, dirname(path)));
  refuseUnclear(issuers, path, problems);
  return issuers;
}

function settingsOf(one: z.output<typeof entry>, folder: string): IssuerSettings {
  const { organisation } = one;
  return Object.freeze({
    name: one.name,
    kind: one.kind,
    url: one.url,
    clientId: one.clientId,
    keyFile: one.keyFile === undefined ? undefined : resolve(folder, one.keyFile),
    audience: one.audience,
    organisation: organisation && {
      ...(organisation.parent === undefined ? {} : { parent: organisation.parent }),
      ...(organisation.child === undefined ? {} : { child: organisation.child }),
    },
    scopes: one.scopes,
    scopeMeanings: one.scopeMeanings,
    regionClients: one.regionClients,
  });
}

function refuseUnclear(issuers: readonly IssuerSettings[], path: string, problems: string[]): void {
  for (const key of ['name', 'url'] as const) {
    if (new Set(issuers.map((issuer) => issuer[key])).size < issuers.length)
      problems.push(`${path}: no two issuers may have the same ${key}.`);
  }
  for (const { name, clientId, keyFile } of issuers) {
    if ((clientId === undefined) !== (keyFile === undefined))
      problems.push(`${path}, ${name}: clientId and keyFile must be given together.`);
  }
}

/** Tokens and keys travel there: only by TLS, or within this machine. */
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash } = new URL(text);
  if (search !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}
