/** What the pages of paper ask: packs, forms that something is still to be done with, one form, and whom a form is about. */
import { queryOptions } from '@tanstack/react-query';
import type { Bundle, Patient } from 'fhir/r4';
import type { FormShown } from '#continuity/back-entry/contract.ts';
import type { PackShown } from '#continuity/packs/contract.ts';
import { foundIn } from '../record/queries.ts';
import { askJson } from '../session/ask.ts';

export type PacksAnswer = {
  packs: PackShown[];
  wards: { id: string; name: string }[];
  language: PackShown['language'];
};

export const packsQuery = queryOptions({
  queryKey: ['paper', 'packs'],
  queryFn: ({ signal }) => askJson<PacksAnswer>('/api/packs', { signal }),
  refetchInterval: 60_000,
});

export const formsQuery = queryOptions({
  queryKey: ['paper', 'forms'],
  queryFn: ({ signal }) => askJson<{ forms: FormShown[] }>('/api/back-entry/forms?count=500', { signal }),
});

export const formQuery = (code: string) =>
  queryOptions({
    queryKey: ['paper', 'form', code],
    queryFn: ({ signal }) => askJson<FormShown>(`/api/back-entry/forms/${encodeURIComponent(code)}`, { signal }),
  });

const foundMax = '10';

/** Patients by name or number: what is sought stands in no address. */
export const soughtQuery = (sought: string, csrf: string) =>
  queryOptions({
    queryKey: ['paper', 'sought', sought],
    queryFn: async ({ signal }) => {
      const digits = sought.replaceAll(' ', '');
      const by = /^\d{11}$/.test(digits) ? ['identifier', digits] : ['name', sought];
      const body = new URLSearchParams([by as [string, string], ['_count', foundMax]]);
      const bundle = await askJson<Bundle>('/fhir/Patient/_search', { method: 'POST', body, csrf, signal });
      return foundIn(bundle, 'Patient').resources as Patient[];
    },
    enabled: sought.length >= 2,
  });
