/** Prescriptions (MedicationRequest, renewed yearly as an e-prescription lasts a year) and the medicine list (MedicationStatement). */
import type { Dosage, MedicationRequest, MedicationStatement } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, moment, type Chart, type Reference } from './chart.ts';
import { codeSystems, concept, hl7, type Concept } from './codes.ts';
import { addCritical } from './critical.ts';
import { medicines, type Medicine, type RouteName } from './medicines.ts';
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

const routes: Record<RouteName, Concept> = {
  oral: concept(codeSystems.route, '53', 'Oral bruk'),
  inhaled: concept(codeSystems.route, '11', 'Bruk til inhalasjon'),
  subcutaneous: concept(codeSystems.route, '62', 'Subkutan bruk'),
  intramuscular: concept(codeSystems.route, '33', 'Intramuskulær bruk'),
  intravenous: concept(codeSystems.route, '43', 'Intravenøs bruk'),
  eye: { coding: [], text: 'Bruk i øyet' },
  nasal: concept(codeSystems.route, '51', 'Nasal bruk'),
  skin: { coding: [], text: 'Bruk på hud' },
};
const periodNames = { d: 'daglig', wk: 'i uken', mo: 'i måneden' } as const;
const pluralPeriods = { d: 'dag', wk: 'uke', mo: 'måned' } as const;
const community = [hl7('medicationrequest-category', 'community', 'Community')];
const inpatient = [hl7('medicationrequest-category', 'inpatient', 'Inpatient')];
const codes = new Map([...medicines.values()].map((medicine) => [medicine, codeOf(medicine)]));
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

/** What small children get instead of tablets; other medicines by mouth are not for them. */
const forChildren: Readonly<Record<string, string>> = {
  penicillin: 'penicillin-mixture',
  amoxicillin: 'amoxicillin-mixture',
  paracetamol: 'paracetamol-mixture',
  ibuprofen: 'ibuprofen-mixture',
  desloratadine: 'desloratadine-mixture',
  trimethoprim: 'trimethoprim-mixture',
  iron: 'iron-mixture',
  lactulose: 'lactulose-child',
  methylphenidate: 'methylphenidate',
  'prednisolone-course': 'prednisolone-child',
};
const tabletsFromAge = 12;

/** One of the medicines by their keys: none that the resident does not tolerate, and for children a form for children. */
export function permitted(chart: Chart, keys: readonly string[], day: Day): Medicine | undefined {
  const isChild = chart.ageInYears(day) < tabletsFromAge;
  const allowed = keys
    .map((key) => medicines.get(isChild ? (forChildren[key] ?? key) : key)!)
    .filter(
      ({ key, route }) =>
        !isChild || (route !== 'oral' && route !== 'intravenous') || Object.values(forChildren).includes(key),
    )
    .filter(({ atc }) => !chart.avoided.some((start) => atc.startsWith(start)));
  return allowed.length === 0 ? undefined : chart.random.pick(allowed);
}

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
    medicationCodeableConcept: codes.get(medicine)!,
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

/** Nobody takes two of a group: the chemical subgroup of ATC, and all that acts on renin and angiotensin. */
export function groupOf(atc: string): string {
  return atc.startsWith('C09') ? 'C09' : atc.slice(0, 5);
}

/** The minutes of the day at which a ward gives it; none for what is not given daily. */
export function doseMinutes({ times, period, every }: Medicine): readonly number[] {
  if (period !== 'd' || every !== 1) return [];
  return { 1: [480], 2: [480, 1200], 3: [480, 840, 1320] }[times] ?? [480, 720, 1080, 1320];
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
  chart.add(
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
}

function codeOf({ atc, substance, form, strength }: Medicine): Concept {
  const name = substance[0]!.toUpperCase() + substance.slice(1);
  return { ...concept(codeSystems.atc, atc, substance), text: `${name} ${form} ${strength}` };
}

function wardDosageOf(medicine: Medicine): Dosage {
  const dosage = dosageOf(medicine);
  const timeOfDay = doseMinutes(medicine).map((minute) => `${String(minute / 60).padStart(2, '0')}:00:00`);
  if (timeOfDay.length === 0 || medicine.asNeeded) return dosage;
  return { ...dosage, timing: { repeat: { period: 1, periodUnit: 'd', timeOfDay } } };
}

/** What a list says: `Metoprolol depottablett 50 mg, 1 tablett 1 gang daglig`. */
export function describeMedicine(medicine: Medicine): string {
  return `${codes.get(medicine)!.text}, ${dosages.get(medicine)![0]!.text}`;
}

/** The dosage as the label says it, and as a timing. */
function dosageOf({ amount, unit, times, period, every, asNeeded, route }: Medicine): Dosage {
  const often =
    every === 1
      ? `${times} ${times === 1 ? 'gang' : 'ganger'} ${periodNames[period]}`
      : `hver ${every}. ${pluralPeriods[period]}`;
  const way = routes[route];
  return {
    text: `${String(amount).replace('.', ',')} ${unit} ${often}${asNeeded ? ' ved behov' : ''}`,
    timing: { repeat: { frequency: times, period: every, periodUnit: period } },
    ...(asNeeded ? { asNeededBoolean: true } : {}),
    route: way.coding.length > 0 ? way : { text: way.text! },
    doseAndRate: [{ doseQuantity: { value: amount, unit } }],
  };
}
