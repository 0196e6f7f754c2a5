/** What pages ask of the record: one resource, or all that a search finds. Always for a named patient, so that a refusal says why. */
import { queryOptions } from '@tanstack/react-query';
import type { Bundle, FhirResource, Patient } from 'fhir/r4';
import { askJson } from '../session/ask.ts';

export type TypeName = FhirResource['resourceType'];
export type OfType<Type extends TypeName> = Extract<FhirResource, { resourceType: Type }>;

/** What was found, and when it was asked for. `isMore`: there is more than was fetched. */
export type Found<Type extends TypeName> = { resources: OfType<Type>[]; isMore: boolean };

export const patientQuery = (id: string) =>
  queryOptions({
    queryKey: ['record', id, 'Patient'],
    queryFn: ({ signal }) => askJson<Patient>(`/fhir/Patient/${encodeURIComponent(id)}`, { signal }),
    staleTime: 60_000,
  });

/** A search in the record of one patient. */
export const recordQuery = <Type extends TypeName>(patient: string, type: Type, parameters: Record<string, string>) =>
  queryOptions({
    queryKey: ['record', patient, type, parameters],
    queryFn: ({ signal }) => searchRecord<Type>(patient, type, parameters, signal),
    staleTime: 15_000,
  });

export type RecordQuery<Type extends TypeName> = ReturnType<typeof recordQuery<Type>>;

async function searchRecord<Type extends TypeName>(
  patient: string,
  type: Type,
  parameters: Record<string, string>,
  signal: AbortSignal,
): Promise<Found<Type>> {
  const asked = new URLSearchParams({ patient: `Patient/${patient}`, ...parameters });
  const bundle = await askJson<Bundle>(`/fhir/${type}?${asked}`, { signal });
  return foundIn<Type>(bundle, type);
}

/** What a bundle found of a type; other types in it were included. */
export function foundIn<Type extends TypeName>(bundle: Bundle, type: Type): Found<Type> {
  const all = (bundle.entry ?? []).flatMap(({ resource }) => (resource === undefined ? [] : [resource]));
  const resources = all.filter((one): one is OfType<Type> => one.resourceType === type);
  return { resources, isMore: bundle.link?.some(({ relation }) => relation === 'next') ?? false };
}

/** One resource of a patient's record. */
export const resourceQuery = (patient: string, type: TypeName, id: string) =>
  queryOptions({
    queryKey: ['record', patient, type, id],
    queryFn: ({ signal }) => askJson<FhirResource>(`/fhir/${type}/${encodeURIComponent(id)}`, { signal }),
    staleTime: 5_000,
  });

/** Stays and contacts under way. */
export const staysQuery = (patient: string) =>
  recordQuery(patient, 'Encounter', { status: 'in-progress', _count: '5' });

/** Vital signs of late, newest first. */
export const vitalsQuery = (patient: string) =>
  recordQuery(patient, 'Observation', { category: 'vital-signs', _sort: '-date', _count: '100' });
