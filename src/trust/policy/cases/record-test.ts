/** What the records of the cases are made of: one line a resource. `kari` is the patient unless something else is said. */
import { wordSystem } from '#fhir/grant.ts';
import type { Resource } from '#fhir/types.ts';
import { consentKinds, systems, trustCodes } from '../codes.ts';
import { at, coded, numberOf, on, ref } from './world-test.ts';

let number = 0;
const nextId = (): string => `r${++number}`;

type Options = { [element: string]: unknown };

const patientRef = (id = 'kari'): { reference: string } => ref(`Patient/${id}`);

/** Born 46 years ago, unless something else is said. */
export const person = (id = 'kari', options: Options = {}): Resource => ({
  resourceType: 'Patient',
  id,
  identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: numberOf(id) }],
  birthDate: '1980-05-05',
  ...options,
});

/** A child of so many years, and a quarter. */
export const child = (years: number, id = 'kari'): Resource =>
  person(id, { birthDate: on(-Math.round((years + 0.25) * 365.25)) });

export const onListOf = (reference: string): Resource => person('kari', { generalPractitioner: [ref(reference)] });

type Contact = { unit?: string; by?: string; from?: number; to?: number; status?: string; patient?: string };

/** A contact: from and to in days from now. */
export const encounter = ({ unit, by, from = -1, to, status, patient }: Contact, more: Options = {}): Resource => ({
  resourceType: 'Encounter',
  id: nextId(),
  status: status ?? (to === undefined || to > 0 ? 'in-progress' : 'finished'),
  class: { code: 'IMP' },
  subject: patientRef(patient),
  period: { start: at(from), ...(to === undefined ? {} : { end: at(to) }) },
  ...(by ? { participant: [{ individual: ref(by) }] } : {}),
  ...(unit ? { serviceProvider: ref(`Organization/${unit}`) } : {}),
  ...more,
});

export const episode = ({ unit, by, from = -100, to, status = 'active' }: Contact): Resource => ({
  resourceType: 'EpisodeOfCare',
  id: nextId(),
  status,
  patient: patientRef(),
  period: { start: at(from), ...(to === undefined ? {} : { end: at(to) }) },
  ...(unit ? { managingOrganization: ref(`Organization/${unit}`) } : {}),
  ...(by ? { careManager: ref(by) } : {}),
});

export const appointment = (by: string, from: number, status = 'booked', patients = ['kari']): Resource => ({
  resourceType: 'Appointment',
  id: nextId(),
  status,
  start: at(from),
  end: at(from + 0.02),
  participant: [...patients.map((id) => patientRef(id)), ref(by)].map((actor) => ({ actor, status: 'accepted' })),
});

type Request = { by?: string; to?: string; written?: number; until?: number; status?: string };

export const referral = ({ by, to, written = -20, until, status = 'active' }: Request): Resource => ({
  resourceType: 'ServiceRequest',
  id: nextId(),
  status,
  intent: 'order',
  subject: patientRef(),
  authoredOn: at(written),
  ...(until === undefined ? {} : { occurrencePeriod: { start: at(written), end: at(until) } }),
  ...(by ? { requester: ref(by) } : {}),
  ...(to ? { performer: [ref(to)] } : {}),
});

export const careTeam = (member: string, { to, status = 'active' }: Contact = {}): Resource => ({
  resourceType: 'CareTeam',
  id: nextId(),
  status,
  subject: patientRef(),
  period: { start: at(-400), ...(to === undefined ? {} : { end: at(to) }) },
  participant: [{ member: ref(member) }],
});

export const prescription = ({
  by = 'PractitionerRole/moen-role',
  from = -30,
  to = 300,
  status = 'active',
} = {}): Resource => ({
  resourceType: 'MedicationRequest',
  id: nextId(),
  status,
  intent: 'order',
  medicationCodeableConcept: { text: 'x' },
  subject: patientRef(),
  authoredOn: at(from),
  requester: ref(by),
  dispenseRequest: { validityPeriod: { start: on(from), end: on(to) } },
});

type Attested = { by?: string; purpose?: string; from?: number; hours?: number };

/** As `control/` writes it. */
export const attested = ({ by = 'berg', purpose = 'TREAT', from = -0.01, hours = 24 }: Attested = {}): Resource => ({
  resourceType: 'Basic',
  id: `attest-${by}-${purpose}`,
  code: coded(systems.trust, purpose === 'BTG' ? trustCodes.breakGlass : trustCodes.attestation),
  subject: patientRef(),
  author: ref(`Practitioner/${by}`),
  created: on(from),
  extension: [
    { url: 'urn:fyr:extension:purpose-of-use', valueCoding: { system: systems.purpose, code: purpose } },
    { url: 'urn:fyr:extension:attested-period', valuePeriod: { start: at(from), end: at(from + hours / 24) } },
    { url: 'urn:fyr:extension:reason', valueString: 'Called in from home' },
  ],
});

type Closing = {
  actors?: string[];
  data?: string[];
  types?: string[];
  besides?: string[];
  status?: string;
  from?: number;
  to?: number;
};

