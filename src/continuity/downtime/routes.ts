/** `/api/downtime`: the banner for all who signed in; beginning, ending and the report for those on duty. Whatever changes something is in the access log. */
import type { FastifyRequest } from 'fastify';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import type { Caller } from '#trust/caller.ts';
import { isOperator, type OperatorDoor } from '../operations/operator.ts';
import * as contract from './contract.ts';
import type { Downtimes } from './downtime.ts';
import { reportHtml } from './report.ts';
import { openChecks, type By, type Downtime } from './rules.ts';
import { careWords, checkWords, kindWords, stateWords } from './words.ts';

export type DowntimeRouteDeps = {
  downtimes: Downtimes;
  node: string;
  /** The drill that is on. */
  drill?(): contract.BannerAnswer['drill'] | undefined;
  door: OperatorDoor;
  now(): number;
};

const listMax = 100;

export function registerDowntimeRoutes(server: HttpServer, deps: DowntimeRouteDeps): void {
  const { downtimes, door, node } = deps;
  server.get('/api/downtime', async (request, reply) => {
    await door.require(request);
    const drill = deps.drill?.();
    const banner = bannerOf(node, await downtimes.open());
    return reply.send({ ...banner, ...(drill === undefined ? {} : { drill }) });
  });
  server.get('/api/downtime/list', async (request, reply) => {
    refuseWhoIsNotOnDuty(await door.require(request));
    return reply.send({ downtimes: await downtimes.list(listMax) });
  });
  server.get('/api/downtime/:id', async (request, reply) => {
    refuseWhoIsNotOnDuty(await door.require(request));
    return reply.send(told(await downtimes.find(idOf(request))));
  });
  server.post('/api/downtime', async (request, reply) => {
    const made = await changed(deps, request, 'downtime: begin', (by) => {
      const { kind, reason, began } = parse(contract.beginRequest, request.body);
      return downtimes.propose({ kind, reason, began: began ?? deps.now() }, by);
    });
    return reply.code(201).send(told(made));
  });
  server.post('/api/downtime/:id/check', async (request, reply) => {
    const made = await changed(deps, request, 'downtime: check', () => downtimes.check(idOf(request)));
    return reply.send(told(made));
  });
  for (const step of Object.keys(contract.stepRequests) as contract.StepName[]) {
    server.post(`/api/downtime/:id/${step}`, async (request, reply) => {
      const made = await changed(deps, request, `downtime: ${step}`, (by) => {
        const body = parse(contract.stepRequests[step], request.body) as { over?: number };
        const event = { ...body, kind: step, ...(step === 'reconcile' ? { over: body.over ?? deps.now() } : {}) };
        return downtimes.apply(idOf(request), event as never, by);
      });
      return reply.send(told(made));
    });
  }
  server.get('/api/downtime/:id/report', async (request, reply) => {
    refuseWhoIsNotOnDuty(await door.require(request));
    const { format, language } = parse(contract.reportQuery, request.query);
    const report = await downtimes.reportOf(idOf(request));
    const name = `downtime-${new Date(report.downtime.began).toISOString().slice(0, 10)}`;
    reply.header('content-disposition', `attachment; filename="${name}.${format}"`);
    if (format === 'html') return reply.type('text/html; charset=utf-8').send(reportHtml(report, language));
    return reply.send(report);
  });
}

/** A nurse at the bed notices first: whoever works here on duty may begin and end a downtime; citizens and systems may not. */
export function refuseWhoIsNotOnDuty({ subject }: Caller): void {
  const isOnDuty = subject.kind === 'personnel' && ['care', 'pharmacy', 'operator'].includes(subject.duty);
  if (!isOnDuty && !isOperator(subject)) {
    throw new Fault('forbidden', 'Downtime is for those on duty here.', { reason: 'duty' });
  }
}

async function changed(
  { door }: DowntimeRouteDeps,
  request: FastifyRequest,
  what: string,
  work: (by: By) => Promise<Downtime>,
): Promise<Downtime> {
  return door.logged(request, what, refuseWhoIsNotOnDuty, (caller) => work(byOf(caller)));
}

/** Who does something, as it stands in a downtime's or a drill's history. */
export function byOf({ subject }: Caller): By {
  if (subject.kind === 'personnel') return { reference: `Practitioner/${subject.practitioner}`, name: subject.name };
  return {
    reference: subject.kind === 'system' ? subject.client : subject.kind,
    name: subject.kind === 'background' ? subject.name : 'system',
  };
}

function bannerOf(node: string, downtime: Downtime | undefined): contract.BannerAnswer {
  if (downtime === undefined) return { node };
  const { id, kind, state, began, declared, reason, proposedBy, drill } = downtime;
  return {
    node,
    downtime: {
      id,
      kind,
      state,
      began,
      ...(declared === undefined ? {} : { declared }),
      reason,
      by: proposedBy.name,
      isDrill: drill !== undefined,
      title: kindWords[kind],
      status: stateWords[state],
      care: careWords[kind],
    },
  };
}

function told(downtime: Downtime): contract.DowntimeAnswer {
  const open = openChecks(downtime).map(({ name }) => name);
  const checks = downtime.checks.map((check) => ({
    ...check,
    title: checkWords[check.name],
    isOpen: open.includes(check.name),
  }));
  return { downtime, checks, history: downtime.history };
}

const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;
