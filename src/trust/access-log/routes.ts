/** `/api/log`: the patient's page, and what the privacy officer looks at. Each reading of the log is in the log before it is answered. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Ids } from '#kernel/ids.ts';
import { parse } from '#kernel/parse.ts';
import type { Caller } from '../caller.ts';
import { frameOf } from '../frame.ts';
import type { Ground } from '../policy/decision.ts';
import { numberOfAuditEvent } from './audit-event.ts';
import type { PeopleAnswer, WeeklyReport } from './contract.ts';
import {
  mineQuery,
  peopleRequest,
  reportQuery,
  sampleQuery,
  searchQuery,
  unusualQuery,
  unusualRun,
  wrongReport,
} from './contract.ts';
import type { AccessLog } from './entry.ts';
import { readMine } from './mine.ts';
import type { Names } from './names.ts';
import { sampleLog, searchLog } from './oversight.ts';
import type { People } from './people.ts';
import { periodOf } from './period.ts';
import type { LogReader } from './read.ts';
import { reportCsv } from './report/report-csv.ts';
import type { CaseDates, Reports } from './report/report.ts';
import type { Unusual } from './unusual/index.ts';
import { languageOf } from './words.ts';

/** What a patient says is wrong, for the privacy officer. */
export type WrongAccess = {
  patient: string;
  /** The entry: its AuditEvent id, when, and who it names. */
  entry: { id: string; at: number; reference: string; name: string };
  message: string;
};

export type LogRouteDeps = {
  log: AccessLog;
  reader: LogReader;
  names: Names;
  people: People;
  unusual: Unusual;
  clock: Clock;
  ids: Pick<Ids, 'uuid' | 'below'>;
  node: string;
  /** Who calls, also for what changes something (CSRF). Throws a Fault `unauthenticated`. */
  require(request: FastifyRequest): Promise<Caller>;
  /** The ground on which the caller may read this patient's log: one's own, or of whom one represents. Throws a Fault otherwise. */
  mayReadLogOf(caller: Caller, patient: string): Promise<Ground>;
  /** The ground on which the caller may look through the whole log: the privacy officer's. Throws a Fault otherwise. */
  mayOversee(caller: Caller): Promise<Ground>;
  /** Opens a case for the privacy officer; gives its id. */
  openCase(wrong: WrongAccess, caller: Caller): Promise<string>;
  reports: Reports;
  /** Cases that were changed since, and those that are open. */
  casesSince(from: number): Promise<CaseDates[]>;
};

type Asked = { request: FastifyRequest; reply: FastifyReply; caller: Caller };

/** Opens the routes. Everything is answered as JSON that no cache keeps. */
export async function registerLogRoutes(server: HttpServer, deps: LogRouteDeps): Promise<void> {
  const answer = (method: 'GET' | 'POST', path: string, work: (asked: Asked) => Promise<object | string>): void => {
    server.route({
      method,
      url: `/api/log/${path}`,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const caller = await deps.require(request);
        const body = await work({ request, reply, caller });
        return reply.send(body);
      },
    });
  };
  answer('GET', 'mine', (asked) => mine(deps, asked));
  answer('POST', 'mine/wrong', (asked) => reportWrong(deps, asked));
  answer('GET', 'search', (asked) => search(deps, asked));
  answer('GET', 'sample', (asked) => sample(deps, asked));
  answer('GET', 'unusual', (asked) => unusual(deps, asked));
  answer('GET', 'report', (asked) => report(deps, asked));
  answer('GET', 'report.csv', (asked) => reportAsCsv(deps, asked));
  answer('POST', 'people', (asked) => tellPeople(deps, asked));
  answer('POST', 'unusual/run', (asked) => runUnusual(deps, asked));
}

async function mine(deps: LogRouteDeps, { request, caller }: Asked): Promise<object> {
  const query = parse(mineQuery, request.query);
  const patient = query.patient ?? ownPatient(caller);
  const ground = await allowed(deps, caller, [patient], () => deps.mayReadLogOf(caller, patient));
  const found = await readMine(deps, { ...query, patient, language: languageIn(request, query.language) });
  await tell(deps, caller, { ground, patients: [patient], query: queryWords(request) });
  return found;
}

async function reportWrong(deps: LogRouteDeps, { request, caller }: Asked): Promise<object> {
  const { patient: named, entry: id, message } = parse(wrongReport, request.body);
  const patient = named ?? ownPatient(caller);
  const ground = await allowed(deps, caller, [patient], () => deps.mayReadLogOf(caller, patient));
  const number = numberOfAuditEvent(id, deps.node);
  const entry = number === undefined ? undefined : await deps.reader.entry(number);
  if (entry?.patient !== patient) throw new Fault('notFound', 'This entry is not in the log of this person.');
  const { at, who } = entry;
  const opened = await deps.openCase(
    { patient, entry: { id, at, reference: who.reference, name: who.name }, message },
    caller,
  );
  await tell(deps, caller, { ground, patients: [patient], query: `wrong ${id}` });
  return { case: opened };
}

async function search(deps: LogRouteDeps, { request, caller }: Asked): Promise<object> {
  const query = parse(searchQuery, request.query);
  const ground = await allowed(deps, caller, query.patient === undefined ? [] : [query.patient], () =>
    deps.mayOversee(caller),
  );
  const found = await searchLog(deps, { ...query, language: languageIn(request, query.language) });
  await tell(deps, caller, { ground, patients: patientsIn(found.entries), query: queryWords(request) });
  return found;
}

