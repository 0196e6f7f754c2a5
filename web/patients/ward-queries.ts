/** The ward as one list: who lies there, and of each what a shift has to know. A search a type for all of them at once. */
import { queryOptions } from '@tanstack/react-query';
import type { Bundle, Encounter, Patient, PractitionerRole, Task } from 'fhir/r4';
import { foundIn, type Found, type OfType, type TypeName } from '../record/queries.ts';
import { askJson } from '../session/ask.ts';
import { wardRowsOf, type WardRecords, type WardRow } from './ward-rows.ts';

const most = '1000';
const hourMs = 3_600_000;

export const wardQuery = (practitionerRole: string) =>
  queryOptions({
    queryKey: ['patients', 'ward', practitionerRole],
    queryFn: async ({ signal }): Promise<WardRow[]> => {
      const role = await askJson<PractitionerRole>(`/fhir/PractitionerRole/${practitionerRole}`, { signal });
      const stays = await staysAt(role.organization?.reference, signal);
      const patients = stays.patients.map(({ id }) => `Patient/${id}`);
      if (patients.length === 0) return [];
      return wardRowsOf(stays, await recordsOf(patients, signal), `PractitionerRole/${practitionerRole}`, Date.now());
    },
    refetchInterval: 60_000,
    staleTime: 20_000,
  });

async function staysAt(organisation: string | undefined, signal: AbortSignal) {
  const asked = new URLSearchParams({
    status: 'in-progress',
    class: 'IMP',
    'service-provider': organisation ?? '',
    _include: 'Encounter:patient',
    _count: '200',
  });
  const bundle = await askJson<Bundle>(`/fhir/Encounter?${asked}`, { signal });
  const encounters: Encounter[] = foundIn(bundle, 'Encounter').resources;
  const patients: Patient[] = foundIn(bundle, 'Patient').resources;
  return { encounters, patients };
}

async function recordsOf(patients: readonly string[], signal: AbortSignal): Promise<WardRecords> {
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const day = `ge${new Date(now - 24 * hourMs).toISOString()}`;
  const of = async <Type extends TypeName>(type: Type, more: Record<string, string>): Promise<OfType<Type>[]> => {
    const asked = new URLSearchParams({ patient: patients.join(','), ...more, _count: most });
    const { resources }: Found<Type> = foundIn<Type>(await askJson<Bundle>(`/fhir/${type}?${asked}`, { signal }), type);
    return resources;
  };
  const [observations, flags, consents, requests, doses, reports] = await Promise.all([
    of('Observation', { category: 'vital-signs', date: day }),
    of('Flag', {}),
    of('Consent', { status: 'active' }),
    of('MedicationRequest', { status: 'active,on-hold', category: 'inpatient' }),
    of('MedicationAdministration', { 'effective-time': day }),
    of('DiagnosticReport', { status: 'registered,partial,preliminary' }),
  ]);
  return { observations, flags, consents, requests, doses, reports };
}

export type OwnTask = { task: Task; patient: Patient | undefined };

/** What is mine to do, by when it is due. */
export const tasksQuery = (practitionerRole: string) =>
  queryOptions({
    queryKey: ['work', 'tasks', practitionerRole],
    queryFn: async ({ signal }): Promise<OwnTask[]> => {
      const asked = new URLSearchParams({
        owner: `PractitionerRole/${practitionerRole}`,
        status: 'requested,received,accepted,ready,in-progress,on-hold',
        _include: 'Task:patient',
        _count: '100',
      });
      const bundle = await askJson<Bundle>(`/fhir/Task?${asked}`, { signal });
      const patients = foundIn(bundle, 'Patient').resources;
      return foundIn(bundle, 'Task')
        .resources.map((task) => ({
          task,
          patient: patients.find(({ id }) => task.for?.reference === `Patient/${id}`),
        }))
        .sort((a, b) => dueOf(a.task) - dueOf(b.task));
    },
    staleTime: 15_000,
  });

export function dueOf({ restriction }: Task): number {
  return Date.parse(restriction?.period?.end ?? '9999-12-31');
}
