/**
 * What of a record is known at a moment. A life is written as it will have been at the end of the story; here what is still to come is
 * taken away again: a stay that will end is in progress, a sample that will be answered is pending, a course that will be over is active.
 */
import type { Resource } from '#fhir/types.ts';

/** A moment on the region's clocks, `YYYY-MM-DDThh:mm`. Texts compare as time does, but for the hour in autumn that is there twice. */
export type Moment = string;

/** What a resource does not tell of itself: from when it is known, and until when it is active. */
export type Known = { from?: Moment; until?: Moment };

/** A resource with its final content. */
export type Entry = { resource: Resource; known?: Known };

type Period = { start?: string; end?: string };
type Dated = Resource & { period?: Period };

/** The resource as it is at the moment: itself if nothing more will happen to it, another state of it, or undefined before it is there. */
export function asOf({ resource, known = {} }: Entry, now: Moment): Resource | undefined {
  const from = known.from ?? whenKnown(resource);
  if (from !== undefined && isAfter(from, now)) return undefined;
  if (known.until !== undefined && isAfter(known.until, now)) return beforeItsEnd(resource, now);
  return changing[resource.resourceType]?.(resource, now) ?? resource;
}

/** True when the moment, date or instant lies after now. */
export function isAfter(time: string, now: Moment): boolean {
  return time.length < 16 ? time > now.slice(0, time.length) : time.slice(0, 16) > now;
}

const knownBy: Readonly<Record<string, readonly string[]>> = {
  Condition: ['recordedDate'],
  Observation: ['issued', 'effectiveDateTime'],
  DiagnosticReport: ['effectiveDateTime'],
  MedicationRequest: ['authoredOn'],
  MedicationAdministration: ['effectiveDateTime'],
  Immunization: ['occurrenceDateTime'],
  Appointment: ['created'],
  ServiceRequest: ['authoredOn'],
  DocumentReference: ['date'],
  AllergyIntolerance: ['recordedDate'],
  Task: ['authoredOn'],
  CarePlan: ['created'],
  Consent: ['dateTime'],
};

function whenKnown(resource: Resource): string | undefined {
  for (const key of knownBy[resource.resourceType] ?? []) {
    if (typeof resource[key] === 'string') return resource[key];
  }
  if (resource.resourceType === 'MedicationStatement') return (resource['effectivePeriod'] as Period).start;
  if (resource.resourceType === 'Procedure') return (resource['performedPeriod'] as Period).start;
  return (resource as Dated).period?.start;
}

const openStates: Readonly<Record<string, string>> = {
  ServiceRequest: 'active',
  MedicationRequest: 'active',
  Task: 'requested',
  CarePlan: 'active',
  CareTeam: 'active',
  Flag: 'active',
  EpisodeOfCare: 'active',
  MedicationDispense: 'preparation',
};

const active = (system: string): { coding: { system: string; code: string; display: string }[] } => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: 'active', display: 'Active' }],
});
const activeCondition = active('condition-clinical');

function beforeItsEnd(resource: Resource, now: Moment): Resource {
  if (resource.resourceType === 'Encounter') return { ...encounterAt(resource, now) };
  if (resource.resourceType === 'Condition') {
    const { abatementDateTime: _, ...rest } = resource as Resource & { abatementDateTime?: string };
    return { ...rest, clinicalStatus: activeCondition };
  }
  const status = openStates[resource.resourceType];
  if (resource.resourceType === 'MedicationDispense') {
    const { whenHandedOver: _, ...rest } = resource as Resource & { whenHandedOver?: string };
    return { ...rest, status } as Resource;
  }
  return status === undefined ? resource : { ...resource, status };
}

const changing: Readonly<Record<string, (resource: Resource, now: Moment) => Resource | undefined>> = {
  Patient: patientAt,
  RelatedPerson: withOpenPeriod,
  Encounter: encounterAt,
  DiagnosticReport: reportAt,
  MedicationStatement: statementAt,
  Appointment: ({ ...appointment }, now) =>
    isAfter(String(appointment['start']), now) ? { ...appointment, status: 'booked' } : undefined,
  EpisodeOfCare: withOpenPeriod,
  CareTeam: withOpenPeriod,
  CarePlan: withOpenPeriod,
  Flag: withOpenPeriod,
};

