/** The medicines of a stay: what was given last, what is due next, and what seems to have been left out. Pure. */
import type { MedicationAdministration, MedicationRequest } from 'fhir/r4';
import { dueDoses, type Due } from '#shared/due-doses.ts';
import { codeOf, wordsOf } from './words.ts';

export type Dose = { at: number; isGiven: boolean; by: string | undefined; reason: string };
export type Ordered = {
  request: MedicationRequest;
  name: string;
  /** As the order says it. */
  dosage: string;
  last: Dose | undefined;
  due: Due;
  /** A time that has passed with no dose given or left out since: nobody knows. Milliseconds since 1970. */
  missed: number | undefined;
};

/** What is due is told late once so long has passed; what was given so long before its time is that dose. */
const lateMs = 30 * 60_000;
const earlyMs = 60 * 60_000;
const dayMs = 86_400_000;

/** Given in the house, by the next dose; prescriptions for outside are left out. */
export function orderedOf(
  requests: readonly MedicationRequest[],
  doses: readonly MedicationAdministration[],
  now: number,
): Ordered[] {
  return requests
    .filter(({ category = [] }) => !category.some((one) => codeOf(one) === 'community'))
    .map((request) => orderOf(request, doses, now))
    .sort((a, b) => nextOf(a) - nextOf(b) || a.name.localeCompare(b.name, 'nb'));
}

export function isPrescription({ category = [] }: MedicationRequest): boolean {
  return category.some((one) => codeOf(one) === 'community');
}

function nextOf({ due, missed }: Ordered): number {
  return missed ?? (due.kind === 'times' ? (due.times[0] ?? Infinity) : Infinity);
}

function orderOf(request: MedicationRequest, doses: readonly MedicationAdministration[], now: number): Ordered {
  const dosages = request.dosageInstruction ?? [];
  const last = dosesOf(request, doses)
    .filter(({ at }) => at <= now + 60_000)
    .at(-1);
  return {
    request,
    name: nameOf(request),
    dosage: dosages.flatMap(({ text }) => text ?? []).join('; '),
    last,
    due: dueDoses(dosages, now),
    missed: missedOf(request, last, now),
  };
}

export function nameOf({
  medicationCodeableConcept,
  medicationReference,
}: Pick<MedicationRequest, 'medicationCodeableConcept' | 'medicationReference'>): string {
  return medicationReference?.display ?? wordsOf(medicationCodeableConcept);
}

/** Oldest first; without what was entered by mistake. */
export function dosesOf({ id }: MedicationRequest, doses: readonly MedicationAdministration[]): Dose[] {
  return doses
    .filter(({ request, status }) => request?.reference === `MedicationRequest/${id}` && status !== 'entered-in-error')
    .map(({ effectiveDateTime, effectivePeriod, status, performer, statusReason }) => ({
      at: Date.parse(effectiveDateTime ?? effectivePeriod?.start ?? ''),
      isGiven: status !== 'not-done',
      by: performer?.[0]?.actor.display,
      reason: wordsOf(statusReason?.[0]),
    }))
    .filter(({ at }) => !Number.isNaN(at))
    .sort((a, b) => a.at - b.at);
}

function missedOf(
  { authoredOn, dosageInstruction = [] }: MedicationRequest,
  last: Dose | undefined,
  now: number,
): number | undefined {
  const from = Math.max(now - dayMs, authoredOn === undefined ? -Infinity : Date.parse(authoredOn));
  const due = dueDoses(dosageInstruction, from, (now - from) / 3_600_000);
  if (due.kind !== 'times') return undefined;
  const latest = due.times.findLast((at) => at < now - lateMs);
  return latest === undefined || (last !== undefined && last.at >= latest - earlyMs) ? undefined : latest;
}
