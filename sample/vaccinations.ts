/** Vaccinations: the childhood programme by age, influenza and covid-19 by age and disease. */
import type { Immunization } from 'fhir/r4.js';
import { civilDate, dayOf, type Day } from '#shared/days.ts';
import { addBody } from './vital-signs.ts';
import { addVisit } from './visits.ts';
import { instant, type Chart, type Reference } from './chart.ts';
import { codeSystems, concept, icpc2 } from './codes.ts';
import { childhoodProgramme, vaccines, type VaccineKey } from './vaccines.ts';

const codes = new Map(
  Object.entries(vaccines).map(([key, { atc, name }]) => [key, { ...concept(codeSystems.atc, atc, name), text: name }]),
);
const coverage = 0.96;
const firstProgrammeYear = 1983;
const routine = icpc2('A98');
const schoolAgeDays = 6 * 365;
const sixWeeks = 42;

/** All vaccinations of a life, also those before the detailed record. */
export function addVaccinations(chart: Chart): void {
  addChildhoodProgramme(chart);
  addInfluenza(chart);
  addCovid(chart);
  if (chart.ageInYears(chart.lastDay) > 65 && chart.random.chance(0.35)) {
    addVaccination(chart, 'pneumococcalAdult', Math.min(chart.lastDay - 1, chart.person.birthDay + 24000), 1);
  }
  if (chart.random.chance(0.03) && chart.years > 3) addVaccination(chart, 'tickborne', chart.firstDay + 100, 1);
}

/** Children come to the clinic for it, and are measured there. */
function addChildhoodProgramme(chart: Chart): void {
  const { person, random } = chart;
  if (civilDate(person.birthDay).year < firstProgrammeYear || !random.chance(coverage)) return;
  const unit = chart.region.childClinic(person.municipality);
  let lastAge = -1;
  let encounter: Reference | undefined;
  for (const [ageDays, vaccine, dose] of childhoodProgramme) {
    const day = person.birthDay + ageDays + (lastAge === ageDays ? 0 : random.between(0, 12));
    if (day >= chart.lastDay || !wasOffered(vaccine, civilDate(day).year)) continue;
    if (lastAge !== ageDays) {
      encounter = undefined;
      if (day >= chart.firstDay) {
        const practitioner = ageDays === sixWeeks ? unit.practitioners[0]! : random.pick(unit.nurses);
        const visit = addVisit(chart, {
          day,
          kind: 'AMB',
          unit,
          practitioner,
          diagnosis: routine,
          minutes: 30,
          reason: reasonOf(ageDays),
        });
        addBody(chart, visit);
        encounter = visit.reference;
      }
    }
    lastAge = ageDays;
    addVaccination(chart, vaccine, day, dose, encounter);
  }
}

function reasonOf(ageDays: number): string {
  if (ageDays === sixWeeks) return 'Seksukerskontroll';
  return ageDays < schoolAgeDays ? 'Helsestasjonskontroll' : 'Vaksinasjon, skolehelsetjenesten';
}

/** Vaccines came into the programme in different years. */
function wasOffered(vaccine: VaccineKey, year: number): boolean {
  if (vaccine === 'rotavirus') return year >= 2014;
  if (vaccine === 'pneumococcal') return year >= 2006;
  if (vaccine === 'hpv') return year >= 2018;
  return true;
}

function addInfluenza(chart: Chart): void {
  const riskKeys = ['diabetes-1', 'diabetes-2', 'asthma', 'copd', 'coronary', 'heart-failure', 'kidney', 'rheumatoid'];
  const { year: firstYear } = civilDate(chart.firstDay);
  const { year: lastYear } = civilDate(chart.lastDay);
  const isFaithful = chart.random.chance(0.62);
  for (let year = firstYear; year <= lastYear; year++) {
    const day = dayOf(year, 10, 10) + chart.random.between(0, 45);
    if (day <= chart.firstDay || day >= chart.lastDay) continue;
    const isOffered = chart.ageInYears(day) >= 65 || riskKeys.some((key) => chart.has(key, day));
    const share = isOffered ? (isFaithful ? 0.88 : 0.1) : chart.ageInYears(day) > 18 ? 0.06 : 0.01;
    if (chart.random.chance(share)) addVaccination(chart, 'influenza', day, 1);
  }
}

function addCovid(chart: Chart): void {
  const start = dayOf(2021, 2, 1);
  const age = chart.ageInYears(start);
  if (age < 12 || !chart.random.chance(age > 65 ? 0.95 : 0.87)) return;
  const first = start + Math.round(Math.max(0, 80 - age) * 2.4) + chart.random.between(0, 20);
  const doses = [
    first,
    first + chart.random.between(28, 70),
    ...(age > 17 ? [first + chart.random.between(190, 260)] : []),
  ];
  if (age > 60)
    for (let dose = 0; dose < 3; dose++) doses.push(dayOf(2022 + dose, 10, 20) + chart.random.between(0, 40));
  let number = 0;
  for (const day of doses) {
    if (day > chart.person.birthDay && day < chart.lastDay) addVaccination(chart, 'covid', day, ++number);
  }
}

function addVaccination(chart: Chart, vaccine: VaccineKey, day: Day, dose: number, encounter?: Reference): void {
  const isAdult = chart.ageInYears(day) >= 18;
  chart.add(day, {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: codes.get(vaccine)!,
    patient: chart.patient,
    ...(encounter ? { encounter } : {}),
    occurrenceDateTime: instant(day, 600).slice(0, 10),
    primarySource: true,
    performer: [
      {
        actor: isAdult
          ? chart.practitioner.unit.organisation
          : chart.region.childClinic(chart.person.municipality).organisation,
      },
    ],
    protocolApplied: [{ doseNumberPositiveInt: dose }],
  } satisfies Immunization);
}
