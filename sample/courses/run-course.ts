/** Lives one course of a disease: from state to state, until it ends or the life does. */
import type { Day } from '#shared/days.ts';
import type { Chart, Problem, Visit } from '../chart.ts';
import { icd10, icpc2, type Concept } from '../codes.ts';
import { addCritical } from '../critical.ts';
import { addProcedure } from '../contacts.ts';
import { addImaging } from '../imaging.ts';
import { addLaboratory } from '../laboratory.ts';
import { medicines, type Medicine } from '../medicines.ts';
import { addHomeCare, addNursingHomeStay } from '../municipal-care.ts';
import { addLongTermMedicine, groupOf } from '../prescribing.ts';
import { permitted } from '../suitable.ts';
import { addReferral } from '../referrals.ts';
import { addAdmission } from '../stays.ts';
import { addOutpatientNote } from '../texts/outpatient-note.ts';
import { addDocument } from '../texts/document.ts';
import { languageOf } from '../texts/style.ts';
import { addHomeVisit, addOwnDoctorVisit, addVisit } from '../visits.ts';
import type { Course, ScoreName, State, Step } from './course.ts';
import { addMilestone } from './pathway.ts';
import { addScore } from './scores.ts';

export type CourseOf = { course: Course; problem: Problem; hospitalCode: Concept };

/** The longest that a relapse lasts before the last months. */
const relapseDays = 550;

type Taken = { medicine: Medicine; from: Day };
type Span = { state: State; from: Day; to: Day };

type Dated = { step: Step; day: Day; span: Span };
type Drawn = CourseOf & { happenings: Dated[] };

/** Adds everything that the courses bring: first the medicines of all of them, since a letter lists them, then what happens. */
export function addCourses(chart: Chart, courses: readonly CourseOf[]): void {
  const drawn = courses.map((course) => drawCourse(chart, course));
  for (const course of drawn) addMedicines(chart, course);
  for (const { happenings, course, problem, hospitalCode } of drawn) {
    let contact: Visit | undefined;
    for (const { step, day, span } of happenings)
      contact = happen(chart, { step, day, span, course, problem, hospitalCode, contact }) ?? contact;
  }
}

function drawCourse(chart: Chart, course: CourseOf): Drawn {
  const spans = spansOf(chart, course.course, course.problem.since);
  for (const { state, from, to } of spans) if (state.effects) chart.effects.push({ effects: state.effects, from, to });
  const happenings = spans.flatMap((span) => daysIn(chart, span).map((one) => ({ ...one, span })));
  return { ...course, happenings: happenings.toSorted((a, b) => a.day - b.day) };
}

function addMedicines(chart: Chart, { happenings, problem }: Drawn): void {
  const taken: Taken[] = [];
  for (const { step, day } of happenings) {
    if (step.do === 'start') start(chart, taken, step.oneOf, day);
    if (step.do === 'stop') stop(chart, taken, step.oneOf, day, problem);
  }
  for (const { medicine, from } of taken)
    addLongTermMedicine(chart, { medicine, start: from, reason: problem.concept, problem: problem.reference });
}

/** Which states follow, and from when to when. Those who will die of it come to the state of the dying before. */
function spansOf(chart: Chart, { first, states, dying, unfit }: Course, since: Day): Span[] {
  const { deathDay } = chart.person;
  const { random } = chart;
  const dyingFrom =
    dying && deathDay !== undefined ? Math.max(since + 20, deathDay - random.between(...dying.days)) : Infinity;
  const spans: Span[] = [];
  let name: string | undefined = first;
  let from = since;
  while (name !== undefined && from < chart.lastDay) {
    const state: State = states[name]!;
    const to = from + random.between(...state.lasts);
    if (dying && to >= dyingFrom && name !== dying.state) {
      chart.palliativeFrom = Math.min(chart.palliativeFrom, dyingFrom);
      spans.push(
        { state, from, to: dyingFrom },
        { state: states[dying.state]!, from: dyingFrom, to: chart.lastDay + 1 },
      );
      return spans;
    }
    spans.push({ state, from, to });
    name = state.next?.[random.weighted(state.next.map(([, weight]) => weight))]?.[0];
    if (name !== undefined && name === unfit?.state && has(chart, unfit.with)) name = unfit.instead;
    from = to;
    // Nobody lives for years with what kills within one.
    if (name !== undefined && name === dying?.after && chart.lastDay - from > relapseDays) name = dying.instead;
    // Who lives is not dying: the last state before it goes on.
    if (name === dying?.state && deathDay === undefined) name = undefined;
  }
  return spans;
}

