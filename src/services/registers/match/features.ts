/** What of a Patient counts when persons are compared, and the keys under which one is a candidate. Pure. */
import { fold } from '#fhir/search/fold.ts';
import { seedOf, tokenOf } from '#fhir/search/hash.ts';
import type { Resource } from '#fhir/types.ts';
import { noBasis, type Extension, type Identifier, type Period } from '../register-codes.ts';
import { skeletonOf } from './phonetic.ts';

/** `given` and `family`: folded words. An earlier name (`old`) counts a little less. */
export type NameFeatures = { given: string[]; family: string[]; old?: true };

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
    given: given.length > 0 ? given : written.slice(0, -1),
    family: family.length > 0 ? family : written.slice(-1),
    ...(isOld ? { old: true as const } : {}),
  };
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
  return hashed(keyTexts(features, features.birthDate === undefined ? [] : [features.birthDate]));
}

/** The keys that a question looks under: those of a person, and of the dates that a slip of the hand may have made of the birth date. */
export function questionKeys(features: Features): string[] {
  const { birthDate } = features;
  return hashed(keyTexts(features, birthDate === undefined ? [] : [birthDate, ...slipsOfDate(birthDate)], true));
}

/** The keys of those who have a name that sounds like the first of these, whatever their birth date. */
export function nameKeys({ names }: Features): string[] {
  return hashed(keyTexts({ names: names.slice(0, 1), numbers: [], phones: [] }, []));
}

function keyTexts(features: Features, dates: readonly string[], isQuestion = false): string[] {
  const texts = new Set<string>(features.phones.filter((phone) => phone.length === 8).map((phone) => `t ${phone}`));
  const [birthDate] = dates;
  if (birthDate !== undefined) texts.add(`b ${birthDate}`);
  const pairs = features.names.flatMap(({ given, family }) => {
    const first = given.slice(0, 3).map(skeletonOf);
    const last = family.slice(-3).map(skeletonOf);
    for (const date of dates) for (const skeleton of [...first, ...last]) texts.add(`n ${date} ${skeleton}`);
    return first.flatMap((g) => last.map((f) => (g < f ? `${g} ${f}` : `${f} ${g}`)));
  });
  for (const pair of pairs) {
    if (birthDate === undefined) texts.add(`p ${pair}`);
    else {
      texts.add(`y ${birthDate.slice(0, 4)} ${pair}`).add(`d ${birthDate.slice(5)} ${pair}`);
      if (!isQuestion) texts.add(`p ${pair}`);
    }
  }
  return [...texts];
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
