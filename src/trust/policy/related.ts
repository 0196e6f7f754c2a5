/**
 * Which patients somebody may have to do with: a wide net over the record's index, by what `relations.ts` and `read-facts.ts` read. What is found is decided
 * one by one by the rules; what the net misses is missed by searches that name no patient, never shown too much.
 */
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { narrow } from '#fhir/search/narrow.ts';
import type { Search } from '#fhir/search/index.ts';
import type { Citizen, Personnel, System } from '../subject.ts';
import { systems, trustCodes } from './codes.ts';
import { dayMs } from './elements.ts';
import type { Standing } from './facts.ts';
import type { Moment } from './personnel.ts';

export type Related = {
  ofPersonnel(subject: Personnel, standing: Standing, moment: Moment): Promise<string[]>;
  ofSystem(subject: System, standing: Standing, moment: Moment): Promise<string[]>;
  ofCitizen(subject: Citizen): Promise<string[]>;
};

/** All patients that the subject may have to do with. */
export function relatedTo(
  related: Related,
  subject: Personnel | System | Citizen,
  standing: Standing,
  moment: Moment,
): Promise<string[]> {
  if (subject.kind === 'citizen') return related.ofCitizen(subject);
  if (subject.kind === 'system') return related.ofSystem(subject, standing, moment);
  return related.ofPersonnel(subject, standing, moment);
}

/** Beyond so many, a search must name the patient. */
const patientsMax = 5000;
/** Places and roles of a unit. */
const membersMax = 5000;
const levelsMax = 6;

type Asked = readonly [type: string, ...parameters: (readonly [name: string, value: string])[]];

export function createRelated(deps: { db: Db; search: Search }): Related {
  const net = createNet(deps);
  const contactsOf = async (parties: readonly string[], units: readonly string[], moment: Moment): Promise<string[]> =>
    net.patients(contactQuestions([...parties, ...(await net.members(units))], parties, moment));
  return {
    async ofPersonnel(subject, standing, moment) {
      if (subject.duty === 'privacyOfficer')
        return net.patients([['Basic', ['code', `${systems.trust}|${trustCodes.case}`]]]);
      const attested = await net.patients([attestedQuestion(subject, moment)]);
      const others =
        subject.duty === 'pharmacy'
          ? await net.patients([['MedicationRequest', ['status', 'active,on-hold']]])
          : await contactsOf(standing.parties, await unitsOf(net, standing, moment), moment);
      return [...new Set([...attested, ...others])];
    },
    async ofSystem(subject, standing, moment) {
      const tops = [standing.pointOfCare, standing.legalEntity].filter((one) => one !== undefined);
      const own = subject.role?.department === undefined ? await net.below('Organization', 'partof', tops) : tops;
      return contactsOf([], [...new Set([...standing.units, ...own])], moment);
    },
    async ofCitizen({ patient, personNumber }) {
      const others = await net.patients([
        ['RelatedPerson', ['identifier', escaped(personNumber)]],
        ['Consent', ['actor', `Patient/${patient}`]],
      ]);
      return [...new Set([patient, ...others])];
    },
  };
}

/** The units whose patients are the subject's: with the organisation as the unit of care, all of the place of care. */
async function unitsOf(net: Net, { units, pointOfCare }: Standing, { settings }: Moment): Promise<string[]> {
  if (settings.careUnit === 'department' || pointOfCare === undefined) return [...units];
  return [...new Set([...units, ...(await net.below('Organization', 'partof', [pointOfCare]))])];
}

/** How the index is asked. */
type Net = {
  patients(questions: readonly Asked[]): Promise<string[]>;
  /** What follows step by step from references of a type: the places in places, the units below units. */
  below(type: string, parameter: string, from: readonly string[]): Promise<string[]>;
  /** All that stands for these units in a resource: themselves, their roles, their places and services. */
  members(units: readonly string[]): Promise<string[]>;
};

