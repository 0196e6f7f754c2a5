/** How many decisions a second the pure policy makes, one thread, warm: as asked for each resource of a page. Alone: `node bench/trust-policy.ts`. */
import { pathToFileURL } from 'node:url';
import type { Resource } from '#fhir/types.ts';
import { directoryOf } from '#trust/policy/directory.ts';
import type { Target } from '#trust/policy/decision.ts';
import { readFacts } from '#trust/policy/read-facts.ts';
import { decide, type Action, type Facts } from '#trust/policy/rules.ts';
import { defaultPolicySettings } from '#trust/policy/settings.ts';
import { standingOf } from '#trust/policy/standing.ts';
import type { Citizen, Personnel, Subject } from '#trust/subject.ts';
import { printTable, type Figure } from './report.ts';

const now = Date.parse('2026-11-23T12:00:00+01:00');
const dayMs = 86_400_000;
const patient = 'p1';
const volven = 'urn:oid:2.16.578.1.12.4.1.1.';
const at = (days: number): string => new Date(now + days * dayMs).toISOString();

const directory = directoryOf(
  new Map(
    (
      [
        { resourceType: 'Organization', id: 'hospital' },
        { resourceType: 'Organization', id: 'medicine', partOf: { reference: 'Organization/hospital' } },
        {
          resourceType: 'Practitioner',
          id: 'doctor',
          qualification: [
            { code: { coding: [{ system: `${volven}9060`, code: 'LE' }] } },
            { code: { coding: [{ system: `${volven}7704`, code: '1' }] }, period: { start: '2010-01-01' } },
          ],
        },
        {
          resourceType: 'PractitionerRole',
          id: 'role',
          practitioner: { reference: 'Practitioner/doctor' },
          organization: { reference: 'Organization/medicine' },
        },
      ] as Resource[]
    ).map((one) => [`${one.resourceType}/${one.id}`, one]),
  ),
);

/** Ten years of contacts all over, the last of them in the doctor's department; a few blocks. */
function record(): Resource[] {
  const contacts = Array.from({ length: 120 }, (_none, i) => ({
    resourceType: 'Encounter',
    id: `e${i}`,
    status: 'finished',
    subject: { reference: `Patient/${patient}` },
    period: { start: at(-30 * i - 3), end: at(-30 * i - 2) },
    participant: [{ individual: { reference: `PractitionerRole/other-${i}` } }],
    serviceProvider: { reference: `Organization/${i === 0 ? 'medicine' : `unit-${i % 7}`}` },
  }));
  const blocks = ['Practitioner/somebody', 'Organization/psychiatry'].map((reference, i) => ({
    resourceType: 'Consent',
    id: `c${i}`,
    status: 'active',
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
    patient: { reference: `Patient/${patient}` },
    provision: { type: 'deny', actor: [{ reference: { reference } }] },
  }));
  return [{ resourceType: 'Patient', id: patient, birthDate: '1960-02-03' }, ...contacts, ...blocks];
}

const signed = { issuer: 'x', subject: 'x', client: 'x', scopes: undefined, signedInAt: now, isOffline: false };
const doctor: Personnel = {
  ...signed,
  kind: 'personnel',
  practitioner: 'doctor',
  name: 'x',
  personNumber: 'x',
  duty: 'care',
  role: {
    legalEntity: 'hospital',
    pointOfCare: 'hospital',
    department: 'medicine',
    legalEntityNumber: 'x',
    pointOfCareNumber: 'x',
    practitionerRole: 'role',
  },
  securityLevel: 4,
};
const stranger: Personnel = { ...doctor, practitioner: 'doctor', role: { ...doctor.role, department: 'surgery' } };
const citizen: Citizen = { ...signed, kind: 'citizen', patient, name: 'x', personNumber: 'x', securityLevel: 4 };

export function measureDecisions(): Figure[] {
  const facts = readFacts({ patient, resources: record(), labelled: [], shared: [] }, directory);
  const measured = (what: string, subject: Subject, standingSubject = subject): Figure => {
    const own: Facts = { standing: standingOf(standingSubject, directory), record: facts };
    const moment = { now, settings: defaultPolicySettings };
    const actions = Array.from({ length: 64 }, (_none, i): Action => {
      const target: Target = { type: 'Observation', id: `o${i}`, patient, labels: [], isShared: false };
      return { interaction: 'search', target };
    });
    return {
      what,
      value: perSecond((i) => decide(subject, actions[i & 63] as Action, own, moment)),
      unit: 'decisions/s',
      target: '≥ 500,000',
    };
  };
  const { practitionerRole: _role, ...elsewhere } = stranger.role;
  return [
    measured('policy: a doctor of the department', doctor),
    measured('policy: a doctor who is refused', { ...stranger, role: { ...elsewhere, department: 'surgery' } }),
    measured('policy: a citizen, the own record', citizen),
  ];
}

/** The median of nine batches, after three to warm up. */
function perSecond(work: (i: number) => unknown): number {
  const rounds = 200_000;
  const figures: number[] = [];
  for (let batch = 0; batch < 12; batch++) {
    const begun = performance.now();
    for (let i = 0; i < rounds; i++) work(i);
    if (batch >= 3) figures.push(rounds / ((performance.now() - begun) / 1000));
  }
  return figures.sort((one, other) => one - other)[4] ?? 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) printTable(measureDecisions());
