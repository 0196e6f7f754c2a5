/** Patients found by what one typed, and those whom one looked at last. */
import { queryOptions } from '@tanstack/react-query';
import type { Bundle, Patient } from 'fhir/r4';
import { askJson } from '../session/ask.ts';
import { foundIn } from './queries.ts';

const shown = 'name,birthDate,identifier,gender,address,deceased';
export const foundMax = 30;

export type FoundPatients = { patients: Patient[]; isMore: boolean };

export const foundQuery = (sought: URLSearchParams | undefined, csrf: string) =>
  queryOptions({
    queryKey: ['patients', sought?.toString() ?? ''],
    queryFn: ({ signal }) => findPatients(sought as URLSearchParams, csrf, signal),
    enabled: sought !== undefined,
    staleTime: 15_000,
  });

async function findPatients(sought: URLSearchParams, csrf: string, signal: AbortSignal): Promise<FoundPatients> {
  const body = new URLSearchParams(sought);
  body.set('_elements', shown);
  body.set('_count', String(foundMax));
  body.set('_sort', 'family,given');
  const bundle = await askJson<Bundle>('/fhir/Patient/_search', { method: 'POST', body, csrf, signal });
  const { resources, isMore } = foundIn(bundle, 'Patient');
  return { patients: resources, isMore };
}

/** In the order of the ids. */
export const recentQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ['patients', 'recent', ids],
    queryFn: async ({ signal }) => {
      const asked = new URLSearchParams({ _id: ids.join(','), _elements: shown });
      const { resources } = foundIn(await askJson<Bundle>(`/fhir/Patient?${asked}`, { signal }), 'Patient');
      return ids.flatMap((id) => resources.find((patient) => patient.id === id) ?? []);
    },
    enabled: ids.length > 0,
  });
