/** `/api/operations/jobs` and `/api/operations/backups`: what is done though nobody waits for it, and what there is to go back to. */
import { z } from 'zod';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { HttpServer } from '#kernel/http.ts';
import { countJobs, listJobs, runJobAgain, type QueuedJob } from '#kernel/jobs-store.ts';
import { withholdText } from '#kernel/log-withheld.ts';
import { parse } from '#kernel/parse.ts';
import { listBackups } from '../backup/index.ts';
import type { BackupsAnswer, JobShown, JobsAnswer } from './contract.ts';
import { refuseWhoIsNoOperator, type OperatorDoor } from './operator.ts';

export type UpkeepRouteDeps = { db: Db; door: Pick<OperatorDoor, 'requireOperator' | 'logged'> };

const jobsMax = 200;
const backupsMax = 100;
const problemCharactersMax = 300;

const ofJob = z.strictObject({ id: z.string().regex(/^\d{1,18}$/) });

export function registerUpkeepRoutes(server: HttpServer, { db, door }: UpkeepRouteDeps): void {
  server.get('/api/operations/jobs', async (request, reply) => {
    await door.requireOperator(request, 'jobs');
    const [jobs, all] = await Promise.all([listJobs(db, jobsMax), countJobs(db)]);
    return reply.send({ jobs: jobs.map(shown), all } satisfies JobsAnswer);
  });
  server.post('/api/operations/jobs/:id/again', async (request, reply) => {
    await door.requireOperator(request, 'jobs');
    const { id } = parse(ofJob, request.params);
    await door.logged(request, `job: again ${id}`, refuseWhoIsNoOperator, async () => {
      if (!(await runJobAgain(db, id)))
        throw new Fault('conflict', 'This job is done, or is being worked on: there is nothing to run again.');
    });
    return reply.send({});
  });
  server.get('/api/operations/backups', async (request, reply) => {
    await door.requireOperator(request, 'backups');
    return reply.send({ backups: await listBackups(db, backupsMax) } satisfies BackupsAnswer);
  });
}

function shown({ problem, ...job }: QueuedJob): JobShown {
  const said = problem?.split('\n')[0]?.trim() ?? '';
  return { ...job, ...(said === '' ? {} : { problem: withholdText(said).slice(0, problemCharactersMax) }) };
}
