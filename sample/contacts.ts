/** What comes and goes: acute visits to the GP or the out-of-hours clinic, and outpatient contacts in hospital after referral. */
import type { Procedure } from 'fhir/r4.js';
import { civilDate, dayOf, type Day } from '#shared/days.ts';
import { acuteContacts, type AcuteContact, type YearlyRate } from './acute-contacts.ts';
import { addImaging } from './imaging.ts';
import { addLaboratory } from './laboratory.ts';
import { addCourse, groupOf } from './prescribing.ts';
import { permitted } from './suitable.ts';
import type { Words } from './courses/course.ts';
import { addOutpatientNote } from './texts/outpatient-note.ts';
import { addAcuteSigns, addBody, addCirculation } from './vital-signs.ts';
import { addOwnDoctorVisit, addVisit } from './visits.ts';
import { instant, type Chart, type Visit } from './chart.ts';
import { codeSystems, concept, icd10, icpc2, type Concept } from './codes.ts';
import { addReferral } from './referrals.ts';
import { outpatients, type Outpatient } from './outpatient-reasons.ts';
import { procedures, type ProcedureKey } from './procedures.ts';

const doneNote: Words = [
  'Anamnese og undersøkelse som i henvisningen. Informert, samtykker. Prosedyren gjennomført uten komplikasjoner.',
  'Anamnese og undersøking som i tilvisinga. Informert, samtykkjer. Prosedyren gjennomførd utan komplikasjonar.',
];
const assessedNote: Words = [
  'Anamnese og undersøkelse som i henvisningen. Informert om funn. Konservativ behandling, tilbake til fastlege.',
  'Anamnese og undersøking som i tilvisinga. Informert om funn. Konservativ behandling, attende til fastlege.',
];
const generalCodes = new Map(acuteContacts.map((contact) => [contact, icpc2(contact.icpc)]));
const hospitalCodes = new Map(outpatients.map((outpatient) => [outpatient, icd10(outpatient.icd)]));
const procedureCodes = Object.fromEntries(
  Object.entries(procedures).map(([key, [code, name]]) => [key, concept(codeSystems.procedure, code, name)]),
) as Record<ProcedureKey, Concept>;
/** So long before the end of curing nobody is sent for small things. */
const relievingDays = 60;
const acuteFactor = 0.82;
const oldFromAge = 67;
const oldShare = 0.7;
const outpatientFactor = 2;
/** Nobody is sent for the same anew before so many days. */
const againAfterDays = 600;
/** From the referral to the first contact, the shortest and the longest; some are broken deadlines. */
const waitDays = { '3': [6, 32], N: [24, 134] } as const;
const ageLimits = [5, 18, 45, 67];

/** Which place of a rate table an age has. */
export function ageBand(age: number): 0 | 1 | 2 | 3 | 4 {
  return ageLimits.filter((limit) => age >= limit).length as 0 | 1 | 2 | 3 | 4;
}

/** How often something happened in the record, whose rate follows age: counted year by year. */
export function daysOf(chart: Chart, rate: YearlyRate, factor = 1): Day[] {
  const days: Day[] = [];
  for (let start = chart.firstDay; start < chart.lastDay; start += 365) {
    const length = Math.min(365, chart.lastDay - start);
    const mean = (rate[ageBand(chart.ageInYears(start))] * factor * length) / 365;
    if (mean === 0) continue;
    for (let count = chart.random.count(mean); count > 0; count--)
      days.push(start + chart.random.between(0, length - 1));
  }
  return days;
}

/** All visits for short-lived things. */
export function addAcuteContacts(chart: Chart): void {
  for (const contact of acuteContacts) {
    const { sex, rate, menFactor = 1, fromAge = 0, toAge = 130 } = contact;
    if (sex && sex !== chart.person.sex) continue;
    const bySex = chart.person.sex === 'male' ? menFactor : 2 - menFactor;
    for (const drawn of daysOf(chart, rate, acuteFactor * bySex)) {
      const day = inSeason(chart, contact, drawn);
      const age = chart.ageInYears(day);
      // The old come as much for their controls.
      if (age >= oldFromAge && !chart.random.chance(oldShare)) continue;
      if (age >= fromAge && age < toAge && !isAway(chart, day)) addAcuteContact(chart, contact, day);
    }
  }
}

/** In hospital that day or the days beside it, or past all that is not for relief. */
function isAway(chart: Chart, day: Day): boolean {
  if (day > chart.palliativeFrom - relievingDays) return true;
  return [day - 2, day, day + 1].some((one) => chart.isInHospital(one));
}

function addAcuteContact(chart: Chart, contact: AcuteContact, day: Day): void {
  const { random } = chart;
  const code = generalCodes.get(contact)!;
  const visit = random.chance(contact.urgent ?? 0)
    ? addUrgentVisit(chart, contact, day)
    : addOwnDoctorVisit(chart, day, code);
  const fever = contact.infection ? contact.infection.fever * (0.4 + random.next()) : 0;
  if (contact.infection && random.chance(0.5)) addAcuteSigns(chart, visit, { fever });
  if (chart.ageInYears(day) > 16 && random.chance(0.15))
    addCirculation(chart, visit, visit.day, visit.minute + 5, { fever });
  if (random.chance(0.08)) addBody(chart, visit);
  if (contact.panel && random.chance(contact.panel.share)) {
    addLaboratory(chart, visit, [contact.panel.name], { effects: infectionEffects(chart, contact) });
  }
  if (contact.imaging && random.chance(contact.imaging.share)) {
    const { what, broken, unbroken, brokenShare } = contact.imaging;
    const [finding, conclusion] = random.chance(brokenShare) ? broken : unbroken;
    const minute = visit.minute + 60;
    const question = 'Traume. Brudd?';
    addImaging(chart, { what, finding, conclusion, question, day: visit.day, minute, encounter: visit.reference });
  }
  if (!contact.medicine || !random.chance(contact.medicine.share)) return;
  const medicine = permitted(chart, contact.medicine.oneOf, day);
  if (medicine && !chart.takes(groupOf(medicine.atc), day)) {
    addCourse(
      chart,
      { medicine, start: visit.day, reason: code, encounter: visit.reference, by: visit.practitioner },
      contact.medicine.days,
    );
  }
}

