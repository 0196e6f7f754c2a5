/** Times as a person types them in a field (`2026-11-23T04:10`, no zone): always on a Norwegian clock, wherever the browser is. */

const timeZone = 'Europe/Oslo';
const typedForm = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/;
const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });

/** Milliseconds since 1970; undefined for what is no time. A time that a clock skips is an hour later; of one that it shows twice it is the first. */
export function instantOf(typed: string): number | undefined {
  const match = typedForm.exec(typed);
  if (match === null) return undefined;
  const wanted = Date.parse(`${match[0]}:00Z`);
  if (Number.isNaN(wanted)) return undefined;
  const offsetAt = (at: number): number => Date.parse(`${clock.format(at).replace(' ', 'T')}Z`) - at;
  const early = wanted - offsetAt(wanted - 86_400_000);
  return early + offsetAt(early) === wanted ? early : wanted - offsetAt(wanted + 86_400_000);
}

/** As the field wants it: `2026-11-23T04:10`. */
export function typedOf(instant: number): string {
  return clock
    .format(Math.floor(instant / 60_000) * 60_000)
    .replace(' ', 'T')
    .slice(0, 16);
}
