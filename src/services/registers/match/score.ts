/**
 * How sure it is that two descriptions are of one person (Fellegi & Sunter 1969): each element adds what its agreement tells, in bits, and
 * takes away what its disagreement tells. The weights are what the element would be worth among about a million residents: an agreeing
 * birth date is one in thirty thousand (15 bits), a given name one in two hundred, a family name one in a few hundred.
 */
import type { Features, NameFeatures, Word } from './features.ts';
import { editDistance, jaroWinkler } from './similarity.ts';

/** http://hl7.org/fhir/ValueSet/match-grade */
export type MatchGrade = 'certain' | 'probable' | 'possible' | 'certainly-not';

export type MatchScore = { score: number; grade: MatchGrade };

/** What speaks against any one of a million before something is known, in bits. */
const priorBits = -20;

const certainFrom = 0.95;
const probableFrom = 0.6;
const possibleFrom = 0.05;

/**
 * Scores persons against one description. `namesakes`: how many persons of the register have a name that sounds like the one that is asked for.
 * What is found of a word of the description and a word of a name is kept for the next person, since names are shared by many.
 */
export function createScorer(asked: Features, namesakes = 0): (person: Features) => MatchScore {
  const compare = createComparison();
  const common = commonBits(namesakes);
  return (person) => {
    const bits =
      priorBits +
      numberBits(asked.numbers, person.numbers) +
      dateBits(asked.birthDate, person.birthDate) +
      nameBits(compare, asked.names, person.names) -
      common +
      sexBits(asked.sex, person.sex) +
      placeBits(asked, person, () => sharesFamilyName(compare, asked.names, person.names)) +
      phoneBits(asked.phones, person.phones);
    const score = 1 / (1 + 2 ** -bits);
    return { score: Math.round(score * 10_000) / 10_000, grade: gradeOf(score) };
  };
}

/** True when so many have the name that it alone, without birth date, number, telephone or place, makes nobody a possible match. */
export function isTooCommon(namesakes: number): boolean {
  return 1 / (1 + 2 ** -(priorBits + nameBitsMax + sexBitsMax - commonBits(namesakes))) < possibleFrom;
}

function gradeOf(score: number): MatchGrade {
  if (score >= certainFrom) return 'certain';
  if (score >= probableFrom) return 'probable';
  return score >= possibleFrom ? 'possible' : 'certainly-not';
}

/** A number that agrees is nearly everything; two whole numbers that differ by more than a slip speak strongly against. */
function numberBits(asked: readonly string[], known: readonly string[]): number {
  const whole = asked.filter((value) => /^\d{11}$/.test(value));
  if (whole.length === 0 || known.length === 0) return 0;
  if (whole.some((value) => known.includes(value))) return 24;
  if (whole.some((value) => known.some((other) => editDistance(value, other, 1) === 1))) return 14;
  return isSameKind(whole, known) ? -11 : -1;
}

/** A D-number beside a national number says nothing against: people get the second in time. */
function isSameKind(asked: readonly string[], known: readonly string[]): boolean {
  const kind = (value: string): string =>
    value[0] !== undefined && value[0] >= '8' ? 'aid' : value[0] !== undefined && value[0] >= '4' ? 'd' : 'n';
  return asked.some((value) => known.some((other) => kind(value) === kind(other)));
}

function dateBits(asked: string | undefined, known: string | undefined): number {
  if (asked === undefined || known === undefined) return 0;
  if (asked === known) return 14.5;
  const [year, month, day] = asked.split('-');
  const [otherYear, otherMonth, otherDay] = known.split('-');
  if (year === otherYear && month === otherDay && day === otherMonth) return 9;
  const a = asked.replaceAll('-', '');
  const b = known.replaceAll('-', '');
  const distance = editDistance(a, b, 2);
  if (distance === 1) return 8.5;
  if ([year === otherYear, month === otherMonth, day === otherDay].filter(Boolean).length === 2) return 4;
  return distance === 2 ? 1 : -7;
}

/** So many with the same name are what the weights of names were made for; a name that more have tells less. */
const namesakesExpected = 15;

function commonBits(namesakes: number): number {
  return Math.max(0, Math.log2(namesakes / namesakesExpected));
}

/** What a name that agrees in everything tells. */
const nameBitsMax = 17;

