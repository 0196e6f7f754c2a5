/** What is done for one who lies in hospital: rounds, results, medicines with each dose of late, operation, and the plan. */
import type { CarePlan, MedicationAdministration } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, moment, type Chart } from './chart.ts';
import { addProcedure } from './contacts.ts';
import { addCritical } from './critical.ts';
import { addImaging } from './imaging.ts';
import { addLaboratory, type Results } from './laboratory.ts';
import type { Medicine } from './medicines.ts';
import { doseMinutes } from './dosage.ts';
import { addInpatientOrder, addLongTermMedicine, groupOf } from './prescribing.ts';
import { permitted } from './suitable.ts';
import { procedures } from './procedures.ts';
import { imagingOfStays } from './stay-imaging.ts';
import type { Stay } from './stays.ts';
import { addAcuteSigns, addBody, addCirculation, type Signs } from './vital-signs.ts';

/** What the letters about a stay tell of it. */
export type StayFacts = {
  arrival?: Signs;
  firstResults?: Results;
  lastResults?: Results;
  given: Medicine[];
  procedure?: readonly [code: string, name: string];
};

/** Doses and plans are in the record for stays that end after this many days before the opening. */
const detailedDays = 7;
const roundsDays = 14;
const recentDays = 400;
/** Children are scored by PEVS. */
const news2FromAge = 16;
/** What is begun in hospital to be taken for years: against clots, for heart and blood lipids, for the mind. */
const lasting = /^(B01AC|B01AF|C07|C10|N06A)/;

export function addStayCare(chart: Chart, stay: Stay): StayFacts {
  const facts: StayFacts = { given: [] };
  if (stay.admission.isNewborn) {
    addBody(chart, stay.visit);
    return facts;
  }
  addRounds(chart, stay, facts);
  addResults(chart, stay, facts);
  addImages(chart, stay);
  addOperation(chart, stay, facts);
  addMedicines(chart, stay, facts);
  if (isDetailed(chart, stay)) addPlan(chart, stay);
  return facts;
}

function isDetailed(chart: Chart, { lastDay }: Stay): boolean {
  return lastDay >= chart.today - detailedDays;
}

/** How much is left of what ails, from 1 on arrival to 0 at discharge; it does not get better for those who die. */
function restOfIllness({ visit, lastDay, died }: Stay, day: Day): number {
  const share = (day - visit.day) / Math.max(1, lastDay - visit.day);
  return died ? 1 + share * 0.4 : Math.max(0, 1 - share * 1.1);
}

function addRounds(chart: Chart, stay: Stay, facts: StayFacts): void {
  const { admission, visit, lastDay } = stay;
  for (let day = visit.day; day <= Math.min(lastDay, visit.day + roundsDays); day++) {
    const left = restOfIllness(stay, day);
    const illness = {
      fever: (admission.fever ?? 0) * left,
      breathless: (admission.breathless ?? 0.15) * left,
      pulse: (admission.pulse ?? 0) * left,
      deepBreaths: (admission.deepBreaths ?? 0) * left,
    };
    for (const minute of roundMinutes(chart, day, stay)) {
      const signs = addAcuteSigns(chart, visit, illness, day, minute);
      const circulation = addCirculation(chart, visit, day, minute, illness);
      facts.arrival ??= { ...signs, ...circulation };
    }
  }
}

/** From arrival to discharge: three rounds a day, of which old stays keep one each other day. */
function roundMinutes(chart: Chart, day: Day, { visit, lastDay, lastMinute }: Stay): number[] {
  if (day === visit.day) return [visit.minute + 10];
  if (day === lastDay) return [Math.min(8 * 60, lastMinute - 30)];
  const minutes = [7 * 60 + 30, 14 * 60, 21 * 60].map((minute) => minute + chart.random.between(0, 40));
  if (visit.day > chart.today - recentDays) return minutes;
  return (day - visit.day) % 2 === 1 ? minutes.slice(0, 1) : [];
}

