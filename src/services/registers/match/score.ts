/**
 * How sure it is that two descriptions are of one person (Fellegi & Sunter 1969): each element adds what its agreement tells, in bits, and
 * takes away what its disagreement tells. The weights are what the element would be worth among about a million residents: an agreeing
 * birth date is one in thirty thousand (15 bits), a given name one in two hundred, a family name one in a few hundred.
 */
import type { Features, NameFeatures } from './features.ts';
import { soundOf } from './phonetic.ts';
import { editDistance, jaroWinkler } from './similarity.ts';

/** http://hl7.org/fhir/ValueSet/match-grade */
export type MatchGrade = 'certain' | 'probable' | 'possible' | 'certainly-not';

export type MatchScore = { score: number; grade: MatchGrade };

/** What speaks against any one of a million before something is known, in bits. */
const priorBits = -20;

const certainFrom = 0.95;
const probableFrom = 0.6;
const possibleFrom = 0.05;

/** `namesakes`: how many persons of the register have a name that sounds like the one that is asked for. */
export function scoreOf(asked: Features, person: Features, namesakes = 0): MatchScore {
  const bits =
    priorBits +
    numberBits(asked.numbers, person.numbers) +
    dateBits(asked.birthDate, person.birthDate) +
    nameBits(asked.names, person.names) -
    commonBits(namesakes) +
    sexBits(asked.sex, person.sex) +
    placeBits(asked, person, sharesFamilyName(asked.names, person.names)) +
    phoneBits(asked.phones, person.phones);
  const score = 1 / (1 + 2 ** -bits);
  return { score: Math.round(score * 10_000) / 10_000, grade: gradeOf(score) };
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

/** The best of all pairs of names, current and earlier. */
function nameBits(asked: readonly NameFeatures[], known: readonly NameFeatures[]): number {
  let best: number | undefined;
  for (const a of asked) {
    for (const b of known) {
      const straight = givenBits(a.given, b.given) + familyBits(a, b);
      const crossed =
        a.given.length > 0 && b.family.length > 0
          ? givenBits(a.given, b.family) + givenBits(a.family, b.given) - 3
          : -Infinity;
      const bits = Math.max(straight, crossed);
      if (best === undefined || bits > best) best = bits;
    }
  }
  return best ?? 0;
}

function sharesFamilyName(asked: readonly NameFeatures[], known: readonly NameFeatures[]): boolean {
  return asked.some((a) => known.some((b) => familyBits(a, b) > 0));
}

/** A given name that differs speaks strongly against: it is what tells twins, siblings, father and son apart. */
const otherGivenBits = -9;

function givenBits(asked: readonly string[], known: readonly string[]): number {
  if (asked.length === 0 || known.length === 0) return 0;
  const first = bestWord(asked[0] as string, known, 7);
  const any = asked.length > 1 ? Math.max(...asked.slice(1).map((word) => bestWord(word, known, 6))) : -5;
  const best = Math.max(first, any - 0.5);
  if (best < 0) return otherGivenBits;
  const isWhole = asked.length > 1 && asked.every((word) => known.includes(word));
  return best + (isWhole ? 2 : 0);
}

function familyBits(a: NameFeatures, b: NameFeatures): number {
  if (a.family.length === 0 || b.family.length === 0) return 0;
  const last = bestWord(a.family.at(-1) as string, b.family, 8);
  const any = Math.max(...a.family.map((word) => bestWord(word, b.family, 7)));
  const best = Math.max(last, any);
  // Family names change by marriage: a difference speaks less against than that of a given name.
  if (best < 0) return -3;
  return a.old || b.old ? best - 0.5 : best;
}

/** What the most alike word tells, `full` when it is the same. */
function bestWord(word: string, others: readonly string[], full: number): number {
  let best = -5;
  for (const other of others) best = Math.max(best, wordBits(word, other, full));
  return best;
}

function wordBits(word: string, other: string, full: number): number {
  if (word === other) return full;
  if (soundOf(word) === soundOf(other)) return full - 1.5;
  const shortest = Math.min(word.length, other.length);
  if (shortest === 1) return word[0] === other[0] ? 1.5 : -5;
  const distance = editDistance(word, other, 2);
  if (distance === 1 && shortest >= 3) return full - 2;
  if (distance === 2 && shortest >= 6) return full - 3.5;
  if (shortest >= 3 && (word.startsWith(other) || other.startsWith(word))) return full - 3;
  return jaroWinkler(word, other) >= 0.92 ? full - 4 : -5;
}

function sexBits(asked: string | undefined, known: string | undefined): number {
  if (asked === undefined || known === undefined) return 0;
  return asked === known ? 1 : -4;
}

/** People move: a difference speaks little against. Those who share a name share a roof: then an agreement tells little too. */
function placeBits(asked: Features, known: Features, isSameFamily: boolean): number {
  if (asked.postalCode === undefined || known.postalCode === undefined) return 0;
  if (asked.postalCode !== known.postalCode) return -0.5;
  const isSameLine =
    asked.line !== undefined && known.line !== undefined && jaroWinkler(asked.line, known.line) >= 0.93;
  if (isSameFamily) return isSameLine ? 3 : 1.5;
  return isSameLine ? 8 : 3.5;
}

function phoneBits(asked: readonly string[], known: readonly string[]): number {
  if (asked.length === 0 || known.length === 0) return 0;
  return asked.some((phone) => known.includes(phone)) ? 8 : -0.5;
}