/** The best of all pairs of names, current and earlier. */
function nameBits(compare: Compare, asked: readonly NameFeatures[], known: readonly NameFeatures[]): number {
  let best: number | undefined;
  for (const a of asked) {
    for (const b of known) {
      const straight = givenBits(compare, a.given, b.given) + familyBits(compare, a, b);
      const crossed =
        a.given.length > 0 && b.family.length > 0
          ? givenBits(compare, a.given, b.family) + givenBits(compare, a.family, b.given) - 3
          : -Infinity;
      const bits = Math.max(straight, crossed);
      if (best === undefined || bits > best) best = bits;
    }
  }
  return best ?? 0;
}

function sharesFamilyName(compare: Compare, asked: readonly NameFeatures[], known: readonly NameFeatures[]): boolean {
  return asked.some((a) => known.some((b) => familyBits(compare, a, b) > 0));
}

/** A given name that differs speaks strongly against: it is what tells twins, siblings, father and son apart. */
const otherGivenBits = -9;

function givenBits(compare: Compare, asked: readonly Word[], known: readonly Word[]): number {
  const [first, ...others] = asked;
  if (first === undefined || known.length === 0) return 0;
  const ofOthers = others.length > 0 ? Math.max(...others.map((word) => bestWord(compare, word, known, 6))) : -5;
  const best = Math.max(bestWord(compare, first, known, 7), ofOthers - 0.5);
  if (best < 0) return otherGivenBits;
  const isWhole = asked.length > 1 && asked.every(([text]) => known.some(([other]) => other === text));
  return best + (isWhole ? 2 : 0);
}

function familyBits(compare: Compare, a: NameFeatures, b: NameFeatures): number {
  const last = a.family.at(-1);
  if (last === undefined || b.family.length === 0) return 0;
  const best = Math.max(
    bestWord(compare, last, b.family, 8),
    ...a.family.map((word) => bestWord(compare, word, b.family, 7)),
  );
  // Family names change by marriage: a difference speaks less against than that of a given name.
  if (best < 0) return -3;
  return a.old || b.old ? best - 0.5 : best;
}

/** What the most alike word tells, `full` when it is the same. */
function bestWord(compare: Compare, word: Word, others: readonly Word[], full: number): number {
  let best = -5;
  for (const other of others) {
    const lost = compare(word, other);
    if (lost === initialOnly) best = Math.max(best, 1.5);
    else if (lost !== undefined) best = Math.max(best, full - lost);
  }
  return best;
}

/** One of the two words is the other's first letter. */
const initialOnly = 'initial';

/** The bits that two words tell less than one that is the same; undefined when they are not alike. */
type Likeness = number | typeof initialOnly | undefined;
type Compare = (word: Word, other: Word) => Likeness;

function createComparison(): Compare {
  const found = new Map<string, Map<string, Likeness>>();
  return (word, other) => {
    let known = found.get(word[0]);
    if (known === undefined) found.set(word[0], (known = new Map<string, Likeness>()));
    if (known.has(other[0])) return known.get(other[0]);
    const likeness = likenessOf(word, other);
    known.set(other[0], likeness);
    return likeness;
  };
}

function likenessOf([word, sound]: Word, [other, otherSound]: Word): Likeness {
  if (word === other) return 0;
  if (sound === otherSound && sound !== '') return 1.5;
  const shortest = Math.min(word.length, other.length);
  if (shortest === 1) return word[0] === other[0] ? initialOnly : undefined;
  const distance = editDistance(word, other, 2);
  if (distance === 1 && shortest >= 3) return 2;
  if (distance === 2 && shortest >= 6) return 3.5;
  if (shortest >= 3 && (word.startsWith(other) || other.startsWith(word))) return 3;
  return jaroWinkler(word, other) >= 0.92 ? 4 : undefined;
}

const sexBitsMax = 1;

function sexBits(asked: string | undefined, known: string | undefined): number {
  if (asked === undefined || known === undefined) return 0;
  return asked === known ? sexBitsMax : -4;
}

/** People move: a difference speaks little against. Those who share a name share a roof: then an agreement tells little too. */
function placeBits(asked: Features, known: Features, isSameFamily: () => boolean): number {
  if (asked.postalCode === undefined || known.postalCode === undefined) return 0;
  if (asked.postalCode !== known.postalCode) return -0.5;
  const isSameLine =
    asked.line !== undefined && known.line !== undefined && jaroWinkler(asked.line, known.line) >= 0.93;
  if (isSameFamily()) return isSameLine ? 3 : 1.5;
  return isSameLine ? 8 : 3.5;
}

function phoneBits(asked: readonly string[], known: readonly string[]): number {
  if (asked.length === 0 || known.length === 0) return 0;
  return asked.some((phone) => known.includes(phone)) ? 8 : -0.5;
}
