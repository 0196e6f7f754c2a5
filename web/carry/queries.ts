/** The codes that one has made, and the whole record piece by piece. */
import { queryOptions } from '@tanstack/react-query';
import type { Bundle, FhirResource } from 'fhir/r4';
import type { ShareAnswer } from '#trust/control/contract.ts';
import { askJson } from '../session/ask.ts';

export const sharesQuery = (patient: string) =>
  queryOptions({
    queryKey: ['control', 'shares', patient],
    queryFn: ({ signal }) =>
      askJson<{ shares: ShareAnswer[] }>(`/api/control/shares?${new URLSearchParams({ patient })}`, { signal }),
  });

const pageMost = '500';

/** All that one may see of the record, with what it refers to; each once. */
export async function fetchWhole(patient: string): Promise<FhirResource[]> {
  const found = new Map<string, FhirResource>();
  let path: string | undefined = `/fhir/Patient/${encodeURIComponent(patient)}/$everything?_count=${pageMost}`;
  while (path !== undefined) {
    const bundle: Bundle<FhirResource> = await askJson<Bundle<FhirResource>>(path);
    for (const { resource } of bundle.entry ?? []) {
      if (resource !== undefined) found.set(`${resource.resourceType}/${resource.id}`, resource);
    }
    const next: string | undefined = bundle.link?.find(({ relation }) => relation === 'next')?.url;
    // The page asks its own node, by whatever name the links have it.
    path = next === undefined ? undefined : new URL(next).pathname + new URL(next).search;
  }
  return [...found.values()];
}
