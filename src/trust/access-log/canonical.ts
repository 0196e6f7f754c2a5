/**
 * The form that an entry is kept and sealed in: one line of JSON with short names, always in the same order. What is hashed is the number and
 * exactly these bytes. Who acts is said once, in a text of its own, whose hash stands in the entry.
 */
import { hash } from 'node:crypto';
import { seedOf, tokenOf } from '#fhir/search/hash.ts';
import { Fault } from '#kernel/fault.ts';
import type { AccessAction, AccessEntry, AttestedEntry } from './entry.ts';

/** Positions are stored: append only. */
export const actions: readonly AccessAction[] = [
  'read',
  'search',
  'history',
  'create',
  'update',
  'delete',
  'operation',
  'export',
  'attest',
  'break-glass',
  'block',
  'unblock',
  'sign-in',
  'sign-out',
  'log-read',
  'administration',
  'status',
];

/** Positions are stored: append only. */
export const outcomes: readonly AccessEntry['outcome'][] = ['allowed', 'refused', 'failed'];

/** Ids that an entry names at most; `types` counts them all. */
const resourcesMax = 50;
const textMax = 2000;

/** An entry as it is stored. `patient` and `who` are signed 64-bit integers in decimal; `actor` is the key of the actor, as a UUID. */
export type EntryRow = {
  at: number;
  patient: string | null;
  who: string;
  actor: string;
  action: number;
  outcome: number;
  content: string;
};

export type ActorRow = { key: string; who: string; organisations: readonly string[]; content: string };

/** Who acts, in which role, with which application. */
export type Actor = Pick<AccessEntry, 'who' | 'role'>;

const patientSeed = seedOf('access-log|patient');
const whoSeed = seedOf('access-log|who');

/** What a patient's entries are found by. Two patients share it about once in 2^64; readers compare the id as well. */
export function patientKey(patient: string): string {
  return tokenOf(patientSeed, patient);
}

/** What a person's or program's entries are found by. */
export function whoKey(reference: string): string {
  return tokenOf(whoSeed, reference);
}

/** The actor's text, and what it is found by. */
export function actorRow({ who, role }: Actor): ActorRow & { fingerprint: string } {
  const content = JSON.stringify({
    kind: who.kind,
    reference: who.reference,
    name: who.name,
    authorisation: who.authorisation,
    client: who.client,
    role: role && {
      legalEntity: role.legalEntity,
      pointOfCare: role.pointOfCare,
      department: role.department,
      legalEntityNumber: role.legalEntityNumber,
      pointOfCareNumber: role.pointOfCareNumber,
      practitionerRole: role.practitionerRole,
    },
  });
  const fingerprint = hash('sha256', content, 'base64url');
  const organisations = role ? [role.legalEntity, role.pointOfCare, role.department] : [];
  return {
    key: actorKey(fingerprint),
    who: whoKey(who.reference),
    organisations: [...new Set(organisations.filter((id) => id !== undefined))],
    content,
    fingerprint,
  };
}

