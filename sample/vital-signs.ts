/** Vital signs as the R4 vital-signs profiles ask: LOINC, UCUM, blood pressure as one observation with two components. */
import type { Observation } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, type Chart, type Visit } from './chart.ts';
import { codeSystems, concept, hl7, type Concept } from './codes.ts';

const category = [hl7('observation-category', 'vital-signs', 'Vital Signs')];

const named = (code: string, display: string, text: string): Concept => ({
  ...concept(codeSystems.loinc, code, display),
  text,
});

type Sign = { code: Concept; unit: string; ucum: string; decimals: number };

const signs = {
  pulse: { code: named('8867-4', 'Heart rate', 'Puls'), unit: '/min', ucum: '/min', decimals: 0 },
  breathing: {
    code: named('9279-1', 'Respiratory rate', 'Respirasjonsfrekvens'),
    unit: '/min',
    ucum: '/min',
    decimals: 0,
  },
  saturation: {
    code: named('2708-6', 'Oxygen saturation in Arterial blood', 'Oksygenmetning'),
    unit: '%',
    ucum: '%',
    decimals: 0,
  },
  temperature: { code: named('8310-5', 'Body temperature', 'Temperatur'), unit: '°C', ucum: 'Cel', decimals: 1 },
  weight: { code: named('29463-7', 'Body weight', 'Vekt'), unit: 'kg', ucum: 'kg', decimals: 1 },
  height: { code: named('8302-2', 'Body height', 'Høyde'), unit: 'cm', ucum: 'cm', decimals: 0 },
  massIndex: {
    code: named('39156-5', 'Body mass index (BMI) [Ratio]', 'Kroppsmasseindeks'),
    unit: 'kg/m2',
    ucum: 'kg/m2',
    decimals: 1,
  },
  head: {
    code: named('9843-4', 'Head Occipital-frontal circumference', 'Hodeomkrets'),
    unit: 'cm',
    ucum: 'cm',
    decimals: 1,
  },
} as const satisfies Record<string, Sign>;

const bloodPressure = named('85354-9', 'Blood pressure panel with all children optional', 'Blodtrykk');
const systolic = concept(codeSystems.loinc, '8480-6', 'Systolic blood pressure');
const diastolic = concept(codeSystems.loinc, '8462-4', 'Diastolic blood pressure');
const pressureUnit = { unit: 'mm[Hg]', system: codeSystems.ucum, code: 'mm[Hg]' } as const;

/** Degrees above the usual; how short of breath (2 is severe); beats above the usual; breaths a minute above it at full saturation. */
export type Illness = { fever?: number; breathless?: number; pulse?: number; deepBreaths?: number };

/** Values as they were written. */
export type Signs = Partial<
  Record<'temperature' | 'breathing' | 'saturation' | 'systolic' | 'diastolic' | 'pulse', number>
>;

/** Blood pressure and pulse, as at most visits to a doctor. */
export function addCirculation(
  chart: Chart,
  visit: Visit,
  day = visit.day,
  minute = visit.minute + 5,
  illness: Illness = {},
): Signs {
  const { random } = chart;
  const age = chart.ageInYears(day);
  const isTreated = chart.has('hypertension', day);
  const high =
    (age < 18 ? 92 + age * 1.6 : 112 + (age - 18) * 0.3) + (isTreated ? 10 : 0) + chart.build * 3 + random.normal() * 8;
  const low = restingLow(age) + (isTreated ? 4 : 0) + random.normal() * 4;
  const upper = Math.round(Math.max(high, low + (age > 60 ? 38 : 28)));
  const lower = Math.round(low);
  const effectiveDateTime = instant(day, minute);
  chart.add(day, {
    resourceType: 'Observation',
    status: 'final',
    category,
    code: bloodPressure,
    subject: chart.patient,
    encounter: visit.reference,
    effectiveDateTime,
    performer: [visit.practitioner.reference],
    component: [
      { code: systolic, valueQuantity: { value: upper, ...pressureUnit } },
      { code: diastolic, valueQuantity: { value: lower, ...pressureUnit } },
    ],
  } satisfies Observation);
  const resting = age < 1 ? 130 : age < 12 ? 112 - age * 3 : 70;
  const beats = resting + (illness.fever ?? 0) * 9 + (illness.pulse ?? 0) + (illness.breathless ?? 0) * 7;
  const pulse = addSign(chart, visit, 'pulse', beats + random.normal() * 7, day, minute);
  return { systolic: upper, diastolic: lower, pulse };
}

