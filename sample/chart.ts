/**
 * One resident's record while it is being written, to the end of the story: who, until when, by whom treated, and the resources so far.
 * What of it is known at a moment is decided afterwards, in `alive/as-of.ts`.
 */
import type { Resource } from '#fhir/types.ts';
import type { Entry, Known, Moment } from './alive/as-of.ts';
import { norwegianInstant, type Day } from '#shared/days.ts';
import type { Analysis } from './analyses.ts';
import type { ChronicDisease } from './chronic-diseases.ts';
import type { Concept } from './codes.ts';
import type { Ids } from './ids.ts';
import type { Medicine } from './medicines.ts';
import type { Person } from './population.ts';
import type { Random } from './random.ts';
import type { Reference } from './reference.ts';
import type { PractitionerEntry, Region, UnitEntry } from './region.ts';

export type { Reference } from './reference.ts';

/** A chronic disease that the resident has, from its first day. */
export type Problem = { disease: ChronicDisease; since: Day; reference: Reference; concept: Concept };

export type LongTerm = { medicine: Medicine; group: string; start: Day; stop?: Day; reason: Concept };

export type Visit = {
  reference: Reference;
  day: Day;
  minute: number;
  start: string;
  practitioner: PractitionerEntry;
  unit: UnitEntry;
};

/** `today` is the day on which the region opens, `end` the last day of its story. */
export type Span = { today: Day; end: Day; historyYears: number };

export class Chart {
  readonly person: Person;
  readonly region: Region;
  readonly random: Random;
  /** The day on which the region opens. The story goes on for some months after it. */
  readonly today: Day;
  /** The first day that the record tells of in detail. */
  readonly firstDay: Day;
  /** The last day that the record tells of: the end of the story, or the day of death. */
  readonly lastDay: Day;
  readonly entries: Entry[] = [];
  readonly problems: Problem[] = [];
  /** ATC codes that are not given to this resident. */
  readonly avoided: string[] = [];
  /** How this person's values lie in the population, in standard deviations, by analysis. */
  readonly tendencies = new Map<Analysis, number>();
  /** Medicines in long-term use. */
  readonly longTerm: LongTerm[] = [];
  /** Names of what is not tolerated, with the reaction. */
  readonly intolerances: string[] = [];
  /** What a stage of a disease or its treatment does to results while it lasts: multiples of the usual value. */
  readonly effects: { effects: Readonly<Record<string, number>>; from: Day; to: Day }[] = [];
  /** From this day only what relieves is done. */
  palliativeFrom = Infinity;
  /** Milestones of cancer pathways that are reported. */
  readonly milestones = new Set<string>();
  /** Where in the bounds of a score the resident mostly lies, by the score's name. */
  readonly scoreLevels = new Map<string, number>();
  /** Days in hospital, so that nobody is in two places. */
  readonly stays: { from: Day; to: Day }[] = [];
  /** How tall and how heavy the resident is among others, in standard deviations. */
  readonly stature: number;
  readonly build: number;
  /** The first day on warfarin, which decides the INR. */
  warfarinSince: Day | undefined;
  readonly patient: Reference;
  readonly practitioner: PractitionerEntry;
  readonly #ids: Ids;

  constructor(person: Person, region: Region, random: Random, ids: Ids, span: Span) {
    const { today, end, historyYears } = span;
    this.person = person;
    this.region = region;
    this.random = random;
    this.today = today;
    this.lastDay = person.deathDay ?? end;
    this.firstDay = Math.max(person.birthDay, today - historyYears * 365);
    this.#ids = ids;
    this.stature = random.normal();
    this.build = random.normal();
    this.practitioner = region.generalPractitioner(person.municipality, person.practitioner);
    this.patient = { reference: `Patient/${person.persona?.patientId ?? ids.next(this.firstDay)}` };
  }

  newId(day: Day): string {
    return this.#ids.next(day);
  }

  /** Adds a resource with a new id and answers the reference to it. */
  add(day: Day, resource: Resource, known?: Known): Reference {
    const id = this.#ids.next(day);
    resource.id = id;
    this.put(resource, known);
    return { reference: `${resource.resourceType}/${id}` };
  }

  /** Adds a resource that has its id. */
  put(resource: Resource, known?: Known): void {
    this.entries.push(known ? { resource, known } : { resource });
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

  /** True when a medicine of this group is in long-term use on that day. */
  takes(group: string, day: Day): boolean {
    return this.longTerm.some(
      ({ group: taken, start, stop }) => taken === group && start <= day && (stop === undefined || stop > day),
    );
  }

  /** The department of the resident's hospital; mental health care is that of children until eighteen, of adults after. */
  department(key: string, day: Day): UnitEntry {
    const isMind = key === 'psychiatry' || key === 'child-psychiatry';
    const own = isMind ? (this.ageInYears(day) < 18 ? 'child-psychiatry' : 'psychiatry') : key;
    return this.region.department(own, this.person.municipality);
  }

  isInHospital(day: Day): boolean {
    return this.stays.some(({ from, to }) => from <= day && day <= to);
  }

  has(key: string, day: Day): boolean {
    return this.problems.some(({ disease, since }) => disease.key === key && since <= day);
  }
}

export function instant(day: Day, minute: number): string {
  return norwegianInstant(day, minute);
}

/** The same as a moment of the region's clocks, to compare with. */
export function moment(day: Day, minute: number): Moment {
  return norwegianInstant(day, minute).slice(0, 16);
}
