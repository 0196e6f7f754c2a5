/** What waits for one: tasks, referrals to assess; and what one waits for: tasks of others, orders. */
import { queryOptions } from '@tanstack/react-query';
import type { Bundle, Patient, Reference, ServiceRequest, Task } from 'fhir/r4';
import { ownUnitQuery } from '../record/colleagues.ts';
import { foundIn } from '../record/queries.ts';
import { askJson } from '../session/ask.ts';
import { referralsIn, type Referral } from './referrals.ts';

export type Of<Resource> = { resource: Resource; patient: Patient | undefined };

const openStates = 'requested,received,accepted,ready,in-progress,on-hold';
const me = (role: string): string => `PractitionerRole/${role}`;

async function search(
  type: 'Task' | 'ServiceRequest',
  asked: Record<string, string>,
  signal: AbortSignal,
): Promise<Bundle> {
  return askJson<Bundle>(`/fhir/${type}?${new URLSearchParams({ ...asked, _include: `${type}:patient` })}`, { signal });
}

function withPatients<One extends Task | ServiceRequest>(
  bundle: Bundle,
  resources: readonly One[],
  about: (one: One) => Reference | undefined,
): Of<One>[] {
  const patients = foundIn(bundle, 'Patient').resources;
  return resources.map((resource) => ({
    resource,
    patient: patients.find(({ id }) => about(resource)?.reference === `Patient/${id}`),
  }));
}

/** By when they are due. `mine`: for me or my unit; `given`: asked for by me, of others. */
export const tasksQuery = (role: string, whose: 'mine' | 'given') =>
  queryOptions({
    queryKey: ['work', 'tasks', role, whose],
    queryFn: async ({ client, signal }): Promise<Of<Task>[]> => {
      const unit = await client.ensureQueryData(ownUnitQuery(role));
      const owners = [me(role), unit.reference].filter((one) => one !== undefined).join(',');
      const asked = whose === 'mine' ? { owner: owners } : { requester: me(role) };
      const bundle = await search('Task', { ...asked, status: openStates, _count: '200' }, signal);
      const tasks = foundIn(bundle, 'Task').resources.filter(
        ({ owner, focus }) =>
          (whose === 'mine' || owner?.reference !== me(role)) &&
          // Those stand among the referrals.
          !(whose === 'mine' && focus?.reference?.startsWith('ServiceRequest/')),
      );
      return withPatients(bundle, tasks, (one) => one.for).sort((a, b) => dueOf(a.resource) - dueOf(b.resource));
    },
    staleTime: 15_000,
  });

export function dueOf({ restriction }: Task): number {
  return Date.parse(restriction?.period?.end ?? '9999-12-31');
}

/** Those sent to one's unit that nobody has assessed, the most urgent first. */
export const referralsQuery = (role: string) =>
  queryOptions({
    queryKey: ['work', 'referrals', role],
    queryFn: async ({ client, signal }): Promise<Referral[]> => {
      const unit = await client.ensureQueryData(ownUnitQuery(role));
      const performer = [me(role), unit.reference].filter((one) => one !== undefined).join(',');
      const asked = { performer, status: 'active', _revinclude: 'Task:focus', _count: '200' };
      const bundle = await search('ServiceRequest', asked, signal);
      const { resources: requests, isMore: _ } = foundIn(bundle, 'ServiceRequest');
      return referralsIn(
        withPatients(bundle, requests, (one) => one.subject),
        foundIn(bundle, 'Task').resources,
      );
    },
    staleTime: 15_000,
  });

/** What one has ordered, the newest first. */
export const ordersQuery = (role: string) =>
  queryOptions({
    queryKey: ['work', 'orders', role],
    queryFn: async ({ signal }): Promise<Of<ServiceRequest>[]> => {
      const bundle = await search('ServiceRequest', { requester: me(role), _sort: '-authored', _count: '50' }, signal);
      return withPatients(bundle, foundIn(bundle, 'ServiceRequest').resources, (one) => one.subject);
    },
    staleTime: 15_000,
  });
