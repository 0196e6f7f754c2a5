/** `/api/summary`: the health indicator, the summary as JSON, page and PDF, and what is imported. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import { faultOf, type HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import type { FhirContext, RequestContext } from '#fhir/index.ts';
import { parseJson, writeJson } from '#fhir/json/index.ts';
import type { Door, Entered, OpenShare, SummaryAccess, SummaryBasis, SummaryStanding } from '#trust/index.ts';
import { endingWell, entering } from '#trust/entered.ts';
import * as contract from './contract.ts';
import type { SummaryView } from './contract.ts';
import { decideProposal, keepImport, readProposals } from './import.ts';
import { chooseLanguage, type Language } from './languages.ts';
import { createPdfWriter } from './pdf.ts';
import { pageOf, pagePolicy } from './page.ts';
import { findByNumber, invalidNumber, isHere, noSummaryRecord, readIndicator } from './read-indicator.ts';
import { readSummary, type ReadBeside } from './read-summary.ts';
import { readWholeView } from './whole-record.ts';
import { documentDeps, noSummary } from './summary-operation.ts';
import { documentOf } from './document.ts';
import type { Summary } from './summary.ts';
import { viewOf } from './view.ts';

export type SummaryRouteDeps = {
  context: FhirContext;
  door: Pick<Door, 'require' | 'enter' | 'enterAs'>;
  summaries: SummaryAccess;
  openShare: OpenShare;
  readBeside: ReadBeside;
};

export async function registerSummaryRoutes(server: HttpServer, deps: SummaryRouteDeps): Promise<void> {
  server.post('/api/summary/indicator', async (request, reply) =>
    sendJson(reply, await answerIndicator(deps, request)),
  );
  const writePdf = createPdfWriter();
  server.get('/api/summary/:name', async (request, reply) => {
    const caller = await deps.door.require(request);
    const { name = '' } = request.params as { name?: string };
    const [, patient = '', ending = 'json'] = /^([A-Za-z0-9.-]{1,64}?)(?:\.(json|html|pdf))?$/.exec(name) ?? [];
    if (patient === '') throw new Fault('invalid', 'The address is /api/summary/ and the id of a patient.');
    const { summary, language } = await openSummary(deps, request, caller, patient);
    const view = viewOf(summary, language);
    if (ending === 'json') return sendJson(reply, view);
    if (ending === 'html') {
      void reply.type('text/html; charset=utf-8').header('content-security-policy', pagePolicy);
      return reply.send(pageOf(view));
    }
    void reply.type('application/pdf').header('content-disposition', 'inline; filename="summary.pdf"');
    return reply.send(await writePdf(view));
  });
  server.get('/api/summary/:name/whole.pdf', async (request, reply) => {
    const { name = '' } = request.params as { name?: string };
    const view = await openWhole(deps, request, name);
    void reply.type('application/pdf').header('content-disposition', 'attachment; filename="record.pdf"');
    return reply.header('cache-control', 'no-store').send(await writePdf(view));
  });
  server.post('/api/summary/shared', async (request, reply) => {
    const { view, until, document } = await openShared(deps, request);
    if (document !== undefined) return sendJson(reply.header('x-fyr-until', until), document);
    const isPdf = parse(contract.sharedRequest, request.body).as === 'pdf';
    if (!isPdf) return sendJson(reply, { until, view });
    void reply.type('application/pdf').header('cache-control', 'no-store');
    return reply.send(await writePdf(view));
  });
  await server.register((scope) => registerImport(scope as unknown as HttpServer, deps));
}

type Doing = { action: 'operation' | 'create'; query: string };
type Asked = { context: RequestContext; caller: Entered['caller']; language: Language };

/** A scope of its own: what is imported keeps its numbers to the letter, as FHIR wants it. */
async function registerImport(server: HttpServer, { context, door }: SummaryRouteDeps): Promise<void> {
  server.removeContentTypeParser(['application/json']);
  server.addContentTypeParser(
    ['application/json', 'application/fhir+json'],
    { parseAs: 'string' },
    (_request, body, done) => {
      try {
        done(null, body === '' ? undefined : parseJson(String(body)));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  /** Who asks is known before anything is looked at. */
  const within = async (
    request: FastifyRequest,
    what: Doing,
    work: (asked: Asked) => Promise<object>,
  ): Promise<object> => {
    return entering(door, request, what, ({ caller, grant }) =>
      work({ context: { ...context, grant }, caller, language: languageOf(request) }),
    );
  };
  server.post('/api/summary/import', async (request, reply) => {
    const body = await within(request, { action: 'create', query: 'summary import' }, async ({ context, language }) =>
      keepImport(context, parse(contract.importRequest, request.body), language),
    );
    return sendJson(reply.code(201), body);
  });
  server.get('/api/summary/proposals', async (request, reply) => {
    const body = await within(
      request,
      { action: 'operation', query: 'summary proposals' },
      async ({ context, language }) =>
        readProposals(context, parse(contract.proposalsQuery, request.query).import, language),
    );
    return sendJson(reply, body);
  });
  for (const decision of ['accept', 'reject'] as const) {
    server.post(`/api/summary/proposals/:id/${decision}`, async (request, reply) => {
      const { id = '' } = request.params as { id?: string };
      const what = { action: 'operation', query: `summary proposal ${decision}` } as const;
      const body = await within(request, what, async ({ context, caller, language }) => {
        const asked = parse(contract.proposalDecision, request.body);
        return decideProposal(context, { import: asked.import, id, decision, by: caller }, language);
      });
      return sendJson(reply, body);
    });
  }
}

/** Nothing that is told here is contents; the line that it leaves in the log is of a kind that the patient's page doesn't show as an opening. */
async function answerIndicator(deps: SummaryRouteDeps, request: FastifyRequest): Promise<contract.IndicatorAnswer> {
  const { context } = deps;
  const caller = await deps.door.require(request);
  const asked = parse(contract.indicatorRequest, request.body);
  const reading = { db: context.db, search: context.search, grant: context.grants.background('summary indicator') };
  const patient = asked.patient ?? (await findByNumber(reading, asked.number ?? ''));
  if (patient === 'invalid') return invalidNumber;
  // What is read meanwhile is told to nobody who may not ask, and nothing is answered before the line is in the log.
  const [standing, read] = await Promise.all([
    standingTold(deps, caller, patient, isHere(reading, patient)),
    patient === undefined ? noSummaryRecord : readIndicator(reading, patient),
  ]);
  if (standing === undefined) return noSummaryRecord;
  return { ...(standing.isReserved || standing.isBlocked ? noSummaryRecord : read), ...standing };
}

/** What holds for who asks, once the line of it is in the log; undefined where there is no such patient. Who may not ask at all is told so even then. */
async function standingTold(
  deps: SummaryRouteDeps,
  caller: Entered['caller'],
  patient: string | undefined,
  isThere: Promise<boolean>,
): Promise<SummaryStanding | undefined> {
  const { summaries } = deps;
  const [standing, isKnown] = await Promise.all([
    tellingRefusal(deps, caller, patient, () => summaries.standing(caller, patient ?? 'nobody')),
    isThere,
  ]);
  if (!isKnown) return undefined;
  await summaries.tellStatus(caller, patient);
  return standing;
}

async function tellingRefusal<T>(
  { summaries }: SummaryRouteDeps,
  caller: Entered['caller'],
  patient: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const fault = faultOf(error);
    if (fault !== undefined) await summaries.tellStatus(caller, patient, fault.reason ?? fault.kind);
    throw error;
  }
}

/** With a ground as kjernejournal's rules are; without one as the caller may read the record by what they have to do with the patient. */
async function openSummary(
  { context, door, summaries, readBeside }: SummaryRouteDeps,
  request: FastifyRequest,
  caller: Entered['caller'],
  patient: string,
): Promise<{ summary: Summary; language: Language }> {
  const basis = basisOf(request);
  const query = 'summary record';
  const entered =
    basis === undefined
      ? await door.enterAs(caller, { action: 'operation', query })
      : await summaries.open(caller, patient, basis, query);
  const summary = await endingWell(entered, async () => {
    if (await summaries.isReserved(patient)) throw new Fault('notFound', noSummary, { reason: 'reserved' });
    return readSummary({ ...context, grant: entered.grant }, patient, readBeside);
  });
  return { summary, language: languageOf(request) };
}

/** The whole record of one's own, or of whom one acts for, as far as one may see it. */
async function openWhole(
  { context, door }: SummaryRouteDeps,
  request: FastifyRequest,
  patient: string,
): Promise<SummaryView> {
  const caller = await door.require(request);
  if (caller.subject.kind !== 'citizen')
    throw new Fault('forbidden', 'The whole record as a document is for the patient.');
  const entered = await door.enterAs(caller, { action: 'export', query: 'whole record as a document' });
  return endingWell(entered, () => {
    if (!/^[A-Za-z0-9.-]{1,64}$/.test(patient)) throw new Fault('invalid', 'The address names a patient by id.');
    return readWholeView({ ...context, grant: entered.grant }, patient, languageOf(request));
  });
}

type Shared = { view: SummaryView; until: string; document: object | undefined };

/** Whoever has the code, and says who they are. Faults: busy, notFound, invalid. */
async function openShared(deps: SummaryRouteDeps, request: FastifyRequest): Promise<Shared> {
  const { context, summaries, openShare, readBeside } = deps;
  const { code, name, as } = parse(contract.sharedRequest, request.body);
  const { patient, until, grant, end } = await openShare({ code, name, address: request.ip });
  const asked = { ...context, grant };
  const summary = await endingWell({ end }, async () => {
    if (await summaries.isReserved(patient)) throw new Fault('notFound', noSummary, { reason: 'reserved' });
    return readSummary(asked, patient, readBeside);
  });
  const language = languageOf(request);
  const document = as === 'fhir' ? documentOf(summary, language, documentDeps(context)) : undefined;
  return { view: viewOf(summary, language), until, document };
}

const bases: Readonly<Record<string, SummaryBasis>> = {
  samtykke: 'consent',
  consent: 'consent',
  hpmottattsamtykke: 'consent',
  akutt: 'emergency',
  emergency: 'emergency',
  hpakutt: 'emergency',
  unntak: 'exemption',
  exemption: 'exemption',
  hpunntak: 'exemption',
};

/** Faults: invalid, for a ground that is none. */
function basisOf(request: FastifyRequest): SummaryBasis | undefined {
  const { basis } = parse(contract.summaryQuery, request.query);
  const header = request.headers['nhn-access-basis'];
  const given = basis ?? (typeof header === 'string' ? header : undefined);
  if (given === undefined) return undefined;
  const known = bases[given.trim().toLowerCase()];
  if (known === undefined) throw new Fault('invalid', 'The ground is SAMTYKKE, AKUTT or UNNTAK.');
  return known;
}

function languageOf(request: FastifyRequest): Language {
  const { _language } = parse(contract.summaryQuery, request.query);
  return chooseLanguage(_language, request.headers['accept-language']);
}

function sendJson(reply: FastifyReply, body: object): FastifyReply {
  return reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(writeJson(body));
}
