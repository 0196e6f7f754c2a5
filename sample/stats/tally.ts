/** Counts what a region holds, item by item; of each life only numbers are kept. */
import { parseDay, yearsBetween } from '#shared/days.ts';
import type { Resource } from '#fhir/types.ts';
import type { RegionItem } from '../index.ts';

/** What is known of one life, for the table. Contacts, stays and documents are those of the last year. */
export type LifeCount = {
  age: number;
  isAlive: boolean;
  diedLastYear: boolean;
  bornLastYear: boolean;
  movedLastYear: boolean;
  isNursed: boolean;
  problems: ReadonlySet<string>;
  vaccinatedInfluenza: boolean;
  medicines: number;
  general: number;
  urgent: number;
  outpatient: number;
  documents: number;
  stayDays: number[];
  waitDays: number[];
  resources: number;
};

type Coded = { coding?: { system?: string; code?: string }[] };
type Period = { start?: string; end?: string };
type Kind = 'general' | 'urgent' | 'hospital' | 'nursingHome' | 'other';

const codeOf = (value: unknown): string => (value as Coded | undefined)?.coding?.[0]?.code ?? '';
const firstCode = (value: unknown): string => codeOf((value as unknown[] | undefined)?.[0]);
const referenceOf = (value: unknown): string => (value as { reference?: string } | undefined)?.reference ?? '';
const kinds: Readonly<Record<string, Kind>> = {
  KA01: 'general',
  KA02: 'urgent',
  KP01: 'nursingHome',
  '05': 'hospital',
};

/** Takes the items of a region in their order; `lives` has those whose turn has been. */
export class Tally {
  readonly lives: LifeCount[] = [];
  shared = 0;
  readonly #units = new Map<string, Kind>();
  readonly #now: string;
  readonly #yearAgo: string;

  /** `now` as in the region's settings. */
  constructor(now: string) {
    this.#now = now;
    this.#yearAgo = `${Number(now.slice(0, 4)) - 1}${now.slice(4)}`;
  }

  add({ resources }: RegionItem): void {
    if (resources[0]?.resourceType === 'Patient') {
      this.lives.push(this.#lifeOf(resources));
      return;
    }
    this.shared += resources.length;
    for (const { resourceType, id, type } of resources as (Resource & { type?: unknown })[])
      if (resourceType === 'Organization') this.#units.set(`Organization/${id}`, kinds[firstCode(type)] ?? 'other');
  }

  #lifeOf(resources: readonly Resource[]): LifeCount {
    const patient = resources[0]!;
    const birth = String(patient['birthDate']);
    const death = patient['deceasedDateTime'] as string | undefined;
    const addresses = (patient['address'] ?? []) as { period?: Period }[];
    const since = this.#yearAgo.slice(0, 10);
    const of = (type: string): Resource[] => resources.filter(({ resourceType }) => resourceType === type);
    const encounters = of('Encounter');
    const lastYear = encounters.filter((encounter) => this.#isLastYear((encounter['period'] as Period).start));
    const count = (kind: Kind): number =>
      lastYear.filter((encounter) => this.#kindOf(encounter) === kind && codeOfClass(encounter) !== 'IMP').length;
    return {
      age: yearsBetween(parseDay(birth), parseDay(this.#now.slice(0, 10))),
      isAlive: death === undefined,
      diedLastYear: this.#isLastYear(death),
      bornLastYear: birth > since,
      movedLastYear: addresses.some(({ period }) => period?.start !== undefined && period.start > since),
      isNursed: encounters.some((one) => one['status'] === 'in-progress' && this.#kindOf(one) === 'nursingHome'),
      problems: new Set(of('Condition').flatMap((condition) => problemOf(condition))),
      vaccinatedInfluenza: of('Immunization').some(
        ({ vaccineCode, occurrenceDateTime }) =>
          codeOf(vaccineCode) === 'J07BB02' && this.#isLastYear(occurrenceDateTime as string),
      ),
      medicines: of('MedicationStatement').filter(({ status }) => status === 'active').length,
      general: count('general'),
      urgent: count('urgent'),
      outpatient: count('hospital'),
      documents: of('DocumentReference').filter(({ date }) => this.#isLastYear(date as string)).length,
      stayDays: lastYear.flatMap((one) => (this.#kindOf(one) === 'hospital' ? stayDaysOf(one) : [])),
      waitDays: of('ServiceRequest').flatMap((one) => this.#waitOf(one, encounters)),
      resources: resources.length,
    };
  }

  #isLastYear(time: string | undefined): boolean {
    return time !== undefined && time.slice(0, 16) > this.#yearAgo && time.slice(0, 16) <= this.#now;
  }

  #kindOf(encounter: Resource): Kind {
    return this.#units.get(referenceOf(encounter['serviceProvider'])) ?? 'other';
  }

  /** Days from the referral to the first contact with the department that it was sent to. */
  #waitOf(request: Resource, encounters: readonly Resource[]): number[] {
    const sent = String(request['authoredOn']);
    if (!this.#isLastYear(sent)) return [];
    const unit = referenceOf((request['performer'] as unknown[])[0]);
    const first = encounters
      .filter((one) => referenceOf(one['serviceProvider']) === unit && String((one['period'] as Period).start) > sent)
      .map((one) => Date.parse(String((one['period'] as Period).start)))
      .toSorted((a, b) => a - b)[0];
    return first === undefined ? [] : [(first - Date.parse(sent)) / 86_400_000];
  }
}

function codeOfClass(encounter: Resource): string {
  return (encounter['class'] as { code: string }).code;
}

function problemOf(condition: Resource): string[] {
  const isListed = firstCode(condition['category']) === 'problem-list-item';
  return isListed && codeOf(condition['clinicalStatus']) === 'active' ? [codeOf(condition['code'])] : [];
}

function stayDaysOf(encounter: Resource): number[] {
  const { start, end } = encounter['period'] as Period;
  if (codeOfClass(encounter) !== 'IMP' || start === undefined || end === undefined) return [];
  return [(Date.parse(end) - Date.parse(start)) / 86_400_000];
}
