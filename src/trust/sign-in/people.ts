/** From who signed in to a Subject: the person, role and organisation as the record has them now. */
import type { Patient, Practitioner, PractitionerRole } from 'fhir/r4.js';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import { authorisationsOf } from '../policy/authorisation.ts';
import type { Citizen, Duty, OrganisationRole, Personnel, Subject, System } from '../subject.ts';
import { bounded } from '../tokens/bounded.ts';
import type { Identity } from './identity.ts';
import type { RecordReader } from './record-reader.ts';
import { dutyOf, idIn, workplaceOf, type Workplace } from './workplace.ts';

/** A role that the person may work in now. */
export type Role = {
  practitionerRole: string;
  duty: Duty;
  workplace: Workplace;
  /** What the role is called where one is chosen: code or speciality in words. */
  title: string;
};

/** Someone found in the record, before a role is chosen. */
export type Found =
  | { kind: 'personnel'; practitioner: string; name: string; authorisation: string | undefined; roles: readonly Role[] }
  | { kind: 'citizen'; patient: string; name: string }
  | { kind: 'system'; role: OrganisationRole | undefined };

export type People = {
  /** Who it is in the record. Throws a Fault `forbidden` with the reason where the record does not have the person, role or organisation. */
  find(identity: Identity, how?: { isOffline: boolean }): Promise<Found>;
  /**
   * The Subject of a request. `practitionerRole`: the one that was chosen; with several and none chosen, the place of care that the sign-in is for decides,
   * or a Fault `forbidden` asks for a choice.
   */
  subjectOf(identity: Identity, how: { isOffline: boolean; practitionerRole?: string | undefined }): Promise<Subject>;
  /** Forgets what was read of these resources. Call it after each write. */
  onWritten(writes: readonly { type: string; id: string; content?: string | null }[]): void;
};

type Held = { found: Promise<Found>; until: number };

/** The subject that was made last of an identity, and of what. */
type KnownSubject = { found: Found; isOffline: boolean; practitionerRole: string | undefined; subject: Subject };

/** Writes of other processes are seen after this. */
const heldMs = 60_000;
const types: ReadonlySet<string> = new Set(['Practitioner', 'PractitionerRole', 'Organization', 'Patient']);

export function createPeople({ reader, clock }: { reader: RecordReader; clock: Clock }): People {
  const held = bounded<Held>(10_000);
  const keysOf = new Map<string, Set<string>>();
  // A token's identity is the same object each time (`identify.ts`), and what was found is the same until something is written.
  const keys = new WeakMap<Identity, string>();
  const subjects = new WeakMap<Identity, KnownSubject>();

  const keyOf = (identity: Identity): string => {
    let key = keys.get(identity);
    if (key === undefined) keys.set(identity, (key = identityKey(identity)));
    return key;
  };

  const load = (identity: Identity, key: string): Promise<Found> => {
    // Noted before it is read, so that what is written meanwhile is not missed.
    const note = (resource: string): void => void keysOf.set(resource, (keysOf.get(resource) ?? new Set()).add(key));
    return findIn(noting(reader, note), identity, clock.now());
  };

  const forgetAll = (): void => {
    held.clear();
    keysOf.clear();
  };

  const findNow = (identity: Identity): Promise<Found> => {
    const key = keyOf(identity);
    const known = held.get(key);
    if (known !== undefined && clock.now() < known.until) return known.found;
    if (keysOf.size > 100_000) forgetAll();
    const found = load(identity, key);
    held.set(key, { found, until: clock.now() + heldMs });
    // What the record lacks is looked for anew each time.
    found.catch(() => held.delete(key));
    return found;
  };

  const find: People['find'] = async (identity, how) => {
    const found = await findNow(identity);
    return how?.isOffline === true ? withinThen(found, identity) : found;
  };

  return {
    find,
    async subjectOf(identity, { isOffline, practitionerRole }) {
      const found = await find(identity, { isOffline });
      const known = subjects.get(identity);
      if (known?.found === found && known.isOffline === isOffline && known.practitionerRole === practitionerRole)
        return known.subject;
      const subject = subjectFrom(identity, found, { isOffline, practitionerRole });
      subjects.set(identity, { found, isOffline, practitionerRole, subject });
      return subject;
    },
    onWritten(writes) {
      for (const { type, id, content } of writes) {
        if (!types.has(type)) continue;
        const touched = [`${type}/${id}`];
        // A new role is noticed by the person whose it is.
        if (type === 'PractitionerRole') touched.push(`Practitioner/${practitionerIn(content)}`);
        for (const each of touched) {
          for (const key of keysOf.get(each) ?? []) held.delete(key);
          keysOf.delete(each);
        }
      }
    },
  };
}

/** Cut off from the issuer one has no more roles than when it last spoke. */
function withinThen(found: Found, { rolesThen }: Identity): Found {
  if (found.kind !== 'personnel') return found;
  const roles = found.roles.filter(({ practitionerRole }) => rolesThen?.includes(practitionerRole));
  if (roles.length === 0) throw new Fault('forbidden', 'You do not have that role any more.');
  return { ...found, roles };
}