/** A block (with actors) or a restriction (without). */
export const block = ({ actors, data, types, besides, status = 'active', from = -90, to }: Closing = {}): Resource => ({
  resourceType: 'Consent',
  id: nextId(),
  status,
  scope: coded(systems.consentScope, 'patient-privacy'),
  category: [coded('http://loinc.org', '59284-0')],
  policyRule: { text: 'x' },
  patient: patientRef(),
  provision: {
    type: 'deny',
    period: { start: at(from), ...(to === undefined ? {} : { end: at(to) }) },
    ...(actors
      ? { actor: actors.map((one) => ({ role: coded(systems.participation, 'IRCP'), reference: ref(one) })) }
      : {}),
    ...(data ? { data: data.map((one) => ({ meaning: 'instance', reference: ref(one) })) } : {}),
    ...(types ? { class: types.map((code) => ({ system: 'http://hl7.org/fhir/resource-types', code })) } : {}),
    ...(besides
      ? {
          provision: [
            {
              type: 'permit',
              actor: besides.map((one) => ({ role: coded(systems.participation, 'IRCP'), reference: ref(one) })),
            },
          ],
        }
      : {}),
  },
});

type Granted = {
  to?: string;
  from?: number;
  until?: number;
  types?: string[];
  status?: string;
  patient?: string;
  mayWrite?: boolean;
  purpose?: string;
};

/** A Consent by which another citizen may: `representation`, `parental-access`, `summary-consent`; or a `reservation`. */
export const consent = (
  kind: string,
  { to, from = -90, until, types, status = 'active', patient, mayWrite, purpose }: Granted = {},
): Resource => ({
  resourceType: 'Consent',
  id: nextId(),
  status,
  scope: coded(systems.consentScope, 'patient-privacy'),
  category: [coded(systems.consentKind, kind)],
  policyRule: { text: 'x' },
  patient: patientRef(patient),
  provision: {
    type: kind === consentKinds.reservation ? 'deny' : 'permit',
    period: { start: at(from), ...(until === undefined ? {} : { end: at(until) }) },
    ...(purpose ? { purpose: [{ system: systems.actReason, code: purpose }] } : {}),
    ...(to ? { actor: [{ role: coded(systems.participation, 'IRCP'), reference: ref(to) }] } : {}),
    ...(types ? { class: types.map((code) => ({ system: 'http://hl7.org/fhir/resource-types', code })) } : {}),
    ...(mayWrite ? { action: [coded('http://terminology.hl7.org/CodeSystem/consentaction', 'correct')] } : {}),
  },
});

type Kin = {
  id?: string;
  of?: string;
  role: string;
  responsibility?: string;
  active?: boolean;
  period?: object;
  born?: string;
  kin?: boolean;
};

/** `RelatedPerson`: who the citizen with this id is to the patient. */
export const relative = (
  id: string,
  { id: own = nextId(), of = 'kari', role, responsibility, active = true, period, born, kin }: Kin,
): Resource => ({
  resourceType: 'RelatedPerson',
  id: own,
  active,
  identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: numberOf(id) }],
  patient: patientRef(of),
  relationship: [
    coded(systems.familyRelation, role),
    ...(responsibility ? [coded(systems.parentalResponsibility, responsibility)] : []),
    ...(kin ? [coded(systems.nextOfKin, 'N')] : []),
  ],
  ...(period ? { period } : {}),
  ...(born ? { birthDate: born } : {}),
});

export const guardian = (id: string, scope: string | undefined, period?: object): Resource => ({
  resourceType: 'RelatedPerson',
  id: nextId(),
  active: true,
  identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: numberOf(id) }],
  patient: patientRef(),
  relationship: [{ ...coded(systems.roleCode, 'GUARD'), ...(scope ? { text: scope } : {}) }],
  ...(period ? { period } : {}),
});

export const observation = (options: Options = {}): Resource => ({
  resourceType: 'Observation',
  id: nextId(),
  status: 'final',
  code: { text: 'x' },
  subject: patientRef(),
  ...options,
});

export const document = (id: string, options: Options = {}): Resource => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  subject: patientRef(),
  content: [{ attachment: { url: `Binary/file-of-${id}` } }],
  ...options,
});

export const file = (id: string): Resource => ({
  resourceType: 'Binary',
  id: `file-of-${id}`,
  contentType: 'text/plain',
  securityContext: patientRef(),
});

export const flag = (list: string, id = nextId()): Resource => ({
  resourceType: 'Flag',
  id,
  status: 'active',
  code: coded(list === 'other' ? 'urn:fyr:other' : `urn:oid:2.16.578.1.12.4.1.1.${list}`, '4'),
  subject: patientRef(),
});

export const caseOf = (id = 'case-1'): Resource => ({
  resourceType: 'Basic',
  id,
  code: coded(systems.trust, trustCodes.case),
  subject: patientRef(),
});

/** Labelled with a code of 9603. */
/** Written by these when they had nothing to do with the patient but by their own word. */
export const onWordOf = (resource: Resource, ...names: string[]): Resource => ({
  ...resource,
  meta: { ...resource.meta, tag: names.map((code) => ({ system: wordSystem, code })) },
});

export const withheld = (resource: Resource, code: string): Resource => ({
  ...resource,
  meta: { ...resource.meta, security: [{ system: systems.withholding, code }] },
});

export const anything = (resourceType: string, options: Options = {}): Resource => ({
  resourceType,
  id: nextId(),
  ...options,
});
export const ofPatient = (resourceType: string, options: Options = {}): Resource =>
  anything(resourceType, { subject: patientRef(), ...options });
