/** Encounters and the diagnoses set in them. */
import type { Condition, Encounter } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { opensAt, slotMinutes } from './calendar.ts';
import { instant, moment, type Chart, type Reference, type Visit } from './chart.ts';
import { codeSystems, concept, hl7, type Concept } from './codes.ts';
import type { PractitionerEntry, UnitEntry } from './region.ts';
import { addAppointment } from './upcoming.ts';
import { workdayUntil } from './workdays.ts';

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const classes = {
  AMB: { system: actCode, code: 'AMB', display: 'ambulatory' },
  EMER: { system: actCode, code: 'EMER', display: 'emergency' },
  IMP: { system: actCode, code: 'IMP', display: 'inpatient encounter' },
  VR: { system: actCode, code: 'VR', display: 'virtual' },
  HH: { system: actCode, code: 'HH', display: 'home health' },
} as const;

export type VisitDraft = {
  day: Day;
  kind: keyof typeof classes;
  unit: UnitEntry;
  practitioner: PractitionerEntry;
  diagnosis: Concept;
  /** Minutes from midnight; office hours if not given. */
  minute?: number;
  minutes: number;
  reason?: string;
};

const shortIllnessDays = 30;
const active = hl7('condition-clinical', 'active', 'Active');
const resolved = hl7('condition-clinical', 'resolved', 'Resolved');
const confirmed = hl7('condition-ver-status', 'confirmed', 'Confirmed');
const encounterDiagnosis = [hl7('condition-category', 'encounter-diagnosis', 'Encounter Diagnosis')];
const problemListItem = [hl7('condition-category', 'problem-list-item', 'Problem List Item')];
const attender = [hl7('v3-ParticipationType', 'ATND', 'attender')];
const chiefComplaint = hl7('diagnosis-role', 'CC', 'Chief complaint');

/** Adds a finished encounter with its diagnosis; on a weekday unless it is an emergency. */
export function addVisit(chart: Chart, draft: VisitDraft): Visit {
  const day = draft.kind === 'EMER' ? draft.day : officeDay(chart, draft.day);
  const minute = minuteOf(chart, draft, day);
  const start = instant(day, minute);
  const id = chart.newId(day);
  const visit: Visit = {
    reference: { reference: `Encounter/${id}` },
    day,
    minute,
    start,
    practitioner: draft.practitioner,
    unit: draft.unit,
  };
  const condition = addDiagnosis(chart, visit, draft.diagnosis);
  chart.put({
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: classes[draft.kind],
    ...(draft.kind === 'AMB' && draft.unit.field !== '110' ? { serviceType: fieldOf(draft.unit.field) } : {}),
    subject: chart.patient,
    participant: [{ type: attender, individual: draft.practitioner.role }],
    period: { start, end: instant(day, minute + draft.minutes) },
    ...(draft.reason ? { reasonCode: [{ text: draft.reason }] } : {}),
    diagnosis: [{ condition, use: chiefComplaint, rank: 1 }],
    location: [{ location: draft.unit.location }],
    serviceProvider: draft.unit.organisation,
  } satisfies Encounter);
  if (draft.kind === 'AMB' && draft.reason)
    addAppointment(chart, visit, { minutes: draft.minutes, reason: draft.diagnosis, isControl: draft.minutes < 40 });
  return visit;
}

/** When the practitioner is free; who comes acutely, or is come to, has no appointment. */
function minuteOf(chart: Chart, { kind, minute, minutes, practitioner }: VisitDraft, day: Day): number {
  const wanted = minute ?? opensAt + chart.random.between(0, 18) * slotMinutes;
  if (kind === 'EMER' || kind === 'HH') return wanted;
  return chart.region.calendar.book(practitioner.role.reference, day, { wanted, minutes });
}

/** Adds the diagnosis of one contact; it is over when the contact is, as short illnesses are coded. */
export function addDiagnosis(chart: Chart, visit: Visit, code: Concept): Reference {
  return chart.add(
    visit.day,
    {
      resourceType: 'Condition',
      clinicalStatus: resolved,
      verificationStatus: confirmed,
      category: encounterDiagnosis,
      code,
      subject: chart.patient,
      encounter: visit.reference,
      recordedDate: visit.start,
      recorder: visit.practitioner.reference,
    } satisfies Condition,
    { until: moment(visit.day + shortIllnessDays, visit.minute) },
  );
}

/** Adds an entry on the GP's problem list. */
export function addProblem(chart: Chart, code: Concept, since: Day, until: Day | undefined): Reference {
  return chart.add(
    since,
    {
      resourceType: 'Condition',
      clinicalStatus: until === undefined ? active : resolved,
      verificationStatus: confirmed,
      category: problemListItem,
      code,
      subject: chart.patient,
      onsetDateTime: instant(since, 600).slice(0, 10),
      ...(until === undefined ? {} : { abatementDateTime: instant(until, 600).slice(0, 10) }),
      recordedDate: instant(since, 11 * 60),
      recorder: chart.practitioner.reference,
    } satisfies Condition,
    until === undefined ? undefined : { until: moment(until, 600) },
  );
}

/** A visit to the resident's own doctor. */
export function addOwnDoctorVisit(chart: Chart, day: Day, diagnosis: Concept, reason?: string): Visit {
  const { practitioner } = chart;
  const isVirtual = reason === undefined && chart.ageInYears(day) > 16 && chart.random.chance(0.12);
  const kind = isVirtual ? 'VR' : 'AMB';
  return addVisit(chart, {
    day,
    kind,
    unit: practitioner.unit,
    practitioner,
    diagnosis,
    minutes: 20,
    ...(reason ? { reason } : {}),
  });
}

/** The resident's own doctor at home. */
export function addHomeVisit(chart: Chart, day: Day, diagnosis: Concept, reason: string): Visit {
  const { practitioner } = chart;
  return addVisit(chart, {
    day,
    kind: 'HH',
    unit: practitioner.unit,
    practitioner,
    diagnosis,
    minutes: 40,
    reason,
    minute: 14 * 60,
  });
}

function officeDay(chart: Chart, day: Day): Day {
  return Math.max(workdayUntil(day), chart.firstDay);
}

function fieldOf(field: string): Concept {
  return concept(codeSystems.specialistField, field, fieldNames[field] ?? 'Annet');
}

/** 8451 Fagområde, as far as the departments use it. */
const fieldNames: Readonly<Record<string, string>> = {
  '010': 'Generell kirurgi',
  '050': 'Ortopedisk kirurgi (inklusiv revmakirurgi)',
  '070': 'Urologi',
  '110': 'Generell indremedisin',
  '130': 'Endokrinologi',
  '140': 'Fordøyelsessykdommer',
  '150': 'Hjertesykdommer',
  '170': 'Lungesykdommer',
  '180': 'Nyresykdommer',
  '190': 'Revmatiske sykdommer (revmatologi)',
  '200': 'Kvinnesykdommer og elektiv fødselshjelp',
  '220': 'Barnesykdommer',
  '240': 'Hud og veneriske sykdommer',
  '250': 'Nevrologi',
  '290': 'Øre-nese-hals sykdommer',
  '300': 'Øyesykdommer',
  '310': 'Psykisk helsevern barn og unge',
  '320': 'Psykisk helsevern voksne',
  '350': 'Geriatri',
  '853': 'Onkologi',
};
