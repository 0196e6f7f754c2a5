/** What of a Patient counts when persons are compared, and the keys under which one is a candidate. Pure. */
import { fold } from '#fhir/search/fold.ts';
import { seedOf, tokenOf } from '#fhir/search/hash.ts';
import type { Resource } from '#fhir/types.ts';
import { noBasis, type Extension, type Identifier, type Period } from '../register-codes.ts';
import { skeletonOf, soundOf } from './phonetic.ts';

/** A word of a name, folded, and how it sounds: kept with it, since it is compared often and made slowly. */
export type Word = readonly [text: string, sound: string];

/** An earlier name (`old`) counts a little less. */
export type NameFeatures = { given: Word[]; family: Word[]; old?: true };

export type Features = {
  birthDate?: string;
  sex?: string;
  names: NameFeatures[];
  /** Values of person numbers, also those that have ceased. */
  numbers: string[];
  postalCode?: string;
  /** Folded. */
  line?: string;
  /** Digits, the last eight. */
  phones: string[];
  deceased?: true;
  /** Who goes on in another, in whom: his numbers lead there. */
  replacedBy?: string;
};

type HumanName = {
  use?: string;
  given?: string[];
  family?: string;
  text?: string;
  period?: Period;
  extension?: Extension[];
};
type Address = { use?: string; line?: string[]; postalCode?: string; period?: Period };
type Telecom = { system?: string; value?: string };

const wordsMax = 6;
const namesMax = 6;

/** The features of a Patient, as stored or as a caller of $match sends it; whatever is not of its form is left out. */
export function featuresOf(patient: Resource): Features {
  const address = listOf<Address>(patient['address']).find(({ use, period }) => use !== 'old' && !period?.end);
  const { gender, birthDate } = patient as { gender?: unknown; birthDate?: unknown };
  const line = fold(listOf<string>(address?.line).join(' '));
  return {
    ...(typeof birthDate === 'string' && /^\d{4}-\d\d-\d\d$/.test(birthDate) ? { birthDate } : {}),
    ...(gender === 'male' || gender === 'female' ? { sex: gender } : {}),
    names: listOf<HumanName>(patient['name']).slice(0, namesMax).map(nameFeatures),
    numbers: listOf<Identifier>(patient['identifier']).flatMap(({ value }) =>
      typeof value === 'string' ? [value.replace(/[\s.-]/g, '')] : [],
    ),
    ...(typeof address?.postalCode === 'string' ? { postalCode: address.postalCode } : {}),
    ...(line === '' ? {} : { line }),
    phones: listOf<Telecom>(patient['telecom']).flatMap(({ system, value }) =>
      system === 'phone' && typeof value === 'string' ? [value.replace(/\D/g, '').slice(-8)] : [],
    ),
    ...replacedBy(patient),
    ...(patient['deceasedDateTime'] !== undefined || patient['deceasedBoolean'] === true
      ? { deceased: true as const }
      : {}),
  };
}

function replacedBy(patient: Resource): Pick<Features, 'replacedBy'> {
  const links = listOf<{ type?: string; other?: { reference?: string } }>(patient['link']);
  const reference = links.find(({ type }) => type === 'replaced-by')?.other?.reference;
  return reference?.startsWith('Patient/') ? { replacedBy: reference.slice('Patient/'.length) } : {};
}

function nameFeatures(name: HumanName): NameFeatures {
  const middle = name.extension?.find(({ url }) => url === noBasis.middleName)?.['valueString'];
  const given = words(listOf<string>(name.given).join(' '));
  const family = words(`${typeof middle === 'string' ? middle : ''} ${name.family ?? ''}`);
  const written = given.length + family.length === 0 && typeof name.text === 'string' ? words(name.text) : [];
  const isOld = name.use === 'old' || name.use === 'maiden' || name.period?.end !== undefined;
  return {
    given: (given.length > 0 ? given : written.slice(0, -1)).map(wordOf),
    family: (family.length > 0 ? family : written.slice(-1)).map(wordOf),
    ...(isOld ? { old: true as const } : {}),
  };
}

