/** What is planned: appointments ahead and behind, and the care team of those with several diseases. */
import type { Appointment, CareTeam } from 'fhir/r4.js';
import { weekday, type Day } from '#shared/days.ts';
import { instant, type Chart } from './chart.ts';
import { concept, codeSystems, type Concept } from './codes.ts';
import type { PractitionerEntry, UnitEntry } from './region.ts';

const control = concept(codeSystems.contactKind, '3', 'Kontroll');
const teamFrom = 3;

/** Nothing is planned for the dead. */
export function addPlans(chart: Chart): void {
  if (chart.person.deathDay !== undefined) return;
  const { random } = chart;
  for (const { disease, concept: reason } of chart.problems) {
    const yearly = disease.hospital?.visits ?? 0;
    if (yearly === 0 || !random.chance(Math.min(0.9, yearly * 0.6))) continue;
    const unit = chart.region.department(disease.hospital!.department, chart.person.municipality);
    addAppointment(
      chart,
      unit,
      unit.practitioners[random.between(0, 3)]!,
      chart.today + random.between(1, 180),
      reason,
    );
  }
  if (chart.problems.length > 0 && random.chance(0.3)) {
    addAppointment(
      chart,
      chart.practitioner.unit,
      chart.practitioner,
      chart.today + random.between(0, 40),
      chart.problems[0]!.concept,
    );
  }
  if (chart.problems.length >= teamFrom && chart.ageInYears(chart.today) > 70) addCareTeam(chart);
}

function addAppointment(
  chart: Chart,
  unit: UnitEntry,
  practitioner: PractitionerEntry,
  planned: Day,
  reason: Concept,
): void {
  const day = weekday(planned) === 0 ? planned + 1 : weekday(planned) === 6 ? planned + 2 : planned;
  const minute = 8 * 60 + chart.random.between(0, 27) * 15;
  chart.add(chart.today - chart.random.between(1, 60), {
    resourceType: 'Appointment',
    status: 'booked',
    appointmentType: control,
    reasonCode: [reason],
    start: instant(day, minute),
    end: instant(day, minute + 30),
    minutesDuration: 30,
    created: instant(chart.today - 5, 600),
    participant: [
      { actor: chart.patient, required: 'required', status: 'accepted' },
      { actor: practitioner.role, required: 'required', status: 'accepted' },
      { actor: unit.location, required: 'information-only', status: 'accepted' },
    ],
  } satisfies Appointment);
}

function addCareTeam(chart: Chart): void {
  const nursing = chart.region.homeCare.get(chart.person.municipality.number)!;
  const since = chart.lastDay - chart.random.between(60, 900);
  chart.add(since, {
    resourceType: 'CareTeam',
    status: 'active',
    name: 'Primærhelseteam',
    subject: chart.patient,
    period: { start: instant(since, 600) },
    participant: [
      { role: [concept(codeSystems.personnelRole, '6', 'Fastlege')], member: chart.practitioner.role },
      {
        role: [concept(codeSystems.personnelRole, '9', 'Primærkontakt')],
        member: chart.random.pick(nursing.practitioners).role,
      },
    ],
    managingOrganization: [nursing.organisation],
  } satisfies CareTeam);
}
