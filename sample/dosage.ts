/** How a medicine is taken: the words on the label, and the timing. */
import type { Dosage } from 'fhir/r4.js';
import { codeSystems, concept, type Concept } from './codes.ts';
import type { Medicine, RouteName } from './medicines.ts';

const routes: Readonly<Record<RouteName, Concept>> = {
  oral: concept(codeSystems.route, '53', 'Oral bruk'),
  inhaled: concept(codeSystems.route, '11', 'Bruk til inhalasjon'),
  subcutaneous: concept(codeSystems.route, '62', 'Subkutan bruk'),
  intramuscular: concept(codeSystems.route, '33', 'Intramuskulær bruk'),
  intravenous: concept(codeSystems.route, '43', 'Intravenøs bruk'),
  eye: concept(codeSystems.route, '52', 'Okulær bruk'),
  nasal: concept(codeSystems.route, '51', 'Nasal bruk'),
  skin: concept(codeSystems.route, '8', 'Bruk på hud'),
};
const periodNames = { d: 'daglig', wk: 'i uken', mo: 'i måneden' } as const;
const pluralPeriods = { d: 'dag', wk: 'uke', mo: 'måned' } as const;
const plurals: Readonly<Record<string, string>> = {
  tablett: 'tabletter',
  kapsel: 'kapsler',
  dose: 'doser',
  dosepose: 'doseposer',
  dråpe: 'dråper',
  plaster: 'plastre',
};
/** What the label says beside how much and how often. */
const remarks: Readonly<Record<string, string>> = {
  zopiclone: 'til natten ved behov',
  melatonin: 'én til to timer før leggetid',
  mirtazapine: 'til natten',
  quetiapine: 'om kvelden',
  simvastatin: 'om kvelden',
  nitroglycerin: 'under tungen ved brystsmerter',
  'insulin-aspart': 'til måltid',
  'insulin-glargine': 'om kvelden',
  alendronate: 'fastende om morgenen',
  methotrexate: 'samme dag hver uke',
  sumatriptan: 'ved anfall',
  latanoprost: 'i begge øyne om kvelden',
  chloramphenicol: 'i begge øyne',
  'artificial-tears': 'i begge øyne ved behov',
};

/** The dosage as the label says it, and as a timing. */
export function dosageOf(medicine: Medicine): Dosage {
  const { amount, unit, times, period, every, asNeeded, route } = medicine;
  return {
    text: labelOf(medicine),
    timing: { repeat: { frequency: times, period: every, periodUnit: period } },
    ...(asNeeded ? { asNeededBoolean: true } : {}),
    route: routes[route],
    doseAndRate: [{ doseQuantity: { value: amount, unit } }],
  };
}

/** `2 tabletter inntil 3 ganger daglig ved behov`. */
function labelOf({ key, amount, unit, times, period, every, asNeeded }: Medicine): string {
  const dose = `${String(amount).replace('.', ',')} ${amount === 1 ? unit : (plurals[unit] ?? unit)}`;
  const what = unit === 'påføring' ? 'Påføres' : dose;
  const remark = remarks[key];
  if (asNeeded && times === 1) return `${what} ${remark ?? 'ved behov'}`;
  const often =
    every === 1
      ? `${times} ${times === 1 ? 'gang' : 'ganger'} ${periodNames[period]}`
      : `hver ${every}. ${pluralPeriods[period]}`;
  return [what, ...(asNeeded ? ['inntil'] : []), often, ...(remark ? [remark] : asNeeded ? ['ved behov'] : [])].join(
    ' ',
  );
}

/** The minutes of the day at which a ward gives it; none for what is not given daily. */
export function doseMinutes({ times, period, every }: Medicine): readonly number[] {
  if (period !== 'd' || every !== 1) return [];
  return { 1: [480], 2: [480, 1200], 3: [480, 840, 1320] }[times] ?? [480, 720, 1080, 1320];
}

/** With the times at which doses are due. */
export function wardDosageOf(medicine: Medicine): Dosage {
  const dosage = dosageOf(medicine);
  const timeOfDay = doseMinutes(medicine).map((minute) => `${String(minute / 60).padStart(2, '0')}:00:00`);
  if (timeOfDay.length === 0 || medicine.asNeeded) return dosage;
  return { ...dosage, timing: { repeat: { period: 1, periodUnit: 'd', timeOfDay } } };
}
