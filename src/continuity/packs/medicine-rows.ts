/** The medicines of a stay with the last dose and those that are due, as far as the record tells. Pure. */
import type { Dosage, MedicationAdministration, MedicationRequest, Quantity } from 'fhir/r4.js';
import { dueDoses } from '#shared/due-doses.ts';
import type { Medicine } from './contract.ts';
import { textOf } from '#shared/limits.ts';
import { disputedWords, isDisputed } from './disputed.ts';
import { localId } from './find-wards.ts';
import { sayInBokmal, type Say } from './phrases.ts';
import { numberWords } from './words.ts';

/** What is due is told late once so long has passed. */
const lateMs = 30 * 60_000;
/** A dose that was given this long before its time is that dose. */
const earlyMs = 60 * 60_000;
const dayMs = 86_400_000;

/** In the order of the next dose; infusions apart. What is ordered for outside the hospital is not given here. */
export function medicinesOf(
  requests: readonly MedicationRequest[],
  administrations: readonly MedicationAdministration[],
  now: number,
  say = sayInBokmal,
): { medicines: Medicine[]; infusions: Medicine[] } {
  const here = requests.filter(
    ({ status, category = [] }) =>
      status === 'active' && !category.some(({ coding = [] }) => coding.some(({ code }) => code === 'community')),
  );
  const all = here.map((request) => medicineOf(request, administrations, now, say));
  const next = ({ due, missed }: Medicine): number =>
    missed ?? (due.kind === 'times' ? (due.times[0] ?? Infinity) : due.kind === 'unsaid' ? 0 : Infinity);
  const byNext = (a: Medicine, b: Medicine): number => next(a) - next(b) || a.name.localeCompare(b.name, 'nb');
  return {
    medicines: all.filter(({ due }) => due.kind !== 'continuous').toSorted(byNext),
    infusions: all.filter(({ due }) => due.kind === 'continuous').toSorted(byNext),
  };
}

function medicineOf(
  request: MedicationRequest,
  administrations: readonly MedicationAdministration[],
  now: number,
  say: Say,
): Medicine {
  const dosages = request.dosageInstruction ?? [];
  const own = administrations
    .filter(({ request: asked }) => localId(asked?.reference, 'MedicationRequest') === request.id)
    .filter(({ status }) => status !== 'entered-in-error' && status !== 'unknown')
    .map((one) => ({ one, at: timeOf(one) }))
    .filter(({ at }) => at <= now)
    .toSorted((a, b) => a.at - b.at);
  const last = own.at(-1);
  return {
    request: request.id ?? '',
    name: [
      textOf(request.medicationCodeableConcept) ?? request.medicationReference?.display ?? say('uten navn'),
      ...(isDisputed(request) ? [say(disputedWords)] : []),
    ].join(' – '),
    dose: dosages
      .map((dosage) => doseWords(dosage, say))
      .filter(Boolean)
      .join(' / '),
    route: [...new Set(dosages.map(({ route }) => routeWords(textOf(route))))].filter(Boolean).join(', '),
    words: dosages
      .map(({ text }) => text ?? '')
      .filter(Boolean)
      .join('; '),
    last:
      last === undefined
        ? undefined
        : { at: last.at, dose: quantityWords(last.one.dosage?.dose, say), isGiven: last.one.status !== 'not-done' },
    due: dueDoses(dosages, now),
    missed: missedOf(dosages, request, last?.at, now),
  };
}

/** `Oral bruk`, `Bruk til inhalasjon`: without the word that all have. */
const routeWords = (text = ''): string => text.replace(/^Bruk (til|på) | bruk$/i, '').toLowerCase();

/** The latest time of a dose in the day that passed, where nothing is noted since: given, not given, or forgotten, nobody knows. */
function missedOf(
  dosages: readonly Dosage[],
  { authoredOn }: MedicationRequest,
  last: number | undefined,
  now: number,
): number | undefined {
  const from = Math.max(now - dayMs, authoredOn === undefined ? -Infinity : Date.parse(authoredOn));
  const due = dueDoses(dosages, from, (now - from) / 3_600_000);
  if (due.kind !== 'times') return undefined;
  const latest = due.times.findLast((at) => at < now - lateMs);
  return latest === undefined || (last !== undefined && last >= latest - earlyMs) ? undefined : latest;
}

function timeOf({ effectiveDateTime, effectivePeriod }: MedicationAdministration): number {
  return Date.parse(effectiveDateTime ?? effectivePeriod?.start ?? '');
}

function doseWords({ doseAndRate = [] }: Dosage, say: Say): string {
  const [first] = doseAndRate;
  if (first === undefined) return '';
  const { doseQuantity, doseRange, rateQuantity, rateRatio } = first;
  const range = doseRange ? `${quantityWords(doseRange.low, say)}–${quantityWords(doseRange.high, say)}` : '';
  const rate = rateQuantity
    ? quantityWords(rateQuantity, say)
    : rateRatio
      ? `${quantityWords(rateRatio.numerator, say)} per ${quantityWords(rateRatio.denominator, say)}`
      : '';
  return [quantityWords(doseQuantity, say), range, rate].filter(Boolean).join(', ');
}

function quantityWords(quantity: Quantity | undefined, say: Say): string {
  return quantity?.value === undefined
    ? ''
    : `${numberWords(quantity.value, say)} ${quantity.unit ?? quantity.code ?? ''}`.trim();
}
