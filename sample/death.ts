/** A death outside hospital: the doctor who comes, and the certificate. */
import { icpc2 } from './codes.ts';
import type { Chart } from './chart.ts';
import { addDocument } from './texts/document.ts';
import { dateOf } from './texts/style.ts';
import { addVisit } from './visits.ts';

const dead = icpc2('A96');
const minute = 23 * 60 + 20;
/** What people die of, sooner than of what else they have. */
const causes = [
  'lung-cancer',
  'colon-cancer',
  'breast-cancer',
  'prostate-cancer',
  'heart-failure',
  'dementia',
  'copd',
  'coronary',
  'stroke',
  'kidney',
];

/** Adds the last visit of those who did not die in hospital. */
export function addDeath(chart: Chart): void {
  const { deathDay, municipality } = chart.person;
  if (deathDay === undefined || deathDay < chart.firstDay || chart.isInHospital(deathDay)) return;
  const unit = chart.region.emergencyClinic(municipality);
  const practitioner = unit.practitioners[0]!;
  const visit = addVisit(chart, {
    day: deathDay,
    kind: 'EMER',
    unit,
    practitioner,
    diagnosis: dead,
    minute,
    minutes: 10,
    reason: 'Dødsfall',
  });
  const [cause] = chart.problems
    .filter(({ disease, since }) => causes.includes(disease.key) && since < deathDay)
    .toSorted((a, b) => causes.indexOf(a.disease.key) - causes.indexOf(b.disease.key));
  addDocument(chart, {
    kind: 'death',
    title: 'Legeerklæring om dødsfall',
    text: [
      'Legeerklæring om dødsfall',
      `${chart.person.given} ${chart.person.family}, f. ${dateOf(chart.person.birthDay)}`,
      `Død ${dateOf(deathDay)}, ${municipality.name}`,
      `Underliggende dødsårsak: ${cause?.concept.text ?? 'ukjent, brått dødsfall'}`,
      'Naturlig død. Pårørende er informert.',
      practitioner.reference.display ?? '',
    ].join('\n'),
    language: 'nb',
    day: deathDay,
    minute: minute + 9,
    author: practitioner,
    unit,
    encounter: visit.reference,
    period: { start: visit.start },
  });
}
