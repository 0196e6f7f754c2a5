/** Where a patient lies. */
import type { Encounter } from 'fhir/r4';

/** `Rom 106, seng A`: the last parts of the place, without the ward, which the page tells. */
export function bedOf({ location }: Encounter): string {
  const now = location?.find(({ status }) => status === 'active') ?? location?.at(-1);
  const parts = (now?.location.display ?? '').split(', ');
  return parts.length > 2 ? parts.slice(-2).join(', ') : parts.join(', ');
}

/** Ward, room and bed. */
export function placeOf({ location, serviceProvider }: Encounter): string {
  const now = location?.find(({ status }) => status === 'active') ?? location?.at(-1);
  return now?.location.display ?? serviceProvider?.display ?? '';
}
