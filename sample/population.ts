/**
 * Who lives in the region: households, one after the other, each by itself, so that any part can be made again without the rest.
 * The shape is the README's: an age pyramid and rates in round figures.
 */
import { civilDate, dateText, yearsBetween, type Day } from '#shared/days.ts';
import { syntheticNationalNumber, type Sex } from '#shared/identifiers.ts';
import { familyName, givenName, type Origin } from './names.ts';
import { inventAddress, municipalities, type Address, type Municipality } from './places.ts';
import { personaHouseholds, type CitizenPersona, type PersonaHousehold } from './personas.ts';
import { Random } from './random.ts';

/** Folkeregisteret's grades: an address that must not be told, or that only few may know. */
export type Protection = 'confidential' | 'strictlyConfidential' | 'clientAddress';

export type Person = {
  index: number;
  sex: Sex;
  birthDay: Day;
  deathDay?: Day;
  given: string;
  family: string;
  origin: Origin;
  nationalNumber: string;
  hasDNumber: boolean;
  role: 'adult' | 'child';
  married: boolean;
  municipality: Municipality;
  address: Address;
  /** Where the household lived before, until the day of its move. */
  moved?: { from: Address; on: Day };
  /** Another number or family name that was in use until a day. */
  formerNumber?: { value: string; until: Day };
  formerFamily?: { value: string; until: Day };
  protection?: Protection;
  /** The written form that letters to and about the person use. */
  language: 'nb' | 'nn';
  persona?: CitizenPersona;
  /** Which of the municipality's general practitioners, by order. */
  practitioner: number;
  household: Person[];
};

/** Weights of ages 20–24, 25–29 … 100–104 among adults: a Norwegian pyramid in round figures. */
const adultWeights = [62, 67, 72, 69, 65, 63, 69, 66, 61, 57, 53, 48, 35, 21, 10, 3, 0.3];
const coupleShares = [
  0.2, 0.45, 0.62, 0.68, 0.68, 0.66, 0.66, 0.66, 0.66, 0.66, 0.62, 0.56, 0.45, 0.3, 0.15, 0.05, 0.02,
];
const childCounts = [0.13, 0.16, 0.43, 0.21, 0.07];
/** Of late fewer children are born. */
const fewerYears = 5;
const fewerShare = 0.27;
const deathYears = 5.5;
/** Households that have moved within so many years; between municipalities as often as not. */
const moveShare = 0.55;
const moveYears = 5;
/** Of the moves, those from any municipality, which is another in two of three. */
const outsideShare = 0.62;
const protectedShare = 0.004;
const protections: readonly Protection[] = ['confidential', 'confidential', 'strictlyConfidential', 'clientAddress'];
const nynorskShares: Readonly<Record<string, number>> = { '9902': 0.35, '9903': 0.7 };

type Shared = Pick<
  Person,
  'family' | 'origin' | 'municipality' | 'address' | 'moved' | 'protection' | 'language' | 'practitioner'
>;

/** Numbers people as they come; holds a counter for each birth date and sex, and nothing of the people. */
export class Population {
  readonly #seed: string | number;
  readonly #today: Day;
  readonly #end: Day;
  readonly #sequences = new Map<number, number>();
  #count = 0;

  /** Ages are those at the end of the story; who is born until then is not there yet. */
  constructor(seed: string | number, { today, end }: { today: Day; end: Day }) {
    this.#seed = seed;
    this.#today = today;
    this.#end = end;
  }

  /** The households in order. Endless: the caller stops. */
  *households(): Generator<Person[]> {
    for (const [at, household] of personaHouseholds.entries())
      yield this.#personas(new Random(this.#seed, 'personas', at), household);
    for (let at = 0; ; at++) yield this.#household(new Random(this.#seed, 'household', at));
  }

