/** A record made long by a patient’s own measurements, each time a month older: what a chart has to bear. */
import type { Fhir } from '#fhir/index.ts';
import type { Resource } from '#fhir/types.ts';

/**
 * @param observations of the patient, to be repeated
 * @param count so many more, in steps of what one import takes
 */
export async function lengthenRecord(fhir: Fhir, observations: readonly Resource[], count: number): Promise<void> {
  let left = count;
  for (let month = 1; left > 0; month++) {
    const older = observations.slice(0, left).map(({ id: _id, meta: _meta, ...rest }) => ({
      ...rest,
      effectiveDateTime: monthsBefore(String(rest['effectiveDateTime']), month),
    }));
    await fhir.importResources(older as Resource[]);
    left -= older.length;
  }
}

function monthsBefore(time: string, months: number): string {
  const date = new Date(time);
  date.setUTCMonth(date.getUTCMonth() - months);
  return date.toISOString();
}
