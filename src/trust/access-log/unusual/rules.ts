/**
 * What looks unusual: pure rules, each over what is known of one person's accesses to one patient on one day, or of one person's whole day. A rule gives a
 * reason to look, never a verdict; the privacy officer decides.
 */

/** Weekdays from Sunday, minutes since midnight in Norway; `from` is before `until`. */
export type WorkingHours = { weekday: number; from: number; until: number };

export type PersonFacts = {
  family: string | undefined;
  /** Whole name and birth date as one text, where both are known. */
  identity: string | undefined;
  nationalNumbers: readonly string[];
  /** Street and postal code, in small letters. */
  addresses: readonly string[];
};

/** One access: when, with the local weekday and minute, and on which ground. */
export type AccessFacts = {
  number: number;
  at: number;
  weekday: number;
  minute: number;
  ground: string;
  purpose: string;
};

export type PairFacts = {
  accesses: readonly AccessFacts[];
  who: PersonFacts & {
    /** Ids of the organisations in which the accesses were made. */
    organisations: readonly string[];
    /** Undefined: not known. */
    hours: readonly WorkingHours[] | undefined;
  };
  patient: PersonFacts & {
    /** Marks of the record that ask for extra care: celebrity, employee, very restricted. */
    marks: readonly string[];
    /** Ids of the organisations where the patient works as personnel. */
    worksAt: readonly string[];
  };
  /** When what a ground rests on (`Encounter/…`) ended, milliseconds since 1970. */
  endedAt: ReadonlyMap<string, number>;
};

export type DayFacts = {
  patients: number;
  /** Patients on each of the person's earlier working days, some weeks back. */
  own: readonly number[];
  /** Patients on the same day by others in the same unit and profession. */
  peers: readonly number[];
};

export type Rule =
  | 'own-record'
  | 'same-address'
  | 'same-family-name'
  | 'colleague'
  | 'marked-patient'
  | 'break-glass'
  | 'no-relationship'
  | 'ended-relationship'
  | 'odd-hours'
  | 'volume';

/** `weight`: 1 of little, 3 of much interest. `detail`: for the words, no identity numbers. */
export type Reason = { rule: Rule; weight: 1 | 2 | 3; detail?: { [name: string]: string | number } };

const dayMs = 86_400_000;
/** Looking something up after a stay is common; months later it is not. */
const endedMs = 60 * dayMs;
/** Minutes before and after working hours in which people come early and stay late. */
const marginMinutes = 60;

const shares = (one: readonly string[], other: readonly string[]): boolean => one.some((each) => other.includes(each));

/** The national numbers, or whole name and birth date, are the same. */
export function ownRecord({ who, patient }: PairFacts): Reason | undefined {
  const isSame =
    shares(who.nationalNumbers, patient.nationalNumbers) ||
    (who.identity !== undefined && who.identity === patient.identity);
  return isSame ? { rule: 'own-record', weight: 3 } : undefined;
}

export function sameAddress(facts: PairFacts): Reason | undefined {
  if (ownRecord(facts)) return undefined;
  return shares(facts.who.addresses, facts.patient.addresses) ? { rule: 'same-address', weight: 3 } : undefined;
}

/** A part of a double name counts as the name. */
export function sameFamilyName(facts: PairFacts): Reason | undefined {
  const [own, patients] = [partsOf(facts.who.family), partsOf(facts.patient.family)];
  if (ownRecord(facts) || !shares(own, patients)) return undefined;
  return { rule: 'same-family-name', weight: isAllAttested(facts) ? 2 : 1 };
}

function partsOf(family: string | undefined): string[] {
  return (family ?? '')
    .toLocaleLowerCase('nb')
    .split(/[\s-]+/)
    .filter((part) => part.length > 2);
}

/** The patient works as personnel where the access was made. */
export function colleague(facts: PairFacts): Reason | undefined {
  if (ownRecord(facts)) return undefined;
  return shares(facts.who.organisations, facts.patient.worksAt) ? { rule: 'colleague', weight: 2 } : undefined;
}

