/** Documents: the discharge summary as text in a Binary, listed by a DocumentReference (type: 9602). */
import type { Binary, DocumentReference } from 'fhir/r4.js';
import { dateText, type Day } from '#shared/days.ts';
import { instant, type Chart, type Reference, type Visit } from './chart.ts';
import { codeSystems, concept, type Concept } from './codes.ts';
import type { Admission } from './admission-reasons.ts';

const type = concept(codeSystems.documentType, 'A03-2', 'Epikrise');
const category = [concept(codeSystems.documentType, 'A00-1', 'Epikriser og sammenfatninger')];

export type Discharge = { admission: Admission; code: Concept; condition: Reference; lastDay: Day };

/** Adds the discharge summary whose text says what the coded data say. */
export function addDischargeSummary(chart: Chart, visit: Visit, discharge: Discharge): void {
  const text = summaryText(chart, visit, discharge);
  const bytes = Buffer.from(text, 'utf8');
  const binary = chart.add(discharge.lastDay, {
    resourceType: 'Binary',
    contentType: 'text/plain; charset=utf-8',
    securityContext: chart.patient,
    data: bytes.toString('base64'),
  } satisfies Binary);
  chart.add(discharge.lastDay, {
    resourceType: 'DocumentReference',
    status: 'current',
    docStatus: 'final',
    type,
    category,
    subject: chart.patient,
    date: instant(discharge.lastDay, 15 * 60),
    author: [visit.practitioner.role],
    custodian: visit.unit.organisation,
    description: `Epikrise, ${discharge.code.text}`,
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          language: 'nb',
          url: binary.reference,
          size: bytes.length,
          title: 'Epikrise',
          creation: instant(discharge.lastDay, 15 * 60),
        },
      },
    ],
    context: {
      encounter: [visit.reference],
      period: {
        start: visit.start,
        end: instant(discharge.lastDay, 13 * 60 + (discharge.lastDay === visit.day ? 660 : 0)),
      },
    },
  } satisfies DocumentReference);
}

function summaryText(chart: Chart, visit: Visit, { admission, code, lastDay }: Discharge): string {
  const age = Math.floor(chart.ageInYears(visit.day));
  const who = age < 16 ? 'barn' : chart.person.sex === 'female' ? 'kvinne' : 'mann';
  const icd = code.coding[0]?.code ?? '';
  const known = chart.problems.filter(({ since }) => since < visit.day).map(({ concept: { text } }) => text);
  const outcome = chart.person.deathDay === lastDay ? 'Pasienten døde under oppholdet.' : 'Utskrives i bedring.';
  return [
    `EPIKRISE  ${visit.unit.organisation.display ?? ''}`,
    `Innlagt ${dateText(visit.day)}, utskrevet ${dateText(lastDay)}`,
    `Diagnose: ${icd} ${code.text}`,
    `Tidligere sykdommer: ${known.length === 0 ? 'ingen kjente' : known.join('; ')}`,
    `Aktuelt: ${age} år gammel ${who}. ${admission.complaint}`,
    `Forløp: ${admission.course}`,
    `Vurdering: ${outcome}`,
    `Oppfølging: Fastlege ${chart.practitioner.reference.display ?? ''} ved behov.`,
    visit.practitioner.reference.display ?? '',
  ].join('\n');
}
