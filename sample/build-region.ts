/** Fills the region: hospitals, municipal services, and general practitioners enough for its residents. */
import assert from 'node:assert';
import type { Day } from '#shared/days.ts';
import { hospitals } from './departments.ts';
import { addHospital, addRegionalOwner } from './hospitals.ts';
import { addMedications } from './medications.ts';
import { addMunicipalServices, addPractices } from './municipal-services.ts';
import { municipalities } from './places.ts';
import { Region } from './region.ts';

const residentsOfPractitioner = 1000;
const practitionersAtLeast = 2;

/** `recorded`: the first and the last day on which somebody can lie in a bed. */
export function buildRegion(
  seed: string | number,
  today: Day,
  residents: number,
  recorded: { first: Day; last: Day },
): Region {
  const region = new Region(seed, today, residents, recorded);
  addMedications(region);
  const owner = addRegionalOwner(region);
  for (const hospital of hospitals) addHospital(region, owner, hospital);
  for (const municipality of municipalities) {
    addMunicipalServices(region, municipality);
    const needed = Math.ceil((residents * municipality.share) / residentsOfPractitioner);
    addPractices(region, municipality, Math.max(practitionersAtLeast, needed));
  }
  assert(region.laboratory.reference, 'the region has a laboratory');
  return region;
}
