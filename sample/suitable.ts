/** Which medicine suits a resident: none that is not tolerated or does not go with another; a child's form; less for old kidneys. */
import type { Day } from '#shared/days.ts';
import type { Chart } from './chart.ts';
import { medicines, type Medicine } from './medicines.ts';

/** What small children get instead of tablets and of adults' inhalers; other medicines by mouth are not for them. */
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
  budesonide: 'fluticasone-child',
  'formoterol-budesonide': 'fluticasone-child',
  'salmeterol-fluticasone': 'fluticasone-child',
};
/** From school age twice as much, as they weigh. */
const forSchoolChildren: Readonly<Record<string, string>> = {
  penicillin: 'penicillin-school',
  amoxicillin: 'amoxicillin-school',
  paracetamol: 'paracetamol-school',
  ibuprofen: 'ibuprofen-school',
};
const ofChildren: ReadonlySet<string> = new Set([...Object.values(forChildren), ...Object.values(forSchoolChildren)]);
const schoolAge = 6;
const tabletsFromAge = 12;
/** What general practice does not give to those under eighteen: for mind, sleep and strong pain. */
const forAdults = /^(N06A|N05B|N05C[DF]|N02A)/;
const adultFrom = 18;

/** Who takes the one does not get the other: bleeding, bone marrow, muscle, lithium level, rhythm. */
const interactions: readonly (readonly [taken: RegExp, notGiven: RegExp])[] = [
  [/^B01A[AF]/, /^(M01A|B01AC06|B01AC24|N02BA)/],
  [/^B01AC/, /^M01A/],
  [/^L04AX03/, /^(J01E|M01A)/],
  [/^C10AA/, /^J01FA/],
  [/^C08/, /^C10AA01/],
  [/^C10AA01/, /^C08/],
  [/^N05AN01/, /^(M01A|C09|C03)/],
  [/^(C09|C03)/, /^N05AN01/],
  [/^N06A[BX]/, /^(N02AX02|N02CC)/],
  [/^N02CC/, /^N06AX16/],
];

/** Less of what the kidneys take out. */
const forWeakKidneys: Readonly<Record<string, string>> = {
  metformin: 'metformin-low',
  rivaroxaban: 'rivaroxaban-low',
  edoxaban: 'edoxaban-low',
  sitagliptin: 'sitagliptin-low',
};
const apixabanLowFromAge = 80;

/** One of the medicines by their keys that suits the resident on that day; undefined when none does. */
export function permitted(chart: Chart, keys: readonly string[], day: Day): Medicine | undefined {
  const isChild = chart.ageInYears(day) < tabletsFromAge;
  const allowed = keys
    .map((key) => medicines.get(isChild ? childsKey(key, chart.ageInYears(day)) : key)!)
    .filter(({ key, route }) => !isChild || (route !== 'oral' && route !== 'intravenous') || ofChildren.has(key))
    .filter(({ atc }) => chart.ageInYears(day) >= adultFrom || !forAdults.test(atc))
    .filter(({ atc }) => !chart.avoided.some((start) => atc.startsWith(start)) && !interacts(chart, atc, day));
  return allowed.length === 0 ? undefined : forKidneys(chart, chart.random.pick(allowed));
}

function childsKey(key: string, age: number): string {
  return (age >= schoolAge ? forSchoolChildren[key] : undefined) ?? forChildren[key] ?? key;
}

function interacts(chart: Chart, atc: string, day: Day): boolean {
  return interactions.some(
    ([taken, notGiven]) =>
      notGiven.test(atc) &&
      chart.longTerm.some(
        ({ medicine, start, stop }) => taken.test(medicine.atc) && start <= day && (stop === undefined || stop > day),
      ),
  );
}

function forKidneys(chart: Chart, medicine: Medicine): Medicine {
  const isWeak = chart.problems.some(({ disease }) => disease.key === 'kidney');
  if (!isWeak) return medicine;
  if (medicine.key === 'apixaban' && chart.ageInYears(chart.lastDay) >= apixabanLowFromAge)
    return medicines.get('apixaban-low')!;
  return medicines.get(forWeakKidneys[medicine.key] ?? medicine.key)!;
}
