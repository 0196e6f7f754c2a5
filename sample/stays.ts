/** One stay in hospital: from the emergency department to a bed on a ward, what is found and given there, until discharge or death. */
import type { Encounter } from 'fhir/r4.js';
import type { Resource } from '#fhir/types.ts';
import type { Day } from '#shared/days.ts';
import type { Admission } from './admission-reasons.ts';
import { instant, moment, type Chart, type Reference, type Visit } from './chart.ts';
import { hl7, type Concept } from './codes.ts';
import type { PractitionerEntry } from './region.ts';
import { addStayCare } from './stay-care.ts';
import { addDischargeSummary } from './texts/discharge-summary.ts';
import { addNursingNotes } from './texts/nursing-notes.ts';
import { addDiagnosis } from './visits.ts';

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const inpatientClass = { system: actCode, code: 'IMP', display: 'inpatient encounter' };
const emergency = hl7('v3-ActPriority', 'EM', 'emergency');
const elective = hl7('v3-ActPriority', 'EL', 'elective');
const attender = [hl7('v3-ParticipationType', 'ATND', 'attender')];
const primaryNurse = [{ ...hl7('v3-ParticipationType', 'SPRF', 'secondary performer'), text: 'Primærsykepleier' }];
const home = hl7('discharge-disposition', 'home', 'Home');
const skilledNursing = hl7('discharge-disposition', 'snf', 'Skilled nursing facility');
const expired = hl7('discharge-disposition', 'exp', 'Expired');
const dischargeDiagnosis = hl7('diagnosis-role', 'DD', 'Discharge diagnosis');
/** A planned stay is on the list so many days ahead. */
const plannedDays = 21;
const emergencyMinutes = 190;
/** Children lie on the children's ward, not on those of internal medicine. */
const wardOfChildrenUntil = 16;
const medical: ReadonlySet<string> = new Set([
  'internal',
  'cardiology',
  'lung',
  'gastroenterology',
  'endocrinology',
  'nephrology',
  'rheumatology',
  'neurology',
  'urology',
]);
const lengthFactor = 1.02;
/** Who the patient's own nurse is, is in the record for stays that end so many days before the opening, or later. */
const nursedDays = 60;

/** What is decided about a stay before it; the rest is drawn. `isPersonas`: with the first doctor and nurse of the ward. */
export type StayPlan = { nights?: number; minute?: number; isPersonas?: boolean };

export type Stay = {
  admission: Admission;
  code: Concept;
  visit: Visit;
  lastDay: Day;
  /** The minute of that day at which the patient leaves. */
  lastMinute: number;
  died: boolean;
  condition: Reference;
  ward: string;
  /** Of stays of late. */
  nurse?: PractitionerEntry;
};

/** Adds a stay and answers the day of discharge. */
export function addAdmission(chart: Chart, admission: Admission, code: Concept, day: Day, plan: StayPlan = {}): Day {
  const stay = planStay(chart, admission, code, day, plan);
  const { visit, lastDay } = stay;
  chart.put(encounterOf(chart, stay), admission.acute ? undefined : { from: moment(day - plannedDays, 720) });
  const facts = addStayCare(chart, stay);
  addNursingNotes(chart, stay);
  if (lastDay > chart.firstDay) addDischargeSummary(chart, stay, facts);
  chart.stays.push({ from: visit.day, to: lastDay });
  return lastDay;
}

