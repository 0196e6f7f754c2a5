/** Pregnancy and birth: the mother's controls and stay for each child of the household, and the child's own first days. */
import type { EpisodeOfCare } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { addAdmission } from './stays.ts';
import { instant, type Chart, type Visit } from './chart.ts';
import { icd10, icpc2 } from './codes.ts';
import type { Admission } from './admission-reasons.ts';
import { addImaging } from './imaging.ts';
import { addLaboratory } from './laboratory.ts';
import { addCirculation } from './vital-signs.ts';
import { dateOf } from './texts/style.ts';
import type { PractitionerEntry } from './region.ts';
import { addOwnDoctorVisit, addProblem, addVisit } from './visits.ts';

const confirmedPregnancy = icpc2('W78');
const pregnancyControl = icpc2('W781');
const liveBirth = icd10('Z370');
const bornInHospital = icd10('Z380');
const controlWeeks = [9, 18, 24, 28, 32, 36, 38, 40] as const;

/** For a mother: pregnancy and birth of each child who lives at home, within the detailed record. */
export function addPregnancies(chart: Chart): void {
  const { person } = chart;
  if (person.sex !== 'female' || person.role !== 'adult') return;
  for (const child of person.household) {
    if (child.role === 'child' && child.birthDay < chart.lastDay) addPregnancy(chart, child.birthDay);
  }
}

function addPregnancy(chart: Chart, birthDay: Day): void {
  // The personas' due date is kept, so that a control is the day after the opening.
  const conception = birthDay - (chart.person.persona ? 280 : chart.random.between(270, 288));
  const booking = conception + controlWeeks[0] * 7;
  if (booking >= chart.firstDay) addFollowUp(chart, booking, birthDay);
  for (const week of controlWeeks) {
    const day = conception + week * 7;
    if (day < chart.firstDay || day >= birthDay - 1) continue;
    const visit = addControl(chart, day, week);
    addCirculation(chart, visit);
    if (week === 18) addUltrasound(chart, day, birthDay);
    if (week === 9 || week === 28)
      addLaboratory(chart, visit, ['pregnancy'], { effects: { haemoglobin: week === 28 ? 0.9 : 0.96, ferritin: 0.5 } });
  }
  if (birthDay < chart.firstDay) return;
  const home = addAdmission(chart, birthAdmission(chart), liveBirth, birthDay);
  if (home + 42 < chart.lastDay)
    addOwnDoctorVisit(chart, home + 42, pregnancyControl, 'Etterkontroll seks uker etter fødsel');
}

/** The pregnancy on the problem list, and the midwife who follows it until six weeks after birth. */
function addFollowUp(chart: Chart, from: Day, birthDay: Day): void {
  const midwife = midwifeOf(chart);
  addProblem(chart, confirmedPregnancy, from, Math.min(birthDay, chart.lastDay));
  chart.add(from, {
    resourceType: 'EpisodeOfCare',
    status: 'finished',
    patient: chart.patient,
    managingOrganization: midwife.unit.organisation,
    period: { start: instant(from, 600), end: instant(Math.min(birthDay + 42, chart.lastDay), 600) },
    careManager: midwife.role,
  } satisfies EpisodeOfCare);
}

function midwifeOf(chart: Chart): PractitionerEntry {
  return chart.region.childClinic(chart.person.municipality).midwives[0]!;
}

/** The GP and the midwife of the clinic take turns. */
function addControl(chart: Chart, day: Day, week: number): Visit {
  const midwife = midwifeOf(chart);
  const reason = `Svangerskapskontroll uke ${week}`;
  if (week < 12) return addOwnDoctorVisit(chart, day, confirmedPregnancy, reason);
  if (week % 8 === 0) return addOwnDoctorVisit(chart, day, pregnancyControl, reason);
  return addVisit(chart, {
    day,
    kind: 'AMB',
    unit: midwife.unit,
    practitioner: midwife,
    diagnosis: pregnancyControl,
    minutes: 40,
    reason,
  });
}

const ultrasound = icd10('Z349');

/** The routine examination in week eighteen, at the hospital; it says when the child is due. */
function addUltrasound(chart: Chart, day: Day, birthDay: Day): void {
  const unit = chart.region.department('obstetrics', chart.person.municipality);
  const practitioner = unit.practitioners[1]!;
  const visit = addVisit(chart, {
    day: day + 4,
    kind: 'AMB',
    unit,
    practitioner,
    diagnosis: ultrasound,
    minutes: 40,
    reason: 'Rutineultralyd',
  });
  const due = dateOf(birthDay + chart.random.between(-8, 8));
  addImaging(chart, {
    what: 'pregnancyUltrasound',
    finding: [
      `Ett levende foster, normal anatomi. Placenta fri av indre mormunn. Normal fostervannsmengde. Termin ${due}.`,
      `Eitt levande foster, normal anatomi. Placenta fri av indre mormunn. Normal mengd fostervatn. Termin ${due}.`,
    ],
    conclusion: [`Normal rutineultralyd, termin ${due}.`, `Normal rutineultralyd, termin ${due}.`],
    question: 'Rutineundersøkelse i svangerskapet.',
    day: visit.day,
    minute: visit.minute,
    encounter: visit.reference,
    unit,
  });
}

function birthAdmission(chart: Chart): Admission {
  const isCaesarean = chart.random.chance(0.16);
  return {
    icd: 'Z370',
    department: 'obstetrics',
    rate: [0, 0, 0, 0, 0],
    days: isCaesarean ? 4 : 2.5,
    acute: true,
    values: { haemoglobin: 0.88, leukocytes: 1.9 },
    panels: ['blood'],
    medicines: ['paracetamol'],
    ...(isCaesarean ? { procedure: 'caesarean' as const } : { isByMidwife: true }),
    complaint: 'Innlagt i fødsel.',
    course: isCaesarean
      ? 'Forløst med keisersnitt, levende barn. Ukomplisert barseltid.'
      : 'Ukomplisert fødsel, levende barn. Amming i gang.',
  };
}

/** For a child born within the detailed record: the first stay. */
export function addOwnBirth(chart: Chart): void {
  if (chart.person.birthDay < chart.firstDay || chart.ageInYears(chart.lastDay) > chart.years + 1) return;
  const admission: Admission = {
    icd: 'Z380',
    department: 'obstetrics',
    rate: [0, 0, 0, 0, 0],
    days: 2.5,
    acute: false,
    isNewborn: true,
    complaint: 'Født på sykehuset.',
    course: 'Undersøkt av barnelege, normale funn. Nyfødtscreening tatt. Dier godt.',
    nynorsk: ['Fødd på sjukehuset.', 'Undersøkt av barnelege, normale funn. Nyføddscreening teken. Syg godt.'],
  };
  addAdmission(chart, admission, bornInHospital, chart.person.birthDay);
}
