/** Those who come to one, with whom. */
import { queryOptions } from '@tanstack/react-query';
import type { Appointment, Bundle, Patient } from 'fhir/r4';
import { foundIn } from '../record/queries.ts';
import { askJson } from '../session/ask.ts';

export type Visit = { appointment: Appointment; patient: Patient };

/** Those who come to one on a day (`2026-11-23`), by the hour. */
export const visitsQuery = (practitionerRole: string, day: string) =>
  queryOptions({
    queryKey: ['patients', 'visits', practitionerRole, day],
    queryFn: async ({ signal }): Promise<Visit[]> => {
      const asked = new URLSearchParams({
        date: day,
        actor: `PractitionerRole/${practitionerRole}`,
        _include: 'Appointment:patient',
        _sort: 'date',
        _count: '100',
      });
      const bundle = await askJson<Bundle>(`/fhir/Appointment?${asked}`, { signal });
      const patients = foundIn(bundle, 'Patient').resources;
      return foundIn(bundle, 'Appointment').resources.flatMap((appointment) => {
        const named = appointment.participant.map(({ actor }) => actor?.reference);
        const patient = patients.find(({ id }) => named.includes(`Patient/${id}`));
        return patient === undefined || appointment.status === 'cancelled' ? [] : [{ appointment, patient }];
      });
    },
  });