function addResults(chart: Chart, stay: Stay, facts: StayFacts): void {
  const { admission, visit, lastDay } = stay;
  const isHeart = admission.values?.['troponin-t'] !== undefined;
  for (let day = visit.day; day <= Math.min(lastDay, visit.day + roundsDays); day++) {
    const isFirst = day === visit.day;
    const nights = day - visit.day;
    if (!isFirst && (day >= lastDay || nights % 2 === 0) && nights !== 1) continue;
    const isBeforeOperation = isFirst && !admission.acute;
    const left = isBeforeOperation ? 0 : restOfIllness(stay, day);
    const values = Object.fromEntries(
      Object.entries(admission.values ?? {}).map(([key, factor]) => [key, 1 + (factor - 1) * left]),
    );
    const extra = Object.keys(admission.values ?? {});
    const usual = admission.panels ?? [isFirst ? 'admission' : 'daily'];
    const panels = [...usual, ...(isHeart ? ['coronary' as const] : [])];
    const minute = isFirst ? visit.minute + 15 : 7 * 60;
    if (day === lastDay && minute + 300 > stay.lastMinute) continue;
    const results = addLaboratory(chart, visit, panels, { effects: values, extra, day, minute, isUrgent: isFirst });
    facts.firstResults ??= results;
    facts.lastResults = results;
  }
}

function addImages(chart: Chart, { admission, visit, lastDay, lastMinute }: Stay): void {
  const images = imagingOfStays[admission.icd];
  const minute = visit.minute + 75;
  if (!images || (lastDay === visit.day && minute + 320 > lastMinute)) return;
  const { day, reference: encounter } = visit;
  addImaging(chart, { ...images, question: admission.complaint, day, minute, encounter });
}

/** Implants are critical information (7518). */
const implants: Readonly<Record<string, readonly [code: string, display: string]>> = {
  'coronary-stent': ['13', 'Coronar stent'],
  'hip-prosthesis': ['19', 'Ortopedisk protese eller implantat'],
  'hip-hemiprosthesis': ['19', 'Ortopedisk protese eller implantat'],
  'knee-prosthesis': ['19', 'Ortopedisk protese eller implantat'],
};

function addOperation(chart: Chart, stay: Stay, facts: StayFacts): void {
  const { admission, visit, lastDay } = stay;
  if (!admission.procedure) return;
  const day = Math.min(visit.day + (admission.acute && visit.minute > 840 ? 1 : 0), lastDay);
  const minute = day === visit.day ? Math.min(visit.minute + 120, 1380) : 10 * 60;
  addProcedure(chart, visit, admission.procedure, day, minute);
  facts.procedure = procedures[admission.procedure];
  const implant = implants[admission.procedure];
  if (implant) addCritical(chart, { system: '7518', code: implant[0], display: implant[1], from: day });
}

/** What the stay calls for, and what is taken at home, which goes on in hospital. */
function addMedicines(chart: Chart, stay: Stay, facts: StayFacts): void {
  const { admission, code, visit } = stay;
  const groups = new Set<string>();
  for (const key of admission.medicines ?? []) {
    // With a blood thinner, one drug against platelets is enough, and that is clopidogrel.
    const isThinned = key === 'acetylsalicylic-acid' && chart.takes('B01AF', visit.day);
    const wanted = permitted(chart, [isThinned ? 'clopidogrel' : key], visit.day);
    if (!wanted || groups.has(groupOf(wanted.atc))) continue;
    const group = groupOf(wanted.atc);
    groups.add(group);
    // Who takes one of the group, or will, has that.
    const listed = chart.longTerm.filter(
      (taken) => taken.group === group && (taken.stop === undefined || taken.stop > visit.day),
    );
    const own = listed.find(({ start }) => start <= visit.day);
    const medicine = listed.length > 0 && lasting.test(wanted.atc) ? (own ?? listed[0]!).medicine : wanted;
    if (!own) facts.given.push(medicine);
    order(chart, stay, medicine, { reason: code });
    if (own || !lasting.test(medicine.atc) || stay.died) continue;
    // What would have been begun later is begun now, and goes on then.
    const later = listed.toSorted((a, b) => a.start - b.start)[0];
    const ends = later?.start ?? (medicine.key === 'ticagrelor' ? visit.day + 365 : undefined);
    const stop = ends === undefined ? {} : { stop: ends };
    addLongTermMedicine(chart, { medicine, start: visit.day, reason: code, by: visit.practitioner, ...stop });
  }
  if (!isDetailed(chart, stay)) return;
  for (const { medicine, reason, start, stop } of chart.longTerm) {
    if (start > visit.day || (stop !== undefined && stop <= visit.day) || medicine.asNeeded) continue;
    if (groups.has(groupOf(medicine.atc)) || medicine.period !== 'd' || isPaused(stay, medicine)) continue;
    groups.add(groupOf(medicine.atc));
    order(chart, stay, medicine, { reason });
  }
}