/** The key under which the actor with this SHA-256 (base64url) lies. */
export function actorKey(fingerprint: string): string {
  const digits = Buffer.from(fingerprint, 'base64url').toString('hex', 0, 16);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** True when the text is the one that the fingerprint was made of. */
export function isActorOf(content: string, fingerprint: string): boolean {
  return hash('sha256', content, 'base64url') === fingerprint;
}

/** In this order. What the columns are derived from comes first, so that it is read without parsing the rest. */
type Content = {
  t: number;
  a: AccessAction;
  o: AccessEntry['outcome'];
  p?: string;
  w: string;
  r: string;
  x: { [type: string]: number };
  i?: string[];
  q?: string;
  u: AccessEntry['purpose'];
  g: string;
  d?: string;
  e?: string;
  f: string;
  s?: string;
  l?: true;
  y?: AttestedEntry;
};

/** The entry's row under an actor's fingerprint. Faults: none for what our own code hands in; a wrong time or action is a bug and throws. */
export function entryRow(entry: AccessEntry, actor: Pick<ActorRow, 'key' | 'who'> & { fingerprint: string }): EntryRow {
  const action = actions.indexOf(entry.action);
  const outcome = outcomes.indexOf(entry.outcome);
  if (action < 0 || outcome < 0 || !Number.isSafeInteger(entry.at))
    throw new Error(`not an entry of the access log: ${entry.action}, ${entry.outcome}, ${entry.at}`);
  const { what } = entry;
  const content = {
    t: entry.at,
    a: entry.action,
    o: entry.outcome,
    p: entry.patient,
    w: actor.fingerprint,
    r: entry.request,
    x: sorted(what.types),
    i: what.resources.length === 0 ? undefined : what.resources.slice(0, resourcesMax),
    q: what.query === undefined ? undefined : bounded(what.query),
    u: entry.purpose,
    g: bounded(entry.ground),
    d: entry.attestation,
    e: entry.reason,
    f: entry.from.address,
    s: entry.from.session,
    l: entry.isOffline === true ? true : undefined,
    y: entry.attested && attestedContent(entry.attested),
  };
  return {
    at: entry.at,
    patient: entry.patient === undefined ? null : patientKey(entry.patient),
    who: actor.who,
    actor: actor.key,
    action,
    outcome,
    content: JSON.stringify(content),
  };
}

/** Always in the same order, each text within bounds. */
function attestedContent({ decision, attestedAt, ...told }: AttestedEntry): AttestedEntry {
  const { purposeDetails, healthcareService, legalEntity, pointOfCare, department } = told;
  return {
    ...(purposeDetails === undefined ? {} : { purposeDetails: bounded(purposeDetails) }),
    ...(healthcareService === undefined ? {} : { healthcareService: bounded(healthcareService) }),
    legalEntity: bounded(legalEntity),
    pointOfCare: bounded(pointOfCare),
    ...(department === undefined ? {} : { department: bounded(department) }),
    ...(decision === undefined
      ? {}
      : {
          decision: {
            ...(decision.id === undefined ? {} : { id: bounded(decision.id) }),
            ...(decision.description === undefined ? {} : { description: bounded(decision.description) }),
            isUserSelected: decision.isUserSelected,
          },
        }),
    attestedAt,
  };
}

function sorted(types: { readonly [type: string]: number }): { [type: string]: number } {
  return Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Cut where it is too long, never within a surrogate pair. */
function bounded(text: string): string {
  return text.length <= textMax ? text : `${text.slice(0, textMax).toWellFormed()}…`;
}

/** The SHA-256 (base64url) of the actor that an entry's content names. */
export function actorOf(content: string): string {
  return contentOf(content).w;
}

/** What the other columns of an entry must say, by its content; `fingerprint` is the SHA-256 of its actor (base64url). */
export type Derived = Omit<EntryRow, 'content' | 'who' | 'actor'> & { fingerprint: string };

/** JSON escapes quotes within texts, so nothing but these members, in this order, has this form. */
const beginning = /^\{"t":(-?\d+),"a":"([a-z-]+)","o":"([a-z]+)",(?:"p":"([^"\\]*)",)?"w":"([\w-]{43})",/;

/** Throws a Fault `invalid` when the content is not an entry's. */
export function derivedOf(content: string): Derived {
  const head = beginning.exec(content);
  const { t, a, o, p, w } = head
    ? { t: Number(head[1]), a: head[2] as AccessAction, o: head[3] as Content['o'], p: head[4], w: head[5] as string }
    : contentOf(content);
  return {
    fingerprint: w,
    at: t,
    patient: p === undefined ? null : patientKey(p),
    action: actions.indexOf(a),
    outcome: outcomes.indexOf(o),
  };
}

function contentOf(text: string): Content {
  let content: Content;
  try {
    content = JSON.parse(text) as Content;
  } catch (error) {
    throw new Fault('invalid', 'This is not the content of an entry of the access log.', { cause: error });
  }
  const isEntry =
    typeof content === 'object' && content !== null && typeof content.t === 'number' && typeof content.w === 'string';
  if (!isEntry) throw new Fault('invalid', 'This is not the content of an entry of the access log.');
  return content;
}

/** The entry again. `actor` undefined: its text is gone or altered; the entry then says so in its name. */
export function entryOf(text: string, actor: string | undefined): AccessEntry {
  const content = contentOf(text);
  const { who, role } = actor === undefined ? lost : actorOfText(actor);
  return {
    at: content.t,
    action: content.a,
    patient: content.p,
    request: content.r,
    who,
    ...(role ? { role } : {}),
    what: { types: content.x, resources: content.i ?? [], ...(content.q === undefined ? {} : { query: content.q }) },
    purpose: content.u,
    ground: content.g,
    ...(content.d === undefined ? {} : { attestation: content.d }),
    ...(content.y === undefined ? {} : { attested: content.y }),
    outcome: content.o,
    ...(content.e === undefined ? {} : { reason: content.e }),
    from: { address: content.f, ...(content.s === undefined ? {} : { session: content.s }) },
    ...(content.l ? { isOffline: true } : {}),
  };
}

const lost: Actor = { who: { kind: 'nobody', reference: 'unknown', name: '(the log no longer says who)' } };

function actorOfText(text: string): Actor {
  const { role, ...who } = JSON.parse(text) as AccessEntry['who'] & { role?: AccessEntry['role'] };
  return { who, ...(role ? { role } : {}) };
}
