/** What the register of organisations and parties keeps of a resource, as rows. Pure. */
import { fold } from '#fhir/search/fold.ts';
import type { Resource } from '#fhir/types.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import {
  codesOf,
  listedCodes,
  ownExtensions,
  ownSystems,
  volven,
  type Concept,
  type Extension,
  type Identifier,
  type Period,
  type Reference,
} from '../register-codes.ts';
import { municipalityOf } from '../persons/events.ts';

export type OrganisationEntry = {
  id: string;
  parent: string | null;
  name: string;
  /** Folded: the name, its earlier ones and aliases. */
  words: string;
  active: boolean;
  /** `list#code`. */
  kinds: string[];
  municipality: string | null;
};

export type PartyEntry = {
  type: string;
  id: string;
  herId: string;
  organisation: string | null;
  name: string;
  active: boolean;
  services: string[];
  endpoints: string[];
};

/** `certificate`: DER in base64, where the register has it. */
export type Certificate = { use?: string; thumbprint?: string; from?: string; to?: string; certificate?: string };

export type EndpointEntry = {
  id: string;
  active: boolean;
  /** `REQ_LAB 1.5`, and `REQ_LAB` where no version is said. */
  messages: string[];
  address: string;
  validFrom: string | null;
  validTo: string | null;
  certificates: Certificate[];
};

export function organisationEntry(resource: Resource): OrganisationEntry {
  const former = ((resource['extension'] as Extension[] | undefined) ?? []).flatMap((each) =>
    each.url === ownExtensions.formerName
      ? (each.extension ?? []).flatMap(({ url, ...rest }) => (url === 'name' ? [String(rest['valueString'])] : []))
      : [],
  );
  const name = String(resource['name'] ?? '');
  const aliases = ((resource['alias'] as string[] | undefined) ?? []).filter((each) => each !== null);
  return {
    id: resource.id ?? '',
    parent: idOf(resource['partOf'], 'Organization'),
    name,
    words: fold([name, ...aliases, ...former].join(' · ')),
    active: resource['active'] !== false,
    kinds: listedCodes(resource['type'] as Concept[] | undefined),
    municipality: municipalityOf(((resource['address'] as object[] | undefined) ?? [])[0]) ?? null,
  };
}

/** A party, when the resource has a HER-id. An Organization is a party of its own; services and roles are parties of an organisation. */
export function partyEntry(resource: Resource): PartyEntry | undefined {
  const identifiers = (resource['identifier'] as Identifier[] | undefined) ?? [];
  const herId = identifiers.find(({ system }) => system === identifierSystems.communicationParty)?.value;
  if (herId === undefined) return undefined;
  const { resourceType: type, id = '' } = resource;
  const practitioner = resource['practitioner'] as Reference | undefined;
  return {
    type,
    id,
    herId,
    organisation:
      type === 'Organization'
        ? id
        : idOf(resource[type === 'HealthcareService' ? 'providedBy' : 'organization'], 'Organization'),
    name: String(resource['name'] ?? practitioner?.display ?? herId),
    active: resource['active'] !== false,
    services: ['type', 'specialty', 'category', 'code'].flatMap((element) =>
      listedCodes(resource[element] as Concept[] | undefined),
    ),
    endpoints: ((resource['endpoint'] as Reference[] | undefined) ?? []).flatMap(
      (each) => idOf(each, 'Endpoint') ?? [],
    ),
  };
}

export function endpointEntry(resource: Resource): EndpointEntry {
  const payloads = (resource['payloadType'] as Concept[] | undefined) ?? [];
  const period = (resource['period'] as Period | undefined) ?? {};
  return {
    id: resource.id ?? '',
    active: resource['status'] === 'active',
    messages: payloads.flatMap((payload) => {
      const versions = codesOf([payload], ownSystems.messageVersion);
      return codesOf([payload], volven('8279')).flatMap((code) => [code, ...versions.map((each) => `${code} ${each}`)]);
    }),
    address: String(resource['address'] ?? ''),
    validFrom: period.start?.slice(0, 10) ?? null,
    validTo: period.end?.slice(0, 10) ?? null,
    certificates: certificatesOf(resource),
  };
}

export function certificatesOf(endpoint: Resource): Certificate[] {
  const extensions = (endpoint['extension'] as Extension[] | undefined) ?? [];
  return extensions
    .filter(({ url }) => url === ownExtensions.certificate)
    .map(({ extension = [] }) => {
      const part = (name: string): Extension | undefined => extension.find(({ url }) => url === name);
      const { start, end } = (part('period')?.['valuePeriod'] as Period | undefined) ?? {};
      const { valueCode: use } = (part('use') ?? {}) as { valueCode?: string };
      const { valueBase64Binary: certificate } = (part('certificate') ?? {}) as { valueBase64Binary?: string };
      const { valueString: thumbprint } = (part('thumbprint') ?? {}) as { valueString?: string };
      return {
        ...(use === undefined ? {} : { use }),
        ...(thumbprint === undefined ? {} : { thumbprint }),
        ...(certificate === undefined ? {} : { certificate }),
        ...(start === undefined ? {} : { from: start.slice(0, 10) }),
        ...(end === undefined ? {} : { to: end.slice(0, 10) }),
      };
    });
}

function idOf(reference: unknown, type: string): string | null {
  const literal = (reference as Reference | undefined)?.reference;
  return literal?.startsWith(`${type}/`) ? (literal.slice(type.length + 1).split('/')[0] ?? null) : null;
}
