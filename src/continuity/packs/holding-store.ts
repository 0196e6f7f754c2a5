/** Which patients' records this node, which is below another, holds whole. */
import type { Db } from '#kernel/db.ts';
import { patientBucket } from '#fhir/record/bucket.ts';

/** Those of the patients of whom all that is known above came here, with what everybody has (their bucket), and goes on coming. */
export async function wholeHere(db: Db, patients: readonly string[]): Promise<Set<string>> {
  const units = patients.flatMap((patient) => [patient, bucketUnit(patient)]);
  const rows = await db<{ unit: string }[]>`
    select unit from sync_holding where unit = any(${units}::text[]) and state = 'whole' and not is_stuck`;
  const whole = new Set(rows.map(({ unit }) => unit));
  return new Set(patients.filter((patient) => whole.has(patient) && whole.has(bucketUnit(patient))));
}

/** When the last version from above arrived; undefined: none ever did. Reads every version: for a node that starts without a line. */
export async function lastArrival(db: Db): Promise<number | undefined> {
  const [row] = await db<{ last: number | null }[]>`select max(arrived) as last from sync_version where came = 'above'`;
  return row?.last ?? undefined;
}

const bucketUnit = (patient: string): string => `#${patientBucket(patient)}`;
