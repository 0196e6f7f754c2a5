import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRecord } from '../../app.ts';
import { testRegion, type Enrolled, type TestNode } from './region-for-test.ts';

const limitMs = 120_000;
const count = 150;

/** The process of a node, to be killed. What it says does not matter. */
function run({ environment, databaseUrl, config }: Enrolled): ChildProcess {
  const main = join(import.meta.dirname, '../../main.ts');
  const child = spawn(process.execPath, [main, 'start'], {
    cwd: config.dataFolder,
    env: { PATH: process.env['PATH'], ...environment, DATABASE_URL: databaseUrl, FYR_LOG: 'error' },
    stdio: 'ignore',
  });
  onTestFinished(() => killed(child));
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

const observed = (patient: string, text: string): object => ({
  resourceType: 'Observation',
  status: 'final',
  subject: { reference: `Patient/${patient}` },
  code: { text },
});

async function countAt(node: Pick<TestNode, 'ask'>, patient: string): Promise<number> {
  const { body } = await node.ask('GET', `Observation?patient=${patient}&_summary=count`);
  return body.total;
}

test(
  'a site killed in the middle of reading and of sending goes on where it was: nothing lost, nothing twice',
  async () => {
    const { region, enrol } = await testRegion('killed');
    await region.ask('PUT', 'Organization/hospital-a', { resourceType: 'Organization', id: 'hospital-a', name: 'A' });
    const patient = await region.make({ resourceType: 'Patient' });
    await region.make({
      resourceType: 'Encounter',
      status: 'in-progress',
      class: { code: 'IMP' },
      subject: { reference: `Patient/${patient.id}` },
      serviceProvider: { reference: 'Organization/hospital-a' },
    });
    const texts = Array.from({ length: count }, (_, i) => `region ${i}`);
    for (const text of texts) await region.make(observed(patient.id, text));
    const site = await enrol('site-a', ['Organization/hospital-a']);

    // Beside the process that carries the line, another one of the same node, as whoever reads and writes there.
    const record = await openRecord(site.config, site.databaseUrl);
    onTestFinished(() => record.close());
    const grant = record.fhir.context.grants.background('test');
    const beside = {
      async ask(method: string, path: string, body?: object) {
        const [place = '', query = ''] = path.split('?');
        const parameters = [...new URLSearchParams(query)];
        const asked = { method: method as 'GET', segments: place.split('/'), parameters, headers: {}, body };
        const { status, resource, text } = await record.fhir.dispatch(asked, grant);
        return { status, body: text === undefined ? resource : JSON.parse(text) };
      },
    };
    const versions = async (): Promise<number> => {
      const [row] = await record.db`select count(*)::int as count from sync_version`;
      return row?.['count'] as number;
    };

    let child = run(site);
    await expect.poll(versions, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0);
    await killed(child);
    child = run(site);
    await expect.poll(() => countAt(beside, patient.id), { timeout: 60_000 }).toBe(count);

    for (let i = 0; i < count; i++) await beside.ask('POST', 'Observation', observed(patient.id, `site ${i}`));
    await expect.poll(() => countAt(region, patient.id), { timeout: 60_000, interval: 5 }).toBeGreaterThan(count);
    await killed(child);
    run(site);
    await expect.poll(() => countAt(region, patient.id), { timeout: 60_000 }).toBe(2 * count);
    expect(await countAt(beside, patient.id)).toBe(2 * count);
    for (const node of [region, beside]) {
      const { body } = await node.ask('GET', `Observation?patient=${patient.id}&_count=1000`);
      const told = body.entry.map((e: any) => `${e.resource.meta.versionId} ${e.resource.code.text}`);
      expect(new Set(told).size).toBe(2 * count);
    }
  },
  limitMs,
);
