/** Prescriptions (MedicationRequest, renewed yearly as an e-prescription lasts a year) and the medicine list (MedicationStatement). */
import type { Dosage, MedicationRequest, MedicationStatement } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, type Chart, type Reference } from './chart.ts';
import { codeSystems, concept, hl7, type Concept } from './codes.ts';
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
  /** Given in hospital. */
  inpatient?: boolean;
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
  const first = Math.max(start, chart.firstDay);
  const isOver = prescription.stop !== undefined || chart.person.deathDay !== undefined;
  for (let day = first, count = 0; day < end && count < renewalsAtMost; day += renewalDays, count++) {
    const isLast = day + renewalDays >= end;
    const status = isLast && !isOver ? 'active' : 'completed';
    addPrescription(chart, prescription, day, status, renewalDays + 10);
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
    dateAsserted: instant(end, 15 * 60),
    informationSource: chart.practitioner.reference,
    ...(prescription.problem ? { reasonReference: [prescription.problem] } : { reasonCode: [prescription.reason] }),
    dosage: dosages.get(medicine)!,
  } satisfies MedicationStatement);
}

/** Adds one prescription for a course of so many days. */
export function addCourse(chart: Chart, prescription: Prescription, days: number): void {
  const isOver = prescription.start + days < chart.today;
  addPrescription(chart, prescription, prescription.start, isOver ? 'completed' : 'active', days);
}

function addPrescription(
  chart: Chart,
  prescription: Prescription,
  day: Day,
  status: 'active' | 'completed',
  days: number,
): void {
  const { medicine, problem, reason, encounter, by = chart.practitioner } = prescription;
  const authoredOn = instant(day, 9 * 60 + chart.random.between(0, 360));
  chart.add(day, {
    resourceType: 'MedicationRequest',
    status,
    intent: 'order',
    category: prescription.inpatient ? inpatient : community,
    medicationCodeableConcept: codes.get(medicine)!,
    subject: chart.patient,
    ...(encounter ? { encounter } : {}),
    authoredOn,
    requester: by.role,
    ...(problem ? { reasonReference: [problem] } : { reasonCode: [reason] }),
    dosageInstruction: dosages.get(medicine)!,
    ...(prescription.inpatient
      ? {}
      : {
          dispenseRequest: {
            validityPeriod: { start: authoredOn.slice(0, 10), end: instant(day + 365, 0).slice(0, 10) },
            numberOfRepeatsAllowed: days > 100 ? 3 : 0,
            expectedSupplyDuration: { value: Math.min(days, 90), unit: 'd', system: codeSystems.ucum, code: 'd' },
          },
        }),
  } satisfies MedicationRequest);
}

function codeOf({ atc, substance, form, strength }: Medicine): Concept {
  const name = substance[0]!.toUpperCase() + substance.slice(1);
  return { ...concept(codeSystems.atc, atc, substance), text: `${name} ${form} ${strength}` };
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
