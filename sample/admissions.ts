/** Days in a hospital bed: the emergency department, observations on the ward, results, medicines, operation, discharge summary. */
import type { Encounter } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { addDischargeSummary } from './documents.ts';
import { instant, type Chart, type Visit } from './chart.ts';
import { hl7, icd10, type Concept } from './codes.ts';
import { addProcedure, daysOf } from './contacts.ts';
import { admissions, type Admission } from './admission-reasons.ts';
import { addLaboratory } from './laboratory.ts';
import { addCourse, permitted } from './prescribing.ts';
import { groupOf } from './problems.ts';
import { addAcuteSigns, addBody, addCirculation } from './vital-signs.ts';
import { addDiagnosis } from './visits.ts';

const codes = new Map(admissions.map((admission) => [admission.icd, icd10(admission.icd)]));
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const inpatientClass = { system: actCode, code: 'IMP', display: 'inpatient encounter' };
const emergency = hl7('v3-ActPriority', 'EM', 'emergency');
const elective = hl7('v3-ActPriority', 'EL', 'elective');
const attender = [hl7('v3-ParticipationType', 'ATND', 'attender')];
const home = hl7('discharge-disposition', 'home', 'Home');
const skilledNursing = hl7('discharge-disposition', 'snf', 'Skilled nursing facility');
const expired = hl7('discharge-disposition', 'exp', 'Expired');
const dischargeDiagnosis = hl7('diagnosis-role', 'DD', 'Discharge diagnosis');
const chronicFactor = 0.35;

/** All admissions of the record, by the rates of the table and of the resident's chronic diseases. */
export function addAdmissions(chart: Chart): void {
  const factor = Math.min(2.2, 0.75 + chart.problems.length * chronicFactor * 0.5);
  let lastDischarge = 0;
  const planned: { day: Day; admission: Admission; code: Concept }[] = [];
  for (const admission of admissions) {
    if (admission.sex && admission.sex !== chart.person.sex) continue;
    for (const day of daysOf(chart, admission.rate, factor))
      planned.push({ day, admission, code: codes.get(admission.icd)! });
  }
  for (const { disease, since } of chart.problems) {
    if (!disease.hospital || disease.hospital.admissions === 0) continue;
    const rate = disease.hospital.admissions;
    const { department, admissionCode = disease.icd } = disease.hospital;
    const days = daysOf(chart, [rate, rate, rate, rate, rate]).filter((day) => day >= since);
    for (const day of days)
      planned.push({ day, admission: exacerbation(admissionCode, department), code: icd10(admissionCode) });
  }
  planned.sort((a, b) => a.day - b.day);
  for (const { day, admission, code } of planned) {
    if (day <= lastDischarge + 3) continue;
    lastDischarge = addAdmission(chart, admission, code, day);
  }
}

function exacerbation(icd: string, department: string): Admission {
  return {
    icd,
    department,
    rate: [0, 0, 0, 0, 0],
    days: 4,
    acute: true,
    values: { crp: 6 },
    complaint: 'Forverring av kjent sykdom.',
    course: 'Behandlingen ble justert, gradvis bedring. Avtalt kontroll.',
  };
}

