/** The privacy officer's report: accesses by role and kind, refusals, broken glasses and what came of them, week by week. Counted, nobody named. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { Calendar } from '#fhir/search/calendar.ts';
import { civilDate } from '#shared/days.ts';
import { actions, outcomes } from '../canonical.ts';
import type { AccessCount, CaseWeek, WeeklyReport } from '../contract.ts';
import type { AccessEntry } from '../entry.ts';
import { kindOfAction } from '../lines.ts';
import { professionWords, type Language } from '../words.ts';
import { countByWeek, countFindings, estimateEntries } from './report-store.ts';

/** A case, as far as a report needs it. Times are milliseconds since 1970. */
export type CaseDates = { kind: CaseWeek['kind']; opened: number; closed?: number | undefined; deadline: number };

export type WeeklyReportDeps = {
  db: Db;
  clock: Clock;
  /** Entries that may be counted at once, at most. */
  entriesMax?: number;
};

export type Reports = {
  /** The last weeks, this one among them. Faults: tooCostly, for more entries than are counted at once. */
  weekly(weeks: number, language: Language, cases: (from: number) => Promise<CaseDates[]>): Promise<WeeklyReport>;
};

const calendar = new Calendar('Europe/Oslo');
const daysOfWeek = 7;
/** 1970-01-01 was a Thursday. */
const thursdayOffset = 3;
const entriesMost = 10_000_000;

export function createReports({ db, clock, entriesMax = entriesMost }: WeeklyReportDeps): Reports {
  return {
    async weekly(weeks, language, casesSince) {
      const now = clock.now();
      const mondays = mondaysOf(now, weeks);
      const begin = mondays.map((monday) => ({ name: nameOfDay(monday), begins: calendar.dayStart(monday) }));
      const names = begin.map(({ name }) => name);
      const from = begin[0]?.begins ?? now;
      if ((await estimateEntries(db, from, now + 1)) > entriesMax)
        throw new Fault(
          'tooCostly',
          'There are more entries in so many weeks than can be counted. Ask for fewer weeks.',
        );
      const [counted, findings, cases] = await Promise.all([
        countByWeek(db, begin, now + 1),
        countFindings(db, names[0] as string),
        casesSince(from),
      ]);
      const accesses = countsOf(counted, language);
      return {
        weeks: names,
        accesses,
        brokenGlass: names.map((week) => ({
          week,
          count: sum(counted.filter((row) => row.week === week && isBrokenGlass(row))),
        })),
        unusual: names.map((week) => ({
          week,
          count: findings.find((one) => one.week === week)?.findings ?? 0,
        })),
        cases: names.flatMap((week, index) => casesOf(week, mondays[index] as number, cases, now)),
        openNow: cases.filter(({ closed }) => closed === undefined).length,
        lateNow: cases.filter(({ closed, deadline }) => closed === undefined && deadline < now).length,
      };
    },
  };
}

/** Days since 1970 of the Mondays, oldest first. */
function mondaysOf(now: number, weeks: number): number[] {
  const today = calendar.dayOf(now);
  const monday = today - ((today + thursdayOffset) % daysOfWeek);
  return Array.from({ length: weeks }, (_, index) => monday - (weeks - 1 - index) * daysOfWeek);
}

function nameOfDay(days: number): string {
  const { year, month, day } = civilDate(days);
  return [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
}

type Counted = Awaited<ReturnType<typeof countByWeek>>[number];

const isBrokenGlass = ({ action, outcome }: Counted): boolean =>
  actions[action] === 'break-glass' && outcomes[outcome] === 'allowed';
const sum = (rows: readonly Counted[]): number => rows.reduce((total, { entries }) => total + entries, 0);

/** By week, role, kind of what was done and outcome. */
function countsOf(rows: readonly Counted[], language: Language): AccessCount[] {
  const counts = new Map<string, AccessCount>();
  for (const { week, kind, authorisation, action, outcome, entries } of rows) {
    const who = kind as AccessEntry['who']['kind'];
    const role = authorisation ?? who;
    const done = kindOfAction(actions[action] ?? 'read');
    const ended = outcomes[outcome] ?? 'failed';
    const key = [week, role, done, ended].join(' ');
    const before = counts.get(key);
    if (before !== undefined) before.count += entries;
    else {
      const said = authorisation === null ? { kind: who } : { kind: who, authorisation };
      const roleWords = professionWords(said, language);
      counts.set(key, { week, role, roleWords, kind: done, outcome: ended, count: entries });
    }
  }
  return [...counts.values()];
}

function casesOf(week: string, monday: number, cases: readonly CaseDates[], now: number): CaseWeek[] {
  const [from, until] = [calendar.dayStart(monday), calendar.dayStart(monday + daysOfWeek)];
  const isIn = (at: number | undefined): boolean => at !== undefined && at >= from && at < until;
  return (['break-glass', 'wrong-access'] as const).map((kind) => {
    const own = cases.filter((one) => one.kind === kind);
    return {
      week,
      kind,
      opened: own.filter(({ opened }) => isIn(opened)).length,
      closed: own.filter(({ closed }) => isIn(closed)).length,
      // Of those opened in the week: not followed up in time, whether done since or not.
      late: own.filter(({ opened, closed, deadline }) => isIn(opened) && (closed ?? now) > deadline).length,
    };
  });
}
