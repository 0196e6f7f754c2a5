/** What a patient has blocked (sperring): a person, a department, and all but emergencies from one document. */
import type { Consent } from 'fhir/r4.js';
import { instant, moment, type Chart, type Reference } from './chart.ts';
import { hl7 } from './codes.ts';

const scope = hl7('consentscope', 'patient-privacy', 'Privacy Consent');
const category = [
  { coding: [{ system: 'http://loinc.org', code: '59284-0', display: 'Consent Document' }], text: 'Sperring' },
];
const access = hl7('v3-ParticipationType', 'IRCP', 'information recipient');
const daysAgo = 90;

/** Adds the blocks of one who has quarrelled with a doctor and does not want the emergency department to read the mental health record. */
export function addBlocks(chart: Chart): void {
  const emergency = chart.region.department('emergency', chart.person.municipality);
  const day = chart.today - daysAgo;
  const document = chart.entries.findLast(
    ({ resource: { resourceType, date } }) => resourceType === 'DocumentReference' && String(date) < instant(day, 0),
  );
  const actor = (reference: Reference): NonNullable<NonNullable<Consent['provision']>['actor']> => [
    { role: access, reference },
  ];
  const add = (provision: Consent['provision'] & object): void => {
    chart.add(
      day,
      {
        resourceType: 'Consent',
        status: 'active',
        scope,
        category,
        patient: chart.patient,
        dateTime: instant(day, 780),
        organization: [chart.practitioner.unit.organisation],
        policyRule: { text: 'Pasientjournalloven § 17: rett til å motsette seg behandling av opplysninger' },
        provision: { type: 'deny', period: { start: instant(day, 780) }, ...provision },
      } satisfies Consent,
      { from: moment(day, 780) },
    );
  };
  add({ actor: actor(emergency.practitioners[0]!.reference) });
  add({ actor: actor(chart.region.department('psychiatry', chart.person.municipality).organisation) });
  if (document) {
    const reference = { reference: `DocumentReference/${document.resource.id}` };
    add({ data: [{ meaning: 'instance', reference }] });
  }
}