function has(chart: Chart, keys: readonly string[]): boolean {
  return chart.problems.some(({ disease }) => keys.includes(disease.key));
}

function daysIn(chart: Chart, { state, from, to }: Span): { step: Step; day: Day }[] {
  return state.steps.flatMap((step) => {
    // Personas have all that a course can bring.
    const isDrawn = step.share === undefined || chart.random.chance(step.share) || chart.person.persona !== undefined;
    if (!isDrawn) return [];
    const days: { step: Step; day: Day }[] = [];
    for (let day = from + step.at; day < Math.min(to, chart.lastDay); day += step.every ?? Infinity) {
      days.push({ step, day });
      if (step.every === undefined) break;
    }
    return days;
  });
}

function start(chart: Chart, taken: Taken[], oneOf: readonly string[], day: Day): void {
  const medicine = permitted(chart, oneOf, day);
  if (!medicine) return;
  const group = groupOf(medicine.atc);
  if (chart.longTerm.some((one) => one.group === group && one.stop === undefined)) return;
  if (!taken.some((one) => groupOf(one.medicine.atc) === group)) taken.push({ medicine, from: day });
}

function stop(chart: Chart, taken: Taken[], oneOf: readonly string[], day: Day, { concept, reference }: Problem): void {
  const codes = oneOf.map((key) => medicines.get(key)!.atc);
  for (const one of taken.filter(({ medicine }) => codes.includes(medicine.atc))) {
    taken.splice(taken.indexOf(one), 1);
    const { medicine, from } = one;
    if (from < day)
      addLongTermMedicine(chart, { medicine, start: from, stop: day, reason: concept, problem: reference });
  }
}

type Moment = {
  step: Step;
  day: Day;
  span: Span;
  course: Course;
  problem: Problem;
  hospitalCode: Concept;
  contact: Visit | undefined;
};

/** What happens in the record on that day; answers the contact, if it was one. Before the detailed record only what lasts is told. */
function happen(chart: Chart, { step, day, span, course, problem, hospitalCode, contact }: Moment): Visit | undefined {
  if (step.do === 'critical') {
    addCritical(chart, { ...step, from: day });
    return undefined;
  }
  if (step.do === 'homeCare') addHomeCare(chart, day, span.to);
  if (step.do === 'nursingHome') addNursingHomeStay(chart, Math.max(day, chart.firstDay), problem.concept);
  if (day < chart.firstDay || day >= chart.lastDay - 1 || chart.isInHospital(day)) return undefined;
  if (day >= chart.palliativeFrom && span.from < chart.palliativeFrom) return undefined;
  switch (step.do) {
    case 'gp':
      return general(chart, step, day, span, problem);
    case 'outpatient':
      return outpatient(chart, step, day, span, hospitalCode);
    case 'admission':
      addAdmission(chart, step.admission, hospitalCode, day);
      return undefined;
    case 'referral':
      return refer(chart, step, day, problem, contact);
    case 'imaging': {
      if (!contact) return undefined;
      const minute = 8 * 60 + chart.random.between(0, 84) * 5;
      const question = step.question ?? problem.concept.text ?? '';
      addImaging(chart, { ...step, question, day, minute, encounter: contact.reference });
      return undefined;
    }
    case 'milestone':
      if (course.pathway)
        addMilestone(chart, course.pathway, step.milestone, {
          day,
          minute: 12 * 60,
          ...(contact?.day === day ? { encounter: contact.reference } : {}),
        });
      return undefined;
    case 'pathology':
      if (contact) addPathology(chart, step, day, contact);
      return undefined;
    default:
      return undefined;
  }
}

