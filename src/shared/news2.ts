/**
 * NEWS2, the National Early Warning Score (Royal College of Physicians, 2017), as Norwegian hospitals use it. Pure. It is made for those of 16 years or
 * more who are not pregnant. Where a value is missing the sum is a least one: it is never shown as a score.
 */

export type Consciousness = 'A' | 'C' | 'V' | 'P' | 'U';

export type VitalValues = {
  /** Breaths a minute. */
  breathing?: number;
  /** Per cent. */
  saturation?: number;
  hasOxygen?: boolean;
  /** mmHg. */
  systolic?: number;
  /** Beats a minute. */
  pulse?: number;
  consciousness?: Consciousness;
  /** Degrees Celsius. */
  temperature?: number;
};

export type Parameter = 'breathing' | 'saturation' | 'oxygen' | 'systolic' | 'pulse' | 'consciousness' | 'temperature';

export type News2 = {
  /** The sum of what is known: the score where nothing is missing, else the least that it can be. */
  sum: number;
  missing: readonly Parameter[];
  /** A single parameter gives three points: urgent, whatever the sum. */
  hasThree: boolean;
  risk: 'low' | 'lowMedium' | 'medium' | 'high';
};

/** From the least value on, the points: read from the top, the first whose bound is reached. */
type Steps = readonly (readonly [least: number, points: number])[];

const breathing: Steps = [
  [25, 3],
  [21, 2],
  [12, 0],
  [9, 1],
  [-Infinity, 3],
];
const saturation1: Steps = [
  [96, 0],
  [94, 1],
  [92, 2],
  [-Infinity, 3],
];
/** Scale 2, for those whose target is 88–92 % (hypercapnic respiratory failure), by a doctor's decision: breathing air. */
const saturation2Air: Steps = [
  [88, 0],
  [86, 1],
  [84, 2],
  [-Infinity, 3],
];
/** On oxygen, too much counts too. */
const saturation2Oxygen: Steps = [
  [97, 3],
  [95, 2],
  [93, 1],
  [88, 0],
  [86, 1],
  [84, 2],
  [-Infinity, 3],
];
const systolic: Steps = [
  [220, 3],
  [111, 0],
  [101, 1],
  [91, 2],
  [-Infinity, 3],
];
const pulse: Steps = [
  [131, 3],
  [111, 2],
  [91, 1],
  [51, 0],
  [41, 1],
  [-Infinity, 3],
];
const temperature: Steps = [
  [39.1, 2],
  [38.1, 1],
  [36.1, 0],
  [35.1, 1],
  [-Infinity, 3],
];

const pointsBy = (steps: Steps, value: number): number => steps.find(([least]) => value >= least)?.[1] ?? 0;

export function news2(values: VitalValues, { scale = 1 }: { scale?: 1 | 2 } = {}): News2 {
  const { hasOxygen } = values;
  const saturation = scale === 1 ? saturation1 : hasOxygen === true ? saturation2Oxygen : saturation2Air;
  // On scale 2 the points of the saturation are not known where it is not known whether there is oxygen.
  const isScaleKnown = scale === 1 || hasOxygen !== undefined;
  const points: Record<Parameter, number | undefined> = {
    breathing: by(breathing, whole(values.breathing)),
    saturation: isScaleKnown ? by(saturation, whole(values.saturation)) : undefined,
    oxygen: hasOxygen === undefined ? undefined : hasOxygen ? 2 : 0,
    systolic: by(systolic, whole(values.systolic)),
    pulse: by(pulse, whole(values.pulse)),
    consciousness: values.consciousness === undefined ? undefined : values.consciousness === 'A' ? 0 : 3,
    temperature: by(temperature, values.temperature === undefined ? undefined : tenths(values.temperature)),
  };
  const known = Object.values(points).filter((one) => one !== undefined);
  const sum = known.reduce((all, one) => all + one, 0);
  const hasThree = known.includes(3);
  const missing = (Object.keys(points) as Parameter[]).filter((parameter) => points[parameter] === undefined);
  return { sum, missing, hasThree, risk: riskOf(sum, hasThree) };
}

const by = (steps: Steps, value: number | undefined): number | undefined =>
  value === undefined ? undefined : pointsBy(steps, value);
const whole = (value: number | undefined): number | undefined => (value === undefined ? undefined : Math.round(value));
const tenths = (value: number): number => Math.round(value * 10) / 10;

function riskOf(sum: number, hasThree: boolean): News2['risk'] {
  if (sum >= 7) return 'high';
  if (sum >= 5) return 'medium';
  return hasThree ? 'lowMedium' : 'low';
}
