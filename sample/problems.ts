/** Chronic disease: who gets it and since when, then its course of controls, results, medicines and hospital follow-up. */
import type { EpisodeOfCare } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { addBody, addCirculation } from './vital-signs.ts';
import { instant, type Chart, type Problem } from './chart.ts';
import type { Words } from './courses/course.ts';
import type { CourseOf } from './courses/run-course.ts';
import { chronicDiseases, type ChronicDisease } from './chronic-diseases.ts';
import { icd10, icpc2, type Concept } from './codes.ts';
import { addLaboratory } from './laboratory.ts';
import type { PanelName } from './analyses.ts';
import { addLongTermMedicine, groupOf } from './prescribing.ts';
import { permitted } from './suitable.ts';
import { addOutpatientNote } from './texts/outpatient-note.ts';
import { addOwnDoctorVisit, addProblem, addVisit } from './visits.ts';

const general = new Map(chronicDiseases.map((disease) => [disease, icpc2(disease.icpc)]));
const specialist = new Map<ChronicDisease, Concept>(chronicDiseases.map((disease) => [disease, icd10(disease.icd)]));
const stableNote: Words = [
  'Stabil siden sist. Behandlingen videreføres, ny kontroll etter avtale.',
  'Stabil sidan sist. Behandlinga held fram, ny kontroll etter avtale.',
];
const recentDays = 900;
const riskKeys: ReadonlySet<string> = new Set(['kidney', 'heart-failure', 'fibrillation', 'coronary', 'stroke']);
const ageLimits = [18, 35, 50, 65, 80];

/** Decides which chronic diseases the resident has, in the order of the table so that one can raise the next, and puts them on the problem list. */
export function addProblems(chart: Chart): CourseOf[] {
  const age = chart.ageInYears(chart.lastDay);
  const band = ageLimits.filter((limit) => age >= limit).length;
  const courses: CourseOf[] = [];
  const treated: [ChronicDisease, Treated][] = [];
  for (const disease of chronicDiseases) {
    if (disease.sex && disease.sex !== chart.person.sex) continue;
    const { persona } = chart.person;
    const years = persona?.problems?.[disease.key];
    if (persona ? years === undefined : !chart.random.chance(shareOf(chart, disease, band))) continue;
    const since = years === undefined ? firstDayOf(chart, disease, age) : chart.today - Math.round(years * 365);
    const end =
      disease.endsAfterYears === undefined || years !== undefined
        ? undefined
        : since + Math.round(disease.endsAfterYears * 365 * (0.5 + chart.random.next()));
    const until = end !== undefined && end < chart.lastDay ? end : undefined;
    const code = general.get(disease)!;
    const known = Math.min(since + (disease.course?.diagnosedAfterDays ?? 0), chart.lastDay);
    const reference = addProblem(chart, code, known, until);
    chart.problems.push({ disease, since, reference, concept: code });
    treated.push([disease, { since, until, problem: reference, code }]);
    if (disease.course)
      courses.push({ course: disease.course, problem: chart.problems.at(-1)!, hospitalCode: specialist.get(disease)! });
  }
  // Kidneys, heart and blood thinners forbid what else would be given for pain.
  if (chart.problems.some(({ disease }) => riskKeys.has(disease.key))) chart.avoided.push('M01A');
  for (const [disease, course] of treated) addTreatments(chart, disease, course);
  return courses;
}

function shareOf(chart: Chart, disease: ChronicDisease, band: number): number {
  let share = disease.shares[band]!;
  if (disease.menFactor !== undefined) {
    const women = 2 / (1 + disease.menFactor);
    share *= chart.person.sex === 'male' ? disease.menFactor * women : women;
  }
  for (const { disease: earlier } of chart.problems) share *= disease.raisedBy?.[earlier.key] ?? 1;
  return Math.min(0.9, share);
}

/** The disease began at an age at which people get it, most often within the last fifteen years. */
function firstDayOf(chart: Chart, disease: ChronicDisease, age: number): Day {
  const youngest = [0.5, 18, 35, 50, 65, 80][disease.shares.findIndex((share) => share > 0)]!;
  const possible = Math.max(0.3, age - youngest);
  const years =
    Math.min(possible, disease.endsAfterYears === undefined ? (disease.survivedYears ?? 25) : 8) *
    chart.random.next() ** 1.3;
  return chart.lastDay - Math.max(30, Math.round(years * 365));
}

type Treated = { since: Day; until: Day | undefined; problem: Problem['reference']; code: Concept };

function addTreatments(chart: Chart, disease: ChronicDisease, { since, until, problem, code }: Treated): void {
  for (const { oneOf, share, afterYears = 0 } of disease.treatments) {
    if (!chart.random.chance(share)) continue;
    const start = since + Math.round(afterYears * 365) + chart.random.between(0, 20);
    const medicine = permitted(chart, oneOf, start);
    if (!medicine || chart.longTerm.some(({ group }) => group === groupOf(medicine.atc))) continue;
    const stop = medicine.atc.startsWith('B01AC') ? thinnedFrom(chart, until) : until;
    if (stop !== undefined && stop <= start) continue;
    addLongTermMedicine(chart, {
      medicine,
      start,
      ...(stop === undefined ? {} : { stop }),
      reason: code,
      problem,
    });
  }
}

