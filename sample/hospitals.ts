/** The regional owner with its laboratory, and the two hospitals: departments, wards, beds, and who works there. All invented. */
import type { Reference } from './reference.ts';
import { codeSystems, concept, hl7 } from './codes.ts';
import { areaNames, departments, type Department, type hospitals } from './departments.ts';
import { addLocation, addOrganisation, addUnit } from './organisations.ts';
import { addOffice, addPersonnel } from './personnel.ts';
import { addService } from './parties.ts';
import { personnelPersonas } from './personas.ts';
import { municipalities, regionName } from './places.ts';
import type { Region, UnitEntry } from './region.ts';

type Hospital = (typeof hospitals)[number];

const doctors = 4;
const bedsOfRoom = 2;
const wardBedsMax = 16;
/** A department has its wards once more for each so many residents. */
const residentsOfWards = 15_000;

export function addRegionalOwner(region: Region): Reference {
  region.group('region');
  const owner = addOrganisation(region, {
    name: `Helse ${regionName}`,
    type: [concept(codeSystems.organisationLevel, '1', 'RHF')],
    resh: true,
    place: municipalities[0]!,
  });
  const laboratory = addUnit(
    region,
    `Laboratoriet i ${regionName}`,
    [concept(codeSystems.organisationName, '14', 'Laboratorium')],
    municipalities[0]!,
    owner,
  );
  addPersonnel(region, laboratory, { category: 'LE', speciality: ['31', 'Medisinsk biokjemi'], hours: 'day' });
  for (let count = 0; count < 3; count++) addPersonnel(region, laboratory, { category: 'BI', hours: 'shift' });
  addService(region, laboratory, 'laboratory', concept(codeSystems.diagnosticService, 'L', 'Laboratoriefag'));
  region.laboratory = laboratory.organisation;
  addOffice(region, owner, personnelPersonas.privacyOfficer, 'Personvernombud');
  addOffice(region, owner, personnelPersonas.operator, 'Driftsansvarlig');
  addOffice(region, owner, personnelPersonas.researcher, 'Forsker');
  return owner;
}

export function addHospital(region: Region, owner: Reference, hospital: Hospital): void {
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
    addDepartment(region, hospital, department, organisation, building);
  }
}

function addDepartment(
  region: Region,
  hospital: Hospital,
  department: Department,
  organisation: Reference,
  building: Reference,
): void {
  region.group(`${hospital.name}, ${department.name}`);
  const own = addOrganisation(region, {
    name: `${department.name}, ${hospital.name}`,
    type: [
      concept(codeSystems.organisationName, '05', 'Avdeling'),
      hl7('organization-type', 'dept', 'Hospital Department'),
    ],
    partOf: organisation,
    resh: true,
    her: true,
  });
  const clinic = addLocation(region, {
    name: department.key === 'radiology' ? department.name : `${department.name}, poliklinikk`,
    kind: 'ro',
    managedBy: own,
    partOf: building,
  });
  const unit: UnitEntry = {
    organisation: own,
    location: clinic,
    beds: [],
    wards: [],
    practitioners: [],
    nurses: [],
    midwives: [],
    field: department.field,
    hospital: hospital.name,
  };
  const beds =
    department.beds[hospital.isCentral ? 0 : 1] * Math.max(1, Math.ceil(region.residents / residentsOfWards));
  addBeds(region, unit, department, beds, building);
  addStaff(region, unit, department, hospital.isCentral);
  const isRadiology = department.key === 'radiology';
  const area = isRadiology
    ? concept(codeSystems.diagnosticService, 'B', 'Bildediagnostikk')
    : concept(codeSystems.healthArea, department.area, areaNames[department.area]!);
  addService(region, unit, isRadiology ? 'radiology' : 'department', area);
  region.wards.set(`${hospital.key}/${department.key}`, unit);
}

/** Wards of at most sixteen beds, two in a room. */
function addBeds(region: Region, unit: UnitEntry, department: Department, beds: number, building: Reference): void {
  const wards = Math.ceil(beds / wardBedsMax);
  for (let number = 1; number <= wards; number++) {
    const name =
      department.key === 'emergency' ? 'Akuttmottak' : `${department.name}, sengepost${wards > 1 ? ` ${number}` : ''}`;
    const ward = addLocation(region, { name, kind: 'wa', managedBy: unit.organisation, partOf: building });
    unit.wards.push(ward);
    const here = Math.ceil((beds - (number - 1) * wardBedsMax) / (wards - number + 1));
    for (let bed = 1; bed <= Math.min(here, wardBedsMax); bed++) {
      const place = `Rom ${number}${String(Math.ceil(bed / bedsOfRoom)).padStart(2, '0')}, seng ${bed % 2 === 1 ? 'A' : 'B'}`;
      const draft = { name: `${name}, ${place}`, kind: 'bd', managedBy: unit.organisation, partOf: ward } as const;
      unit.beds.push(addLocation(region, draft));
    }
  }
}

function addStaff(region: Region, unit: UnitEntry, department: Department, isCentral: boolean): void {
  const isPersonas = isCentral && department.key === 'internal';
  for (let count = 0; count < doctors; count++) {
    addPersonnel(region, unit, {
      category: 'LE',
      role: ['3', 'Behandlingsansvarlig lege'],
      speciality: department.speciality,
      hours: 'day',
      ...(isPersonas && count === 0 ? { persona: personnelPersonas.hospitalDoctor } : {}),
    });
  }
  addPersonnel(region, unit, {
    category: 'LE',
    role: ['16', 'Turnuslege'],
    authorisation: ['18', 'LIS1-Lisens'],
    hours: 'shift',
  });
  if (department.key === 'radiology') {
    for (let count = 0; count < 2; count++) addPersonnel(region, unit, { category: 'RA', hours: 'shift' });
    return;
  }
  const nurses = unit.beds.length > 0 ? 4 : 1;
  for (let count = 0; count < nurses; count++) {
    addPersonnel(region, unit, {
      category: 'SP',
      role: ['9', 'Primærkontakt'],
      ...(isPersonas && count === 0 ? { persona: personnelPersonas.nurse } : {}),
      hours: unit.beds.length > 0 ? 'shift' : 'day',
    });
  }
  if (department.key === 'obstetrics') {
    for (let count = 0; count < 3; count++)
      addPersonnel(region, unit, {
        category: 'JO',
        role: ['14', 'Ansvarlig jordmor'],
        hours: 'shift',
      });
  }
  if (department.field === '320' || department.field === '310')
    addPersonnel(region, unit, { category: 'PS', role: ['20', 'Kontaktpsykolog'], hours: 'day' });
}
