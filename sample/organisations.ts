/** Organisations, places and the people who work in them: two hospitals, three municipalities, practices, pharmacies. All invented. */
import { identifierSystems, syntheticOrganisationNumber } from '#shared/identifiers.ts';
import type { Organization, Location } from 'fhir/r4.js';
import type { Reference } from './reference.ts';
import { codeSystems, concept, hl7, type Concept } from './codes.ts';
import { departments, type Department, type hospitals } from './departments.ts';
import { familyName } from './names.ts';
import { inventAddress, municipalities, regionName, type Municipality } from './places.ts';
import { addPersonnel } from './personnel.ts';
import type { Region, UnitEntry } from './region.ts';

type OrganisationDraft = {
  name: string;
  type: Concept[];
  partOf?: Reference;
  resh?: boolean;
  her?: boolean;
  place?: Municipality;
};

export function addRegionalOwner(region: Region): Reference {
  region.group('region');
  const owner = addOrganisation(region, {
    name: `Helse ${regionName}`,
    type: [concept(codeSystems.organisationLevel, '1', 'RHF')],
    resh: true,
    place: municipalities[0]!,
  });
  const diagnostics = { place: municipalities[0]!, resh: true, her: true, partOf: owner };
  const laboratoryType = [concept(codeSystems.organisationName, '14', 'Laboratorium')];
  region.laboratory = addOrganisation(region, {
    ...diagnostics,
    name: `Laboratoriet i ${regionName}`,
    type: laboratoryType,
  });
  const radiologyType = [concept(codeSystems.organisationName, '05', 'Avdeling')];
  region.radiology = addOrganisation(region, {
    ...diagnostics,
    name: `Radiologisk avdeling ${regionName}`,
    type: radiologyType,
  });
  return owner;
}

export function addHospital(region: Region, owner: Reference, hospital: (typeof hospitals)[number]): void {
  const place = municipalities[hospital.isCentral ? 0 : 1]!;
  region.group(hospital.name);
  const trust = addOrganisation(region, {
    name: `${hospital.name} HF`,
    type: [concept(codeSystems.organisationLevel, '2', 'HF')],
    partOf: owner,
    resh: true,
    place,
  });
  const organisation = addOrganisation(region, {
    name: hospital.name,
    type: [
      concept(codeSystems.organisationName, '01', 'Sykehus'),
      hl7('organization-type', 'prov', 'Healthcare Provider'),
    ],
    partOf: trust,
    resh: true,
    her: true,
    place,
  });
  const building = addLocation(region, { name: hospital.name, kind: 'bu', managedBy: organisation, place });
  for (const department of departments) {
    if (department.centralOnly && !hospital.isCentral) continue;
    addDepartment(region, `${hospital.key}/${department.key}`, department, hospital.name, organisation, building);
  }
}

function addDepartment(
  region: Region,
  key: string,
  department: Department,
  hospital: string,
  organisation: Reference,
  building: Reference,
): void {
  region.group(`${hospital}, ${department.name}`);
  const own = addOrganisation(region, {
    name: `${department.name}, ${hospital}`,
    type: [
      concept(codeSystems.organisationName, '05', 'Avdeling'),
      hl7('organization-type', 'dept', 'Hospital Department'),
    ],
    partOf: organisation,
    resh: true,
    her: true,
  });
  const ward = addLocation(region, {
    name: `${department.name}, sengepost`,
    kind: 'wa',
    managedBy: own,
    partOf: building,
  });
  const unit: UnitEntry = { organisation: own, location: ward, beds: [], practitioners: [], field: department.field };
  for (let bed = 1; bed <= 8; bed++) {
    const name = `Rom ${Math.ceil(bed / 2)}, seng ${bed % 2 === 1 ? 'A' : 'B'}`;
    unit.beds.push(addLocation(region, { name, kind: 'bd', managedBy: own, partOf: ward }));
  }
  for (let count = 0; count < 4; count++) {
    addPersonnel(region, unit, {
      category: 'LE',
      role: ['3', 'Behandlingsansvarlig lege'],
      speciality: department.speciality,
    });
  }
  for (let count = 0; count < 3; count++) addPersonnel(region, unit, { category: 'SP', role: ['9', 'Primærkontakt'] });
  if (department.key === 'obstetrics') {
    for (let count = 0; count < 3; count++)
      addPersonnel(region, unit, { category: 'JO', role: ['14', 'Ansvarlig jordmor'] });
  }
  region.wards.set(key, unit);
}