/** Everything that decides how the person is found. */
function identityKey(identity: Identity): string {
  const { issuer, subject, client, kind, parent, child, personNumber, hprNumber, practitionerRole, patient } = identity;
  return JSON.stringify([
    issuer,
    subject,
    client,
    kind,
    parent,
    child,
    personNumber,
    hprNumber,
    practitionerRole,
    patient,
  ]);
}

/** A reader that notes what it reads. */
function noting(reader: RecordReader, note: (resource: string) => void): RecordReader {
  return {
    async read(type, id) {
      note(`${type}/${id}`);
      return reader.read(type, id);
    },
    async find(type, parameter, value) {
      // What a search by reference finds changes with what is referred to.
      if (type === 'PractitionerRole') note(value);
      const found = await reader.find(type, parameter, value);
      for (const { id } of found) note(`${type}/${id as string}`);
      return found;
    },
  };
}

function practitionerIn(content: string | null | undefined): string {
  return /"reference"\s*:\s*"Practitioner\/([^"]+)"/.exec(content ?? '')?.[1] ?? '';
}

async function findIn(reader: RecordReader, identity: Identity, now: number): Promise<Found> {
  if (identity.kind === 'citizen') return findCitizen(reader, identity);
  if (identity.kind === 'system') return findSystem(reader, identity);
  return findPersonnel(reader, identity, now);
}

async function findCitizen(reader: RecordReader, identity: Identity): Promise<Found> {
  const candidates =
    identity.patient === undefined
      ? await byPersonNumber(reader, 'Patient', identity.personNumber)
      : [await reader.read('Patient', identity.patient)];
  const own = (candidates as (Patient | undefined)[]).filter((each) => each !== undefined && !isReplaced(each));
  // Whoever registers a person a second time decides nobody's way in.
  if (own.length > 1)
    throw new Fault('forbidden', 'Two records here have your number. The node’s operator must put that right first.');
  const [patient] = own;
  if (patient === undefined) throw new Fault('forbidden', 'You have no record here.');
  return { kind: 'citizen', patient: patient.id as string, name: nameOf(patient) };
}

/** Merged into another, or registered by mistake. */
function isReplaced({ active, link }: Patient): boolean {
  return active === false || (link ?? []).some(({ type }) => type === 'replaced-by');
}

async function byPersonNumber(reader: RecordReader, type: string, number: string | undefined): Promise<object[]> {
  if (number === undefined) return [];
  // The first digit of a D-number has 4 added to it.
  const system = Number(number[0]) >= 4 ? identifierSystems.dNumber : identifierSystems.nationalNumber;
  return reader.find(type, 'identifier', `${system}|${number}`);
}

async function findSystem(reader: RecordReader, identity: Identity): Promise<Found> {
  const number = identity.child ?? identity.parent;
  if (number === undefined) return { kind: 'system', role: undefined };
  const [organisation] = await reader.find(
    'Organization',
    'identifier',
    `${identifierSystems.organisationNumber}|${number}`,
  );
  const workplace = await workplaceOf(organisation?.id, undefined, reader);
  if (workplace === undefined || !isWithin(workplace, identity))
    throw new Fault('forbidden', `The organisation ${number} is not known here.`);
  return { kind: 'system', role: workplace.role };
}

async function findPersonnel(reader: RecordReader, identity: Identity, now: number): Promise<Found> {
  const practitioner = await practitionerOf(reader, identity);
  if (practitioner === undefined || practitioner.active === false)
    throw new Fault('forbidden', 'You are not in the register of personnel of this node.');
  refuseOther(practitioner, identity);
  const authorisation = authorisationsOf(practitioner as never).find(
    ({ from, until }) => from <= now && now < until,
  )?.category;
  const roles: Role[] = [];
  for (const role of await rolesOf(reader, practitioner, identity, now)) {
    const workplace = await workplaceOf(idIn(role.organization?.reference, 'Organization'), role.id, reader);
    const duty = identity.duty ?? dutyOf(role, authorisation);
    if (workplace === undefined || duty === undefined || !isWithin(workplace, identity)) continue;
    roles.push({ practitionerRole: role.id as string, duty, workplace, title: titleOf(role) });
  }
  if (roles.length === 0) throw new Fault('forbidden', noRole(identity));
  roles.sort((a, b) => (a.practitionerRole < b.practitionerRole ? -1 : 1));
  return {
    kind: 'personnel',
    practitioner: practitioner.id as string,
    name: nameOf(practitioner),
    authorisation,
    roles,
  };
}

async function practitionerOf(reader: RecordReader, identity: Identity): Promise<Practitioner | undefined> {
  if (identity.practitionerRole !== undefined) {
    const role = (await reader.read('PractitionerRole', identity.practitionerRole)) as PractitionerRole | undefined;
    const id = idIn(role?.practitioner?.reference, 'Practitioner');
    return id === undefined ? undefined : ((await reader.read('Practitioner', id)) as Practitioner | undefined);
  }
  const { hprNumber, personNumber } = identity;
  const byNumber =
    hprNumber === undefined
      ? await byPersonNumber(reader, 'Practitioner', personNumber)
      : await reader.find('Practitioner', 'identifier', `${identifierSystems.personnelNumber}|${hprNumber}`);
  return byNumber[0] as Practitioner | undefined;
}

