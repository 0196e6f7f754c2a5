/** Which stays in hospital a life has: by the rates of the tables, for chronic disease, and those that make the opening day alive. */
import type { Day } from '#shared/days.ts';
import { admissions, type Admission } from './admission-reasons.ts';
import type { Chart } from './chart.ts';
import { chronicAdmissions } from './chronic-admissions.ts';
import { icd10, type Concept } from './codes.ts';
import { ageBand, daysOf } from './contacts.ts';
import type { CitizenPersona } from './personas.ts';
import { addAdmission, type StayPlan } from './stays.ts';
import { workdayFrom, workdayUntil } from './workdays.ts';

const tables = [...admissions, ...chronicAdmissions.values()];
const codes = new Map<Admission, Concept>(tables.map((admission) => [admission, icd10(admission.icd)]));
const chronicFactor = 0.18;
const arrangedInRegion = 24;
const arrangedEvery = 12;
/** So long before the last months a cancer has spread. */
const spreadDays = 120;

type Planned = { day: Day; admission: Admission; plan?: StayPlan };

/** All admissions of the record, in order of time and none while another lasts. */
export function addAdmissions(chart: Chart): void {
  const planned = [...byRates(chart), ...byDisease(chart)];
  const arranged = arrangedStay(chart);
  if (arranged) planned.push(arranged);
  planned.sort((a, b) => a.day - b.day);
  let lastDischarge = -Infinity;
  for (const { day: drawn, admission, plan } of planned) {
    // Planned stays begin on workdays.
    const day = admission.acute ? drawn : Math.max(workdayUntil(drawn), chart.firstDay);
    const isInTheWay = arranged && !plan && day <= arranged.day + 5 && day >= arranged.day - 25;
    if (!admission.acute && day > chart.palliativeFrom - 60) continue;
    // Who takes a blood thinner gets no clot.
    if (admission.icd === 'I269' && chart.takes('B01AF', day)) continue;
    if (chart.ageInYears(day) < (admission.fromAge ?? 0) || !hasWhatItRequires(chart, admission, day)) continue;
    if (isInTheWay || day <= lastDischarge + 3 || chart.isInHospital(day)) continue;
    lastDischarge = addAdmission(chart, admission, codes.get(admission)!, day, plan);
  }
}

function hasWhatItRequires(chart: Chart, { requires }: Admission, day: Day): boolean {
  if (requires === 'spread') return day >= chart.palliativeFrom - spreadDays;
  if (requires !== 'chemotherapy') return true;
  return chart.longTerm.some(
    ({ medicine, start, stop }) => medicine.atc.startsWith('L01') && start < day && (stop === undefined || stop > day),
  );
}

function byRates(chart: Chart): Planned[] {
  const factor = Math.min(2.9, 1.6 + chart.problems.length * chronicFactor);
  return admissions
    .filter(({ sex }) => sex === undefined || sex === chart.person.sex)
    .flatMap((admission) => daysOf(chart, admission.rate, factor).map((day) => ({ day, admission })));
}

function byDisease(chart: Chart): Planned[] {
  return chart.problems.flatMap(({ disease, since }) => {
    const admission = chronicAdmissions.get(disease.hospital?.admissionCode ?? '');
    if (!admission) return [];
    const rate = disease.hospital!.admissions;
    return daysOf(chart, [rate, rate, rate, rate, rate])
      .filter((day) => day >= since)
      .map((day) => ({ day, admission }));
  });
}

/**
 * A few residents, far more than chance would give a small region, lie in hospital when it opens, are expected the next day, or fall ill
 * in the days after: a region that is looked at on one day has to have something in it.
 */
function arrangedStay(chart: Chart): Planned | undefined {
  const { persona } = chart.person;
  if (persona) return persona.stay && personasStay(chart, persona.stay);
  const every = Math.max(arrangedEvery, Math.floor(chart.region.residents / arrangedInRegion));
  const { index, deathDay, birthDay } = chart.person;
  const slot = Math.floor(index / every);
  const isDead = deathDay !== undefined && deathDay < chart.today + 7;
  if (index % every !== Math.floor(every / 2) || isDead || birthDay > chart.today - 60) return undefined;
  const kind = slot % 5;
  const admission = fitting(chart, kind === 3);
  if (!admission) return undefined;
  if (kind === 3) return { day: workdayFrom(chart.today + 1), admission, plan: {} };
  if (kind === 4) return { day: chart.today + (slot % 3), admission, plan: { minute: 11 * 60 + (slot % 9) * 60 } };
  const since = slot % 4;
  const nights = since + 1 + Math.floor(admission.days / 2);
  return { day: chart.today - since, admission, plan: { nights, minute: 60 * (1 + (slot % 8)) } };
}

function personasStay({ today }: Chart, { icd, daysAgo, nights }: NonNullable<CitizenPersona['stay']>): Planned {
  const admission = tables.find((one) => one.icd === icd)!;
  const plan = { nights: daysAgo + nights, minute: 17 * 60 + 25, isPersonas: true };
  return { day: today - daysAgo, admission, plan };
}

/** What this resident would most likely come with. */
function fitting(chart: Chart, isPlanned: boolean): Admission | undefined {
  const [own] = chart.problems.flatMap(
    ({ disease, since }) => (since < chart.today && chronicAdmissions.get(disease.hospital?.admissionCode ?? '')) || [],
  );
  if (own && !isPlanned && hasWhatItRequires(chart, own, chart.today) && chart.random.chance(0.6)) return own;
  const band = ageBand(chart.ageInYears(chart.today));
  const possible = admissions.filter(
    (one) =>
      one.acute !== isPlanned &&
      one.rate[band] > 0 &&
      chart.ageInYears(chart.today) >= (one.fromAge ?? 0) &&
      (one.sex === undefined || one.sex === chart.person.sex),
  );
  return possible.length === 0 ? undefined : possible[chart.random.weighted(possible.map(({ rate }) => rate[band]))]!;
}
