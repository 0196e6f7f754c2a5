/** What pharmacies hand out on a prescription: each quarter for what is taken for long, once for a course. */
import type { MedicationDispense } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, moment, type Chart, type Reference } from './chart.ts';
import { codeSystems, concept, type Concept } from './codes.ts';
import { dosageOf } from './dosage.ts';
import type { Medicine } from './medicines.ts';

/** Dispensings are in the record from so many days before the opening. */
const recentDays = 400;
const supplyDays = 90;
const opensAtMinute = 9 * 60 + 30;
const preparingMinutes = 70;
const firstFill = concept('http://terminology.hl7.org/CodeSystem/v3-ActCode', 'FF', 'First Fill');
const refill = concept('http://terminology.hl7.org/CodeSystem/v3-ActCode', 'RF', 'Refill');

export type Dispensed = { medicine: Medicine; code: Concept; prescription: Reference };

/** Adds what is handed out from the day of the prescription until it ends or a year is over. */
export function addDispenses(chart: Chart, dispensed: Dispensed, { from, until }: { from: Day; until: Day }): void {
  const { medicine } = dispensed;
  if (medicine.route === 'intravenous') return;
  const days = Math.min(supplyDays, until - from);
  for (let at = from, count = 0; at < until; at += supplyDays, count++) {
    const day = at + chart.random.between(0, 3);
    if (day < chart.today - recentDays || day >= Math.min(until, chart.lastDay) || chart.isInHospital(day)) continue;
    const minute = opensAtMinute + preparingMinutes + chart.random.between(0, 320);
    addDispense(chart, dispensed, { day, minute, days, isFirst: count === 0 });
  }
}

/** Adds one dispensing, which is being prepared for an hour before it is handed over. */
export function addDispense(
  chart: Chart,
  { medicine, code, prescription }: Dispensed,
  { day, minute, days, isFirst }: { day: Day; minute: number; days: number; isFirst: boolean },
): void {
  const pharmacy = chart.region.pharmacies.get(chart.person.municipality.number)!;
  const pharmacist = pharmacy.practitioners[chart.person.persona ? 0 : chart.random.between(0, 1)]!;
  const prepared = minute - preparingMinutes;
  chart.add(
    day,
    {
      resourceType: 'MedicationDispense',
      status: 'completed',
      medicationCodeableConcept: code,
      subject: chart.patient,
      performer: [{ actor: pharmacist.role }],
      location: pharmacy.location,
      authorizingPrescription: [prescription],
      type: isFirst ? firstFill : refill,
      quantity: { value: quantityOf(medicine, days), unit: medicine.unit },
      daysSupply: { value: days, unit: 'd', system: codeSystems.ucum, code: 'd' },
      whenPrepared: instant(day, prepared),
      whenHandedOver: instant(day, minute),
      dosageInstruction: [dosageOf(medicine)],
    } satisfies MedicationDispense,
    { from: moment(day, prepared), until: moment(day, minute) },
  );
}

const daysOfPeriod = { d: 1, wk: 7, mo: 30 } as const;

function quantityOf({ amount, times, period, every }: Medicine, days: number): number {
  return Math.ceil((amount * times * days) / (daysOfPeriod[period] * every));
}
