/** Which wards have whom: by the encounters that go on, and those that are expected, in the node's own record. */
import type { Encounter, Location } from 'fhir/r4.js';
import type { Phrase } from './phrases.ts';
import { readMany } from '#fhir/record/reading.ts';
import type { Resource } from '#fhir/types.ts';
import { parseJson } from '#fhir/json/index.ts';
import { findAll, type Reading } from './reading.ts';

export type Stay = { encounter: Encounter & { id: string }; patient: string; bed: string; isReserved: boolean };

export type Ward = {
  /** `Location/id` without the type. */
  id: string;
  name: string;
  /** `Organization/id` of the department, with the type. */
  department: string | undefined;
  stays: Stay[];
  /** Those who are to come within three days. */
  expected: Stay[];
};

/** Said of who lies on the ward and in no bed of it. */
export const withoutBed: Phrase = 'uten seng';

const expectedHours = 72;
/** Planned, the time is past, and nobody has said that they came: still expected for so long. */
const lateHours = 24;

/** Every ward that has somebody, or expects somebody. */
export async function findWards(reading: Reading, now: number): Promise<Ward[]> {
  const hour = 3_600_000;
  const inpatient: [string, string] = ['class', 'http://terminology.hl7.org/CodeSystem/v3-ActCode|IMP'];
  const present = await findAll(reading, 'Encounter', [inpatient, ['status', 'arrived,triaged,in-progress,onleave']]);
  const planned = await findAll(reading, 'Encounter', [
    inpatient,
    ['status', 'planned'],
    ['date', `ge${new Date(now - lateHours * hour).toISOString()}`],
    ['date', `le${new Date(now + expectedHours * hour).toISOString()}`],
  ]);
  const encounters = [...present, ...planned] as unknown as (Encounter & { id: string })[];
  const places = await placesOf(reading, encounters);
  const wards = new Map<string, Ward>();
  for (const encounter of encounters) {
    const stay = stayOf(encounter, places);
    if (stay === undefined) continue;
    const ward = wards.get(stay.ward.id) ?? wardOf(stay.ward);
    wards.set(ward.id, ward);
    (encounter.status === 'planned' ? ward.expected : ward.stays).push(stay.stay);
  }
  const byBed = (a: Stay, b: Stay): number => a.bed.localeCompare(b.bed, 'nb', { numeric: true });
  for (const ward of wards.values()) ward.stays.sort(byBed);
  const start = ({ encounter }: Stay): string => encounter.period?.start ?? '';
  for (const ward of wards.values()) ward.expected.sort((a, b) => Date.parse(start(a)) - Date.parse(start(b)));
  return toldApart([...wards.values()], places).toSorted((a, b) => a.name.localeCompare(b.name, 'nb'));
}

/** Wards of one name in several houses carry that of their house too. */
function toldApart(wards: readonly Ward[], places: Places): Ward[] {
  const names = Map.groupBy(wards, ({ name }) => name);
  return wards.map((ward) => {
    const house = (names.get(ward.name)?.length ?? 0) > 1 ? houseOf(ward.id, places) : undefined;
    return house === undefined ? ward : { ...ward, name: `${ward.name}, ${house}` };
  });
}

/** The name of the outermost place that the ward is in. */
function houseOf(ward: string, places: Places): string | undefined {
  const seen = new Set<string>();
  let at = places.get(ward);
  for (let next = at; next !== undefined && !seen.has(next.id); next = above(next, places)) {
    seen.add(next.id);
    at = next;
  }
  return at === undefined || at.id === ward ? undefined : at.name;
}

type Place = Location & { id: string };

function wardOf({ id, name, managingOrganization }: Place): Ward {
  return { id, name: name ?? `Location/${id}`, department: managingOrganization?.reference, stays: [], expected: [] };
}

function stayOf(encounter: Encounter & { id: string }, places: Places): { ward: Place; stay: Stay } | undefined {
  const patient = localId(encounter.subject?.reference, 'Patient');
  const at = currentPlace(encounter);
  const place = at === undefined ? undefined : places.get(at.id);
  if (patient === undefined || at === undefined || place === undefined) return undefined;
  const ward = wardAbove(place, places);
  const full = place.name ?? at.display ?? '';
  const within = ward.name !== undefined && full.startsWith(`${ward.name}, `) ? full.slice(ward.name.length + 2) : full;
  const bed = place.id === ward.id ? withoutBed : within;
  return { ward, stay: { encounter, patient, bed, isReserved: encounter.status === 'planned' } };
}

/** Where the patient is now; for one who is expected, where a bed is reserved. */
function currentPlace({ location = [] }: Encounter): { id: string; display: string | undefined } | undefined {
  const current = location.findLast(({ status, period }) => status === 'active' || (!status && !period?.end));
  const found = current ?? location.findLast(({ status }) => status === 'reserved' || status === 'planned');
  const id = localId(found?.location.reference, 'Location');
  return id === undefined ? undefined : { id, display: found?.location.display };
}

type Places = ReadonlyMap<string, Place>;

/** The first place above that is a ward; where none is, what the bed or room belongs to, or the place itself. */
function wardAbove(place: Place, places: Places): Place {
  const seen = new Set<string>();
  for (let at: Place | undefined = place; at !== undefined && !seen.has(at.id); at = above(at, places)) {
    if (kindOf(at) === 'wa') return at;
    seen.add(at.id);
  }
  const isPartOfRoom = kindOf(place) === 'bd' || kindOf(place) === 'ro';
  return (isPartOfRoom ? above(place, places) : undefined) ?? place;
}

const above = ({ partOf }: Place, places: Places): Place | undefined =>
  places.get(localId(partOf?.reference, 'Location') ?? '');

const kindOf = ({ physicalType }: Place): string | undefined => physicalType?.coding?.[0]?.code;

async function placesOf(reading: Reading, encounters: readonly Encounter[]): Promise<Places> {
  const places = new Map<string, Place>();
  let wanted = new Set(encounters.flatMap((encounter) => currentPlace(encounter)?.id ?? []));
  while (wanted.size > 0) {
    const keys = [...wanted].map((id) => ({ type: 'Location', id }));
    const found = await readMany(reading, keys, undefined);
    const locations = found.map(({ content }) => parseJson(content as string) as Resource as unknown as Place);
    for (const location of locations) places.set(location.id, location);
    wanted = new Set(
      locations.flatMap(({ partOf }) => localId(partOf?.reference, 'Location') ?? []).filter((id) => !places.has(id)),
    );
  }
  return places;
}

/** The id in `Type/id`. */
export function localId(reference: string | undefined, type: string): string | undefined {
  return reference?.startsWith(`${type}/`) ? reference.slice(type.length + 1).split('/')[0] : undefined;
}
