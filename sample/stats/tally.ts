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
  /** To another municipality. */
  movedLastYear: boolean;
  isNursed: boolean;
  problems: ReadonlySet<string>;
  vaccinatedInfluenza: boolean;
  /** Different substances on prescriptions of the last year. */
  prescribed: number;
  takesPressureMedicine: boolean;
  newDepression: boolean;
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
type Address = { period?: Period; extension?: unknown };
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

const pressureMedicine = /^C0(2|3|7|8|9)/;

/** The address of now began within the time, and the one before it is of another municipality. */
function hasMoved([now, before]: readonly Address[], since: string): boolean {
  const start = now?.period?.start;
  if (start === undefined || start <= since || before === undefined) return false;
  return municipalityIn(now) !== municipalityIn(before);
}

function municipalityIn(address: Address | undefined): string | undefined {
  return /"code":"(99\d\d)"/.exec(JSON.stringify(address?.extension))?.[1];
}

/** Takes the items of a region in their order; `lives` has those whose turn has been. */
export class Tally {
  readonly lives: LifeCount[] = [];
  shared = 0;
  readonly #units = new Map<string, Kind>();
  /** ATC codes of the Medications. */
  readonly #substances = new Map<string, string>();
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
    for (const { resourceType, id, type, code } of resources as (Resource & { type?: unknown; code?: Coded })[]) {
      if (resourceType === 'Organization') this.#units.set(`Organization/${id}`, kinds[firstCode(type)] ?? 'other');
      if (resourceType === 'Medication') this.#substances.set(`Medication/${id}`, code?.coding?.[1]?.code ?? '');
    }
  }

  #lifeOf(resources: readonly Resource[]): LifeCount {
    const patient = resources[0]!;
    const birth = String(patient['birthDate']);
    const death = patient['deceasedDateTime'] as string | undefined;
    const addresses = (patient['address'] ?? []) as Address[];
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
      movedLastYear: hasMoved(addresses, since),
      isNursed: encounters.some((one) => one['status'] === 'in-progress' && this.#kindOf(one) === 'nursingHome'),
      problems: new Set(of('Condition').flatMap((condition) => problemOf(condition))),
      vaccinatedInfluenza: of('Immunization').some(
        ({ vaccineCode, occurrenceDateTime }) =>
          codeOf(vaccineCode) === 'J07BB02' && this.#isLastYear(occurrenceDateTime as string),
      ),
      prescribed: new Set(
        of('MedicationRequest')
          .filter((one) => firstCode(one['category']) === 'community' && this.#isLastYear(String(one['authoredOn'])))
          .map(({ medicationCodeableConcept }) => codeOf(medicationCodeableConcept)),
      ).size,
      takesPressureMedicine: of('MedicationStatement').some(
        ({ status, medicationReference }) =>
          status === 'active' && pressureMedicine.test(this.#substances.get(referenceOf(medicationReference)) ?? ''),
      ),
      newDepression: of('Condition').some(
        (condition) =>
          firstCode(condition['category']) === 'problem-list-item' &&
          codeOf(condition['code']) === 'P76' &&
          String(condition['onsetDateTime']) > since,
      ),
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
