/** Looks at one day of the log: gathers who opened whose record, asks the rules, keeps habits and findings. */
import type { Db } from '#kernel/db.ts';
import { entryOf } from '../canonical.ts';
import type { AccessEntry } from '../entry.ts';
import { findActors } from '../entry-store.ts';
import { walkEntries } from '../walk-store.ts';
import { numbersBetween } from '../read-store.ts';
import { endOf, personFacts, readContents, workingHours, type PatientFacts } from './facts.ts';
import { earlierDays, personnelInLog, putFindings, putHabits, workplacesOf, type FindingRow } from './finding-store.ts';
import { reasonsFor, volume, type AccessFacts, type Reason } from './rules.ts';

export type LookDeps = {
  db: Db;
  now(): number;
  /** The patient with this national number, where somebody knows: finds the home address of personnel. */
  patientByNumber?(number: string): Promise<string | undefined>;
};

/** A day in Norway: its name, and the milliseconds since 1970 between which it lies. */
export type Day = { name: string; from: number; until: number };

type Pair = {
  who: string;
  name: string;
  patient: string;
  role: string | undefined;
  organisations: Set<string>;
  accesses: AccessFacts[];
  count: number;
};
type Person = {
  who: string;
  name: string;
  unit: string;
  authorisation: string;
  patients: Set<string>;
  entries: number;
  number: number;
  at: number;
};
type Gathered = { pairs: Map<string, Pair>; people: Map<string, Person> };

/** Accesses of one pair that are held: enough for every rule. */
const accessesMax = 50;
/** Pairs whose facts are read at once. */
const pairsAtOnce = 500;
const habitDays = 42;
const clockOfDay = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Oslo',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Gives how many findings there are; those of an earlier look at the day go. */
export async function lookAtDay(deps: LookDeps, day: Day, signal?: AbortSignal): Promise<number> {
  const gathered = await gather(deps.db, day, signal);
  await putHabits(
    deps.db,
    day.name,
    [...gathered.people.values()].map(({ who, unit, authorisation, patients, entries }) => ({
      who,
      unit,
      authorisation,
      patients: patients.size,
      entries,
    })),
  );
  const findings = [
    ...(await lookAtPairs(deps, day, gathered.pairs)),
    ...(await lookAtPeople(deps.db, day, gathered.people)),
  ];
  signal?.throwIfAborted();
  await putFindings(deps.db, day.name, findings, deps.now());
  return findings.length;
}

/** Who opened whose record on the day. */
async function gather(db: Db, { from, until }: Day, signal?: AbortSignal): Promise<Gathered> {
  const gathered: Gathered = { pairs: new Map(), people: new Map() };
  const range = await numbersBetween(db, from, until);
  if (!range) return gathered;
  for await (const rows of walkEntries(db, range.first, range.last)) {
    signal?.throwIfAborted();
    const actors = await findActors(
      db,
      rows.map(({ actor }) => actor),
    );
    for (const { content, actor, number } of rows) {
      const entry = entryOf(content, actors.get(actor));
      if (entry.at >= from && entry.at < until) take(gathered, entry, number);
    }
  }
  return gathered;
}

function take({ pairs, people }: Gathered, entry: AccessEntry, number: number): void {
  const { who, patient, role, outcome, at, ground, purpose } = entry;
  if (who.kind !== 'personnel' || patient === undefined || outcome !== 'allowed' || entry.action === 'log-read') return;
  const key = `${who.reference} ${patient}`;
  const pair = pairs.get(key) ?? {
    who: who.reference,
    name: who.name,
    patient,
    role: role?.practitionerRole,
    organisations: new Set<string>(),
    accesses: [],
    count: 0,
  };
  pairs.set(key, pair);
  pair.count++;
  for (const id of [role?.legalEntity, role?.pointOfCare, role?.department])
    if (id !== undefined) pair.organisations.add(id);
  if (pair.accesses.length < accessesMax) pair.accesses.push({ number, at, ground, purpose, ...localTime(at) });
  const person = people.get(who.reference) ?? {
    who: who.reference,
    name: who.name,
    unit: role?.department ?? role?.pointOfCare ?? '',
    authorisation: who.authorisation ?? '',
    patients: new Set<string>(),
    entries: 0,
    number,
    at,
  };
  people.set(who.reference, person);
  person.patients.add(patient);
  person.entries++;
  person.number = number;
  person.at = at;
}

function localTime(at: number): { weekday: number; minute: number } {
  const parts = Object.fromEntries(clockOfDay.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    weekday: weekdays.indexOf(parts['weekday'] as string),
    minute: Number(parts['hour']) * 60 + Number(parts['minute']),
  };
}