function wordOf(text: string): Word {
  return [text, soundOf(text)];
}

function words(text: string): string[] {
  return [...new Set(fold(text).split(/[^\p{L}]+/u))].filter((word) => word !== '').slice(0, wordsMax);
}

function listOf<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value.filter((each) => each !== null && each !== undefined) as T[]) : [];
}

const seed = seedOf('register-person');

/** The keys under which a person lies in the index. */
export function keysOf(features: Features): string[] {
  const { birthDate } = features;
  const pairs = pairsOf(features.names);
  return hashed([
    ...commonKeys(features, pairs),
    ...pairs.map((pair) => `p ${pair}`),
    ...(birthDate === undefined ? [] : skeletonsOf(features.names).map((skeleton) => `n ${birthDate} ${skeleton}`)),
  ]);
}

/**
 * The keys that a question looks under: those of a person, and names with the dates that a slip of the hand may have made of the birth date.
 * Who has nothing of a name in common with the question, not even the sound of a first letter, is no match by his birth date.
 */
export function questionKeys(features: Features): string[] {
  const { birthDate } = features;
  const skeletons = skeletonsOf(features.names);
  const slips = birthDate === undefined ? [] : slipsOfDate(birthDate);
  return hashed([
    ...commonKeys(features, pairsOf(features.names)),
    ...slips.flatMap((date) => skeletons.map((skeleton) => `n ${date} ${skeleton}`)),
  ]);
}

/** The keys of a given and a family name together, as they sound: what namesakes share, and who is asked for without a birth date. */
export function nameKeys(names: readonly NameFeatures[]): string[] {
  return hashed(pairsOf(names).map((pair) => `p ${pair}`));
}

function commonKeys({ birthDate, names, postalCode, phones }: Features, pairs: readonly string[]): string[] {
  const initials = new Set(skeletonsOf(names).map((skeleton) => skeleton.charAt(0)));
  return [
    ...phones.filter((phone) => phone.length === 8).map((phone) => `t ${phone}`),
    ...(postalCode === undefined ? [] : pairs.map((pair) => `a ${postalCode} ${pair}`)),
    ...(birthDate === undefined
      ? []
      : [
          ...[...initials].map((initial) => `b ${birthDate} ${initial}`),
          ...pairs.flatMap((pair) => [`y ${birthDate.slice(0, 4)} ${pair}`, `d ${birthDate.slice(5)} ${pair}`]),
        ]),
  ];
}

const givenMax = 3;
const familyMax = 3;

function skeletonsOf(names: readonly NameFeatures[]): string[] {
  const words = names.flatMap(({ given, family }) => [...given.slice(0, givenMax), ...family.slice(-familyMax)]);
  return [...new Set(words.map(([text, sound]) => skeletonOf(text, sound)))];
}

/** A given and a family name, in either order. */
function pairsOf(names: readonly NameFeatures[]): string[] {
  const pairs = names.flatMap(({ given, family }) =>
    given.slice(0, givenMax).flatMap(([first, firstSound]) =>
      family.slice(-familyMax).map(([last, lastSound]) => {
        const [g, f] = [skeletonOf(first, firstSound), skeletonOf(last, lastSound)];
        return g < f ? `${g} ${f}` : `${f} ${g}`;
      }),
    ),
  );
  return [...new Set(pairs)];
}

function hashed(texts: readonly string[]): string[] {
  return texts.map((text) => tokenOf(seed, text));
}

/** Dates one slip away: day and month exchanged, two neighbouring digits exchanged. */
export function slipsOfDate(date: string): string[] {
  const [year = '', month = '', day = ''] = date.split('-');
  const digits = year + month + day;
  const found = new Set([`${year}-${day}-${month}`]);
  for (let i = 0; i < digits.length - 1; i++) {
    const text = digits.slice(0, i) + digits.charAt(i + 1) + digits.charAt(i) + digits.slice(i + 2);
    found.add(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`);
  }
  found.delete(date);
  return [...found].filter(isDate);
}

function isDate(text: string): boolean {
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8));
  return /^(19|20)/.test(text) && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}