function createNet({ db, search }: { db: Db; search: Search }): Net {
  const { store } = search.parts;
  const scopeOf = ([type, ...parameters]: Asked): Parameters<typeof store.keys>[1] => {
    const { condition } = search.parse(type, parameters);
    return { types: [type], isWholeSystem: false, sort: [], test: narrow(search.parts, condition), bucket: undefined };
  };
  const idsOf = async (type: string, parameter: string, values: readonly string[]): Promise<string[]> => {
    const found: string[] = [];
    for (const some of inParts(values)) {
      const keys = await store.keys(db, scopeOf([type, [parameter, some.join(',')]]), membersMax);
      for (const { id } of keys) found.push(`${type}/${id}`);
    }
    return found;
  };
  const below: Net['below'] = async (type, parameter, from) => {
    const all = new Set(from);
    let next: readonly string[] = from;
    for (let level = 0; level < levelsMax && next.length > 0; level++) {
      next = (await idsOf(type, parameter, next)).filter((one) => !all.has(one));
      for (const one of next) all.add(one);
    }
    return [...all];
  };
  return {
    below,
    async patients(questions) {
      const found = new Set<string>();
      for (const one of questions) {
        const some = await store.patients(db, scopeOf(one), patientsMax).catch((error: unknown) => {
          throw error instanceof Fault && error.kind === 'tooCostly' ? tooMany() : error;
        });
        for (const patient of some) found.add(patient);
      }
      if (found.size > patientsMax) throw tooMany();
      return [...found];
    },
    async members(units) {
      if (units.length === 0) return [];
      const [roles, places, services] = await Promise.all([
        idsOf('PractitionerRole', 'organization', units),
        idsOf('Location', 'organization', units),
        idsOf('HealthcareService', 'organization', units),
      ]);
      return [...units, ...roles, ...(await below('Location', 'partof', places)), ...services];
    },
  };
}

const tooMany = (): Fault =>
  new Fault('tooCostly', 'This could be about very many patients. Name the patient in the search.');

const escaped = (text: string): string => text.replace(/[\\,$|]/g, '\\$&');

/** As many values as one parameter may have. */
function inParts(values: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at < values.length; at += 400) parts.push(values.slice(at, at + 400));
  return parts;
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function attestedQuestion({ practitioner }: Personnel, { now, settings }: Moment): Asked {
  const since = dayOf(now - (Math.max(settings.attestedHours, settings.breakGlassHours) / 24 + 2) * dayMs);
  return ['Basic', ['author', `Practitioner/${practitioner}`], ['created', `ge${since}`]];
}

/** @param all whoever stands for the units, and the person; `parties`: the person and the role alone */
function contactQuestions(all: readonly string[], parties: readonly string[], { now, settings }: Moment): Asked[] {
  const days = (count: number): string => dayOf(now + count * dayMs);
  const contactSince = `ge${days(-Math.max(settings.afterContactDays, settings.afterContactNamedDays) - 2)}`;
  const soon = `le${days(settings.beforeContactDays + 2)}`;
  const ordersSince = `ge${days(-settings.afterOrderDays - 2)}`;
  const only = (...types: string[]): string[] => all.filter((one) => types.includes(one.slice(0, one.indexOf('/'))));
  const ask = (
    type: string,
    parameter: string,
    values: readonly string[],
    ...more: (readonly [string, string])[]
  ): Asked[] => inParts(values).map((some) => [type, [parameter, some.join(',')], ...more]);
  const units = only('Organization');
  const people = only('Practitioner', 'PractitionerRole');
  const during = [
    ['date', contactSince],
    ['date', soon],
  ] as const;
  return [
    ...ask('Encounter', 'participant', people, ...during),
    ...ask('Encounter', 'service-provider', units, ...during),
    ...ask('Encounter', 'location', only('Location'), ...during),
    ...ask('EpisodeOfCare', 'organization', units),
    ...ask('EpisodeOfCare', 'care-manager', parties),
    ...ask(
      'Appointment',
      'actor',
      only('Practitioner', 'PractitionerRole', 'Location', 'HealthcareService'),
      ...during,
    ),
    ...ask('CareTeam', 'participant', [...people, ...units]),
    ...ask('Patient', 'general-practitioner', [...people, ...units]),
    ...ask('ServiceRequest', 'performer', all, ['status', 'active,on-hold']),
    ...ask('ServiceRequest', 'requester', parties, ['status', 'active,on-hold']),
    ...ask('ServiceRequest', 'requester', parties, ['authored', ordersSince]),
    ...ask('MedicationRequest', 'requester', parties, ['authoredon', ordersSince]),
  ];
}

/** The patients whom a citizen may have to do with, the own record first. */
export const relatedPatients = (deps: { db: Db; search: Search }, subject: Citizen): Promise<string[]> =>
  createRelated(deps).ofCitizen(subject);
