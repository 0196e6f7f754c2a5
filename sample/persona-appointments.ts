/** What is booked for the personas whatever is drawn for them: so that a GP who signs in has somebody to see. */
import type { Chart } from './chart.ts';
import { addVisit } from './visits.ts';
import { workdayFrom } from './workdays.ts';

/** Adds the appointment with the GP that a persona has about the opening. */
export function addBooked(chart: Chart): void {
  const booked = chart.person.persona?.appointment;
  if (!booked) return;
  const { practitioner } = chart;
  const problem = chart.problems.find(({ disease }) => disease.key === booked.problem)!;
  addVisit(chart, {
    day: workdayFrom(chart.today + booked.inDays),
    kind: 'AMB',
    unit: practitioner.unit,
    practitioner,
    diagnosis: problem.concept,
    minute: booked.minute,
    minutes: 20,
    reason: booked.reason,
  });
}