function general(chart: Chart, step: Extract<Step, { do: 'gp' }>, day: Day, span: Span, problem: Problem): Visit {
  const code = step.icpc ? icpc2(step.icpc) : problem.concept;
  const visit = step.atHome
    ? addHomeVisit(chart, day, code, step.reason)
    : addOwnDoctorVisit(chart, day, code, step.reason);
  if (step.panels) addLaboratory(chart, visit, step.panels);
  const bounds = step.score && boundsOf(span, step.score, day);
  if (step.score && bounds) addScore(chart, visit, step.score, bounds);
  return visit;
}

/** The bounds of a score on a day: they move from those of the state to those of its end. */
function boundsOf({ state, from, to }: Span, score: ScoreName, day: Day): readonly [number, number] | undefined {
  const first = state.scores?.[score];
  const last = state.scoresAtEnd?.[score];
  if (!first || !last) return first;
  const share = Math.min(1, (day - from) / Math.max(1, to - from));
  return [first[0] + (last[0] - first[0]) * share, first[1] + (last[1] - first[1]) * share];
}

function outpatient(
  chart: Chart,
  step: Extract<Step, { do: 'outpatient' }>,
  day: Day,
  span: Span,
  diagnosis: Concept,
): Visit {
  const unit = chart.department(step.department, day);
  const practitioner = unit.practitioners[chart.person.index % 4]!;
  const code = step.icd ? icd10(step.icd) : diagnosis;
  const draft = { day, kind: 'AMB', unit, practitioner, minutes: 30, reason: step.reason } as const;
  const visit = addVisit(chart, { ...draft, diagnosis: code });
  if (step.procedure) addProcedure(chart, visit, step.procedure);
  const results = step.panels ? addLaboratory(chart, visit, step.panels, { isUrgent: true }) : undefined;
  const bounds = step.score && boundsOf(span, step.score, day);
  const score = step.score && bounds ? ([step.score, addScore(chart, visit, step.score, bounds)] as const) : undefined;
  addOutpatientNote(chart, visit, {
    reason: step.reason,
    note: step.note,
    diagnosis: code,
    ...(results ? { results } : {}),
    ...(score ? { score } : {}),
  });
  return visit;
}

function refer(
  chart: Chart,
  step: Extract<Step, { do: 'referral' }>,
  day: Day,
  problem: Problem,
  contact: Visit | undefined,
): Visit | undefined {
  const visit =
    contact && Math.abs(contact.day - day) < 5
      ? contact
      : addOwnDoctorVisit(chart, day, step.icpc ? icpc2(step.icpc) : problem.concept, 'Henvisning');
  const unit = chart.department(step.department, day);
  const wait =
    step.priority === 'PK'
      ? chart.random.between(4, 9)
      : Math.round(step.deadlineDays * (0.5 + chart.random.next() * 0.6));
  const doneOn = visit.day + wait;
  addReferral(chart, visit, { ...step, unit, ...(doneOn < chart.lastDay ? { doneOn } : {}) });
  return visit;
}

function addPathology(
  chart: Chart,
  { department, finding }: Extract<Step, { do: 'pathology' }>,
  day: Day,
  contact: Visit,
): void {
  const unit = chart.department(department, day);
  const language = languageOf(chart, unit);
  addDocument(chart, {
    kind: 'pathology',
    title: 'Histologisk undersøkelse',
    text: `Histologisk ${language === 'nb' ? 'undersøkelse' : 'undersøking'}\n\nDiagnose: ${finding[language === 'nb' ? 0 : 1]}`,
    language,
    day,
    minute: 15 * 60,
    author: contact.practitioner,
    unit,
    encounter: contact.reference,
    period: { start: contact.start },
  });
}
