/** One resident's record while it is being written: who, until when, by whom treated, and the resources so far. */
import type { Resource } from '#fhir/types.ts';
import { norwegianInstant, type Day } from '#shared/days.ts';
import type { Analysis } from './analyses.ts';
import type { ChronicDisease } from './chronic-diseases.ts';
import type { Concept } from './codes.ts';
import type { Ids } from './ids.ts';
import type { Person } from './population.ts';
import type { Random } from './random.ts';
import type { Reference } from './reference.ts';
import type { PractitionerEntry, Region, UnitEntry } from './region.ts';

export type { Reference } from './reference.ts';

/** A chronic disease that the resident has, from its first day. */
export type Problem = { disease: ChronicDisease; since: Day; reference: Reference; concept: Concept };

export type Visit = {
  reference: Reference;
  day: Day;
  minute: number;
  start: string;
  practitioner: PractitionerEntry;
  unit: UnitEntry;
};

export class Chart {
  readonly person: Person;
  readonly region: Region;
  readonly random: Random;
  readonly today: Day;
  /** The first day that the record tells of in detail. */
  readonly firstDay: Day;
  /** The last day that the record tells of: today, or the day of death. */
  readonly lastDay: Day;
  readonly resources: Resource[] = [];
  readonly problems: Problem[] = [];
  /** ATC codes that are not given to this resident. */
  readonly avoided: string[] = [];
  /** How this person's values lie in the population, in standard deviations, by analysis. */
  readonly tendencies = new Map<Analysis, number>();
  /** ATC groups of the medicines in long-term use, so that none is prescribed twice. */
  readonly longTermMedicines = new Set<string>();
  /** How tall and how heavy the resident is among others, in standard deviations. */
  readonly stature: number;
  readonly build: number;
  /** The first day on warfarin, which decides the INR. */
  warfarinSince: Day | undefined;
  readonly patient: Reference;
  readonly practitioner: PractitionerEntry;
  readonly #ids: Ids;

  constructor(person: Person, region: Region, random: Random, ids: Ids, today: Day, historyYears: number) {
    this.person = person;
    this.region = region;
    this.random = random;
    this.today = today;
    this.lastDay = person.deathDay ?? today;
    this.firstDay = Math.max(person.birthDay, today - historyYears * 365);
    this.#ids = ids;
    this.stature = random.normal();
    this.build = random.normal();
    this.practitioner = region.generalPractitioner(person.municipality, person.practitioner);
    this.patient = { reference: `Patient/${ids.next(this.firstDay)}` };
  }

  newId(day: Day): string {
    return this.#ids.next(day);
  }

  /** Adds a resource with a new id and answers the reference to it. */
  add(day: Day, resource: Resource): Reference {
    const id = this.#ids.next(day);
    resource.id = id;
    this.resources.push(resource);
    return { reference: `${resource.resourceType}/${id}` };
  }

  ageInYears(day: Day): number {
    return (day - this.person.birthDay) / 365.25;
  }

  /** Years of the detailed record that the resident lived. */
  get years(): number {
    return Math.max(0, (this.lastDay - this.firstDay) / 365.25);
  }

  /** A random day of the detailed record. */
  someDay(): Day {
    return this.random.between(this.firstDay, this.lastDay);
  }

  isPast(day: Day): boolean {
    return day < this.lastDay;
  }

  has(key: string, day: Day): boolean {
    return this.problems.some(({ disease, since }) => disease.key === key && since <= day);
  }
}

export function instant(day: Day, minute: number): string {
  return norwegianInstant(day, minute);
}
