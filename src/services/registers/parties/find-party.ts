/** "The lab of hospital X that takes requisition 1.5": parties of the address register by organisation, service, message and day. */
import type { RequestContext } from '#fhir/index.ts';
import { keyOfReference } from '#fhir/record/reference.ts';
import type { Resource } from '#fhir/types.ts';
import { Fault } from '#kernel/fault.ts';
import type { FoundParty } from '../contract.ts';
import { organisationIds } from '../organisations/organisation-exchange.ts';
import { findBelow } from '../organisations/organisation-store.ts';
import { readMany } from '../records.ts';
import type { Reference } from '../register-codes.ts';
import { findRevocations, type KnownRevocation } from './certificate-store.ts';
import type { Certificate } from './derive.ts';
import { findAtEndpoints, findByHerId, type PartyAtEndpoint } from './party-store.ts';

export type PartyQuestion = {
  /** `ENH:…`, `RSH:…` or `HER:…`: its parties, and those of everything below it. */
  organisation?: string;
  /** `list#code` (codes below it count too), or a word of `serviceWords`. */
  service?: string;
  /** Message function (8279) and version. */
  message?: string;
  version?: string;
  on: string;
};

/** What people call services, as the codes by which parties are registered. */
const serviceWords: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    laboratory: ['8624#14', '8654#L', '8660#L'],
    radiology: ['8654#B', '8660#B'],
    pharmacy: ['8664#PR'],
    'general-practice': ['8663#KA01', '8666#05'],
    'home-care': ['8663#KP02'],
  }),
);

const foundMax = 500;

/** The parties that take it on the day with certificates that hold then. Faults: notFound (the organisation), invalid. */
export async function findParties(deps: Pick<RequestContext, 'db'>, question: PartyQuestion): Promise<FoundParty[]> {
  const { organisation, message, version, service, on } = question;
  if (version !== undefined && message === undefined) throw new Fault('invalid', 'version belongs to a message.');
  const organisations = organisation === undefined ? undefined : await withBelow(deps, organisation);
  const wanted = message === undefined ? undefined : version === undefined ? message : `${message} ${version}`;
  const found = await findAtEndpoints(deps.db, {
    ...(organisations === undefined ? {} : { organisations }),
    ...(wanted === undefined ? {} : { message: wanted }),
    on,
    limit: foundMax,
  });
  const codes = service === undefined ? undefined : (serviceWords.get(service) ?? [service]);
  const certified = found.map((party) => ({ party, certificates: JSON.parse(party.certificates) as Certificate[] }));
  const thumbprints = certified.flatMap(({ certificates }) =>
    certificates.flatMap(({ thumbprint }) => thumbprint ?? []),
  );
  const revocations = await findRevocations(deps.db, [...new Set(thumbprints)]);
  return certified.flatMap(({ party, certificates }) => {
    if (codes !== undefined && !party.services.some((each) => codes.some((code) => each.startsWith(code)))) return [];
    const usable = certificates.filter(({ thumbprint = '' }) => !isRevoked(revocations.get(thumbprint), on));
    if (!canBeSealed(usable, on)) return [];
    const isKnown = usable.every(({ thumbprint = '' }) => revocations.get(thumbprint)?.state === 'good');
    return [
      { ...answerOf(party, wanted ?? party.messages[0] ?? '', usable), revocation: isKnown ? 'good' : 'unknown' },
    ];
  });
}

/** A party by its HER-id, with its endpoints. Faults: notFound. */
export async function findParty(
  deps: Pick<RequestContext, 'db'>,
  herId: string,
): Promise<{ party: Resource; endpoints: Resource[] }> {
  const [key] = await findByHerId(deps.db, herId);
  const party = key === undefined ? undefined : (await readMany(deps, [key])).get(`${key.type}/${key.id}`);
  if (party === undefined) throw new Fault('notFound', `Nobody here has the HER-id ${herId.slice(0, 20)}.`);
  const references = ((party['endpoint'] as Reference[] | undefined) ?? []).flatMap(
    ({ reference }) => keyOfReference(reference ?? '') ?? [],
  );
  return { party, endpoints: [...(await readMany(deps, references)).values()] };
}

async function withBelow(deps: Pick<RequestContext, 'db'>, key: string): Promise<string[]> {
  const id = (await organisationIds(deps, [key])).get(key);
  if (id === undefined) throw new Fault('notFound', `${key} is not here.`);
  return (await findBelow(deps.db, id)).map((each) => each.id);
}

/** Withdrawn on the day; a day before the withdrawal it still held. */
function isRevoked(known: KnownRevocation | undefined, on: string): boolean {
  return known?.state === 'revoked' && (known.revokedOn === null || known.revokedOn <= on);
}

/** A party without a certificate for encryption that holds on the day can't be sent to (AD1.18; HIS 1037). */
export function canBeSealed(certificates: readonly Certificate[], on: string): boolean {
  return certificates.some(
    ({ use, from, to }) => use !== 'sign' && (from === undefined || from <= on) && (to === undefined || on <= to),
  );
}

function answerOf(
  party: PartyAtEndpoint,
  message: string,
  certificates: readonly Certificate[],
): Omit<FoundParty, 'revocation'> {
  const ends = certificates.flatMap(({ to }) => to ?? []).sort();
  return {
    herId: party.herId,
    reference: `${party.type}/${party.id}`,
    name: party.name,
    ...(party.organisationName === null ? {} : { organisation: party.organisationName }),
    endpoint: `Endpoint/${party.endpoint}`,
    address: party.address,
    message,
    ...(ends[0] === undefined ? {} : { certificatesTo: ends[0] }),
  };
}
