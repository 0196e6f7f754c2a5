/** Pregnancy and birth: the mother's controls and stay for each child of the household, and the child's own first days. */
import type { Day } from '#shared/days.ts';
import { addAdmission } from './stays.ts';
import type { Chart } from './chart.ts';
import { icd10, icpc2 } from './codes.ts';
import type { Admission } from './admission-reasons.ts';
import { addLaboratory } from './laboratory.ts';
import { addBody, addCirculation } from './vital-signs.ts';
import { addOwnDoctorVisit } from './visits.ts';

const confirmedPregnancy = icpc2('W78');
const pregnancyControl = icpc2('W781');
const liveBirth = icd10('Z370');
const bornInHospital = icd10('Z380');
const controlWeeks = [9, 18, 24, 28, 32, 36, 38, 40];

/** For a mother: pregnancy and birth of each child who lives at home, within the detailed record. */
export function addPregnancies(chart: Chart): void {
  const { person } = chart;
  if (person.sex !== 'female' || person.role !== 'adult') return;
  for (const child of person.household) {
    if (child.role === 'child' && child.birthDay < chart.lastDay) addPregnancy(chart, child.birthDay);
  }
}

function addPregnancy(chart: Chart, birthDay: Day): void {
  const conception = birthDay - chart.random.between(270, 288);
  for (const week of controlWeeks) {
    const day = conception + week * 7;
    if (day < chart.firstDay || day >= birthDay - 1) continue;
    const visit = addOwnDoctorVisit(
      chart,
      day,
      week < 12 ? confirmedPregnancy : pregnancyControl,
      'Svangerskapskontroll',
    );
    addCirculation(chart, visit);
    if (week === 9 || week === 28)
      addLaboratory(chart, visit, ['pregnancy'], { effects: { haemoglobin: week === 28 ? 0.9 : 0.96, ferritin: 0.5 } });
  }
  if (birthDay >= chart.firstDay) addAdmission(chart, birthAdmission(chart), liveBirth, birthDay);
}

function birthAdmission(chart: Chart): Admission {
  const isCaesarean = chart.random.chance(0.16);
  return {
    icd: 'Z370',
    department: 'obstetrics',
    rate: [0, 0, 0, 0, 0],
    days: isCaesarean ? 4 : 2.5,
    acute: true,
    values: { haemoglobin: 0.88, leukocytes: 1.7, crp: 8 },
    medicines: ['paracetamol'],
    ...(isCaesarean ? { procedure: 'caesarean' as const } : {}),
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
    course: 'Undersøkt av barnelege, normale funn. Nyfødtscreening tatt.',
  };
  const last = addAdmission(chart, admission, bornInHospital, chart.person.birthDay);
  const day = last + 40;
  if (day < chart.lastDay) addBody(chart, addOwnDoctorVisit(chart, day, icpc2('A98'), 'Seksukerskontroll'));
}
