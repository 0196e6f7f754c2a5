import type { ServiceRequest, Task } from 'fhir/r4';
import { expect, test } from 'vitest';
import { assessed, deadlineOf, referralsIn } from './referrals.ts';

const request = (id: string, more: Partial<ServiceRequest> = {}): ServiceRequest => ({
  resourceType: 'ServiceRequest',
  id,
  meta: { versionId: '1-region' },
  status: 'active',
  intent: 'order',
  category: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.8306', code: 'N' }] }],
  subject: { reference: 'Patient/1' },
  ...more,
});
const task = (about: string, more: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  id: `task-${about}`,
  status: 'requested',
  intent: 'order',
  focus: { reference: `ServiceRequest/${about}` },
  ...more,
});
const of = (resource: ServiceRequest) => ({ resource, patient: undefined });
const author = { reference: 'PractitionerRole/1', display: 'Kari Lege' };

test('blood tests are no referrals, and what was assessed does not wait', () => {
  const requests = [
    of(request('1', { category: [{ text: 'Laboratorieprøver' }] })),
    of(request('2')),
    of(request('3')),
  ];
  const tasks = [task('2', { status: 'completed' }), task('3')];
  expect(referralsIn(requests, tasks).map(({ resource }) => resource.id)).toEqual(['3']);
});

test('the most urgent comes first, then the one whose deadline is nearest', () => {
  const requests = [
    of(request('late', { occurrencePeriod: { end: '2027-03-01' } })),
    of(request('soon', { occurrencePeriod: { end: '2027-01-01' } })),
    of(request('urgent', { priority: 'urgent', occurrencePeriod: { end: '2027-02-01' } })),
  ];
  const tasks = [task('soon', { restriction: { period: { end: '2026-12-01T12:00:00Z' } } })];
  const found = referralsIn(requests, tasks);
  expect(found.map(({ resource }) => resource.id)).toEqual(['urgent', 'soon', 'late']);
  expect(deadlineOf(found[1] as never)).toBe('2026-12-01T12:00:00Z');
});

test('what is returned says why and is no longer asked for; what is sent on waits at the other unit', () => {
  const referral = { ...of(request('1')), task: task('1') };
  const unit = { reference: 'Organization/2', display: 'Kirurgisk avdeling' };
  const now = '2026-11-23T12:00:00Z';
  expect(assessed(referral, { how: 'return', reason: 'Mangler svar', unit: undefined }, author, now)).toMatchObject([
    { resourceType: 'Task', status: 'rejected', statusReason: { text: 'Mangler svar' }, owner: author },
    { resourceType: 'ServiceRequest', status: 'revoked' },
  ]);
  expect(assessed(referral, { how: 'redirect', reason: 'Hører til dere', unit }, author, now)).toMatchObject([
    { status: 'requested', owner: unit, note: [{ text: 'Hører til dere' }] },
    { status: 'active', performer: [unit] },
  ]);
  expect(assessed({ ...referral, task: undefined }, { how: 'accept', reason: '', unit }, author, now)).toMatchObject([
    { resourceType: 'Task', status: 'completed', focus: { reference: 'ServiceRequest/1' }, requester: author },
  ]);
});
