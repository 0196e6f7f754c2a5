/** Prescriptions (MedicationRequest, renewed yearly as an e-prescription lasts a year) and the medicine list (MedicationStatement). */
import type { MedicationRequest, MedicationStatement } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, moment, type Chart, type Reference } from './chart.ts';
import { codeSystems, hl7, type Concept } from './codes.ts';
import { addCritical } from './critical.ts';
import { addDispenses } from './dispensing.ts';
import { dosageOf, wardDosageOf } from './dosage.ts';
import { codeOfMedicine, medicines, type Medicine } from './medicines.ts';
import type { PractitionerEntry } from './region.ts';

export type Prescription = {
  medicine: Medicine;
  start: Day;
  /** The first day without it; absent while it goes on. */
  stop?: Day;
  reason: Concept;
  problem?: Reference;
  encounter?: Reference;
  by?: PractitionerEntry;
};

const community = [hl7('medicationrequest-category', 'community', 'Community')];
const inpatient = [hl7('medicationrequest-category', 'inpatient', 'Inpatient')];
const codes = new Map([...medicines.values()].map((medicine) => [medicine, codeOfMedicine(medicine)]));
const dosages = new Map([...medicines.values()].map((medicine) => [medicine, [dosageOf(medicine)]]));
const wardDosages = new Map([...medicines.values()].map((medicine) => [medicine, [wardDosageOf(medicine)]]));
/** Ongoing treatment that everybody who acts has to know of (7517). */
const criticalTreatments: readonly (readonly [pattern: RegExp, code: string, display: string])[] = [
  [/^B01A[AF]/, '4', 'Viktig blodfortynnende behandling'],
  [/^L04/, '2', 'Immunhemmende/-modulerende behandling'],
  [/^L01/, '1', 'Cytostatika'],
];
const renewalDays = 355;
const renewalsAtMost = 12;

/** Adds the prescriptions of a medicine from its start, one a year, and an entry on the medicine list. */
export function addLongTermMedicine(chart: Chart, prescription: Prescription): void {
  const { medicine, start } = prescription;
  const end = Math.min(prescription.stop ?? chart.lastDay, chart.lastDay);
  if (start >= end) return;
  if (medicine.key === 'warfarin') chart.warfarinSince = start;
  const { stop, reason } = prescription;
  const treatment = criticalTreatments.find(([pattern]) => pattern.test(medicine.atc));
  if (treatment) {
    const [, code, display] = treatment;
    const until = stop === undefined ? {} : { until: stop };
    addCritical(chart, { system: '7517', code, display, from: start, ...until });
  }
  chart.longTerm.push({
    medicine,
    group: groupOf(medicine.atc),
    start,
    reason,
    ...(stop === undefined ? {} : { stop }),
  });
  const first = Math.max(start, chart.firstDay);
  const isOver = prescription.stop !== undefined || chart.person.deathDay !== undefined;
  for (let day = first, count = 0; day < end && count < renewalsAtMost; day += renewalDays, count++) {
    const until = day + renewalDays < end ? day + renewalDays : isOver ? end : undefined;
    addPrescription(chart, prescription, day, until, renewalDays + 10);
  }
  chart.add(start, {
    resourceType: 'MedicationStatement',
    status: isOver ? 'completed' : 'active',
    medicationReference: chart.region.medications.get(medicine)!,
    subject: chart.patient,
    effectivePeriod: {
      start: instant(start, 600).slice(0, 10),
      ...(isOver ? { end: instant(end, 600).slice(0, 10) } : {}),
    },
    dateAsserted: instant(isOver ? end : start, 15 * 60),
    informationSource: chart.practitioner.reference,
    ...(prescription.problem ? { reasonReference: [prescription.problem] } : { reasonCode: [prescription.reason] }),
    dosage: dosages.get(medicine)!,
  } satisfies MedicationStatement);
}

/** Nobody takes two of a group: the chemical subgroup of ATC, and all that acts on renin and angiotensin; after a stent two against platelets. */
export function groupOf(atc: string): string {
  if (atc.startsWith('B01AC')) return atc;
  return atc.startsWith('C09') ? 'C09' : atc.slice(0, 5);
}

/** Adds an order on a ward, with the times at which doses are due. */
export function addInpatientOrder(
  chart: Chart,
  { medicine, reason, encounter, by = chart.practitioner }: Prescription,
  { day, minute, untilDay, untilMinute }: { day: Day; minute: number; untilDay: Day; untilMinute: number },
): { reference: Reference; concept: Concept } {
  const code = codes.get(medicine)!;
  const reference = chart.add(
    day,
    {
      resourceType: 'MedicationRequest',
      status: 'completed',
      intent: 'order',
      category: inpatient,
      medicationCodeableConcept: code,
      subject: chart.patient,
      ...(encounter ? { encounter } : {}),
      authoredOn: instant(day, minute),
      requester: by.role,
      reasonCode: [reason],
      dosageInstruction: wardDosages.get(medicine)!,
    } satisfies MedicationRequest,
    { until: moment(untilDay, untilMinute) },
  );
  return { reference, concept: code };
}

/** Adds one prescription for a course of so many days. */
export function addCourse(chart: Chart, prescription: Prescription, days: number): void {
  addPrescription(chart, prescription, prescription.start, prescription.start + days, days);
}

function addPrescription(
  chart: Chart,
  prescription: Prescription,
  day: Day,
  until: Day | undefined,
  days: number,
): void {
  const { medicine, problem, reason, encounter, by = chart.practitioner } = prescription;
  const authoredOn = instant(day, 9 * 60 + chart.random.between(0, 360));
  const reference = chart.add(
    day,
    {
      resourceType: 'MedicationRequest',
      status: until === undefined ? 'active' : 'completed',
      intent: 'order',
      category: community,
      medicationCodeableConcept: codes.get(medicine)!,
      subject: chart.patient,
      ...(encounter ? { encounter } : {}),
      authoredOn,
      requester: by.role,
      ...(problem ? { reasonReference: [problem] } : { reasonCode: [reason] }),
      dosageInstruction: dosages.get(medicine)!,
      dispenseRequest: {
        validityPeriod: { start: authoredOn.slice(0, 10), end: instant(day + 365, 0).slice(0, 10) },
        numberOfRepeatsAllowed: days > 100 ? 3 : 0,
        expectedSupplyDuration: { value: Math.min(days, 90), unit: 'd', system: codeSystems.ucum, code: 'd' },
      },
    } satisfies MedicationRequest,
    until === undefined ? undefined : { until: moment(until, 20 * 60) },
  );
  const dispensed = { medicine, code: codes.get(medicine)!, prescription: reference };
  addDispenses(chart, dispensed, { from: day, until: until ?? day + renewalDays });
}

/** What a list says: `Metoprolol depottablett 50 mg, 1 tablett 1 gang daglig`. */
export function describeMedicine(medicine: Medicine): string {
  return `${codes.get(medicine)!.text}, ${dosages.get(medicine)![0]!.text}`;
}
