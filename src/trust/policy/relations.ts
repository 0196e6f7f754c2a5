/** The care relationships that a resource tells of, each with whom it names. Pure. */
import type { Resource } from '#fhir/types.ts';
import type { Directory } from './directory.ts';
import {
  afterInstant,
  dayMs,
  elementOf,
  elementsOf,
  firstInstant,
  referenceOf,
  spanOf,
  type Span,
} from './elements.ts';
import type { RelationKind } from './facts.ts';

/** One relation and who has it: `Practitioner/…`, `PractitionerRole/…`, `Organization/…`. */
export type TellsOf = { party: string; kind: RelationKind; source: string; span: Span };

type Told = Omit<TellsOf, 'source'>;

const never: Span = { from: Infinity, until: -Infinity };

/** Relations by the type that tells of them. A Patient tells of the general practitioner. */
const readers: Readonly<Record<string, (resource: Resource, directory: Directory) => Told[]>> = {
  Appointment: appointment,
  CareTeam: careTeam,
  Encounter: encounter,
  EpisodeOfCare: episode,
  MedicationRequest: (resource) => ordered(resource),
  Patient: generalPractitioner,
  ServiceRequest: serviceRequest,
};

export const relationTypes: readonly string[] = Object.keys(readers);

export function relationsOf(resource: Resource, directory: Directory): TellsOf[] {
  const source = `${resource.resourceType}/${resource.id ?? ''}`;
  return (readers[resource.resourceType]?.(resource, directory) ?? []).map((told) => ({ ...told, source }));
}

const isOver = (resource: Resource, ...statuses: string[]): boolean =>
  resource['status'] === undefined || statuses.includes(String(resource['status']));

/** The named person or role, and the unit of the role or place. */
function withUnit(reference: string | undefined, directory: Directory): string[] {
  if (reference === undefined) return [];
  const unit = directory.unitOf(reference);
  const isNamed = /^Practitioner(Role)?\//.test(reference);
  return [...(isNamed ? [reference] : []), ...(unit ? [unit] : [])];
}

const told = (parties: readonly (string | undefined)[], kind: RelationKind, span: Span): Told[] =>
  parties.flatMap((party) => (party === undefined ? [] : [{ party, kind, span }]));

function encounter(resource: Resource, directory: Directory): Told[] {
  if (isOver(resource, 'cancelled', 'entered-in-error', 'unknown')) return [];
  const span = resource['period'] === undefined ? never : spanOf(resource['period']);
  // A contact that is over and has no end ended the day it began.
  const whole =
    resource['status'] === 'finished' && span.until === Infinity ? { ...span, until: span.from + dayMs } : span;
  const people = elementsOf(resource['participant']).flatMap((one) =>
    withUnit(referenceOf(one['individual']), directory),
  );
  const places = elementsOf(resource['location']).flatMap((one) =>
    told(
      withUnit(referenceOf(one['location']), directory),
      'encounter',
      one['period'] === undefined ? whole : overlap(spanOf(one['period']), whole),
    ),
  );
  return [...told([...people, referenceOf(resource['serviceProvider'])], 'encounter', whole), ...places];
}

const overlap = (one: Span, other: Span): Span => ({
  from: Math.max(one.from, other.from),
  until: Math.min(one.until, other.until),
});

function episode(resource: Resource): Told[] {
  if (isOver(resource, 'cancelled', 'entered-in-error')) return [];
  // R4 finds episodes by care managers who are named as persons only, so roles count by their unit.
  const manager = referenceOf(resource['careManager']);
  const parties = [
    manager?.startsWith('Practitioner/') ? manager : undefined,
    referenceOf(resource['managingOrganization']),
  ];
  return told(parties, 'episode', resource['period'] === undefined ? never : spanOf(resource['period']));
}

function appointment(resource: Resource, directory: Directory): Told[] {
  if (isOver(resource, 'cancelled', 'entered-in-error', 'proposed')) return [];
  const from = firstInstant(resource['start']);
  const span = { from, until: resource['end'] === undefined ? from + dayMs : afterInstant(resource['end']) };
  const parties = elementsOf(resource['participant'])
    .filter((one) => one['status'] !== 'declined')
    .flatMap((one) => withUnit(referenceOf(one['actor']), directory));
  return told(parties, 'appointment', span);
}

/** Members, and the units of those who are there in a role. */
function careTeam(resource: Resource, directory: Directory): Told[] {
  if (isOver(resource, 'proposed', 'inactive', 'entered-in-error')) return [];
  const span = spanOf(resource['period']);
  return elementsOf(resource['participant']).flatMap((one) =>
    told(withUnit(referenceOf(one['member']), directory), 'care-team', overlap(spanOf(one['period']), span)),
  );
}

function generalPractitioner(resource: Resource, directory: Directory): Told[] {
  const parties = elementsOf(resource['generalPractitioner']).flatMap((one) => withUnit(referenceOf(one), directory));
  return told(parties, 'general-practitioner', { from: -Infinity, until: Infinity });
}

/** Who asks follows the answer; who is asked has the patient until it is done. */
function serviceRequest(resource: Resource, directory: Directory): Told[] {
  const orders = ordered(resource);
  if (!['active', 'on-hold'].includes(String(resource['status']))) return orders;
  const from = firstInstant(resource['authoredOn']);
  const { end } = elementOf(resource['occurrencePeriod']);
  const performers = elementsOf(resource['performer']).flatMap((one) => withUnit(referenceOf(one), directory));
  return [
    ...orders,
    ...told(performers, 'referral', { from, until: end === undefined ? Infinity : afterInstant(end) }),
  ];
}

function ordered(resource: Resource): Told[] {
  if (isOver(resource, 'draft', 'entered-in-error', 'revoked', 'cancelled')) return [];
  const from = firstInstant(resource['authoredOn']);
  const isOpen =
    resource.resourceType === 'ServiceRequest' && ['active', 'on-hold'].includes(String(resource['status']));
  return told([referenceOf(resource['requester'])], 'order', { from, until: isOpen ? Infinity : from });
}
