/** The invented region: municipalities, streets and postcodes that Norway does not have. */
import type { Extension } from 'fhir/r4.js';
import { codeSystems } from './codes.ts';
import type { Random } from './random.ts';

export type Municipality = {
  number: string;
  name: string;
  share: number;
  nursingHome: string;
  towns: readonly { postcode: string; city: string }[];
};

export const regionName = 'Fyrlandet';

export const municipalities: readonly Municipality[] = [
  {
    number: '9901',
    name: 'Fyrvåg',
    share: 0.55,
    nursingHome: 'Solbakken',
    towns: [
      { postcode: '9993', city: 'FYRVÅG' },
      { postcode: '9994', city: 'LANTERNEVIK' },
    ],
  },
  {
    number: '9902',
    name: 'Vardfjord',
    share: 0.3,
    nursingHome: 'Bålstrand',
    towns: [
      { postcode: '9995', city: 'VARDFJORD' },
      { postcode: '9996', city: 'BÅLSTRAND' },
    ],
  },
  {
    number: '9903',
    name: 'Lyktøy',
    share: 0.15,
    nursingHome: 'Lyktøytunet',
    towns: [{ postcode: '9997', city: 'LYKTØY' }],
  },
];

const streetFirst = 'Skole Kirke Strand Bjørke Furu Havne Fjell Lykte Varde Fyr Solbakk Elve Nygårds Myr'.split(' ');
const streetLast = ['veien', 'gata', 'bakken', 'stien', 'lia', 'tunet'];

export type Address = {
  extension: Extension[];
  use: 'home' | 'work' | 'old';
  line: string[];
  city: string;
  postalCode: string;
  country: 'NO';
  period?: { start?: string; end?: string };
};

/** An address with the municipality in it, as no-basis-Address writes it. */
export function inventAddress(random: Random, municipality: Municipality, use: 'home' | 'work'): Address {
  const { postcode, city } = random.pick(municipality.towns);
  return {
    extension: [
      {
        url: 'http://hl7.no/fhir/StructureDefinition/no-basis-propertyinformation',
        extension: [{ url: 'municipality', valueCoding: municipalityCoding(municipality) }],
      },
      { url: 'http://hl7.no/fhir/StructureDefinition/no-basis-address-official', valueBoolean: true },
    ],
    use,
    line: [`${random.pick(streetFirst)}${random.pick(streetLast)} ${random.between(1, 120)}`],
    city,
    postalCode: postcode,
    country: 'NO',
  };
}

function municipalityCoding({ number, name }: Municipality): { system: string; code: string; display: string } {
  return { system: codeSystems.municipality, code: number, display: name };
}
