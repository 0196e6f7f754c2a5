/**
 * An entry as a FHIR AuditEvent. What personnel did in a patient's record follows HL7 Norway's profile of the trust framework
 * (no-domain-Trustframework-Auditevent 0.9.8: one patient each, agent.who a PractitionerRole, purpose of use); names, never numbers, of persons.
 */
import type { Resource } from '#fhir/types.ts';
import type { LoggedEntry } from './entry.ts';

const canonical = 'http://hl7.no/fhir/StructureDefinition';
export const auditEventProfile = `${canonical}/no-domain-Trustframework-Auditevent`;
const actReason = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const personnelCategory = 'urn:oid:2.16.578.1.12.4.1.1.9060';

type Coding = { system: string; code: string; display: string };

const dicom = (code: string, display: string): Coding => ({
  system: 'http://dicom.nema.org/resources/ontology/DCM',
  code,
  display,
});
const restful = (code: string): Coding => ({ system: 'http://hl7.org/fhir/restful-interaction', code, display: code });

const patientRecord = dicom('110110', 'Patient Record');
const types: Partial<Record<LoggedEntry['action'], Coding>> = {
  'sign-in': dicom('110114', 'User Authentication'),
  'sign-out': dicom('110114', 'User Authentication'),
  'break-glass': dicom('110113', 'Security Alert'),
  'log-read': dicom('110101', 'Audit Log Used'),
  administration: dicom('110100', 'Application Activity'),
  status: dicom('110112', 'Query'),
  export: dicom('110106', 'Export'),
};
const subtypes: Partial<Record<LoggedEntry['action'], Coding>> = {
  read: restful('read'),
  search: restful('search'),
  history: restful('history'),
  create: restful('create'),
  update: restful('update'),
  delete: restful('delete'),
  operation: restful('operation'),
  'sign-in': dicom('110122', 'Login'),
  'sign-out': dicom('110123', 'Logout'),
  'break-glass': dicom('110127', 'Emergency Override Started'),
};
const letters: Partial<Record<LoggedEntry['action'], 'C' | 'R' | 'U' | 'D'>> = {
  read: 'R',
  search: 'R',
  history: 'R',
  'log-read': 'R',
  export: 'R',
  create: 'C',
  attest: 'C',
  block: 'C',
  update: 'U',
  unblock: 'U',
  delete: 'D',
};

const purposes: Record<LoggedEntry['purpose'], [code: string, display: string]> = {
  TREAT: ['TREAT', 'treatment'],
  ETREAT: ['ETREAT', 'Emergency Treatment'],
  COC: ['COC', 'coordination of care'],
  BTG: ['BTG', 'break the glass'],
  SELF: ['PATRQT', 'patient requested'],
  REPRESENT: ['FAMRQT', 'family requested'],
  SYSTEM: ['HOPERAT', 'healthcare operations'],
  PRIVACY: ['HCOMPL', 'health compliance'],
  OPERATE: ['HSYSADMIN', 'health system administration'],
};

/** @param names of organisations, by reference */
export function auditEventOf(entry: LoggedEntry, names: ReadonlyMap<string, string>): Resource {
  const { who, patient, outcome, reason, purpose } = entry;
  const [code, display] = purposes[purpose];
  const subtype = subtypes[entry.action];
  const isByProfile = who.kind === 'personnel' && entry.role !== undefined && patient !== undefined;
  return {
    resourceType: 'AuditEvent',
    id: auditEventId(entry),
    ...(isByProfile ? { meta: { profile: [auditEventProfile] }, contained: roleOf(entry, names) } : {}),
    ...(patient === undefined ? {} : { extension: extensionsOf(entry, patient) }),
    type: types[entry.action] ?? patientRecord,
    ...(subtype ? { subtype: [subtype] } : {}),
    action: letters[entry.action] ?? 'E',
    recorded: new Date(entry.at).toISOString(),
    outcome: outcome === 'allowed' ? '0' : outcome === 'refused' ? '4' : '8',
    ...(reason === undefined ? {} : { outcomeDesc: reason }),
    purposeOfEvent: [{ coding: [{ system: actReason, code, display }], text: toldPurpose(entry) }],
    agent: agentsOf(entry, isByProfile),
    source: {
      site: entry.node,
      observer: { display: `Fyr ${entry.node}` },
      type: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
          code: '4',
          display: 'Application Server',
        },
      ],
    },
    entity: entitiesOf(entry),
  };
}

/** What the attestation says of it beside the ground: the details of the purpose, and for which service. */
function toldPurpose({ ground, attested }: LoggedEntry): string {
  return [ground, attested?.purposeDetails, attested?.healthcareService].filter((one) => one !== undefined).join(' · ');
}