function withOpenPeriod(resource: Resource, now: Moment): Resource | undefined {
  const period = (resource as Dated).period;
  if (period?.end === undefined || !isAfter(period.end, now)) return undefined;
  const status = openStates[resource.resourceType];
  const { period: _, ...rest } = resource as Dated;
  const open = period.start === undefined ? {} : { period: { start: period.start } };
  return { ...rest, ...(status ? { status } : { active: true }), ...open } as Resource;
}

function encounterAt(resource: Resource, now: Moment): Resource {
  const { start, end } = (resource as Dated).period!;
  if (isAfter(start!, now)) return plannedEncounter(resource);
  if (end === undefined || !isAfter(end, now)) return resource;
  const { hospitalization: _, ...rest } = resource as Resource & { hospitalization?: unknown };
  const locations = (resource['location'] as Place[]).flatMap((place) => placeAt(place, now));
  return { ...rest, status: 'in-progress', period: { start }, location: locations };
}

type Place = { location: unknown; status?: string; period?: Period };

function placeAt(place: Place, now: Moment): Place[] {
  const { period } = place;
  if (period?.start === undefined) return [place];
  if (isAfter(period.start, now)) return [];
  if (period.end === undefined || !isAfter(period.end, now)) return [place];
  return [{ ...place, status: 'active', period: { start: period.start } }];
}

/** Expected: no diagnosis yet, and the bed reserved. */
function plannedEncounter(resource: Resource): Resource {
  const { hospitalization: _, diagnosis: __, ...rest } = resource as Resource & Record<string, unknown>;
  const locations = (resource['location'] as Place[]).map(({ location }) => ({ location, status: 'reserved' }));
  return {
    ...rest,
    status: 'planned',
    period: { start: (resource as Dated).period!.start },
    location: locations,
  } as Resource;
}

/** The sample is taken, the answer has not come. */
function reportAt(report: Resource, now: Moment): Resource | undefined {
  if (!isAfter(String(report['issued']), now)) return undefined;
  const {
    issued: _,
    result: __,
    conclusion: ___,
    presentedForm: ____,
    ...rest
  } = report as Resource & Record<string, unknown>;
  return { ...rest, status: 'registered' } as Resource;
}

function statementAt(statement: Resource, now: Moment): Resource | undefined {
  const { start, end } = statement['effectivePeriod'] as Period;
  if (end === undefined || !isAfter(end, now)) return undefined;
  return { ...statement, status: 'active', effectivePeriod: { start }, dateAsserted: start };
}

type Lasting = { period?: Period; use?: string };

function patientAt(patient: Resource, now: Moment): Resource | undefined {
  const lists = ['address', 'name', 'identifier'] as const;
  const changed = lists.filter((key) => (patient[key] as Lasting[] | undefined)?.some((one) => isToChange(one, now)));
  const death = patient['deceasedDateTime'] as string | undefined;
  const isAlive = death !== undefined && isAfter(death, now);
  if (changed.length === 0 && !isAlive) return undefined;
  const { deceasedDateTime: _, ...rest } = patient as Resource & Record<string, unknown>;
  const copy = { ...(isAlive ? { ...rest, active: true } : patient) } as Resource;
  for (const key of changed) copy[key] = (patient[key] as Lasting[]).flatMap((one) => lastingAt(one, key, now));
  return copy;
}

function isToChange({ period }: Lasting, now: Moment): boolean {
  return [period?.start, period?.end].some((time) => time !== undefined && isAfter(time, now));
}

/** An address, name or number that is to come is not there; one that will be the old one is the one in use. */
function lastingAt(one: Lasting, key: string, now: Moment): Lasting[] {
  const { period } = one;
  if (period?.start !== undefined && isAfter(period.start, now)) return [];
  if (period?.end === undefined || !isAfter(period.end, now)) return [one];
  const { period: _, ...rest } = one;
  return [
    {
      ...rest,
      use: key === 'address' ? 'home' : 'official',
      ...(period.start ? { period: { start: period.start } } : {}),
    },
  ];
}
