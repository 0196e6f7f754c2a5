/** What looks unusual: looked for each night, and when the privacy officer asks; kept until it is looked for again. */
import { Calendar } from '#fhir/search/calendar.ts';
import { Fault } from '#kernel/fault.ts';
import type { JobHandler, Jobs } from '#kernel/jobs.ts';
import { auditEventId } from '../audit-event.ts';
import type { UnusualAnswer, UnusualFinding } from '../contract.ts';
import type { Language } from '../words.ts';
import { findFindings, type FindingRow } from './finding-store.ts';
import { lookAtDay, type Day, type LookDeps } from './look.ts';
import { reasonWords } from './words.ts';

export type UnusualDeps = LookDeps & { node: string };

export type UnusualAsked = {
  /** Milliseconds since 1970. */
  from?: number;
  until?: number;
  rule?: string | undefined;
  patient?: string | undefined;
  who?: string | undefined;
  count: number;
  cursor?: string | undefined;
  language: Language;
};

export type Unusual = {
  /** Newest day first, within a day what weighs most. Faults: invalid. */
  findings(asked: UnusualAsked): Promise<UnusualAnswer>;
  /** Looks at the days from one time to before another (milliseconds since 1970) now. Faults: invalid, for more than 31 days. */
  run(from: number, until: number): Promise<{ days: number; findings: number }>;
  /** What `startJobs` is to be given. */
  jobHandlers: Readonly<Record<string, JobHandler>>;
  /** Has the job done each night. */
  start(jobs: Pick<Jobs, 'add'>): Promise<void>;
};

const jobName = 'access-log-unusual';
const dayMs = 86_400_000;
/** After midnight in Norway, by when the day's last entries have come. */
const nightMs = 2 * 3_600_000;
const daysMax = 31;
/** Days that a night looks at: yesterday, and the ones before in case the node was down. */
const daysBack = 3;
const calendar = new Calendar('Europe/Oslo');
const dayName = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo' });

export function createUnusual(deps: UnusualDeps): Unusual {
  let jobs: Pick<Jobs, 'add'> | undefined;
  const addNight = (): Promise<void> | undefined =>
    jobs?.add(jobName, {}, { key: jobName, notBefore: dayOf(deps.now() + dayMs).from + nightMs });
  const look = async (
    from: number,
    until: number,
    signal?: AbortSignal,
  ): Promise<{ days: number; findings: number }> => {
    const days = daysBetween(from, until);
    let findings = 0;
    for (const day of days) findings += await lookAtDay(deps, day, signal);
    return { days: days.length, findings };
  };
  return {
    async findings(asked) {
      const skip = skipIn(asked.cursor);
      const { from, until, rule, patient, who, count, language } = asked;
      const rows = await findFindings(deps.db, {
        ...(from === undefined ? {} : { from: dayOf(from).name }),
        ...(until === undefined ? {} : { until: dayOf(until - 1 + dayMs).name }),
        ...(rule === undefined ? {} : { rule }),
        ...(patient === undefined ? {} : { patient }),
        ...(who === undefined ? {} : { who }),
        skip,
        limit: count + 1,
      });
      const findings = rows.slice(0, count).map((row) => accessOf(row, deps.node, language));
      return { findings, ...(rows.length > count ? { next: String(skip + count) } : {}) };
    },
    async run(from, until) {
      if (!(until > from) || until - from > daysMax * dayMs)
        throw new Fault('invalid', `A period of at most ${daysMax} days can be looked at at once.`);
      return look(from, until);
    },
    jobHandlers: {
      [jobName]: async (_payload, { signal }) => {
        const today = dayOf(deps.now());
        await look(today.from - daysBack * dayMs, today.from, signal);
        await addNight();
      },
    },
    async start(added) {
      jobs = added;
      await addNight();
    },
  };
}

function accessOf(row: FindingRow, node: string, language: Language): UnusualFinding {
  const { day, who, name, patient, score, reasons, entries, number, at } = row;
  return {
    day,
    who,
    name,
    ...(patient === '' ? {} : { patient }),
    score,
    reasons: reasons.map((reason) => ({
      rule: reason.rule,
      weight: reason.weight,
      words: reasonWords(reason, language),
    })),
    entries,
    newest: auditEventId({ node, number }),
    at: new Date(at).toISOString(),
  };
}

/** The day in Norway in which an instant lies. */
function dayOf(at: number): Day {
  const name = dayName.format(at);
  const interval = calendar.parse(name);
  if (!interval) throw new Error(`not a day: ${name}`);
  return { name, from: interval.low, until: interval.high };
}

function daysBetween(from: number, until: number): Day[] {
  const days: Day[] = [];
  for (let at = from; at < until; at = (days.at(-1) as Day).until) days.push(dayOf(at));
  return days;
}

function skipIn(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,6}$/.test(cursor)) throw new Fault('invalid', 'This page can not be found: its address was altered.');
  return Number(cursor);
}