/** The lower pressure rises until the fifties, and falls after: old arteries are stiff. */
function restingLow(age: number): number {
  if (age < 18) return 58 + age * 0.8;
  return age < 55 ? 72 + (age - 18) * 0.22 : 80 - (age - 55) * 0.3;
}

/** Temperature, breathing and oxygen saturation, as of the acutely ill. */
export function addAcuteSigns(
  chart: Chart,
  visit: Visit,
  illness: Illness,
  day = visit.day,
  minute = visit.minute + 5,
): Signs {
  const { random } = chart;
  const age = chart.ageInYears(day);
  const breathless = (illness.breathless ?? 0) + (chart.has('copd', day) ? 1 : 0);
  const temperature = addSign(
    chart,
    visit,
    'temperature',
    36.8 + (illness.fever ?? 0) + random.normal() * 0.3,
    day,
    minute,
  );
  const breathing = addSign(
    chart,
    visit,
    'breathing',
    (age < 2 ? 32 : age < 12 ? 22 : 15) +
      breathless * 4 +
      (illness.fever ?? 0) * 2 +
      (illness.deepBreaths ?? 0) +
      random.normal() * 1.5,
    day,
    minute,
  );
  const level = Math.min(100, 97.6 - breathless * 3 + random.normal() * 1.1);
  const saturation = addSign(chart, visit, 'saturation', level, day, minute);
  return { temperature, breathing, saturation };
}

/** Height, weight and body mass index; of small children the head too. */
export function addBody(chart: Chart, visit: Visit): void {
  const { day, minute } = visit;
  const age = chart.ageInYears(day);
  const height = heightAt(age, chart.person.sex === 'male') * (1 + Math.max(-2, Math.min(2, chart.stature)) * 0.036);
  const build = Math.max(-1.8, Math.min(2.2, chart.build)) * (age < 2 ? 0.06 : age < 18 ? 0.1 : 0.13);
  const index = indexAt(age) * (1 + build) + chart.random.normal() * 0.3;
  const weight = index * (height / 100) ** 2;
  addSign(chart, visit, 'height', height, day, minute + 3);
  addSign(chart, visit, 'weight', weight, day, minute + 3);
  if (age >= 2) addSign(chart, visit, 'massIndex', index, day, minute + 3);
  else addSign(chart, visit, 'head', 35 + 12 * (1 - Math.exp(-1.9 * age)) + chart.stature * 0.8, day, minute + 3);
}

function addSign(
  chart: Chart,
  visit: Visit,
  name: keyof typeof signs,
  value: number,
  day: Day,
  minute: number,
): number {
  const { code, unit, ucum, decimals } = signs[name];
  const rounded = Number(value.toFixed(decimals));
  chart.add(day, {
    resourceType: 'Observation',
    status: 'final',
    category,
    code,
    subject: chart.patient,
    encounter: visit.reference,
    effectiveDateTime: instant(day, minute),
    performer: [visit.practitioner.reference],
    valueQuantity: { value: rounded, unit, system: codeSystems.ucum, code: ucum },
  } satisfies Observation);
  return rounded;
}

/** Centimetres at an age in years: a smooth curve through the usual milestones (50 at birth, 75 at one, 87 at two, 138 at ten). */
function heightAt(age: number, isMale: boolean): number {
  const adult = isMale ? 180 : 167;
  if (age < 2) return 50 + (37 * (1 - Math.exp(-1.25 * age))) / (1 - Math.exp(-2.5));
  if (age < 10) return 87 + (age - 2) * 6.4;
  const grown = isMale ? 17.5 : 15.5;
  if (age < grown) return 138.2 + ((adult - 138.2) * (age - 10)) / (grown - 10);
  return age > 60 ? adult - (age - 60) * 0.15 : adult;
}

function indexAt(age: number): number {
  if (age < 0.5) return 13.7 + age * 6.6;
  if (age < 1) return 17;
  if (age < 18) return age < 6 ? 16.8 - age * 0.22 : 15.5 + (age - 6) * 0.5;
  return age < 65 ? 23.2 + (age - 18) * 0.09 : 27.4 - (age - 65) * 0.06;
}
