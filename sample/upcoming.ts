/** What is planned: the appointment before a contact, and the care team of those with several diseases. */
import type { Appointment, CareTeam } from 'fhir/r4.js';
import { slotOf } from './booking.ts';
import { instant, moment, type Chart, type Visit } from './chart.ts';
import { concept, codeSystems, type Concept } from './codes.ts';

const control = concept(codeSystems.contactKind, '3', 'Kontroll');
const treatment = concept(codeSystems.contactKind, '2', 'Behandling');
const teamFrom = 3;
/** Appointments longer ago than this are not kept in the record. */
const keptDays = 14;

/** Adds the appointment that led to a contact, booked some weeks before; only for contacts of late and to come. */
export function addAppointment(
  chart: Chart,
  visit: Visit,
  { minutes, reason, isControl = true }: { minutes: number; reason: Concept; isControl?: boolean },
): void {
  if (visit.day < chart.today - keptDays) return;
  const created = visit.day - chart.random.between(10, 75);
  const { schedule } = visit.practitioner;
  const slot = schedule && slotOf(schedule, 'busy', visit.day, visit.minute, minutes);
  chart.add(created, {
    resourceType: 'Appointment',
    status: 'fulfilled',
    appointmentType: isControl ? control : treatment,
    reasonCode: [reason],
    start: visit.start,
    end: instant(visit.day, visit.minute + minutes),
    minutesDuration: minutes,
    ...(slot ? { slot: [chart.add(created, slot, { from: moment(created, 600) })] } : {}),
    created: instant(created, 600),
    participant: [
      { actor: chart.patient, required: 'required', status: 'accepted' },
      { actor: visit.practitioner.role, required: 'required', status: 'accepted' },
      { actor: visit.unit.location, required: 'information-only', status: 'accepted' },
    ],
  } satisfies Appointment);
}

/** The team around those who are old and have several diseases. */
export function addCareTeam(chart: Chart): void {
  if (chart.problems.length < teamFrom || chart.ageInYears(chart.lastDay) <= 70) return;
  const nursing = chart.region.homeCare.get(chart.person.municipality.number)!;
  const since = chart.lastDay - chart.random.between(60, 900);
  const isOver = chart.person.deathDay !== undefined;
  chart.add(
    since,
    {
      resourceType: 'CareTeam',
      status: isOver ? 'inactive' : 'active',
      name: 'Primærhelseteam',
      subject: chart.patient,
      period: { start: instant(since, 600), ...(isOver ? { end: instant(chart.lastDay, 1380) } : {}) },
      participant: [
        { role: [concept(codeSystems.personnelRole, '6', 'Fastlege')], member: chart.practitioner.role },
        {
          role: [concept(codeSystems.personnelRole, '9', 'Primærkontakt')],
          member: chart.random.pick(nursing.nurses).role,
        },
      ],
      managingOrganization: [nursing.organisation],
    } satisfies CareTeam,
    { from: moment(since, 600) },
  );
}
