/**
 * Who is to decide about a conflict: who took it; else the department where the patient lies; else the GP; else the people of the node where it was written.
 * Found anew each time it is asked, since a patient who is moved is the next department's.
 */
import { parseJson } from '#fhir/json/index.ts';
import { findCurrent } from '#fhir/record/store.ts';
import { runSearch, type SearchContext } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import type { ConflictOwner } from './contract.ts';
import type { ConflictTask } from './tasks.ts';

/** With a grant of the node's own: whose it is to decide is told to those who may not read the record. */
export type Directory = {
  ownerOf(task: Pick<ConflictTask, 'owner' | 'patient' | 'node'>): Promise<ConflictOwner>;
  /** Whether an organisation is one of these, or lies below one of them. */
  isWithin(organisation: string | undefined, above: readonly string[]): Promise<boolean>;
};

type Json = { readonly [element: string]: unknown };
const fieldsOf = (value: unknown): Json => (value ?? {}) as Json;
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const referenceIn = (value: unknown): string | undefined => {
  const reference = fieldsOf(value)['reference'];
  return typeof reference === 'string' ? reference : undefined;
};

const levelsMax = 10;

/** What is looked up is remembered: one of these for one request. */
export function createDirectory(reading: SearchContext): Directory {
  const known = new Map<string, Promise<Resource | undefined>>();
  const read = (reference: string): Promise<Resource | undefined> => {
    const asked = known.get(reference) ?? readOne(reading, reference);
    known.set(reference, asked);
    return asked;
  };
  const ownerAt = async (kind: ConflictOwner['kind'], reference: string, display?: string): Promise<ConflictOwner> => {
    const resource = await read(reference);
    return {
      kind,
      reference,
      name: display ?? nameOf(resource) ?? reference,
      organisation: reference.startsWith('Organization/') ? reference : await organisationOf(resource, read),
    };
  };
  const ofPatient = async (patient: string): Promise<ConflictOwner | undefined> => {
    const department = await departmentOf(reading, patient);
    if (department !== undefined) return ownerAt('department', department);
    const [gp] = listOf((await read(`Patient/${patient}`))?.['generalPractitioner']);
    const reference = referenceIn(gp);
    return reference === undefined ? undefined : ownerAt('general-practitioner', reference, textIn(gp, 'display'));
  };
  return {
    async ownerOf({ owner, patient, node }) {
      if (owner?.isTaken) return ownerAt('person', owner.reference, owner.display);
      const found = patient === undefined ? undefined : await ofPatient(patient);
      if (found !== undefined) return found;
      if (owner !== undefined) return ownerAt('department', owner.reference, owner.display);
      return { kind: 'node', reference: undefined, name: node, organisation: undefined };
    },
    async isWithin(organisation, above) {
      let at = organisation;
      for (let level = 0; level < levelsMax && at !== undefined; level++) {
        if (above.includes(at)) return true;
        at = referenceIn((await read(at))?.['partOf']);
      }
      return false;
    },
  };
}

async function readOne({ db }: SearchContext, reference: string): Promise<Resource | undefined> {
  const [type = '', id = ''] = reference.split('/');
  const found = await findCurrent(db, type, id);
  return found?.content == null ? undefined : (parseJson(found.content) as Resource);
}

/** The department of the stay that began last, of those under way. */
async function departmentOf(reading: SearchContext, patient: string): Promise<string | undefined> {
  const { rows } = await runSearch(
    reading,
    reading.search.parse('Encounter', [
      ['patient', `Patient/${patient}`],
      ['status', 'in-progress,arrived,triaged,onleave'],
      ['_sort', '-date'],
      ['_count', '1'],
      ['_total', 'none'],
    ]),
  );
  const [row] = rows;
  return row && referenceIn((parseJson(row.content.toString()) as Resource)['serviceProvider']);
}

async function organisationOf(
  resource: Resource | undefined,
  read: (reference: string) => Promise<Resource | undefined>,
): Promise<string | undefined> {
  if (resource?.resourceType === 'PractitionerRole') return referenceIn(resource['organization']);
  if (resource?.resourceType !== 'HealthcareService') return undefined;
  const provider = referenceIn(resource['providedBy']);
  return provider === undefined ? undefined : (await read(provider)) && provider;
}

const textIn = (value: unknown, name: string): string | undefined => {
  const text = fieldsOf(value)[name];
  return typeof text === 'string' ? text : undefined;
};

function nameOf(resource: Resource | undefined): string | undefined {
  if (resource === undefined) return undefined;
  if (typeof resource['name'] === 'string') return resource['name'];
  return personName(resource) ?? textIn(resource['practitioner'], 'display');
}

/** As one writes it; undefined where there is none. */
export function personName(resource: Resource | undefined): string | undefined {
  const [name] = listOf(resource?.['name']);
  if (name === undefined) return undefined;
  const given = Array.isArray(name['given']) ? (name['given'] as string[]).join(' ') : '';
  return textIn(name, 'text') ?? `${given} ${textIn(name, 'family') ?? ''}`.trim();
}