export function markedPatient({ patient }: PairFacts): Reason | undefined {
  const [mark] = patient.marks;
  return mark === undefined ? undefined : { rule: 'marked-patient', weight: 2, detail: { mark } };
}

export function breakGlass({ accesses }: PairFacts): Reason | undefined {
  const isBroken = accesses.some(({ purpose, ground }) => purpose === 'BTG' || ground.startsWith('break-glass'));
  return isBroken ? { rule: 'break-glass', weight: 2 } : undefined;
}

/** Nothing but the person's own word. */
export function noRelationship(facts: PairFacts): Reason | undefined {
  return isAllAttested(facts) ? { rule: 'no-relationship', weight: 1 } : undefined;
}

function isAllAttested({ accesses }: PairFacts): boolean {
  return accesses.length > 0 && accesses.every(({ ground }) => ground.startsWith('attested'));
}

/** Each access rests on something that ended long before. */
export function endedRelationship({ accesses, endedAt }: PairFacts): Reason | undefined {
  const sinceMs = accesses.map(({ ground, at }) => {
    const ended = endedAt.get(ground.slice(ground.lastIndexOf(':') + 1));
    return ended === undefined ? -Infinity : at - ended;
  });
  const least = Math.min(...sinceMs);
  if (accesses.length === 0 || least <= endedMs) return undefined;
  return { rule: 'ended-relationship', weight: 2, detail: { days: Math.floor(least / dayMs) } };
}

/** Every access lies outside the person's working hours, with an hour on both sides. */
export function oddHours({ accesses, who }: PairFacts): Reason | undefined {
  const { hours } = who;
  if (hours === undefined || hours.length === 0 || accesses.length === 0) return undefined;
  if (accesses.some((access) => isWithin(access, hours))) return undefined;
  const { minute } = accesses[0] as AccessFacts;
  const two = (value: number): string => String(value).padStart(2, '0');
  return { rule: 'odd-hours', weight: 1, detail: { time: `${two(Math.floor(minute / 60))}:${two(minute % 60)}` } };
}

function isWithin({ weekday, minute }: AccessFacts, hours: readonly WorkingHours[]): boolean {
  const at = weekday * 1440 + minute;
  return hours.some(({ weekday: day, from, until }) => {
    const [begins, ends] = [day * 1440 + from - marginMinutes, day * 1440 + until + marginMinutes];
    // The week is a circle: what ends on Saturday night goes on into Sunday.
    return [at - 10_080, at, at + 10_080].some((each) => each >= begins && each <= ends);
  });
}

/** Far more patients than the person's own days, and than others who do the same work that day; where only one of the two is known, that one decides. */
export function volume({ patients, own, peers }: DayFacts): Reason | undefined {
  if (patients < 10) return undefined;
  const limits = [...(own.length >= 5 ? [habitLimit(own)] : []), ...(peers.length >= 3 ? [3 * median(peers)] : [])];
  if (limits.length === 0 || limits.some((limit) => patients <= limit)) return undefined;
  const usual = own.length >= 5 ? median(own) : median(peers);
  return { rule: 'volume', weight: patients > 3 * Math.max(...limits) ? 3 : 2, detail: { patients, usual } };
}

/** Three standard deviations above the mean, and at least twice the mean. */
function habitLimit(days: readonly number[]): number {
  const mean = days.reduce((sum, each) => sum + each, 0) / days.length;
  const variance = days.reduce((sum, each) => sum + (each - mean) ** 2, 0) / days.length;
  return Math.max(mean + 3 * Math.sqrt(variance), 2 * mean);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const pairRules = [
  ownRecord,
  sameAddress,
  sameFamilyName,
  colleague,
  markedPatient,
  breakGlass,
  noRelationship,
  endedRelationship,
  oddHours,
] as const;

/** Every reason that speaks for a look at these accesses. */
export function reasonsFor(facts: PairFacts): Reason[] {
  return pairRules.flatMap((rule) => rule(facts) ?? []);
}