/** Two numbers of one sign-in that lead to two people: nobody is let in. */
function refuseOther(practitioner: Practitioner, { personNumber }: Identity): void {
  const own = (practitioner.identifier ?? []).filter(
    ({ system }) => system === identifierSystems.nationalNumber || system === identifierSystems.dNumber,
  );
  if (personNumber === undefined || own.length === 0 || own.some(({ value }) => value === personNumber)) return;
  throw new Fault('forbidden', 'The HPR number of the sign-in belongs to somebody else in the register of personnel.');
}

async function rolesOf(
  reader: RecordReader,
  practitioner: Practitioner,
  identity: Identity,
  now: number,
): Promise<PractitionerRole[]> {
  const found = (await reader.find(
    'PractitionerRole',
    'practitioner',
    `Practitioner/${practitioner.id}`,
  )) as PractitionerRole[];
  const today = new Date(now).toISOString().slice(0, 10);
  return found.filter(
    ({ id, active, period }) =>
      active !== false &&
      (period?.start === undefined || period.start.slice(0, 10) <= today) &&
      (period?.end === undefined || period.end.slice(0, 10) >= today) &&
      (identity.practitionerRole === undefined || id === identity.practitionerRole),
  );
}

/**
 * In the organisation that the issuer assured: the parent is the legal entity itself, as the embedded provider has it too; a regional owner above it (RHF)
 * is another. A persona's role says itself where it is.
 */
function isWithin({ organisations, role }: Workplace, { parent, child, practitionerRole }: Identity): boolean {
  if (practitionerRole !== undefined) return true;
  if (parent !== undefined && parent !== role.legalEntityNumber) return false;
  return child === undefined || organisations.some((each) => each.number === child);
}

function noRole({ child, parent }: Identity): string {
  const number = child ?? parent;
  return number === undefined
    ? 'You have no role here that says what you do.'
    : `You have no role at the organisation ${number} that says what you do.`;
}

function titleOf(role: PractitionerRole): string {
  const [concept] = [...(role.code ?? []), ...(role.specialty ?? [])];
  return concept?.text ?? concept?.coding?.find(({ display }) => display !== undefined)?.display ?? '';
}

function nameOf({ name }: Practitioner | Patient): string {
  const official = name?.find(({ use }) => use === 'official') ?? name?.[0];
  return official?.text ?? [...(official?.given ?? []), official?.family ?? ''].join(' ').trim();
}

function subjectFrom(
  identity: Identity,
  found: Found,
  how: { isOffline: boolean; practitionerRole: string | undefined },
): Personnel | Citizen | System {
  const { issuer, subject, client, scopes, signedInAt, securityLevel } = identity;
  const { launchPatient } = identity;
  const launch = launchPatient === undefined ? {} : { launchPatient };
  const signed = { issuer, subject, client, scopes, ...launch, signedInAt, isOffline: how.isOffline };
  if (found.kind === 'system') {
    const role = found.role === undefined ? {} : { role: found.role };
    return { ...signed, kind: 'system', name: identity.name ?? client, scopes: scopes ?? [], ...role };
  }
  const personNumber = identity.personNumber ?? '';
  if (found.kind === 'citizen')
    return { ...signed, kind: 'citizen', patient: found.patient, name: found.name, personNumber, securityLevel };
  const { practitioner, name, authorisation, roles } = found;
  const { duty, role } = chosen(roles, how.practitionerRole);
  return {
    ...signed,
    kind: 'personnel',
    practitioner,
    name,
    personNumber,
    ...(identity.hprNumber === undefined ? {} : { hprNumber: identity.hprNumber }),
    ...(authorisation === undefined ? {} : { authorisation }),
    duty,
    role,
    securityLevel,
  };
}

/** One role, or several of one duty at one place of care taken together: then without a department. */
function chosen(roles: readonly Role[], wanted: string | undefined): { duty: Duty; role: OrganisationRole } {
  const among = wanted === undefined ? roles : roles.filter(({ practitionerRole }) => practitionerRole === wanted);
  const [first, ...others] = among;
  if (first === undefined) throw new Fault('forbidden', 'You do not have that role any more.');
  const { duty, workplace } = first;
  if (others.length === 0) return { duty, role: workplace.role };
  const { legalEntity, pointOfCare, legalEntityNumber, pointOfCareNumber } = workplace.role;
  if (others.some((each) => each.duty !== duty || each.workplace.role.pointOfCare !== pointOfCare))
    throw new Fault(
      'forbidden',
      'You have several roles: say which one you work in (sign in for one place of care, or choose).',
    );
  return { duty, role: { legalEntity, pointOfCare, legalEntityNumber, pointOfCareNumber } };
}
