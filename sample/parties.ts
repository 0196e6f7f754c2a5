/**
 * The address register of the region: each service as a HealthcareService with a HER-id of its own (a communication party of level 2), and its
 * Endpoint with the messages that it takes and its certificates.
 */
import type { Endpoint, Extension, HealthcareService } from 'fhir/r4.js';
import { dateText } from '#shared/days.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import type { Resource } from '#fhir/types.ts';
import { codeSystems, concept, type Concept } from './codes.ts';
import type { Reference } from './reference.ts';
import type { Region, UnitEntry } from './region.ts';

const messageNames = {
  APPREC: 'Applikasjonskvittering',
  DIALOG_FORESPORSEL: 'Forespørsel',
  DIALOG_HELSEFAGLIG: 'Helsefaglig dialog',
  DIALOG_STATUS_HENVISNING: 'Status på henvisning',
  EPIKRISE: 'Epikrise',
  HENVISNING: 'Henvisning',
  REQ_LAB: 'Rekvisisjon-Laboratoriemedisin',
  REQ_RTG: 'Rekvisisjon-Radiologi',
  SVAR_LAB: 'Svarrapport-Laboratoriemedisin',
  SVAR_RTG: 'Svarrapport-Radiologi',
} as const;

type Message = readonly [name: keyof typeof messageNames, version: string];

const dialogue: readonly Message[] = [
  ['APPREC', '1.1'],
  ['DIALOG_FORESPORSEL', '1.1'],
  ['DIALOG_HELSEFAGLIG', '1.1'],
];
const answers: readonly Message[] = [
  ['SVAR_LAB', '1.4'],
  ['SVAR_RTG', '1.4'],
];
/** What a kind of service takes. */
const taken = {
  department: [...dialogue, ...answers, ['HENVISNING', '2.0']],
  radiology: [...dialogue, ['REQ_RTG', '1.5']],
  laboratory: [...dialogue, ['REQ_LAB', '1.5']],
  practice: [...dialogue, ...answers, ['EPIKRISE', '1.2'], ['DIALOG_STATUS_HENVISNING', '1.1']],
  municipal: [...dialogue, ['EPIKRISE', '1.2']],
  pharmacy: dialogue,
} as const satisfies Record<string, readonly Message[]>;

export type PartyKind = keyof typeof taken;

/** 9040 Helsevirksomhet type. */
const categories: Readonly<Record<PartyKind, Concept>> = {
  department: concept('urn:oid:2.16.578.1.12.4.1.1.9040', '101', 'Helseforetak/private sykehus'),
  radiology: concept('urn:oid:2.16.578.1.12.4.1.1.9040', '101', 'Helseforetak/private sykehus'),
  laboratory: concept('urn:oid:2.16.578.1.12.4.1.1.9040', '101', 'Helseforetak/private sykehus'),
  practice: concept(
    'urn:oid:2.16.578.1.12.4.1.1.9040',
    '103',
    'Fastlege og annen privat virksomhet som yter helsetjenester',
  ),
  municipal: concept('urn:oid:2.16.578.1.12.4.1.1.9040', '102', 'Kommune'),
  pharmacy: concept('urn:oid:2.16.578.1.12.4.1.1.9040', '108', 'Apotek'),
};

/** The first of the invented HER-ids of parties. */
const firstParty = 9_950_000;
const certificateYears = 3;

/** Adds the service of a unit with its endpoint. `specialty` of 8655, 8654, 8663 or 8664. */
export function addService(region: Region, unit: UnitEntry, kind: PartyKind, specialty: Concept): void {
  const name = unit.organisation.display ?? '';
  const herId = nextHerId(region);
  const endpoint = addEndpoint(region, { name, herId, organisation: unit.organisation, kind });
  region.add({
    resourceType: 'HealthcareService',
    identifier: [herIdentifier(herId)],
    active: true,
    providedBy: unit.organisation,
    category: [categories[kind]],
    specialty: [specialty],
    location: [unit.location],
    name,
    endpoint: [endpoint],
  } satisfies HealthcareService);
}

/** Adds the endpoint of a person who is a party, and answers what the PractitionerRole has of it. */
export function personalParty(
  region: Region,
  unit: UnitEntry,
  name: string,
): { identifier: ReturnType<typeof herIdentifier>[]; endpoint: Reference[] } {
  const herId = nextHerId(region);
  const endpoint = addEndpoint(region, { name, herId, organisation: unit.organisation, kind: 'practice' });
  return { identifier: [herIdentifier(herId)], endpoint: [endpoint] };
}

function nextHerId(region: Region): string {
  return String(firstParty + region.partyCount++);
}

function herIdentifier(value: string): { system: string; value: string } {
  return { system: identifierSystems.communicationParty, value };
}

type EndpointDraft = { name: string; herId: string; organisation: Reference; kind: PartyKind };

function addEndpoint(region: Region, { name, herId, organisation, kind }: EndpointDraft): Reference {
  const from = region.today - region.random.between(60, 700);
  return region.add({
    resourceType: 'Endpoint',
    extension: [certificate(region, 'sign', from), certificate(region, 'encrypt', from)],
    status: 'active',
    connectionType: {
      system: 'http://hl7.no/fhir/CodeSystem/no-basis-connection-type',
      code: 'no-ebxml-2',
      display: 'ebXML 2.0',
    },
    name,
    managingOrganization: organisation,
    period: { start: dateText(from) },
    payloadType: taken[kind].map(([message, version]) => ({
      coding: [
        { system: codeSystems.messageFunction, code: message, display: messageNames[message] },
        { system: 'urn:fyr:code-system:message-version', code: version },
      ],
    })),
    address: `mailto:her${herId}@edi.fyrlandet.example`,
  } satisfies Endpoint & Resource);
}

/** A certificate by what it would be found by; there is no key behind it. */
function certificate(region: Region, use: 'sign' | 'encrypt', from: number): Extension {
  const word = (): string => region.random.bits().toString(16).padStart(8, '0');
  return {
    url: 'urn:fyr:extension:endpoint-certificate',
    extension: [
      { url: 'use', valueCode: use },
      { url: 'thumbprint', valueString: word() + word() + word() + word() + word() },
      { url: 'period', valuePeriod: { start: dateText(from), end: dateText(from + certificateYears * 365) } },
    ],
  };
}