/** CRP as the illness has it; white cells rise where it is bacterial. */
function infectionEffects({ random }: Chart, { infection }: AcuteContact): Record<string, number> {
  if (!infection) return {};
  const crp = infection.crp * (0.4 + random.next() * 1.3);
  const isBacterial = crp > 18;
  return { crp, ...(isBacterial ? { leukocytes: 1.5 + random.next() * 0.6, neutrophils: 1.8 + random.next() } : {}) };
}

function addUrgentVisit(chart: Chart, contact: AcuteContact, day: Day): Visit {
  const unit = chart.region.emergencyClinic(chart.person.municipality);
  return addVisit(chart, {
    day,
    kind: 'EMER',
    unit,
    practitioner: chart.random.pick(unit.practitioners),
    diagnosis: generalCodes.get(contact)!,
    minute: 16 * 60 + chart.random.between(0, 420),
    minutes: 35,
  });
}

/** Infections come from November to March, mostly. */
function inSeason(chart: Chart, { season }: AcuteContact, day: Day): Day {
  if (season !== 'winter' || chart.random.chance(0.35)) return day;
  const { year, month } = civilDate(day);
  if (month <= 3 || month >= 11) return day;
  const moved = dayOf(month < 7 ? year - 1 : year, 11, 1) + chart.random.between(0, 140);
  return moved >= chart.firstDay && moved < chart.lastDay ? moved : day;
}

/** Referral, wait, contact, and sometimes a second one; with a procedure where the table has it. */
export function addOutpatientContacts(chart: Chart): void {
  for (const outpatient of outpatients) {
    const { sex, rate, fromAge = 0, toAge = 130, notWith = [] } = outpatient;
    if ((sex && sex !== chart.person.sex) || chart.problems.some(({ disease }) => notWith.includes(disease.key)))
      continue;
    let next = -Infinity;
    for (const day of daysOf(chart, rate, outpatientFactor).toSorted((a, b) => a - b)) {
      const age = chart.ageInYears(day);
      if (day < next || age < fromAge || age >= toAge || isAway(chart, day)) continue;
      addReferredContact(chart, outpatient, day);
      next = day + againAfterDays;
    }
  }
}

function addReferredContact(chart: Chart, outpatient: Outpatient, day: Day): void {
  const { random } = chart;
  const unit = chart.department(outpatient.department, day);
  const practitioner = unit.practitioners[random.between(0, 3)]!;
  const diagnosis = hospitalCodes.get(outpatient)!;
  const referred = addOwnDoctorVisit(chart, day, icpc2(outpatient.icpc), 'Henvisning');
  const { withinDays } = outpatient;
  const priority = withinDays !== undefined || random.chance(0.15) ? '3' : 'N';
  const [shortest, longest] = withinDays === undefined ? waitDays[priority] : [3, withinDays];
  const contactDay = referred.day + random.between(shortest, longest);
  const isDone = contactDay < chart.lastDay - 2 && !isAway(chart, contactDay);
  addReferral(chart, referred, {
    unit,
    priority,
    reason: outpatient.referral,
    deadlineDays: priority === '3' ? 28 : 112,
    ...(isDone ? { doneOn: contactDay } : {}),
  });
  if (!isDone) return;
  const visit = addVisit(chart, {
    day: contactDay,
    kind: 'AMB',
    unit,
    practitioner,
    diagnosis,
    minutes: 40,
    reason: 'Vurdering etter henvisning',
  });
  const isOperated = outpatient.procedure !== undefined && random.chance(outpatient.procedureShare ?? 1);
  if (isOperated) addProcedure(chart, visit, outpatient.procedure!);
  addOutpatientNote(chart, visit, {
    reason: 'Vurdering etter henvisning',
    note: isOperated ? doneNote : assessedNote,
    diagnosis,
  });
  if (random.chance(0.5) && contactDay + 60 < chart.lastDay) {
    const day = contactDay + random.between(30, 58);
    if (isAway(chart, day)) return;
    addVisit(chart, {
      day,
      kind: 'AMB',
      unit,
      practitioner,
      diagnosis,
      minutes: 20,
      reason: 'Kontroll',
    });
  }
}

/** Adds a procedure done at a visit, on that day or a later one. */
export function addProcedure(
  chart: Chart,
  visit: Visit,
  key: ProcedureKey,
  day = visit.day,
  minute = visit.minute + 20,
): void {
  chart.add(day, {
    resourceType: 'Procedure',
    status: 'completed',
    code: procedureCodes[key],
    subject: chart.patient,
    encounter: visit.reference,
    performedPeriod: { start: instant(day, minute), end: instant(day, minute + 40) },
    performer: [{ actor: visit.practitioner.role }],
    location: visit.unit.location,
  } satisfies Procedure);
}
