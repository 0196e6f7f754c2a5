/** Reads one record for people: each method gives lines of one part of it, newest last where time matters. */
import { parseDay, yearsBetween } from '#shared/days.ts';
import type { Resource } from '#fhir/types.ts';

type Coded = { text?: string; coding?: { code?: string; display?: string }[] };
type Period = { start?: string; end?: string };
type Quantity = { value: number; unit?: string };

const textOf = (value: unknown): string =>
  (value as Coded | undefined)?.text ?? (value as Coded | undefined)?.coding?.[0]?.display ?? '';
const codeOf = (value: unknown): string => (value as Coded | undefined)?.coding?.[0]?.code ?? '';
const displayOf = (value: unknown): string => (value as { display?: string } | undefined)?.display ?? '';
const referenceOf = (value: unknown): string => (value as { reference?: string } | undefined)?.reference ?? '';
const dateOf = (time: unknown): string =>
  String(time ?? '')
    .slice(0, 10)
    .split('-')
    .toReversed()
    .join('.');
const minuteOf = (time: unknown): string => `${dateOf(time)} ${String(time).slice(11, 16)}`;

/** Results that are shown as a series, by code. */
const followed: readonly string[] = [
  'NPU27300',
  'NPU19748',
  'NOR05172',
  'NOR25909',
  'NPU21571',
  'NPU08669',
  'NPU01685',
  'NPU01568',
  'NPU02902',
  '29463-7',
  '85354-9',
];
const seriesLength = 8;

export class Reader {
  readonly patient: Resource;
  readonly #all: readonly Resource[];
  readonly #now: string;

  constructor(resources: readonly Resource[], now: string) {
    this.patient = resources[0]!;
    this.#all = resources;
    this.#now = now;
  }

  get isAlive(): boolean {
    return this.patient['deceasedDateTime'] === undefined;
  }

  get age(): number {
    return yearsBetween(parseDay(String(this.patient['birthDate'])), parseDay(this.#now.slice(0, 10)));
  }

  /** `84 år, mann`. */
  who(): string {
    const isWoman = this.patient['gender'] === 'female';
    const days = parseDay(this.#now.slice(0, 10)) - parseDay(String(this.patient['birthDate']));
    if (this.age < 2) return `${Math.floor(days / 30.4)} måneder, ${isWoman ? 'jente' : 'gutt'}`;
    if (this.age < 18) return `${this.age} år, ${isWoman ? 'jente' : 'gutt'}`;
    return `${this.age} år, ${isWoman ? 'kvinne' : 'mann'}`;
  }

  get isInHospital(): boolean {
    return this.#of('Encounter').some(({ status, location }) => {
      const place = displayOf((location as { location: unknown }[]).at(-1)?.location);
      return status === 'in-progress' && place.includes('seng ');
    });
  }

  name(): string {
    const [{ given, family }] = this.patient['name'] as [{ given: string[]; family: string }];
    return `${given.join(' ')} ${family}`;
  }

  place(): string {
    const [address] = (this.patient['address'] ?? []) as { city: string }[];
    return address?.city ?? 'uten adresse';
  }

  doctor(): string {
    return displayOf((this.patient['generalPractitioner'] as unknown[])[0]);
  }

  death(): string {
    const death = this.patient['deceasedDateTime'];
    return death === undefined ? '' : ` Død ${dateOf(death)}.`;
  }

  critical(): string[] {
    const flags = this.#of('Flag')
      .filter(({ status }) => status === 'active')
      .map(({ code }) => textOf(code));
    const allergies = this.#of('AllergyIntolerance').map(
      ({ code, reaction, criticality }) =>
        `CAVE ${textOf(code)}: ${textOf((reaction as { manifestation: unknown[] }[])[0]?.manifestation[0])}${criticality === 'high' ? ' (alvorlig)' : ''}`,
    );
    return [...new Set([...flags, ...allergies])];
  }