/** What is against platelets ends when atrial fibrillation brings a blood thinner. */
function thinnedFrom(chart: Chart, until: Day | undefined): Day | undefined {
  const since = chart.problems.find(({ disease }) => disease.key === 'fibrillation')?.since;
  return since === undefined ? until : Math.min(since, until ?? Infinity);
}

/** Controls at the GP: what several diseases ask for is taken in one visit. */
export function addControls(chart: Chart): void {
  const followed = chart.problems.filter(({ disease }) => (disease.control?.yearly ?? 0) > 0);
  if (followed.length === 0) return;
  for (const { disease, since, concept } of followed) {
    const isFound = since >= chart.firstDay && since < chart.lastDay - 1 && !chart.isInHospital(since);
    if (isFound && !disease.course && !disease.hospital) addOwnDoctorVisit(chart, since, concept, 'Ny diagnose');
  }
  const most = Math.max(...followed.map(({ disease }) => disease.control!.yearly));
  const yearly = Math.min(5, most + (followed.length - 1) * 0.2);
  const gap = 365 / yearly;
  for (
    let day = chart.firstDay + chart.random.next() * gap;
    day < chart.lastDay - 1;
    day += gap * (0.75 + chart.random.next() * 0.5)
  ) {
    addControl(chart, followed, Math.floor(day), yearly);
  }
  if (chart.warfarinSince !== undefined) addAnticoagulationControls(chart, chart.warfarinSince);
}

function addControl(chart: Chart, followed: readonly Problem[], day: Day, yearly: number): void {
  const due = followed.filter(
    ({ disease, since }) => since <= day && chart.random.chance(disease.control!.yearly / yearly),
  );
  const main = due[0];
  if (!main || day >= chart.palliativeFrom || chart.isInHospital(day) || chart.isInHospital(day - 2)) return;
  const visit = addOwnDoctorVisit(chart, day, main.concept, 'Kontroll');
  const panels = new Set<PanelName>(due.flatMap(({ disease }) => [...disease.control!.panels]));
  if (panels.size > 0) {
    addCirculation(chart, visit);
    if (chart.random.chance(0.4)) addBody(chart, visit);
  }
  // Of what is long ago some of the results are kept.
  if (day > chart.today - recentDays || chart.random.chance(0.5)) addLaboratory(chart, visit, [...panels]);
}

function addAnticoagulationControls(chart: Chart, since: Day): void {
  const code = chart.problems.find(({ disease }) => disease.key === 'fibrillation')?.concept ?? icpc2('K78');
  for (let day = Math.max(since, chart.firstDay) + 5; day < chart.lastDay - 1; day += chart.random.between(21, 42)) {
    addLaboratory(chart, addOwnDoctorVisit(chart, day, code, 'INR-kontroll'), ['anticoagulation']);
  }
}

/** Outpatient follow-up in hospital, under an episode of care. */
export function addHospitalFollowUp(chart: Chart): void {
  for (const problem of chart.problems) {
    const { disease, since } = problem;
    if (!disease.hospital || disease.hospital.visits === 0) continue;
    const first = Math.max(since, chart.firstDay);
    const count = chart.random.count(
      Math.min(40, disease.hospital.visits * Math.max(0, (chart.lastDay - first) / 365)),
    );
    if (count === 0) continue;
    const unit = chart.department(disease.hospital.department, chart.lastDay);
    const practitioner = unit.practitioners[chart.random.between(0, 3)]!;
    chart.add(first, {
      resourceType: 'EpisodeOfCare',
      status: chart.person.deathDay === undefined ? 'active' : 'finished',
      patient: chart.patient,
      managingOrganization: unit.organisation,
      period: {
        start: instant(first, 600),
        ...(chart.person.deathDay === undefined ? {} : { end: instant(chart.lastDay, 720) }),
      },
      careManager: practitioner.role,
    } satisfies EpisodeOfCare);
    const diagnosis = specialist.get(disease)!;
    const gap = (chart.lastDay - first) / count;
    for (let visits = 0; visits < count; visits++) {
      const day = Math.min(Math.floor(first + gap * (visits + 0.3 + chart.random.next() * 0.4)), chart.lastDay - 2);
      if (day < first) continue;
      if (day >= chart.palliativeFrom || chart.isInHospital(day) || chart.isInHospital(day - 2)) continue;
      const visit = addVisit(chart, {
        day,
        kind: 'AMB',
        unit,
        practitioner,
        diagnosis,
        minutes: 30,
        reason: 'Kontroll',
      });
      addCirculation(chart, visit);
      const panels = disease.control?.panels ?? [];
      const results = panels.length > 0 ? addLaboratory(chart, visit, panels, { isUrgent: true }) : undefined;
      addOutpatientNote(chart, visit, {
        reason: 'Kontroll',
        note: stableNote,
        diagnosis,
        ...(results ? { results } : {}),
      });
    }
  }
}
