/** Of each who lies on a ward what a shift has to know, as one row. Pure. */
import type {
  Consent,
  DiagnosticReport,
  Encounter,
  Flag,
  MedicationAdministration,
  MedicationRequest,
  Observation,
  Patient,
  Reference,
} from 'fhir/r4';
import { isIsolation, isLimit, isLimitConsent, limitText } from '#shared/limits.ts';
import { orderedOf } from '../record/ordered.ts';
import { bedOf } from '../record/places.ts';
import { isScored, roundsOf, type Round } from '../record/vital-signs.ts';
import { wordsOf } from '../record/words.ts';

export type WardRecords = {
  observations: readonly Observation[];
  flags: readonly Flag[];
  consents: readonly Consent[];
  requests: readonly MedicationRequest[];
  doses: readonly MedicationAdministration[];
  reports: readonly DiagnosticReport[];
};

export type WardRow = {
  patient: Patient;
  encounter: Encounter;
  bed: string;
  /** Whoever asks takes part in the stay. */
  isMine: boolean;
  /** Of the last day; `change` is against the round before it. */
  round: Round | undefined;
  change: number | undefined;
  /** Milliseconds since 1970. */
  nextDose: number | undefined;
  missedDose: number | undefined;
  pending: readonly string[];
  limits: readonly string[];
  isolation: readonly string[];
};

export function wardRowsOf(
  { encounters, patients }: { encounters: readonly Encounter[]; patients: readonly Patient[] },
  records: WardRecords,
  role: string,
  now: number,
): WardRow[] {
  return encounters
    .flatMap((encounter) => {
      const patient = patients.find(({ id }) => encounter.subject?.reference === `Patient/${id}`);
      return patient === undefined ? [] : [rowOf(encounter, patient, records, role, now)];
    })
    .sort((a, b) => a.bed.localeCompare(b.bed, 'nb', { numeric: true }));
}

function rowOf(encounter: Encounter, patient: Patient, records: WardRecords, role: string, now: number): WardRow {
  const own = ({ reference }: Reference = {}): boolean => reference === `Patient/${patient.id}`;
  const [round, before] = roundsOf(records.observations.filter(({ subject }) => own(subject))).filter(isScored);
  const ordered = orderedOf(
    records.requests.filter(({ subject }) => own(subject)),
    records.doses.filter(({ subject }) => own(subject)),
    now,
  );
  const flags = records.flags.filter(({ subject, status }) => own(subject) && status === 'active');
  const directives = records.consents.filter((one) => own(one.patient) && isLimitConsent(one)).map(limitText);
  return {
    patient,
    encounter,
    bed: bedOf(encounter),
    isMine: (encounter.participant ?? []).some(({ individual }) => individual?.reference === role),
    round,
    change: round && before ? round.score.sum - before.score.sum : undefined,
    nextDose: least(ordered.flatMap(({ due }) => (due.kind === 'times' ? (due.times[0] ?? []) : []))),
    missedDose: least(ordered.flatMap(({ missed }) => missed ?? [])),
    pending: records.reports.filter(({ subject }) => own(subject)).map(({ code }) => wordsOf(code)),
    limits: [...flags.filter(isLimit).map(({ code }) => wordsOf(code)), ...directives],
    isolation: flags.filter(isIsolation).map(({ code }) => wordsOf(code)),
  };
}

const least = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.min(...values);

/** The worst first; who was not measured comes before who is well, since nobody knows. */
export function byWorst(a: WardRow, b: WardRow): number {
  const weight = ({ round }: WardRow): number =>
    round === undefined ? 0.5 : round.score.sum + (round.score.hasThree ? 2 : 0);
  return weight(b) - weight(a);
}
