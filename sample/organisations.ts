/** An organisation and the place where it is, with numbers of the invented series. */
import type { Organization, Location } from 'fhir/r4.js';
import { identifierSystems, syntheticOrganisationNumber } from '#shared/identifiers.ts';
import type { Reference } from './reference.ts';
import { hl7, type Concept } from './codes.ts';
import { inventAddress, type Municipality } from './places.ts';
import type { Region, UnitEntry } from './region.ts';

export type OrganisationDraft = {
  name: string;
  type: Concept[];
  partOf?: Reference;
  resh?: boolean;
  her?: boolean;
  place?: Municipality;
};

export function addOrganisation(region: Region, draft: OrganisationDraft): Reference {
  const number = region.organisationCount++;
  const identifier: { system: string; value: string }[] = [
    { system: identifierSystems.organisationNumber, value: syntheticOrganisationNumber(number) },
  ];
  if (draft.resh) identifier.push({ system: identifierSystems.specialistUnit, value: String(990000 + number) });
  if (draft.her) identifier.push({ system: identifierSystems.communicationParty, value: String(9900000 + number) });
  const reference = region.add({
    resourceType: 'Organization',
    identifier,
    active: true,
    type: draft.type,
    name: draft.name,
    ...(draft.place ? { address: [inventAddress(region.random, draft.place, 'work')] } : {}),
    ...(draft.partOf ? { partOf: draft.partOf } : {}),
  } satisfies Organization);
  return { ...reference, display: draft.name };
}

export type LocationDraft = {
  name: string;
  kind: keyof typeof locationKinds;
  managedBy: Reference;
  place?: Municipality;
  partOf?: Reference;
};

const locationKinds = {
  bu: hl7('location-physical-type', 'bu', 'Building'),
  wa: hl7('location-physical-type', 'wa', 'Ward'),
  ro: hl7('location-physical-type', 'ro', 'Room'),
  bd: hl7('location-physical-type', 'bd', 'Bed'),
};

export function addLocation(region: Region, draft: LocationDraft): Reference {
  const reference = region.add({
    resourceType: 'Location',
    status: 'active',
    name: draft.name,
    mode: 'instance',
    physicalType: locationKinds[draft.kind],
    managingOrganization: draft.managedBy,
    ...(draft.place ? { address: inventAddress(region.random, draft.place, 'work') } : {}),
    ...(draft.partOf ? { partOf: draft.partOf } : {}),
  } satisfies Location);
  return { ...reference, display: draft.name };
}

/** An organisation in a building of its own. */
export function addUnit(
  region: Region,
  name: string,
  type: Concept[],
  place: Municipality,
  partOf?: Reference,
): UnitEntry {
  const organisation = addOrganisation(region, { name, type, her: true, place, ...(partOf ? { partOf } : {}) });
  const location = addLocation(region, { name, kind: 'bu', managedBy: organisation, place });
  return {
    organisation,
    location,
    beds: [],
    wards: [],
    practitioners: [],
    nurses: [],
    midwives: [],
    field: '110',
    hospital: name,
  };
}
