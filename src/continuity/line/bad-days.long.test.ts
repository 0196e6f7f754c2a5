/** Bad days of real nodes that must end well: a node restored twice, a clock two hours wrong, an operation of 15 MB. */
import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import type { Config } from '#kernel/config.ts';
import { createDatabase, dropDatabase } from '#kernel/db-create.ts';
import { openRecord, startNode } from '../../app.ts';
import { freePort } from '../../../test/support/node.ts';
import { testRegion, type TestNode, type TestRegion } from './region-for-test.ts';

const limitMs = 120_000;
const within = { timeout: 30_000, interval: 200 };
const hospital = 'Organization/hospital-a';

async function withPatient(name: string): Promise<{ made: TestRegion; patient: string }> {
  const made = await testRegion(name);
  await made.region.ask('PUT', hospital, { resourceType: 'Organization', id: 'hospital-a', name: 'A' });
  const { id } = await made.region.make({ resourceType: 'Patient' });
  await made.region.make({
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { code: 'IMP' },
    subject: { reference: `Patient/${id}` },
    serviceProvider: { reference: hospital },
  });
  return { made, patient: id };
}

const observed = (patient: string, text: string): object => ({
  resourceType: 'Observation',
  status: 'final',
  subject: { reference: `Patient/${patient}` },
  code: { text },
});

/** The machine's image, restored a second time: the same database, the same keys, another address. */
async function cloneOf(node: TestNode): Promise<{ config: Config; databaseUrl: string }> {
  const server = inject('databaseServer');
  const database = `${inject('databaseName')}_clone`;
  await dropDatabase(server, database);
  await createDatabase(server, database, node.databaseUrl.split('/').at(-1));
  onTestFinished(() => dropDatabase(server, database));
  const dataFolder = `${node.config.dataFolder}-clone`;
  cpSync(node.config.dataFolder, dataFolder, { recursive: true });
  const port = await freePort();
  const line = { ...node.config.line, port: await freePort() };
  const config = { ...node.config, dataFolder, port, baseUrl: `http://127.0.0.1:${port}`, line };
  return { config, databaseUrl: server.replace(/\/[^/]*$/, `/${database}`) };
}

test(
  'of a node and its clone the second one is refused, says so, works on, and what it alone has is set aside for a person',
  async () => {
    const { made, patient } = await withPatient('cloned');
    const { joined: site } = await made.join('site-a', [hospital]);
    await expect.poll(async () => (await site.node.line?.summary())?.dataAgeMs, within).toBeDefined();
    await site.stop();
    const clone = await cloneOf(site);
    await site.start();
    const fromFirst = await site.make(observed(patient, 'from the first'));
    await expect
      .poll(async () => (await made.region.ask('GET', `Observation/${fromFirst.id}`)).status, within)
      .toBe(200);

    const second = await startNode(clone.config, clone.databaseUrl, pino({ level: 'silent' }));
    onTestFinished(() => second.stop());
    const above = async () => (await second.line?.state())?.above;
    await expect.poll(async () => (await above())?.refused, within).toBe('copy');
    expect((await above())?.problem).toMatch(/restored or copied. A person must decide/);
    const { fhir } = second;
    const body = observed(patient, 'from the second');
    const grant = fhir.context.grants.background('test');
    const asked = { method: 'POST' as const, segments: ['Observation'], parameters: [], headers: {}, body };
    const written = await fhir.dispatch(asked, grant);
    expect(written.status).toBe(201);
    const metrics = await (await fetch(`${second.url}/metrics`)).text();
    expect(metrics).toMatch(/^fyr_upstream_refused 1$/m);

    await expect
      .poll(async () => (await made.region.node.line?.state())?.setAside, { timeout: 60_000, interval: 500 })
      .toBe(1);
    const { body: told } = await made.region.ask('GET', `Observation?patient=${patient}`);
    expect((told.entry ?? []).map((e: any) => e.resource.code.text)).toEqual(['from the first']);
    const later = await site.make(observed(patient, 'the first goes on'));
    await expect.poll(async () => (await made.region.ask('GET', `Observation/${later.id}`)).status, within).toBe(200);
    expect((await site.node.line?.state())?.above?.refused).toBeUndefined();
  },
  limitMs,
);

const twoHoursAhead = `const real = Date; const ms = 7200000;
globalThis.Date = class extends real { constructor(...a) { if (a.length === 0) super(real.now() + ms); else super(...a); } static now() { return real.now() + ms; } };`;

