/** Who works where one works, and units: beside one's own, or by their name. */
import { queryOptions } from '@tanstack/react-query';
import type { Bundle, Organization, PractitionerRole, Reference } from 'fhir/r4';
import { askJson } from '../session/ask.ts';
import { foundIn } from './queries.ts';

/** The unit that a role is at. */
export const ownUnitQuery = (practitionerRole: string) =>
  queryOptions({
    queryKey: ['directory', 'own-unit', practitionerRole],
    queryFn: async ({ signal }): Promise<Reference> => {
      const role = await askJson<PractitionerRole>(`/fhir/PractitionerRole/${practitionerRole}`, { signal });
      return role.organization ?? {};
    },
    staleTime: 300_000,
  });

/** The unit itself first, then its people by name, without oneself. */
export const colleaguesQuery = (practitionerRole: string) =>
  queryOptions({
    queryKey: ['directory', 'colleagues', practitionerRole],
    queryFn: async ({ client, signal }): Promise<Reference[]> => {
      const unit = await client.ensureQueryData(ownUnitQuery(practitionerRole));
      if (unit.reference === undefined) return [];
      const asked = new URLSearchParams({ organization: unit.reference, active: 'true', _count: '500' });
      const bundle = await askJson<Bundle>(`/fhir/PractitionerRole?${asked}`, { signal });
      const people = foundIn(bundle, 'PractitionerRole').resources.flatMap(({ id, practitioner }): Reference[] =>
        id === practitionerRole || practitioner?.display === undefined
          ? []
          : [{ reference: `PractitionerRole/${id}`, display: practitioner.display }],
      );
      return [unit, ...people.sort((a, b) => (a.display ?? '').localeCompare(b.display ?? '', 'nb'))];
    },
    enabled: practitionerRole !== '',
    staleTime: 300_000,
  });

/** The other units of the same house. */
export const siblingUnitsQuery = (practitionerRole: string) =>
  queryOptions({
    queryKey: ['directory', 'siblings', practitionerRole],
    queryFn: async ({ client, signal }): Promise<Reference[]> => {
      const own = await client.ensureQueryData(ownUnitQuery(practitionerRole));
      const { partOf } = await askJson<Organization>(`/fhir/${own.reference}`, { signal });
      if (partOf?.reference === undefined) return [];
      const asked = new URLSearchParams({ partof: partOf.reference, active: 'true', _count: '200' });
      const bundle = await askJson<Bundle>(`/fhir/Organization?${asked}`, { signal });
      return foundIn(bundle, 'Organization')
        .resources.map(({ id, name }) => ({ reference: `Organization/${id}`, display: name ?? '' }))
        .filter(({ reference }) => reference !== own.reference)
        .sort((a, b) => a.display.localeCompare(b.display, 'nb'));
    },
    staleTime: 300_000,
  });

export const unitsQuery = (words: string) =>
  queryOptions({
    queryKey: ['directory', 'units', words],
    queryFn: async ({ signal }): Promise<Reference[]> => {
      const asked = new URLSearchParams(
        words
          .split(/[\s,.]+/)
          .filter(Boolean)
          .map((word): [string, string] => ['name:contains', word]),
      );
      asked.set('_count', '8');
      const bundle = await askJson<Bundle>(`/fhir/Organization?${asked}`, { signal });
      return foundIn(bundle, 'Organization').resources.map(({ id, name }) => ({
        reference: `Organization/${id}`,
        display: name ?? '',
      }));
    },
    enabled: words.length >= 2,
    staleTime: 60_000,
  });