/** Node and number: the same entry has the same id for ever. */
export function auditEventId({ node, number }: Pick<LoggedEntry, 'node' | 'number'>): string {
  return `${node}.${number}`;
}

/** The number in an id of this node; undefined for any other. */
export function numberOfAuditEvent(id: string, node: string): number | undefined {
  const match = /^([a-z0-9-]+)\.([1-9]\d{0,14})$/.exec(id);
  return match?.[1] === node ? Number(match[2]) : undefined;
}

function named(reference: string, names: ReadonlyMap<string, string>): { reference: string; display?: string } {
  const display = names.get(reference);
  return display === undefined ? { reference } : { reference, display };
}

/** The role in which somebody acted, as it was then. */
function roleOf({ who, role }: LoggedEntry, names: ReadonlyMap<string, string>): Resource[] {
  if (role === undefined) return [];
  const unit = `Organization/${role.department ?? role.legalEntity}`;
  return [
    {
      resourceType: 'PractitionerRole',
      id: 'role',
      active: true,
      practitioner: { reference: who.reference, display: who.name },
      organization: named(unit, names),
      location: [{ reference: '#place' }],
      ...(who.authorisation === undefined
        ? {}
        : { code: [{ coding: [{ system: personnelCategory, code: who.authorisation }] }] }),
    },
    {
      resourceType: 'Location',
      id: 'place',
      managingOrganization: named(`Organization/${role.pointOfCare}`, names),
    },
  ];
}

/** The extensions of the profile: whose record, at which encounter, and by which decision. */
function extensionsOf(entry: LoggedEntry, patient: string): object[] {
  const source = /(?:^|:)([A-Z][A-Za-z]+\/[^:]+)$/.exec(entry.ground)?.[1];
  const extensions: object[] = [
    { url: `${canonical}/auditevent-patient-extension`, valueReference: { reference: `Patient/${patient}` } },
  ];
  if (source?.startsWith('Encounter/'))
    extensions.push({ url: `${canonical}/auditevent-encounter-extension`, valueReference: { reference: source } });
  if (source !== undefined || entry.attestation !== undefined) {
    const decision = entry.attested?.decision;
    const isOwnWord = entry.ground.startsWith('attested') || entry.ground.startsWith('break-glass');
    extensions.push({
      url: `${canonical}/auditevent-carerelation-metadata-extension`,
      extension: [
        { url: 'decision-ref-id', valueString: decision?.id ?? entry.attestation ?? source },
        { url: 'decision-ref-description', valueString: decision?.description ?? entry.ground },
        { url: 'decision-ref-user-selected', valueBoolean: decision?.isUserSelected ?? isOwnWord },
        { url: 'toa', valueUnsignedInt: Math.floor((entry.attested?.attestedAt ?? entry.at) / 1000) },
      ],
    });
  }
  return extensions;
}

function agentsOf({ who, from }: LoggedEntry, isByProfile: boolean): object[] {
  const isReference = /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(who.reference);
  const person = {
    ...(isByProfile
      ? { who: { reference: '#role', display: who.name } }
      : { who: isReference ? { reference: who.reference, display: who.name } : { display: who.name || 'unknown' } }),
    ...(who.name === '' ? {} : { name: who.name }),
    requestor: true,
    network: { address: from.address, type: '2' },
  };
  // The profile wants a role for each agent: the application stands with the entities then.
  return isByProfile || who.client === undefined
    ? [person]
    : [person, { who: { display: who.client }, requestor: false }];
}

function entitiesOf({ patient, what, who, request }: LoggedEntry): object[] {
  const kind = (code: string, display: string): object => ({
    system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
    code,
    display,
  });
  const role = (code: string, display: string): object => ({
    system: 'http://terminology.hl7.org/CodeSystem/object-role',
    code,
    display,
  });
  const counts = Object.entries(what.types).map(([type, count]) => ({ type, valueString: String(count) }));
  const detail = [{ type: 'request', valueString: request }, ...counts];
  return [
    ...(patient === undefined
      ? []
      : [{ what: { reference: `Patient/${patient}` }, type: kind('1', 'Person'), role: role('1', 'Patient') }]),
    ...what.resources
      .filter(
        (reference) => reference !== `Patient/${patient}` && /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(reference),
      )
      .map((reference) => ({
        what: { reference },
        type: kind('2', 'System Object'),
        role: role('4', 'Domain Resource'),
      })),
    ...(who.client === undefined
      ? []
      : [{ name: who.client, type: kind('2', 'System Object'), description: 'application' }]),
    what.query === undefined
      ? { type: kind('2', 'System Object'), role: role('21', 'Job Stream'), detail }
      : {
          type: kind('2', 'System Object'),
          role: role('24', 'Query'),
          query: Buffer.from(what.query).toString('base64'),
          detail,
        },
  ];
}