export function addMunicipalServices(region: Region, municipality: Municipality): void {
  region.group(`${municipality.name} kommune`);
  const own = addOrganisation(region, {
    name: `${municipality.name} kommune`,
    type: [hl7('organization-type', 'govt', 'Government')],
    place: municipality,
  });
  const service = (name: string, code: string, display: string): UnitEntry =>
    addUnit(region, name, [concept(codeSystems.municipalService, code, display)], municipality, own);
  const clinic = service(`${municipality.name} helsestasjon`, 'KF01', 'Helsestasjons- og skolehelsetjeneste');
  const urgent = service(`${municipality.name} legevakt`, 'KA02', 'Legevakt');
  const nursing = service(`${municipality.name} hjemmetjeneste`, 'KP02', 'Sykepleietjeneste');
  const home = service(`${municipality.name} sykehjem`, 'KP01', 'Legetjeneste ved sykehjem mv.');
  for (const unit of [clinic, nursing, home]) {
    for (let count = 0; count < 3; count++)
      addPersonnel(region, unit, { category: 'SP', role: ['9', 'Primærkontakt'] });
  }
  for (let count = 0; count < 3; count++)
    addPersonnel(region, urgent, { category: 'LE', role: ['3', 'Behandlingsansvarlig lege'] });
  region.clinics.set(municipality.number, clinic);
  region.emergencyClinics.set(municipality.number, urgent);
  region.homeCare.set(municipality.number, nursing);
}

export function addPractices(region: Region, municipality: Municipality, practitioners: number): void {
  const units: UnitEntry[] = [];
  for (let left = practitioners; left > 0; left -= 4) {
    const name = `${familyName(region.random, 'common')} legesenter`;
    region.group(name);
    const unit = addUnit(
      region,
      name,
      [concept(codeSystems.municipalService, 'KA01', 'Fastlegetjeneste')],
      municipality,
    );
    for (let count = 0; count < Math.min(4, left); count++) {
      addPersonnel(region, unit, { category: 'LE', role: ['6', 'Fastlege'], speciality: ['1', 'Allmennmedisin'] });
    }
    units.push(unit);
  }
  region.practices.set(municipality.number, units);
  region.group(`${municipality.name} apotek`);
  const pharmacyType = [concept('urn:oid:2.16.578.1.12.4.1.1.8664', 'PR', 'Reseptmottak')];
  const pharmacy = addUnit(region, `${municipality.name} apotek`, pharmacyType, municipality);
  addPersonnel(region, pharmacy, { category: 'FA1' });
  addPersonnel(region, pharmacy, { category: 'FA2' });
}

function addUnit(region: Region, name: string, type: Concept[], place: Municipality, partOf?: Reference): UnitEntry {
  const organisation = addOrganisation(region, { name, type, her: true, place, ...(partOf ? { partOf } : {}) });
  const location = addLocation(region, { name, kind: 'bu', managedBy: organisation, place });
  return { organisation, location, beds: [], practitioners: [], field: '110' };
}

function addOrganisation(region: Region, draft: OrganisationDraft): Reference {
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

type LocationDraft = {
  name: string;
  kind: 'bu' | 'wa' | 'bd';
  managedBy: Reference;
  place?: Municipality;
  partOf?: Reference;
};

const locationKinds = {
  bu: hl7('location-physical-type', 'bu', 'Building'),
  wa: hl7('location-physical-type', 'wa', 'Ward'),
  bd: hl7('location-physical-type', 'bd', 'Bed'),
};

function addLocation(region: Region, draft: LocationDraft): Reference {
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
