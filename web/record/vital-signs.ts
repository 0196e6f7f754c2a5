/** Vital signs as the record has them: how each is coded, what can be true of it, the rounds in which they were taken, and NEWS2 of a round. Pure. */
import type { Observation, Quantity } from 'fhir/r4';
import { news2, type Consciousness, type News2, type VitalValues } from '#shared/news2.ts';

export const signNames = [
  'breathing',
  'saturation',
  'oxygen',
  'systolic',
  'diastolic',
  'pulse',
  'consciousness',
  'temperature',
] as const;
export type SignName = (typeof signNames)[number];

/** The least and the most that is taken for true, and how many decimals are written. */
export const signBounds: Readonly<Record<Exclude<SignName, 'consciousness'>, readonly [number, number, number]>> = {
  breathing: [0, 80, 0],
  saturation: [30, 100, 0],
  oxygen: [0, 80, 1],
  systolic: [30, 320, 0],
  diastolic: [10, 220, 0],
  pulse: [0, 320, 0],
  temperature: [24, 45, 1],
};

/** As a ward says the letters of ACVPU; LOINC's answers have no C. */
export const consciousnessWords: Readonly<Record<Consciousness, string>> = {
  A: 'A: våken',
  C: 'C: nyoppstått forvirring',
  V: 'V: reagerer på tiltale',
  P: 'P: reagerer på smerte',
  U: 'U: reagerer ikke',
};

export type Signs = Partial<Record<Exclude<SignName, 'consciousness'>, number>> & { consciousness?: Consciousness };

type Coded = { code: string; display: string; text: string; unit: string; ucum: string };
const coded: Readonly<Record<'breathing' | 'saturation' | 'oxygen' | 'pulse' | 'temperature', Coded>> = {
  breathing: {
    code: '9279-1',
    display: 'Respiratory rate',
    text: 'Respirasjonsfrekvens',
    unit: '/min',
    ucum: '/min',
  },
  saturation: {
    code: '2708-6',
    display: 'Oxygen saturation in Arterial blood',
    text: 'Oksygenmetning',
    unit: '%',
    ucum: '%',
  },
  oxygen: {
    code: '3151-8',
    display: 'Inhaled oxygen flow rate',
    text: 'Oksygentilførsel',
    unit: 'L/min',
    ucum: 'L/min',
  },
  pulse: { code: '8867-4', display: 'Heart rate', text: 'Puls', unit: '/min', ucum: '/min' },
  temperature: { code: '8310-5', display: 'Body temperature', text: 'Temperatur', unit: '°C', ucum: 'Cel' },
};

const concept = (code: string, display: string, text: string): Observation['code'] => ({
  coding: [{ system: 'http://loinc.org', code, display }],
  text,
});
const quantity = (value: number, unit: string, code: string): Quantity => ({
  value,
  unit,
  system: 'http://unitsofmeasure.org',
  code,
});

/** What all of them share: whose, by whom, when. */
export type About = Pick<Observation, 'subject' | 'performer' | 'effectiveDateTime'> & Partial<Observation>;

/** One Observation a sign; blood pressure is one with two components. */
export function observationsOf(signs: Signs, about: About): Observation[] {
  const observation = (code: Observation['code'], rest: Partial<Observation>): Observation => ({
    resourceType: 'Observation',
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
    ],
    code,
    ...about,
    ...rest,
  });
  const single = (Object.keys(coded) as (keyof typeof coded)[]).flatMap((name) => {
    const value = signs[name];
    if (value === undefined) return [];
    const { code, display, text, unit, ucum } = coded[name];
    return observation(concept(code, display, text), { valueQuantity: quantity(value, unit, ucum) });
  });
  const { systolic, diastolic, consciousness } = signs;
  const pressure = [
    ...(systolic === undefined ? [] : [part('8480-6', 'Systolic blood pressure', systolic)]),
    ...(diastolic === undefined ? [] : [part('8462-4', 'Diastolic blood pressure', diastolic)]),
  ];
  return [
    ...single,
    ...(pressure.length === 0
      ? []
      : [
          observation(concept('85354-9', 'Blood pressure panel with all children optional', 'Blodtrykk'), {
            component: pressure,
          }),
        ]),
    ...(consciousness === undefined
      ? []
      : [
          observation(concept('67775-7', 'Level of responsiveness', 'Bevissthet (ACVPU)'), {
            valueCodeableConcept: { text: consciousnessWords[consciousness] },
          }),
        ]),
  ];
}