/** Answers the day of discharge, or today for one who lies there still. */
export function addAdmission(chart: Chart, admission: Admission, code: Concept, day: Day): Day {
  const { random } = chart;
  const unit = chart.region.department(admission.department, chart.person.municipality);
  const practitioner = unit.practitioners[random.between(0, 3)]!;
  const stay = Math.max(
    1,
    Math.round(admission.days * (0.4 + random.next() * 1.2) * (chart.ageInYears(day) > 80 ? 1.3 : 1)),
  );
  const isOpen = day + stay >= chart.today && chart.person.deathDay === undefined;
  const lastDay = Math.min(day + stay, chart.lastDay);
  const minute = admission.acute ? random.between(0, 1380) : 7 * 60 + 30;
  const id = chart.newId(day);
  const visit: Visit = {
    reference: { reference: `Encounter/${id}` },
    day,
    minute,
    start: instant(day, minute),
    practitioner,
    unit,
  };
  const condition = addDiagnosis(chart, visit, code);
  const end = isOpen ? undefined : instant(lastDay, 13 * 60 + (lastDay === day ? 660 : 0));
  chart.resources.push({
    resourceType: 'Encounter',
    id,
    status: isOpen ? 'in-progress' : 'finished',
    class: inpatientClass,
    priority: admission.acute ? emergency : elective,
    subject: chart.patient,
    participant: [{ type: attender, individual: practitioner.role }],
    period: { start: visit.start, ...(end === undefined ? {} : { end }) },
    reasonCode: [{ text: admission.complaint }],
    diagnosis: [{ condition, use: dischargeDiagnosis, rank: 1 }],
    ...(isOpen ? {} : { hospitalization: { dischargeDisposition: dispositionOf(chart, lastDay) } }),
    location: [{ location: random.pick(unit.beds), status: isOpen ? 'active' : 'completed' }],
    serviceProvider: unit.organisation,
  } satisfies Encounter);
  addStay(chart, admission, code, visit, lastDay);
  if (!isOpen) addDischargeSummary(chart, visit, { admission, code, condition, lastDay });
  return lastDay;
}

function dispositionOf(chart: Chart, lastDay: Day): Concept {
  if (chart.person.deathDay === lastDay) return expired;
  return chart.ageInYears(lastDay) > 82 && chart.random.chance(0.4) ? skilledNursing : home;
}

function addStay(chart: Chart, admission: Admission, code: Concept, visit: Visit, lastDay: Day): void {
  const nights = Math.max(1, lastDay - visit.day);
  if (admission.isNewborn) {
    addBody(chart, visit);
    return;
  }
  for (let day = visit.day; day <= Math.min(lastDay, visit.day + 14); day++) {
    const left = Math.max(0, 1 - ((day - visit.day) / nights) * 1.1);
    const fever = (admission.fever ?? 0) * left;
    const breathless =
      admission.department === 'lung' || admission.department === 'cardiology' ? 1.4 * left : 0.2 * left;
    for (const minute of observationMinutes(chart, day, visit, lastDay)) {
      addAcuteSigns(chart, visit, { fever, breathless }, day, minute);
      addCirculation(chart, visit, day, minute, { fever });
    }
    const isFirst = day === visit.day;
    if (isFirst || (day < lastDay && (day - visit.day) % 2 === 1)) {
      const values = Object.fromEntries(
        Object.entries(admission.values ?? {}).map(([key, factor]) => [key, 1 + (factor - 1) * left]),
      );
      addLaboratory(
        chart,
        visit,
        [isFirst ? 'admission' : 'daily', ...(admission.values?.['troponin-t'] ? ['coronary' as const] : [])],
        values,
        day,
      );
    }
  }
  if (admission.procedure) {
    const day = Math.min(visit.day + (admission.acute && visit.minute > 840 ? 1 : 0), lastDay);
    addProcedure(chart, visit, admission.procedure, day, day === visit.day ? visit.minute + 120 : 600);
  }
  for (const key of admission.medicines ?? []) {
    const medicine = permitted(chart, [key], visit.day);
    if (!medicine || chart.longTermMedicines.has(groupOf(medicine.atc))) continue;
    addCourse(
      chart,
      { medicine, start: visit.day, reason: code, encounter: visit.reference, by: visit.practitioner, inpatient: true },
      nights,
    );
  }
}

/** Three rounds a day, from arrival to discharge. */
function observationMinutes(chart: Chart, day: Day, visit: Visit, lastDay: Day): number[] {
  if (day === visit.day) return [visit.minute + 10];
  if (day === lastDay) return [8 * 60];
  return [7 * 60 + 30, 14 * 60, 21 * 60].map((minute) => minute + chart.random.between(0, 40));
}
