/** Personnel, organisations and documents by their reference, and found by name. */
import { queryOptions } from '@tanstack/react-query';
import type {
  Bundle,
  DocumentReference,
  FhirResource,
  Organization,
  Patient,
  Practitioner,
  RelatedPerson,
} from 'fhir/r4';
import { askJson } from '../session/ask.ts';
import { nameOf } from './names.ts';
import { wordsOf } from './words.ts';

/** One resource by its reference, `Practitioner/…`. */
export const referenceQuery = (reference: string) =>
  queryOptions({
    queryKey: ['reference', reference],
    queryFn: ({ signal }) => askJson<FhirResource>(`/fhir/${reference}`, { signal }),
    staleTime: 60_000,
  });

export type InDirectory = Practitioner | Organization;

export const directoryQuery = (type: 'Practitioner' | 'Organization', name: string) =>
  queryOptions({
    queryKey: ['directory', type, name],
    queryFn: async ({ signal }) => {
      const asked = new URLSearchParams([...name.split(/\s+/).map((word) => ['name', word]), ['_count', '10']] as [
        string,
        string,
      ][]);
      const bundle = await askJson<Bundle<InDirectory>>(`/fhir/${type}?${asked}`, { signal });
      return (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
    },
    enabled: name.length >= 2,
    staleTime: 60_000,
  });

/** What people call it. */
export function titleOf(resource: FhirResource): string {
  switch (resource.resourceType) {
    case 'Practitioner':
    case 'Patient':
    case 'RelatedPerson':
      return nameOf((resource as Practitioner | Patient | RelatedPerson).name);
    case 'Organization':
      return resource.name ?? '';
    case 'DocumentReference':
      return documentTitle(resource);
    default:
      return '';
  }
}

export function documentTitle({ description, type, content }: DocumentReference): string {
  return description ?? content[0]?.attachment.title ?? wordsOf(type);
}

/** What tells two of the same name apart: a profession, a town. */
export function detailOf(resource: InDirectory): string {
  if (resource.resourceType === 'Organization') return resource.address?.[0]?.city ?? '';
  return (resource.qualification ?? []).map(({ code }) => code.coding?.[0]?.display ?? code.text ?? '')[0] ?? '';
}