async function lookAtPairs(deps: LookDeps, day: Day, pairs: ReadonlyMap<string, Pair>): Promise<FindingRow[]> {
  const employees = await knownEmployees(deps.db);
  const findings: FindingRow[] = [];
  const all = [...pairs.values()];
  for (let i = 0; i < all.length; i += pairsAtOnce) {
    const part = all.slice(i, i + pairsAtOnce);
    const contents = await readContents(deps.db, part.flatMap(referencesOf));
    const homes = await homesOf(deps, part, contents);
    for (const pair of part) {
      const reasons = reasonsOf(pair, contents, homes, employees);
      if (reasons.length > 0) findings.push(findingOf(day, pair, reasons));
    }
  }
  return findings;
}

function referencesOf({ who, patient, role, accesses }: Pair): string[] {
  const sources = accesses.map(({ ground }) => ground.slice(ground.lastIndexOf(':') + 1));
  return [who, `Patient/${patient}`, ...(role === undefined ? [] : [`PractitionerRole/${role}`]), ...sources];
}

type Contents = ReadonlyMap<string, string>;

function reasonsOf(
  pair: Pair,
  contents: Contents,
  homes: ReadonlyMap<string, PatientFacts>,
  employees: Employees,
): Reason[] {
  const who = personFacts(contents.get(pair.who));
  const home = homes.get(pair.who);
  const patient = personFacts(contents.get(`Patient/${pair.patient}`));
  const endedAt = new Map(
    pair.accesses.flatMap(({ ground }): [string, number][] => {
      const source = ground.slice(ground.lastIndexOf(':') + 1);
      const content = contents.get(source);
      const ended = content === undefined ? undefined : endOf(content);
      return ended === undefined ? [] : [[source, ended]];
    }),
  );
  return reasonsFor({
    accesses: pair.accesses,
    endedAt,
    who: {
      ...who,
      identity: who.identity ?? home?.identity,
      addresses: [...who.addresses, ...(home?.addresses ?? [])],
      organisations: [...pair.organisations],
      hours: pair.role === undefined ? undefined : workingHours(contents.get(`PractitionerRole/${pair.role}`)),
    },
    patient: { ...patient, worksAt: employees.placesOf(patient) },
  });
}

/** Personnel as residents: by their national number, where that is known. */
async function homesOf(deps: LookDeps, pairs: readonly Pair[], contents: Contents): Promise<Map<string, PatientFacts>> {
  const homes = new Map<string, PatientFacts>();
  const { patientByNumber } = deps;
  if (!patientByNumber) return homes;
  for (const who of new Set(pairs.map((pair) => pair.who))) {
    const [number] = personFacts(contents.get(who)).nationalNumbers;
    const patient = number === undefined ? undefined : await patientByNumber(number);
    if (patient === undefined) continue;
    homes.set(who, personFacts((await readContents(deps.db, [`Patient/${patient}`])).get(`Patient/${patient}`)));
  }
  return homes;
}

type Employees = { placesOf(patient: PatientFacts): readonly string[] };

/** Where people who have acted in the log work, by their national number, or by whole name and birth date. */
async function knownEmployees(db: Db): Promise<Employees> {
  const references = await personnelInLog(db);
  const contents = await readContents(db, references);
  const places = await workplacesOf(db, references);
  const byKey = new Map<string, string[]>();
  for (const [reference, content] of contents) {
    const { nationalNumbers, identity } = personFacts(content);
    for (const key of [...nationalNumbers, ...(identity === undefined ? [] : [identity])])
      byKey.set(key, [...(byKey.get(key) ?? []), ...(places.get(reference) ?? [])]);
  }
  return {
    placesOf: ({ nationalNumbers, identity }) =>
      [...nationalNumbers, ...(identity === undefined ? [] : [identity])].flatMap((key) => byKey.get(key) ?? []),
  };
}

function findingOf(day: Day, { who, name, patient, accesses, count }: Pair, reasons: readonly Reason[]): FindingRow {
  const newest = accesses.at(-1) as AccessFacts;
  const score = reasons.reduce((sum, { weight }) => sum + weight, 0);
  return { day: day.name, who, patient, name, score, reasons, entries: count, number: newest.number, at: newest.at };
}

async function lookAtPeople(db: Db, day: Day, people: ReadonlyMap<string, Person>): Promise<FindingRow[]> {
  const earlier = await earlierDays(db, day.name, habitDays);
  const units = Map.groupBy(people.values(), ({ unit, authorisation }) => `${unit} ${authorisation}`);
  return [...people.values()].flatMap((person) => {
    const { who, name, unit, authorisation, patients, entries, number, at } = person;
    const peers = (units.get(`${unit} ${authorisation}`) ?? []).filter((each) => each !== person);
    const reason = volume({
      patients: patients.size,
      own: earlier.get(who) ?? [],
      peers: peers.map((each) => each.patients.size),
    });
    if (!reason) return [];
    return [{ day: day.name, who, patient: '', name, score: reason.weight, reasons: [reason], entries, number, at }];
  });
}