  /** Blocks, reservations, powers of attorney, what a parent may see. */
  decisions(): string[] {
    return this.#of('Consent').map(({ category }) => textOf((category as unknown[])[0]));
  }

  family(): string[] {
    return this.#of('RelatedPerson').map(({ relationship, name, birthDate }) => {
      const [{ given, family }] = name as [{ given: string[]; family: string }];
      const relations = (relationship as unknown[]).map((one) => textOf(one));
      return `${relations.join(', foreldreansvar: ')}: ${given.join(' ')} ${family} (${String(birthDate).slice(0, 4)})`;
    });
  }

  problems(): string[] {
    return this.#of('Condition')
      .filter(({ category }) => codeOf((category as unknown[])[0]) === 'problem-list-item')
      .map(({ code, onsetDateTime, abatementDateTime }) => {
        const end = abatementDateTime ? `–${String(abatementDateTime).slice(0, 4)}` : '';
        return `${codeOf(code)} ${textOf(code)} (fra ${String(onsetDateTime).slice(0, 4)}${end})`;
      });
  }

  medicines(): string[] {
    return this.#of('MedicationStatement')
      .filter(({ status }) => status === 'active')
      .map(({ medicationReference, dosage, effectivePeriod, reasonCode, reasonReference }) => {
        const reason = reasonReference
          ? textOf(this.#find(referenceOf((reasonReference as unknown[])[0]))?.['code'])
          : textOf((reasonCode as unknown[])[0]);
        return `${displayOf(medicationReference)}, ${(dosage as { text: string }[])[0]!.text} (fra ${dateOf((effectivePeriod as Period).start)}; ${reason})`;
      });
  }

  vaccinations(): string[] {
    const counts = new Map<string, number>();
    for (const { vaccineCode } of this.#of('Immunization'))
      counts.set(textOf(vaccineCode), (counts.get(textOf(vaccineCode)) ?? 0) + 1);
    return counts.size === 0
      ? []
      : [[...counts].map(([name, count]) => `${name.replace('Vaksine mot ', '')} ×${count}`).join('; ')];
  }

  /** The last values of what is followed, oldest first. */
  trends(): string[] {
    const series = new Map<string, string[]>();
    const observations = this.#of('Observation').toSorted((a, b) =>
      String(a['effectiveDateTime']) < String(b['effectiveDateTime']) ? -1 : 1,
    );
    for (const { code, valueQuantity, component, effectiveDateTime } of observations) {
      if (!followed.includes(codeOf(code)) && codeOf(code) !== '' && codeOf(code) !== '72106-8') continue;
      const value = valueQuantity
        ? String((valueQuantity as Quantity).value)
        : (component as { valueQuantity: Quantity }[]).map((part) => part.valueQuantity.value).join('/');
      const name = textOf(code);
      series.set(name, [...(series.get(name) ?? []), `${value} (${String(effectiveDateTime).slice(2, 7)})`]);
    }
    return [...series].map(([name, values]) => `${name}: ${values.slice(-seriesLength).join(' → ')}`);
  }

  contacts(count: number): string[] {
    const sorted = this.#of('Encounter')
      .filter(({ status }) => status !== 'planned')
      .toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
    return sorted.slice(-count).map((encounter) => this.#contact(encounter));
  }

  #contact(encounter: Resource): string {
    const own = (type: string): Resource[] =>
      this.#of(type).filter((one) => referenceOf(one['encounter']) === `Encounter/${encounter.id}`);
    const condition = this.#find(
      referenceOf((encounter['diagnosis'] as { condition: unknown }[] | undefined)?.[0]?.condition),
    );
    const abnormal = own('Observation')
      .filter(({ interpretation }) => interpretation && codeOf((interpretation as unknown[])[0]) !== 'N')
      .slice(0, 5)
      .map(({ code, valueQuantity }) => `${textOf(code)} ${(valueQuantity as Quantity).value}`);
    const done = own('Procedure').map(({ code }) => textOf(code));
    const given = own('MedicationRequest').map(({ medicationCodeableConcept }) => textOf(medicationCodeableConcept));
    const { start, end } = encounter['period'] as Period;
    const isStay = codeOfClass(encounter) === 'IMP';
    const when = isStay ? `${dateOf(start)}–${end ? dateOf(end) : 'nå'}` : dateOf(start);
    const where = isStay
      ? displayOf((encounter['location'] as { location: unknown }[]).at(-1)?.location)
      : displayOf(encounter['serviceProvider']);
    const reason = textOf((encounter['reasonCode'] as unknown[] | undefined)?.[0]);
    const parts = [
      `${when} ${where}: ${codeOf(condition?.['code'])} ${textOf(condition?.['code'])}${reason ? ` – ${reason}` : ''}`,
      ...(done.length > 0 ? [`utført: ${done.join(', ')}`] : []),
      ...(given.length > 0 ? [`ordinert: ${given.join(', ')}`] : []),
      ...(abnormal.length > 0 ? [`utenfor referanse: ${abnormal.join(', ')}`] : []),
    ];
    return parts.join('; ');
  }

  plans(): string[] {
    const appointments = this.#of('Appointment')
      .filter(({ status }) => status === 'booked')
      .map(({ start, reasonCode }) => `${minuteOf(start)} time: ${textOf((reasonCode as unknown[])[0])}`);
    const stays = this.#of('Encounter')
      .filter(({ status }) => status === 'planned')
      .map((one) => `${minuteOf(startOf(one))} planlagt innleggelse`);
    const requests = this.#of('ServiceRequest')
      .filter(({ status }) => status === 'active')
      .map(
        ({ code, occurrencePeriod, category }) =>
          `Henvisning (${(category as Coded[])[0]?.coding?.[0]?.display ?? ''}), frist ${dateOf((occurrencePeriod as Period).end)}: ${textOf(code)}`,
      );
    const care = this.#of('CarePlan')
      .filter(({ status }) => status === 'active')
      .flatMap(({ activity }) =>
        (activity as { detail: { description: string } }[]).map(({ detail }) => `Plan: ${detail.description}`),
      );
    const due = this.#of('MedicationRequest')
      .filter(({ status, category }) => status === 'active' && codeOf((category as unknown[])[0]) === 'inpatient')
      .map(
        ({ medicationCodeableConcept, dosageInstruction }) =>
          `På kurven: ${textOf(medicationCodeableConcept)}, ${(dosageInstruction as { text: string }[])[0]!.text}`,
      );
    const pending = this.#of('DiagnosticReport')
      .filter(({ status }) => status === 'registered')
      .map(({ effectiveDateTime }) => `Prøve tatt ${minuteOf(effectiveDateTime)}, svar venter`);
    return [...stays, ...care, ...due, ...pending, ...requests, ...appointments];
  }

  /** The texts of the latest documents, of different kinds as far as there are. */
  documents(count = Infinity): string[] {
    const sorted = this.#of('DocumentReference').toSorted((a, b) => (String(a['date']) < String(b['date']) ? 1 : -1));
    const kinds = new Set<string>();
    const chosen = [...sorted.filter(({ type }) => !kinds.has(codeOf(type)) && kinds.add(codeOf(type))), ...sorted];
    return [...new Set(chosen)].slice(0, count).map(({ content, date, type }) => {
      const binary = this.#find((content as { attachment: { url: string } }[])[0]!.attachment.url);
      return `[${minuteOf(date)} ${textOf(type)}]\n${Buffer.from(String(binary?.['data']), 'base64').toString('utf8')}`;
    });
  }

  #of(type: string): Resource[] {
    return this.#all.filter(({ resourceType }) => resourceType === type);
  }

  #find(reference: string): Resource | undefined {
    return this.#all.find(({ resourceType, id }) => `${resourceType}/${id}` === reference);
  }
}

function startOf(encounter: Resource): string {
  return String((encounter['period'] as Period).start);
}

function codeOfClass(encounter: Resource): string {
  return (encounter['class'] as { code: string }).code;
}
