/** A referral: the request with its priority, the deadlines for assessment and care, and the letter. */
import type { ServiceRequest, Task } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, moment, type Chart, type Reference, type Visit } from './chart.ts';
import { concept } from './codes.ts';
import type { Priority, Words } from './courses/course.ts';
import type { UnitEntry } from './region.ts';
import { workdaysAfter } from './workdays.ts';
import { addReferralLetter } from './texts/referral-letter.ts';

const prioritySystem = 'urn:oid:2.16.578.1.12.4.1.1.8306';
const priorities: Readonly<Record<Priority, { display: string; priority: ServiceRequest['priority'] & string }>> = {
  PK: { display: 'Pakkeforløp for kreft (elektiv)', priority: 'asap' },
  '3': { display: 'Haster (elektiv)', priority: 'urgent' },
  N: { display: 'Elektiv/Ordinær (elektiv)', priority: 'routine' },
};
/** Lov om pasient- og brukerrettigheter § 2-2: a referral is assessed within ten working days. */
const assessmentDays = 10;
/** Letters and assessments are in the record from so many days before the opening. */
const recentDays = 700;

export type ReferralDraft = {
  unit: UnitEntry;
  priority: Priority;
  reason: Words;
  /** Days until care must have begun. */
  deadlineDays: number;
  /** The day of the contact that it leads to. */
  doneOn?: Day;
};

/** Adds what a GP sends at a visit, and the hospital's assessment of it. Answers the reference to the request. */
export function addReferral(chart: Chart, visit: Visit, draft: ReferralDraft): Reference {
  const { unit, priority, reason, deadlineDays, doneOn } = draft;
  const authored = visit.minute + 18;
  const isOver = doneOn !== undefined || chart.person.deathDay !== undefined;
  const end = doneOn ?? chart.lastDay;
  const reference = chart.add(
    visit.day,
    {
      resourceType: 'ServiceRequest',
      status: isOver ? 'completed' : 'active',
      intent: 'order',
      category: [{ ...concept(prioritySystem, priority, priorities[priority].display), text: 'Henvisning' }],
      priority: priorities[priority].priority,
      code: { text: reason[0] },
      subject: chart.patient,
      encounter: visit.reference,
      // The last day on which care may begin: the individual deadline.
      occurrencePeriod: { start: instant(visit.day, authored), end: instant(visit.day + deadlineDays, 0).slice(0, 10) },
      authoredOn: instant(visit.day, authored),
      requester: visit.practitioner.role,
      performer: [unit.organisation],
    } satisfies ServiceRequest,
    isOver ? { until: moment(end, 960) } : undefined,
  );
  if (visit.day > chart.today - recentDays) {
    addReferralLetter(chart, visit, { ...draft, priorityText: priorities[priority].display });
    addAssessment(chart, visit, draft, reference, authored);
  }
  return reference;
}

function addAssessment(chart: Chart, visit: Visit, { unit }: ReferralDraft, focus: Reference, authored: number): void {
  const assessed = visit.day + chart.random.between(1, 12);
  const assessor = unit.practitioners[chart.random.between(0, 3)]!;
  chart.add(
    visit.day,
    {
      resourceType: 'Task',
      status: 'completed',
      intent: 'order',
      code: { text: 'Vurdering av henvisning' },
      focus,
      for: chart.patient,
      authoredOn: instant(visit.day, authored + 1),
      requester: visit.practitioner.role,
      owner: assessor.role,
      restriction: { period: { end: instant(workdaysAfter(visit.day, assessmentDays), 1439) } },
    } satisfies Task,
    { until: moment(assessed, 840) },
  );
}
