/** Referrals that wait to be assessed, and what an assessment does to the record. Pure. */
import type { FhirResource, Reference, ServiceRequest, Task } from 'fhir/r4';
import type { Of } from './queries.ts';

/** `task`: somebody was asked to assess it, by a date. */
export type Referral = Of<ServiceRequest> & { task: Task | undefined };

const referralKinds = ['11429006', '3457005'];
const prioritySystem = 'urn:oid:2.16.578.1.12.4.1.1.8306';
const urgency: Readonly<Record<string, number>> = { stat: 0, asap: 1, urgent: 2, routine: 3 };

function isReferral({ category }: ServiceRequest): boolean {
  return (category ?? []).some(({ coding }) =>
    coding?.some(({ system, code }) => system === prioritySystem || referralKinds.includes(code ?? '')),
  );
}

/** The most urgent first, then by the deadline of the assessment. @param tasks all that are about the requests */
export function referralsIn(requests: readonly Of<ServiceRequest>[], tasks: readonly Task[]): Referral[] {
  return requests
    .filter(({ resource }) => isReferral(resource))
    .map((one) => ({
      ...one,
      tasks: tasks.filter((task) => task.focus?.reference === `ServiceRequest/${one.resource.id}`),
    }))
    .filter((one) => !one.tasks.some(({ status }) => status === 'completed' || status === 'rejected'))
    .map(({ tasks: about, ...one }) => ({ ...one, task: about[0] }))
    .sort((a, b) => rankOf(a) - rankOf(b) || deadlineOf(a).localeCompare(deadlineOf(b)));
}

const rankOf = ({ resource }: Referral): number => urgency[resource.priority ?? 'routine'] ?? 3;

/** By when it must be assessed; without that, by when care must begin. ISO 8601. */
export function deadlineOf({ task, resource }: Pick<Referral, 'task' | 'resource'>): string {
  return task?.restriction?.period?.end ?? resource.occurrencePeriod?.end ?? '9999-12-31';
}

export const assessments = ['accept', 'redirect', 'return'] as const;
export type Assessment = (typeof assessments)[number];

export type Assessed = { how: Assessment; reason: string; unit: Reference | undefined };

/** What is written, together: the assessment first. @param now ISO 8601 */
export function assessed(
  { resource, task }: Referral,
  { how, reason, unit }: Assessed,
  author: Reference,
  now: string,
): FhirResource[] {
  const written = assessmentTask({ resource, task }, author, now);
  const said = reason === '' ? {} : { note: [...(task?.note ?? []), { text: reason, time: now }] };
  if (how === 'accept')
    return [{ ...written, ...said, status: 'completed', owner: author, businessStatus: { text: 'Tatt imot' } }];
  if (how === 'return') {
    const returned = { ...written, status: 'rejected' as const, owner: author, statusReason: { text: reason } };
    return [
      { ...returned, businessStatus: { text: 'Returnert til henviser' } },
      { ...resource, status: 'revoked' },
    ];
  }
  const performer = unit === undefined ? (resource.performer ?? []) : [unit];
  const passed = { ...written, ...said, status: 'requested' as const, businessStatus: { text: 'Sendt videre' } };
  return [
    { ...passed, ...(unit === undefined ? {} : { owner: unit }) },
    { ...resource, performer },
  ];
}

function assessmentTask({ resource, task }: Pick<Referral, 'resource' | 'task'>, author: Reference, now: string): Task {
  return {
    ...(task ?? {
      resourceType: 'Task',
      intent: 'order',
      code: { text: 'Vurdering av henvisning' },
      focus: { reference: `ServiceRequest/${resource.id}` },
      for: resource.subject,
      authoredOn: now,
      requester: author,
      status: 'requested',
    }),
    lastModified: now,
  };
}