async function sample(deps: LogRouteDeps, { request, caller }: Asked): Promise<object> {
  const query = parse(sampleQuery, request.query);
  const ground = await allowed(deps, caller, [], () => deps.mayOversee(caller));
  const found = await sampleLog(deps, { ...query, language: languageIn(request, query.language) }, deps.ids);
  await tell(deps, caller, { ground, patients: patientsIn(found.entries), query: queryWords(request) });
  return found;
}

async function unusual(deps: LogRouteDeps, { request, caller }: Asked): Promise<object> {
  const query = parse(unusualQuery, request.query);
  const ground = await allowed(deps, caller, [], () => deps.mayOversee(caller));
  const { from: _from, until: _until, language, ...rest } = query;
  const found = await deps.unusual.findings({
    ...rest,
    ...periodOf(query),
    language: languageIn(request, language),
  });
  await tell(deps, caller, { ground, patients: patientsIn(found.findings), query: queryWords(request) });
  return found;
}

async function report(deps: LogRouteDeps, { request, caller }: Asked): Promise<WeeklyReport> {
  const { weeks, language } = parse(reportQuery, request.query);
  const ground = await allowed(deps, caller, [], () => deps.mayOversee(caller));
  const made = await deps.reports.weekly(weeks, languageIn(request, language), deps.casesSince);
  await tell(deps, caller, { ground, patients: [], query: `report ${weeks} weeks` });
  return made;
}

async function reportAsCsv(deps: LogRouteDeps, asked: Asked): Promise<string> {
  const made = await report(deps, asked);
  asked.reply.type('text/csv; charset=utf-8');
  asked.reply.header('content-disposition', `attachment; filename="access-report-${made.weeks.at(-1) ?? ''}.csv"`);
  return reportCsv(made);
}

async function tellPeople(deps: LogRouteDeps, { request, caller }: Asked): Promise<object> {
  const asked = parse(peopleRequest, request.body);
  const named = 'patients' in asked ? asked.patients : [];
  const ground = await allowed(deps, caller, named, () => deps.mayOversee(caller));
  const people = 'patients' in asked ? await deps.people.of(asked.patients) : await deps.people.byNumber(asked.number);
  await tell(deps, caller, { ground, patients: people.map(({ patient }) => patient), query: 'people' });
  return { people } satisfies PeopleAnswer;
}

async function runUnusual(deps: LogRouteDeps, { request, caller }: Asked): Promise<object> {
  const asked = parse(unusualRun, request.body);
  const ground = await allowed(deps, caller, [], () => deps.mayOversee(caller));
  const { from, until } = periodOf(asked);
  if (from === undefined || until === undefined) throw new Fault('invalid', 'from and until must be days or instants.');
  await tell(deps, caller, { ground, patients: [], query: `unusual ${asked.from} ${asked.until}` });
  return deps.unusual.run(from, until);
}

/** What was decided; a refusal is in the log before it is told. */
async function allowed(
  deps: LogRouteDeps,
  caller: Caller,
  patients: readonly string[],
  decide: () => Promise<Ground>,
): Promise<Ground> {
  try {
    return await decide();
  } catch (error) {
    if (error instanceof Fault) await tell(deps, caller, { patients, query: undefined, reason: error.kind });
    throw error;
  }
}

type Told = { ground?: Ground; patients: readonly string[]; query: string | undefined; reason?: string };

/** One entry for each patient whose log was read; one without a patient where that is nobody's. */
async function tell(
  { log, clock, ids }: LogRouteDeps,
  caller: Caller,
  { ground, patients, query, reason }: Told,
): Promise<void> {
  const { defaultGround, ...frame } = frameOf(caller, ids.uuid());
  const { purpose, ground: words, attestation } = ground ?? defaultGround;
  const concerned = patients.length === 0 ? [undefined] : [...new Set(patients)];
  await log.append(
    concerned.map((patient) => ({
      ...frame,
      at: clock.now(),
      action: 'log-read',
      patient,
      what: { types: { AuditEvent: 1 }, resources: [], ...(query === undefined ? {} : { query }) },
      purpose,
      ground: words,
      ...(attestation === undefined ? {} : { attestation }),
      outcome: reason === undefined ? 'allowed' : 'refused',
      ...(reason === undefined ? {} : { reason }),
    })),
  );
}

function patientsIn(entries: readonly { patient?: string }[]): string[] {
  return entries.flatMap(({ patient }) => (patient === undefined ? [] : [patient]));
}

/** Faults: invalid, for who is not a citizen and names nobody. */
function ownPatient({ subject }: Caller): string {
  if (subject.kind === 'citizen') return subject.patient;
  throw new Fault('forbidden', 'This page is for citizens: it shows who has looked at their own record.');
}

function languageIn(request: FastifyRequest, asked: string | undefined): 'nb' | 'nn' | 'en' {
  return languageOf(asked, request.headers['accept-language']);
}

/** What was asked, without where a page goes on. */
function queryWords({ query }: FastifyRequest): string {
  const { cursor: _cursor, ...rest } = query as { [name: string]: string };
  return new URLSearchParams(rest).toString();
}