const part = (code: string, display: string, value: number): NonNullable<Observation['component']>[number] => ({
  code: { coding: [{ system: 'http://loinc.org', code, display }] },
  valueQuantity: quantity(value, 'mm[Hg]', 'mm[Hg]'),
});

/** What was measured together. `at` is milliseconds since 1970. */
export type Round = { at: number; signs: Signs; score: News2; by: string | undefined };

/** Measurements of one round are written within minutes. */
const roundMs = 20 * 60_000;

/** Newest first. What was entered by mistake is left out, and what patients measured at home: no ward is scored by that. */
export function roundsOf(observations: readonly Observation[]): Round[] {
  const read = observations
    .filter(({ status }) => status !== 'entered-in-error' && status !== 'cancelled')
    .filter(({ performer }) => performer?.[0]?.reference?.startsWith('Patient/') !== true)
    .map((one) => ({ at: Date.parse(one.effectiveDateTime ?? one.effectivePeriod?.start ?? ''), one }))
    .filter(({ at }) => !Number.isNaN(at))
    .sort((a, b) => b.at - a.at);
  const rounds: { at: number; signs: Signs; by: string | undefined }[] = [];
  for (const { at, one } of read) {
    const signs = signsIn(one);
    const names = Object.keys(signs) as SignName[];
    if (names.length === 0) continue;
    const open = rounds.at(-1);
    const belongs = open !== undefined && open.at - at <= roundMs && !names.some((name) => name in open.signs);
    if (belongs) Object.assign(open.signs, signs);
    else rounds.push({ at, signs: { ...signs }, by: one.performer?.[0]?.display });
  }
  return rounds.map((round) => ({ ...round, score: scoreOf(round.signs) }));
}

export function scoreOf({ breathing, saturation, oxygen, systolic, pulse, consciousness, temperature }: Signs): News2 {
  const values: VitalValues = {
    ...(breathing === undefined ? {} : { breathing }),
    ...(saturation === undefined ? {} : { saturation }),
    ...(oxygen === undefined ? {} : { hasOxygen: oxygen > 0 }),
    ...(systolic === undefined ? {} : { systolic }),
    ...(pulse === undefined ? {} : { pulse }),
    ...(consciousness === undefined ? {} : { consciousness }),
    ...(temperature === undefined ? {} : { temperature }),
  };
  return news2(values);
}

/** NEWS2 says something of a round that has at least these; a pulse alone does not. */
export function isScored({ score }: Pick<Round, 'score'>): boolean {
  return score.missing.length <= 2;
}

const nameOfCode: Readonly<Record<string, keyof typeof coded>> = {
  '9279-1': 'breathing',
  '2708-6': 'saturation',
  '59408-5': 'saturation',
  '3151-8': 'oxygen',
  '8867-4': 'pulse',
  '8310-5': 'temperature',
};

function signsIn({ code, component, valueQuantity, valueCodeableConcept, valueString }: Observation): Signs {
  const codes = (code.coding ?? []).map((coding) => coding.code ?? '');
  if (codes.includes('85354-9')) {
    const systolic = componentValue(component, '8480-6');
    const diastolic = componentValue(component, '8462-4');
    return { ...(systolic === undefined ? {} : { systolic }), ...(diastolic === undefined ? {} : { diastolic }) };
  }
  if (codes.includes('67775-7') || codes.includes('80288-4')) {
    const letter = (valueCodeableConcept?.text ?? valueCodeableConcept?.coding?.[0]?.display ?? valueString ?? '')
      .slice(0, 1)
      .toUpperCase();
    return letter in consciousnessWords ? { consciousness: letter as Consciousness } : {};
  }
  const name = codes.map((one) => nameOfCode[one]).find((one) => one !== undefined);
  const value = valueQuantity?.value;
  return name === undefined || value === undefined ? {} : { [name]: value };
}

function componentValue(components: Observation['component'], code: string): number | undefined {
  const found = components?.find((one) => one.code.coding?.some((coding) => coding.code === code));
  return found?.valueQuantity?.value;
}