  /** Those who are in every region. */
  #personas(random: Random, household: PersonaHousehold): Person[] {
    const municipality = municipalities[household.municipality]!;
    const { family, protection } = household;
    const shared: Shared = {
      origin: 'common',
      municipality,
      family,
      address: inventAddress(random, municipality, 'home'),
      ...(protection ? { protection } : {}),
      language: household.municipality === 0 ? 'nb' : 'nn',
      practitioner: 0,
    };
    const people: Person[] = [];
    for (const persona of household.people) {
      const { sex, role, married = false, given, diedDaysAgo } = persona;
      const years = persona.age + (this.#end - this.#today) / 365.25;
      const {
        deathDay: _,
        formerFamily: __,
        ...person
      } = this.#person(random, people, shared, { sex, years, role, married });
      const death = diedDaysAgo === undefined ? {} : { deathDay: this.#today - diedDaysAgo };
      people.push({ ...person, ...death, given, family, persona });
    }
    return people;
  }

  #household(random: Random): Person[] {
    const band = random.weighted(adultWeights.map((weight, at) => weight / (1 + coupleShares[at]!)));
    const age = 20 + band * 5 + random.next() * 5;
    const isCouple = random.chance(coupleShares[band]!);
    const isWoman = isCouple ? random.chance(0.5) : random.chance(age > 75 ? 0.66 : 0.47);
    const shared = this.#sharedByHousehold(random);
    const people: Person[] = [];
    const add = (sex: Sex, years: number, role: Person['role'], married: boolean): void => {
      people.push(this.#person(random, people, shared, { sex, years, role, married }));
    };
    const married = isCouple && random.chance(age < 35 ? 0.4 : 0.75);
    add(isWoman ? 'female' : 'male', age, 'adult', married);
    if (isCouple) {
      const partnerSex = random.chance(0.97) === isWoman ? 'male' : 'female';
      add(partnerSex, Math.max(19, age + (isWoman ? 2 : -2) + random.normal() * 3), 'adult', married);
    }
    const mother = people.find(({ sex }) => sex === 'female');
    if (mother) this.#addChildren(random, (this.#end - mother.birthDay) / 365.25, add);
    return people;
  }

  #addChildren(
    random: Random,
    motherAge: number,
    add: (sex: Sex, years: number, role: 'child', married: false) => void,
  ): void {
    let ageAtBirth = Math.max(18, 29 + random.normal() * 4.8);
    for (let left = random.weighted(childCounts); left > 0 && ageAtBirth < Math.min(46, motherAge); left--) {
      const years = motherAge - ageAtBirth;
      const isFewer = years < fewerYears && random.chance(fewerShare);
      if (!isFewer && years < 18.5 + random.next() * 3.5)
        add(random.chance(0.513) ? 'male' : 'female', years, 'child', false);
      ageAtBirth += 1.6 + random.next() * 3;
    }
  }

  #sharedByHousehold(random: Random): Shared {
    const municipality = municipalities[random.weighted(municipalities.map(({ share }) => share))]!;
    const origin = random.chance(0.14) ? 'other' : 'common';
    const hasMoved = random.chance(moveShare);
    const protection = random.chance(protectedShare) ? random.pick(protections) : undefined;
    return {
      origin,
      municipality,
      family: familyName(random, origin),
      address: inventAddress(random, municipality, 'home'),
      ...(hasMoved
        ? {
            moved: {
              from: inventAddress(
                random,
                random.chance(outsideShare) ? random.pick(municipalities) : municipality,
                'home',
              ),
              on: this.#end - random.between(1, moveYears * 365),
            },
          }
        : {}),
      ...(protection ? { protection } : {}),
      language: random.chance(nynorskShares[municipality.number] ?? 0) ? 'nn' : 'nb',
      practitioner: random.bits(),
    };
  }

  #person(
    random: Random,
    household: Person[],
    shared: Shared,
    drawn: { sex: Sex; years: number; role: Person['role']; married: boolean },
  ): Person {
    const birthDay = this.#end - Math.max(1, Math.round(drawn.years * 365.25));
    const hasDNumber = shared.origin === 'other' && drawn.role === 'adult' && random.chance(0.12);
    const family =
      drawn.role === 'adult' && household.length === 1 && random.chance(0.45)
        ? familyName(random, shared.origin)
        : undefined;
    const deathDay = this.#deathDay(random, birthDay);
    const nationalNumber = this.#nationalNumber(birthDay, drawn.sex, hasDNumber);
    const hadDNumber = shared.origin === 'other' && !hasDNumber && drawn.role === 'adult' && random.chance(0.3);
    const earlier = this.#today - random.between(-60, 4 * 365);
    const changedName = drawn.married && drawn.sex === 'female' && random.chance(0.12);
    return {
      ...shared,
      index: this.#count++,
      sex: drawn.sex,
      birthDay,
      ...(deathDay === undefined ? {} : { deathDay }),
      given: givenName(random, drawn.sex, civilDate(birthDay).year, shared.origin),
      ...(family ? { family } : {}),
      nationalNumber,
      ...(hadDNumber
        ? { formerNumber: { value: this.#nationalNumber(birthDay, drawn.sex, true), until: earlier } }
        : {}),
      ...(changedName ? { formerFamily: { value: familyName(random, shared.origin), until: earlier } } : {}),
      hasDNumber,
      role: drawn.role,
      married: drawn.married,
      household,
    };
  }

  #nationalNumber(birthDay: Day, sex: Sex, dNumber: boolean): string {
    const key = birthDay * 4 + (sex === 'male' ? 1 : 0) + (dNumber ? 2 : 0);
    const sequence = this.#sequences.get(key) ?? 0;
    this.#sequences.set(key, sequence + 1);
    return syntheticNationalNumber({ birthDate: dateText(birthDay), sex, sequence, dNumber });
  }

  /** Some of those who would live here have died within the last five years; Gompertz: mortality doubles each eight years or so. */
  #deathDay(random: Random, birthDay: Day): Day | undefined {
    const deathDay = this.#end - random.between(1, Math.round(deathYears * 365));
    const age = yearsBetween(birthDay, deathDay);
    if (age < 1) return undefined;
    const yearly = Math.min(0.5, 0.0000155 * Math.exp(0.097 * age));
    return random.chance(1 - (1 - yearly) ** deathYears) ? deathDay : undefined;
  }
}
