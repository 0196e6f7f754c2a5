/** `/api/drill`: what can be practised, for all who signed in; beginning one for operators; noting, ending and the report for those on duty. */
import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '#kernel/http.ts';
import { parse } from '#kernel/parse.ts';
import { byOf, refuseWhoIsNotOnDuty } from '../downtime/routes.ts';
import { refuseWhoIsNoOperator, type OperatorDoor } from '../operations/operator.ts';
import * as contract from './contract.ts';
import type { Drills } from './drills.ts';
import { reportHtml } from './report.ts';
import { absenceOf, elsewhere, scenarioNames, scenarioWords, type Role } from './scenarios.ts';

export type DrillRouteDeps = { drills: Drills; node: string; role: Role; door: OperatorDoor; now(): number };

const listMax = 100;

export function registerDrillRoutes(server: HttpServer, deps: DrillRouteDeps): void {
  const { drills, door } = deps;
  server.get('/api/drill', async (request, reply) => {
    await door.require(request);
    return reply.send(await stateOf(deps));
  });
  server.get('/api/drill/list', async (request, reply) => {
    refuseWhoIsNotOnDuty(await door.require(request));
    return reply.send({ drills: await drills.list(listMax) } satisfies contract.DrillListAnswer);
  });
  server.get('/api/drill/:id', async (request, reply) => {
    refuseWhoIsNotOnDuty(await door.require(request));
    return reply.send(await drills.reportOf(idOf(request)));
  });
  // A drill cuts lines: that is for those who run the node. Ending one is for anybody on duty.
  server.post('/api/drill', async (request, reply) => {
    const id = await door.logged(request, 'drill: begin', refuseWhoIsNoOperator, async (caller) => {
      const { scenario, minutes, words } = parse(contract.beginRequest, request.body);
      const asked = { scenario, minutes, ...(words === undefined ? {} : { words }) };
      return (await drills.begin(asked, byOf(caller))).id;
    });
    return reply.code(201).send(await drills.reportOf(id));
  });
  server.post('/api/drill/:id/note', async (request, reply) => {
    await door.logged(request, 'drill: note', refuseWhoIsNotOnDuty, (caller) =>
      drills.note(idOf(request), parse(contract.noteRequest, request.body).words, byOf(caller)),
    );
    return reply.send(await drills.reportOf(idOf(request)));
  });
  server.post('/api/drill/:id/end', async (request, reply) => {
    await door.logged(request, 'drill: end', refuseWhoIsNotOnDuty, (caller) => {
      parse(contract.endRequest, request.body);
      return drills.end(idOf(request), byOf(caller));
    });
    return reply.send(await drills.reportOf(idOf(request)));
  });
  server.get('/api/drill/:id/report', async (request, reply) => {
    refuseWhoIsNotOnDuty(await door.require(request));
    const { format, language } = parse(contract.reportQuery, request.query);
    const report = await drills.reportOf(idOf(request));
    const name = `drill-${report.drill.scenario}-${new Date(report.drill.began).toISOString().slice(0, 10)}`;
    reply.header('content-disposition', `attachment; filename="${name}.${format}"`);
    if (format === 'json') return reply.send(report);
    return reply

      .type('text/html; charset=utf-8')
      .send(reportHtml(report, language));
  });
}

async function stateOf({ drills, node, role, now }: DrillRouteDeps): Promise<contract.DrillStateAnswer> {
  const open = await drills.open();
  const scenarios = scenarioNames.map((scenario) => ({
    scenario,
    ...scenarioWords[scenario],
    ...(absenceOf(scenario, role) === undefined ? { elsewhere: elsewhere[role] } : {}),
  }));
  if (open === undefined) return { node, at: now(), scenarios };
  const { id, scenario, state, began, until } = open;
  return { node, at: now(), drill: { id, scenario, state, began, until, ...scenarioWords[scenario] }, scenarios };
}

const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;
