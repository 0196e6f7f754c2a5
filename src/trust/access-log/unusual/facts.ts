/** What the rules need to know, read from the record: people, patients, working hours, and what grounds rest on. */
import type { Db } from '#kernel/db.ts';
import { findMany } from '#fhir/record/store.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import type { PersonFacts, WorkingHours } from './rules.ts';

type Name = { family?: string; given?: string[]; text?: string };
type Content = {
  identifier?: { system?: string; value?: string }[];
  name?: Name[];
  birthDate?: string;
  address?: { line?: string[]; postalCode?: string }[];
  meta?: { security?: { system?: string; code?: string }[] };
  practitioner?: { reference?: string };
  organization?: { reference?: string };
  availableTime?: { daysOfWeek?: string[]; allDay?: boolean; availableStartTime?: string; availableEndTime?: string }[];
  period?: { end?: string };
  end?: string;
};

export type PatientFacts = PersonFacts & { marks: readonly string[] };

/** Marks in `meta.security` of a Patient that ask for extra care. */
const marks: ReadonlyMap<string, string> = new Map([
  ['http://terminology.hl7.org/CodeSystem/v3-ActCode|CEL', 'celebrity'],
  ['http://terminology.hl7.org/CodeSystem/v3-ActCode|EMP', 'employee'],
  ['http://terminology.hl7.org/CodeSystem/v3-Confidentiality|V', 'very restricted'],
]);

const nationalSystems: readonly string[] = [identifierSystems.nationalNumber, identifierSystems.dNumber];
const atOnce = 1000;

/** Contents by `Type/id`, read in parts. */
export async function readContents(db: Db, references: Iterable<string>): Promise<Map<string, string>> {
  const keys = [...new Set(references)].flatMap((reference) => {
    const match = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/.exec(reference);
    return match ? [{ type: match[1] as string, id: match[2] as string }] : [];
  });
  const found = new Map<string, string>();
  for (let i = 0; i < keys.length; i += atOnce) {
    for (const { type, id, content } of await findMany(db, keys.slice(i, i + atOnce)))
      if (content !== null) found.set(`${type}/${id}`, content);
  }
  return found;
}

/** Of a Practitioner or a Patient; all unknown where the content is. */
export function personFacts(content: string | undefined): PatientFacts {
  if (content === undefined)
    return { family: undefined, identity: undefined, nationalNumbers: [], addresses: [], marks: [] };
  const { identifier, name, birthDate, address, meta } = JSON.parse(content) as Content;
  const [first] = name ?? [];
  const whole = first && [...(first.given ?? []), first.family].filter((part) => part !== undefined).join(' ');
  return {
    family: first?.family,
    identity: whole && birthDate !== undefined ? `${whole.toLocaleLowerCase('nb')} ${birthDate}` : undefined,
    nationalNumbers: (identifier ?? []).flatMap(({ system, value }) =>
      system !== undefined && value !== undefined && nationalSystems.includes(system) ? [value] : [],
    ),
    addresses: (address ?? []).flatMap(({ line, postalCode }) =>
      line?.[0] !== undefined && postalCode !== undefined
        ? [`${line[0].trim().toLocaleLowerCase('nb')} ${postalCode}`]
        : [],
    ),
    marks: (meta?.security ?? []).flatMap(({ system, code }) => marks.get(`${system}|${code}`) ?? []),
  };
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Of a PractitionerRole; undefined where it doesn't say. */
export function workingHours(content: string | undefined): WorkingHours[] | undefined {
  if (content === undefined) return undefined;
  const { availableTime } = JSON.parse(content) as Content;
  return availableTime?.flatMap(({ daysOfWeek, allDay, availableStartTime, availableEndTime }) =>
    (daysOfWeek ?? weekdays).map((day) => ({
      weekday: weekdays.indexOf(day),
      from: allDay === true ? 0 : minutesIn(availableStartTime, 0),
      until: allDay === true ? 1440 : minutesIn(availableEndTime, 1440),
    })),
  );
}

function minutesIn(time: string | undefined, otherwise: number): number {
  const match = /^(\d\d):(\d\d)/.exec(time ?? '');
  return match ? Number(match[1]) * 60 + Number(match[2]) : otherwise;
}

/** When an encounter, episode or appointment ended; undefined while it lasts, and for what has no end. */
export function endOf(content: string): number | undefined {
  const { period, end } = JSON.parse(content) as Content;
  const text = period?.end ?? end;
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
