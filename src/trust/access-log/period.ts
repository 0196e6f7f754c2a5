/** A period as pages ask for it: instants, or whole days in Norway. */
import { Calendar } from '#fhir/search/calendar.ts';

const calendar = new Calendar('Europe/Oslo');

/** Milliseconds since 1970: from this on, and before this; `until` as a day counts with that day. */
export function periodOf({ from, until }: { from?: string | undefined; until?: string | undefined }): {
  from?: number;
  until?: number;
} {
  const begins = from === undefined ? undefined : calendar.parse(from)?.low;
  const end = until === undefined ? undefined : calendar.parse(until);
  const ends = end && (end.precision === 'time' ? end.low : end.high);
  return { ...(begins === undefined ? {} : { from: begins }), ...(ends === undefined ? {} : { until: ends }) };
}