test(
  'a site whose clock is two hours ahead: it is flagged, and causes stand before what follows from them at both',
  async () => {
    const { made, patient } = await withPatient('clock');
    const site = await made.enrol('site-a', [hospital]);
    const child = spawn(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(twoHoursAhead)}`,
        join(import.meta.dirname, '../../main.ts'),
        'start',
      ],
      {
        cwd: site.config.dataFolder,
        env: { PATH: process.env['PATH'], ...site.environment, DATABASE_URL: site.databaseUrl, FYR_LOG: 'error' },
        stdio: 'ignore',
      },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    onTestFinished(async () => {
      child.kill('SIGTERM');
      await ended;
    });
    const metrics = async (): Promise<string> =>
      fetch(`${site.config.baseUrl}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      );
    const offset = async (): Promise<number> =>
      Number(/^fyr_clock_offset_upstream_milliseconds (\S+)/m.exec(await metrics())?.[1]);
    await expect.poll(offset, { timeout: 60_000, interval: 500 }).toBeGreaterThan(7_100_000);
    expect(await offset()).toBeLessThan(7_300_000);

    // Another process of the same node, with the same wrong clock when it writes.
    const record = await openRecord(site.config, site.databaseUrl);
    onTestFinished(() => record.close());
    const grant = record.fhir.context.grants.background('test');
    const ask = async (method: 'GET' | 'PUT', path: string, body?: object): Promise<any> => {
      const asked = { method, segments: path.split('/'), parameters: [], headers: {}, body };
      const { resource, text } = await record.fhir.dispatch(asked, grant);
      return resource ?? JSON.parse(text ?? '{}');
    };
    const id = 'one-after-the-other';
    await made.region.ask('PUT', `Observation/${id}`, { ...observed(patient, '1'), id });
    const at = async (where: 'site' | 'region'): Promise<string | undefined> =>
      (where === 'site'
        ? await ask('GET', `Observation/${id}`).catch(() => ({}))
        : (await made.region.ask('GET', `Observation/${id}`)).body
      )?.code?.text;
    await expect.poll(() => at('site'), within).toBe('1');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7_200_000 });
    const ahead = await ask('PUT', `Observation/${id}`, { ...observed(patient, '2'), id });
    vi.useRealTimers();
    expect(Date.parse(ahead.meta.lastUpdated)).toBeGreaterThan(Date.now() + 7_100_000);
    await expect.poll(() => at('region'), within).toBe('2');
    await made.region.ask('PUT', `Observation/${id}`, { ...observed(patient, '3'), id });
    await expect.poll(() => at('site'), within).toBe('3');
    for (const history of [
      await ask('GET', `Observation/${id}/_history`),
      (await made.region.ask('GET', `Observation/${id}/_history`)).body,
    ])
      expect(history.entry.map((e: any) => [e.resource.meta.versionId, e.resource.code.text])).toEqual([
        ['3-region', '3'],
        ['2-site-a', '2'],
        ['1-region', '1'],
      ]);
    const tasks = (await made.region.ask('GET', `Task?patient=${patient}`)).body;
    expect(tasks.entry ?? []).toEqual([]);
  },
  limitMs,
);

test(
  'an operation of 15 MB goes up whole, with what was written before and after it',
  async () => {
    const { made, patient } = await withPatient('huge');
    const { joined: site } = await made.join('site-a', [hospital]);
    const before = await site.make(observed(patient, 'before'));
    const data = Buffer.alloc(11_250_000, 'fyr').toString('base64');
    const huge = await site.make({
      resourceType: 'DocumentReference',
      status: 'current',
      subject: { reference: `Patient/${patient}` },
      content: [{ attachment: { contentType: 'application/octet-stream', data } }],
    });
    const after = await site.make(observed(patient, 'after'));
    for (const one of [`Observation/${after.id}`, `Observation/${before.id}`, `DocumentReference/${huge.id}`])
      await expect
        .poll(async () => (await made.region.ask('GET', one)).status, { timeout: 60_000, interval: 500 })
        .toBe(200);
    const { body } = await made.region.ask('GET', `DocumentReference/${huge.id}`);
    expect(body.content[0].attachment.data.length).toBe(15_000_000);
    expect((await site.node.line?.state())?.above).toMatchObject({ backlog: 0 });
    expect((await made.region.node.line?.state())?.setAside).toBe(0);
  },
  limitMs,
);