function planStay(chart: Chart, admission: Admission, code: Concept, day: Day, plan: StayPlan): Stay {
  const { random } = chart;
  const isChild = chart.ageInYears(day) < wardOfChildrenUntil && medical.has(admission.department);
  const unit = chart.region.ward(isChild ? 'paediatrics' : admission.department, chart.person.municipality);
  const attending = plan.isPersonas ? 0 : random.between(0, 3);
  const practitioner = admission.isByMidwife
    ? unit.midwives[attending % unit.midwives.length]!
    : unit.practitioners[attending]!;
  const slow = chart.ageInYears(day) > 80 ? 1.3 : 1;
  const nights =
    plan.nights ?? Math.max(1, Math.round(admission.days * (0.4 + random.next() * 1.2) * slow * lengthFactor));
  const lastDay = Math.min(day + nights, chart.lastDay);
  const minute = plan.minute ?? (admission.acute ? arrivalMinute(chart) : 7 * 60 + 30);
  const isNursed = lastDay >= chart.today - nursedDays && !admission.isNewborn && unit.nurses.length > 0;
  const reference = { reference: `Encounter/${chart.newId(admission.acute ? day : day - plannedDays)}` };
  const visit: Visit = { reference, day, minute, start: instant(day, minute), practitioner, unit };
  const condition = addDiagnosis(chart, visit, code);
  return {
    admission,
    code,
    visit,
    lastDay,
    lastMinute: lastDay === day ? Math.max(minute + 60, 23 * 60) : 12 * 60 + random.between(0, 150),
    died: chart.person.deathDay === lastDay,
    condition,
    ward: '',
    ...(isNursed ? { nurse: unit.nurses[plan.isPersonas ? 0 : random.between(0, unit.nurses.length - 1)]! } : {}),
  };
}

/** People come by day more than by night. */
function arrivalMinute(chart: Chart): number {
  return chart.random.chance(0.75) ? chart.random.between(9 * 60, 21 * 60) : chart.random.between(0, 1380);
}

function encounterOf(chart: Chart, stay: Stay): Encounter & Resource {
  const { admission, visit, lastDay, lastMinute, condition } = stay;
  const { unit, practitioner } = visit;
  const end = instant(lastDay, lastMinute);
  return {
    resourceType: 'Encounter',
    id: visit.reference.reference.slice('Encounter/'.length),
    status: 'finished',
    class: inpatientClass,
    ...(admission.isNewborn ? {} : { priority: admission.acute ? emergency : elective }),
    subject: chart.patient,
    participant: [
      { type: attender, individual: practitioner.role },
      ...(stay.nurse ? [{ type: primaryNurse, individual: stay.nurse.role }] : []),
    ],
    period: { start: visit.start, end },
    reasonCode: [{ text: admission.complaint }],
    diagnosis: [{ condition, use: dischargeDiagnosis, rank: 1 }],
    hospitalization: { dischargeDisposition: dispositionOf(chart, stay) },
    location: placesOf(chart, stay, end),
    serviceProvider: unit.organisation,
  };
}

/** First a place in the emergency department for those who come acutely, then the bed. */
function placesOf(chart: Chart, stay: Stay, end: string): NonNullable<Encounter['location']> {
  const { admission, visit, lastDay } = stay;
  const location = placeOf(chart, stay, lastDay);
  stay.ward = (location.display ?? '').split(', Rom')[0]!;
  const isByEmergency = admission.acute && admission.department !== 'obstetrics';
  if (!isByEmergency) return [{ location, status: 'completed', period: { start: visit.start, end } }];
  const moved = instant(visit.day, Math.min(visit.minute + emergencyMinutes, 1430));
  const emergencyUnit = chart.region.ward('emergency', chart.person.municipality);
  const first = placeOf(chart, { admission, visit: { ...visit, unit: emergencyUnit } }, visit.day);
  return [
    { location: first, status: 'completed', period: { start: visit.start, end: moved } },
    { location, status: 'completed', period: { start: moved, end } },
  ];
}

/** A bed that nobody else has on these days; on the ward where all are taken. A newborn lies with its mother. */
function placeOf(chart: Chart, { admission, visit }: Pick<Stay, 'admission' | 'visit'>, lastDay: Day): Reference {
  const { beds, wards } = visit.unit;
  if (admission.isNewborn) return wards[0]!;
  const wanted = chart.random.between(0, beds.length - 1);
  return chart.region.beds.take(beds, wanted, visit.day, lastDay) ?? wards[0]!;
}

function dispositionOf(chart: Chart, { died, lastDay, admission }: Stay): Concept {
  if (died) return expired;
  const isFrail = chart.ageInYears(lastDay) > 82 || (admission.icd === 'S720' && chart.ageInYears(lastDay) > 75);
  return isFrail && chart.random.chance(0.4) ? skilledNursing : home;
}
