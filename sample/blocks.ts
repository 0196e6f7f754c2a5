/**
 * What a patient has decided about the record, each a Consent in the patient's compartment. Which kind it is stands in `category` with a
 * code of Fyr's own; README tells the forms. Read by the policy of access.
 */
import type { Consent } from 'fhir/r4.js';
import { instant, moment, type Chart, type Reference } from './chart.ts';
import { hl7, type Concept } from './codes.ts';
import type { Decision } from './personas.ts';

const scope = hl7('consentscope', 'patient-privacy', 'Privacy Consent');
const consentDocument = { system: 'http://loinc.org', code: '59284-0', display: 'Consent Document' };
const ownKinds = 'urn:fyr:code-system:consent-kind';
const recipient = hl7('v3-ParticipationType', 'IRCP', 'information recipient');
const delegatee = hl7('v3-RoleCode', 'HPOWATT', 'healthcare power of attorney');
const research = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  code: 'HRESCH',
  display: 'healthcare research',
};
const daysAgo = 90;

const kinds = {
  block: {
    display: 'Sperring',
    law: 'Pasientjournalloven § 17: rett til å motsette seg behandling av opplysninger',
    type: 'deny',
  },
  reservation: { display: 'Reservasjon', law: 'Helseforskningsloven: reservasjon mot forskning', type: 'deny' },
  'power-of-attorney': { display: 'Fullmakt', law: 'Fullmakt til å bruke helsetjenester på vegne av', type: 'permit' },
  'youth-grant': {
    display: 'Ungdom gir forelder innsyn',
    law: 'Pasient- og brukerrettighetsloven § 3-4: opplysninger til foreldre når pasienten er mellom 12 og 16 år',
    type: 'permit',
  },
} as const;

type Provision = NonNullable<Consent['provision']>;

/** Adds what the person has decided, some months before the region opens. */
export function addDecisions(chart: Chart, decisions: readonly Decision[]): void {
  for (const decision of decisions) made[decision](chart);
}

const made: Readonly<Record<Decision, (chart: Chart) => void>> = {
  blocks: addBlocks,
  blocksWholeRecord: (chart) => addConsent(chart, 'block', {}),
  reservation: (chart) => addConsent(chart, 'reservation', { purpose: [research] }),
  powerOfAttorney: (chart) => {
    const partner = relatedTo(chart, ['ektefelleEllerPartner']);
    if (partner) addConsent(chart, 'power-of-attorney', { actor: actor(partner, delegatee) });
  },
  youthGrant: (chart) => {
    const mother = relatedTo(chart, ['mor']);
    if (mother) addConsent(chart, 'youth-grant', { actor: actor(mother) });
  },
};

/** Of one who has quarrelled with a doctor and does not want others to read the mental health record. */
function addBlocks(chart: Chart): void {
  const emergency = chart.region.department('emergency', chart.person.municipality);
  addConsent(chart, 'block', { actor: actor(emergency.practitioners[0]!.reference) });
  const psychiatry = chart.region.department('psychiatry', chart.person.municipality);
  addConsent(chart, 'block', { actor: actor(psychiatry.organisation) });
  const before = instant(chart.today - daysAgo, 0);
  const document = chart.entries.findLast(
    ({ resource: { resourceType, date } }) => resourceType === 'DocumentReference' && String(date) < before,
  );
  if (!document) return;
  const reference = { reference: `DocumentReference/${document.resource.id}` };
  addConsent(chart, 'block', { data: [{ meaning: 'instance', reference }] });
}

function addConsent(chart: Chart, kind: keyof typeof kinds, provision: Omit<Provision, 'type'>): void {
  const { display, law, type } = kinds[kind];
  const day = chart.today - daysAgo;
  chart.add(
    day,
    {
      resourceType: 'Consent',
      status: 'active',
      scope,
      category: [{ coding: [{ system: ownKinds, code: kind, display }, consentDocument], text: display }],
      patient: chart.patient,
      dateTime: instant(day, 780),
      organization: [chart.practitioner.unit.organisation],
      policyRule: { text: law },
      provision: { type, period: { start: instant(day, 780) }, ...provision },
    } satisfies Consent,
    { from: moment(day, 780) },
  );
}

function actor(reference: Reference, role: Concept = recipient): NonNullable<Provision['actor']> {
  return [{ role, reference }];
}

/** The RelatedPerson who is that to the patient. */
function relatedTo(chart: Chart, relations: readonly string[]): Reference | undefined {
  const found = chart.entries.find(
    ({ resource: { resourceType, relationship } }) =>
      resourceType === 'RelatedPerson' &&
      (relationship as Concept[]).some(({ coding }) => relations.includes(coding[0]!.code)),
  );
  return found && { reference: `RelatedPerson/${found.resource.id}` };
}