/** Who is feverish or does not drink pauses metformin and what makes the kidneys pass sugar; with high potassium, what raises it. */
function isPaused({ admission }: Stay, { atc }: Medicine): boolean {
  const isDry = admission.acute && ((admission.fever ?? 0) > 1 || admission.icd === 'E101' || admission.icd === 'K529');
  if (isDry && /^A10B[AK]/.test(atc)) return true;
  return admission.icd === 'N189' && /^(C09|C03DA|A10BA)/.test(atc);
}

function order(chart: Chart, stay: Stay, medicine: Medicine, { reason }: { reason: Stay['code'] }): void {
  const { visit, lastDay, lastMinute } = stay;
  const ordered = visit.minute + 45;
  const request = addInpatientOrder(
    chart,
    { medicine, start: visit.day, reason, encounter: visit.reference, by: visit.practitioner },
    { day: visit.day, minute: ordered, untilDay: lastDay, untilMinute: lastMinute },
  );
  if (!isDetailed(chart, stay)) return;
  for (let day = visit.day; day <= lastDay; day++) {
    for (const minute of doseMinutes(medicine)) {
      const isDuring = (day > visit.day || minute > ordered + 15) && (day < lastDay || minute + 20 < lastMinute);
      if (!isDuring || (medicine.asNeeded && !chart.random.chance(0.5))) continue;
      addDose(chart, stay, medicine, request, day, minute + chart.random.between(0, 15));
    }
  }
}

function addDose(
  chart: Chart,
  { visit }: Stay,
  medicine: Medicine,
  { reference, concept }: ReturnType<typeof addInpatientOrder>,
  day: Day,
  minute: number,
): void {
  const nurse = chart.random.pick(visit.unit.nurses);
  chart.add(day, {
    resourceType: 'MedicationAdministration',
    status: 'completed',
    medicationCodeableConcept: concept,
    subject: chart.patient,
    context: visit.reference,
    effectiveDateTime: instant(day, minute),
    performer: [{ actor: nurse.reference }],
    request: reference,
    dosage: { dose: { value: medicine.amount, unit: medicine.unit } },
  } satisfies MedicationAdministration);
}

/** What is to be done and by when, written on the day of arrival. */
function addPlan(chart: Chart, stay: Stay): void {
  const { admission, visit, lastDay, lastMinute } = stay;
  const aims = [
    `Observasjon av vitale tegn (${chart.ageInYears(visit.day) < news2FromAge ? 'PEVS' : 'NEWS2'}) hver vakt`,
    ...(admission.procedure ? [`Operasjon/prosedyre: ${procedures[admission.procedure][1]}`] : []),
    ...(admission.values ? ['Blodprøver neste morgen'] : []),
    ...(admission.medicines?.some((key) => /cillin|cef|genta/.test(key))
      ? ['Vurdere overgang til peroral antibiotika daglig']
      : []),
    ...(chart.ageInYears(visit.day) > 75
      ? ['Fallrisiko og ernæring kartlegges', 'Melde behov til kommunen ved utreise']
      : []),
    `Legevisitt daglig, planlagt utreise ca. ${lastDay - visit.day} døgn etter innkomst`,
  ];
  chart.add(
    visit.day,
    {
      resourceType: 'CarePlan',
      status: 'completed',
      intent: 'plan',
      title: 'Behandlingsplan under innleggelsen',
      subject: chart.patient,
      encounter: visit.reference,
      period: { start: visit.start, end: instant(lastDay, lastMinute) },
      created: instant(visit.day, visit.minute + 60),
      author: visit.practitioner.role,
      activity: aims.map((description) => ({
        detail: { status: 'in-progress', description, performer: [visit.practitioner.role] },
      })),
    } satisfies CarePlan,
    { until: moment(lastDay, lastMinute) },
  );
}
