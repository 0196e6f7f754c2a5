/** What a municipality has: clinic, out-of-hours doctors, home care, nursing homes with rooms; GP practices and a pharmacy. */
import type { Reference } from './reference.ts';
import { addFreeSlots } from './booking.ts';
import { codeSystems, concept, hl7 } from './codes.ts';
import { familyName } from './names.ts';
import { addLocation, addOrganisation, addUnit } from './organisations.ts';
import { addPersonnel, type PersonnelDraft } from './personnel.ts';
import { addService } from './parties.ts';
import { personnelPersonas } from './personas.ts';
import { municipalities, type Municipality } from './places.ts';
import type { Region, UnitEntry } from './region.ts';

const doctor: PersonnelDraft = { category: 'LE', role: ['3', 'Behandlingsansvarlig lege'] };
const nurse: PersonnelDraft = { category: 'SP', role: ['9', 'Primærkontakt'] };
const practitionersOfPractice = 4;
/** Rooms of a nursing home for each tenth of the region's people. */
const roomsOfTenth = 4;
/** Of all residents, beside those of the smallest region; about one in eight of those over eighty lives in one. */
const roomShare = 0.013;

export function addMunicipalServices(region: Region, municipality: Municipality): void {
  region.group(`${municipality.name} kommune`);
  const own = addOrganisation(region, {
    name: `${municipality.name} kommune`,
    type: [hl7('organization-type', 'govt', 'Government')],
    place: municipality,
  });
  const service = (name: string, code: string, display: string): UnitEntry =>
    withService(
      region,
      addUnit(region, name, [concept(codeSystems.municipalService, code, display)], municipality, own),
      [code, display],
    );
  const clinic = service(`${municipality.name} helsestasjon`, 'KF01', 'Helsestasjons- og skolehelsetjeneste');
  for (let count = 0; count < 3; count++) addPersonnel(region, clinic, { ...nurse, hours: 'day' });
  const isFirst = municipality === municipalities[0];
  addPersonnel(region, clinic, {
    category: 'JO',
    role: ['14', 'Ansvarlig jordmor'],
    hours: 'day',
    ...(isFirst ? { persona: personnelPersonas.midwife } : {}),
  });
  addPersonnel(region, clinic, { ...doctor, speciality: ['1', 'Allmennmedisin'], hours: 'part' });
  addFreeSlots(region, clinic.midwives);
  const urgent = service(`${municipality.name} legevakt`, 'KA02', 'Legevakt');
  for (let count = 0; count < 3; count++) addPersonnel(region, urgent, { ...doctor, hours: 'shift' });
  addPersonnel(region, urgent, { ...nurse, hours: 'shift' });
  const nursing = service(`${municipality.name} hjemmetjeneste`, 'KP02', 'Sykepleietjeneste');
  for (let count = 0; count < 3; count++) addPersonnel(region, nursing, { ...nurse, hours: 'shift' });
  for (let count = 0; count < 2; count++) addPersonnel(region, nursing, { category: 'HF', hours: 'shift' });
  region.clinics.set(municipality.number, clinic);
  region.emergencyClinics.set(municipality.number, urgent);
  region.homeCare.set(municipality.number, nursing);
  addNursingHome(region, municipality, own);
}

/** The unit, with its party in the address register. */
function withService(region: Region, unit: UnitEntry, kind: readonly [code: string, display: string]): UnitEntry {
  addService(region, unit, 'municipal', concept(codeSystems.municipalService, ...kind));
  return unit;
}

function addNursingHome(region: Region, municipality: Municipality, owner: Reference): void {
  const name = `${municipality.nursingHome} sykehjem`;
  region.group(name);
  const type = [concept(codeSystems.municipalService, 'KP01', 'Legetjeneste ved sykehjem mv.')];
  const home = addUnit(region, name, type, municipality, owner);
  addService(region, home, 'municipal', type[0]!);
  const floors = municipality.share > 0.2 ? ['1. etasje', '2. etasje, skjermet avdeling'] : ['Avdeling 1'];
  for (const [floor, title] of floors.entries()) {
    const ward = addLocation(region, {
      name: `${name}, ${title}`,
      kind: 'wa',
      managedBy: home.organisation,
      partOf: home.location,
    });
    home.wards.push(ward);
    const needed = Math.max(10 * roomsOfTenth, region.residents * roomShare);
    const rooms = Math.ceil((municipality.share * needed) / floors.length);
    for (let room = 1; room <= rooms; room++) {
      const number = (floor + 1) * 1000 + room;
      const draft = { name: `${name}, rom ${number}`, kind: 'ro', managedBy: home.organisation, partOf: ward } as const;
      home.beds.push(addLocation(region, draft));
    }
  }
  addPersonnel(region, home, { ...doctor, speciality: ['1', 'Allmennmedisin'], hours: 'part' });
  for (let count = 0; count < 4; count++) addPersonnel(region, home, { ...nurse, hours: 'shift' });
  for (let count = 0; count < 3; count++) addPersonnel(region, home, { category: 'HF', hours: 'shift' });
  region.nursingHomes.set(municipality.number, home);
}

export function addPractices(region: Region, municipality: Municipality, practitioners: number): void {
  const units: UnitEntry[] = [];
  const isFirst = municipality === municipalities[0];
  for (let left = practitioners; left > 0; left -= practitionersOfPractice) {
    const name = `${familyName(region.random, 'common')} legesenter`;
    region.group(name);
    const type = [concept(codeSystems.municipalService, 'KA01', 'Fastlegetjeneste')];
    const unit = addUnit(region, name, type, municipality);
    addService(region, unit, 'practice', type[0]!);
    for (let count = 0; count < Math.min(practitionersOfPractice, left); count++) {
      addPersonnel(region, unit, {
        category: 'LE',
        role: ['6', 'Fastlege'],
        speciality: ['1', 'Allmennmedisin'],
        hours: 'day',
        isParty: true,
        ...(isFirst && count === 0 && units.length === 0 ? { persona: personnelPersonas.generalPractitioner } : {}),
      });
    }
    addPersonnel(region, unit, { category: 'HE', hours: 'day' });
    units.push(unit);
  }
  for (const { practitioners: doctors } of units) addFreeSlots(region, doctors);
  region.practices.set(municipality.number, units);
  region.group(`${municipality.name} apotek`);
  const pharmacyType = [concept('urn:oid:2.16.578.1.12.4.1.1.8664', 'PR', 'Reseptmottak')];
  const pharmacy = addUnit(region, `${municipality.name} apotek`, pharmacyType, municipality);
  addService(region, pharmacy, 'pharmacy', pharmacyType[0]!);
  addPersonnel(region, pharmacy, {
    category: 'FA1',
    hours: 'pharmacy',
    ...(isFirst ? { persona: personnelPersonas.pharmacist } : {}),
  });
  addPersonnel(region, pharmacy, { category: 'FA2', hours: 'pharmacy' });
  addPersonnel(region, pharmacy, { category: 'AT', hours: 'pharmacy' });
  region.pharmacies.set(municipality.number, pharmacy);
}
