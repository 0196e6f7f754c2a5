/** Persons by seed, and the descriptions that a tired clerk makes of them: for measuring how well $match finds whom it should. */
import { syntheticNationalNumber } from '#shared/synthetic-numbers.ts';

export type Random = { below(limit: number): number; pick<T>(of: readonly T[]): T; chance(share: number): boolean };

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    below: (limit) => Math.floor(next() * limit),
    pick: (of) => of[Math.floor(next() * of.length)]!,
    chance: (share) => next() < share,
  };
}

const male =
  'Arne Kåre Odd Olav Einar Harald Leif Sverre Gunnar Jan Per Bjørn Svein Terje Kjell Tor Geir Øyvind Trond Thomas Lars Espen Kristian Frode Stian Anders Henrik Håvard Jakob Emil Noah Lukas Filip Aksel Ahmed Piotr Mohamed Yusuf Jens Ole Hans Nils Erik Knut'.split(
    ' ',
  );
const female =
  'Solveig Gerd Ingrid Astrid Else Randi Bjørg Aslaug Anne Berit Inger Liv Marit Bente Grete Wenche Tove Hilde Hege Lene Camilla Silje Monica Marianne Kristin Ingvild Stine Cecilie Emma Nora Sofie Ella Maja Sara Åse Fatima Amina Elena Karin Kari Eva Nina Mette Turid'.split(
    ' ',
  );
const familyFirst =
  'Ås Berg Bakk Dal Eik Fjell Gran Haug Hval Kjel Lund Lyng Moe Myr Nord Ny Rød Sand Skog Sol Stein Strand Sund Tveit Vest Vik Øst Hegg Bjerk Brekk Furu Holm Kval Sel'.split(
    ' ',
  );
const familyLast = 'heim|stad|vik|land|dal|nes|rud|seth|bø|gård|moen|haugen|berg|by|lien|set'.split('|');
const patronyms =
  'Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen Berg Haugen Hagen Johannessen Andreassen Jacobsen Halvorsen'.split(
    ' ',
  );

export type InventedPerson = {
  number: string;
  given: string;
  family: string;
  sex: 'male' | 'female';
  birthDate: string;
  postalCode: string;
  line: string;
  maidenName?: string;
};

/** Person number `index` of a population; the same in every run. */
export function inventPerson(index: number, seed = 1): InventedPerson {
  const random = randomOf(seed * 1_000_003 + index * 7919);
  const sex = random.chance(0.5) ? 'female' : 'male';
  const birthDate = `${1930 + random.below(90)}-${two(1 + random.below(12))}-${two(1 + random.below(28))}`;
  const first = random.pick(sex === 'female' ? female : male);
  const second = random.chance(0.3) ? ` ${random.pick(sex === 'female' ? female : male)}` : '';
  const isMarried = sex === 'female' && random.chance(0.4);
  return {
    number: numberOf(birthDate, sex, random.below(150)),
    given: first + second,
    family: inventFamily(random),
    sex,
    birthDate,
    postalCode: String(9000 + random.below(900)),
    line: `${random.pick(familyFirst)}veien ${1 + random.below(90)}`,
    ...(isMarried ? { maidenName: inventFamily(random) } : {}),
  };
}

/** A date has fewer numbers than asked for now and then: the sequence then begins again. */
function numberOf(birthDate: string, sex: 'male' | 'female', sequence: number): string {
  try {
    return syntheticNationalNumber({ birthDate, sex, sequence });
  } catch {
    return syntheticNationalNumber({ birthDate, sex, sequence: sequence % 100 });
  }
}

function inventFamily(random: Random): string {
  return random.chance(0.35) ? random.pick(patronyms) : random.pick(familyFirst) + random.pick(familyLast);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** The Patient of an invented person, as the register holds it. */
export function patientOf(person: InventedPerson): { resourceType: 'Patient'; [element: string]: unknown } {
  return {
    resourceType: 'Patient',
    identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: person.number }],
    name: [
      { use: 'official', given: person.given.split(' '), family: person.family },
      ...(person.maidenName ? [{ use: 'old', given: person.given.split(' '), family: person.maidenName }] : []),
    ],
    gender: person.sex,
    birthDate: person.birthDate,
    address: [{ line: [person.line], postalCode: person.postalCode }],
  };
}

export type Dirt = keyof typeof dirts;

/** Each takes a description and spoils it in one way. */
export const dirts = {
  nothing: (person: InventedPerson) => person,
  accents: (person: InventedPerson) => ({
    ...person,
    given: ascii(person.given),
    family: ascii(person.family),
  }),
  'letters exchanged': (person: InventedPerson, random: Random) => ({
    ...person,
    family: exchange(person.family, random),
  }),
  'letter lost': (person: InventedPerson, random: Random) => ({ ...person, given: lose(person.given, random) }),
  'by ear': (person: InventedPerson) => ({ ...person, given: byEar(person.given), family: byEar(person.family) }),
  'digits exchanged': (person: InventedPerson, random: Random) => ({
    ...person,
    number: exchange(person.number, random),
  }),
  'wrong digit': (person: InventedPerson, random: Random) => ({ ...person, number: wrongDigit(person.number, random) }),
  'day and month exchanged': (person: InventedPerson) => ({
    ...person,
    birthDate: exchangeDayAndMonth(person.birthDate),
  }),
  'year wrong by one': (person: InventedPerson) => ({
    ...person,
    birthDate: `${Number(person.birthDate.slice(0, 4)) + 1}${person.birthDate.slice(4)}`,
  }),
  'maiden name': (person: InventedPerson) => ({ ...person, family: person.maidenName ?? person.family }),
  'second name left out': (person: InventedPerson) => ({ ...person, given: person.given.split(' ')[0] ?? '' }),
  'given and family exchanged': (person: InventedPerson) => ({ ...person, given: person.family, family: person.given }),
} as const;

function ascii(text: string): string {
  return text.replace(/[åÅ]/g, 'aa').replace(/[øØ]/g, 'o').replace(/[æÆ]/g, 'ae');
}

function exchange(text: string, random: Random): string {
  const at = 1 + random.below(Math.max(text.length - 2, 1));
  return text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2);
}

function lose(text: string, random: Random): string {
  const at = 1 + random.below(Math.max(text.length - 2, 1));
  return text.slice(0, at) + text.slice(at + 1);
}

function byEar(text: string): string {
  return text
    .replace(/^Kr/, 'Chr')
    .replace(/kj/gi, 'tj')
    .replace(/hv/gi, 'v')
    .replace(/th/g, 't')
    .replace(/ks/g, 'x')
    .replace(/sen$/, 'son')
    .replace(/gård/, 'gaard')
    .replace(/ll/g, 'l')
    .replace(/v(?=i)/g, 'w');
}

function wrongDigit(text: string, random: Random): string {
  const at = random.below(text.length);
  return text.slice(0, at) + String((Number(text[at]) + 1 + random.below(8)) % 10) + text.slice(at + 1);
}

function exchangeDayAndMonth(date: string): string {
  const [year, month, day] = date.split('-');
  return Number(day) <= 12 ? `${year}-${day}-${month}` : date;
}
