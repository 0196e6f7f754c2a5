/** `npm start -- --topology demo`, as a new user starts it: four processes, four databases, lines that are pulled and put back, a node that is killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readConfig } from '#kernel/config.ts';
import { environmentWithoutSettings } from '#kernel/config-environment.ts';
import { freePort } from '../../test/support/node.ts';
import { runCommand } from './index.ts';
import { demoNodes, lineOffset, proxyOffset } from './topology-plan.ts';

const startMs = 300_000;
const folder = mkdtempSync(join(tmpdir(), 'fyr-demo-'));
const main = join(import.meta.dirname, '../main.ts');
let demo: ChildProcess;
let port: number;
let told = '';
const tokens = new Map<string, string>();

beforeAll(async () => {
  port = await freeRange();
  const settings = { FYR_DATA: 'var', FYR_PORT: String(port), FYR_SAMPLE: '10' };
  demo = spawn(process.execPath, [main, 'start', '--topology', 'demo'], {
    cwd: folder,
    env: { ...environmentWithoutSettings(), ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  demo.stdout?.on('data', (chunk) => (told += chunk));
  await vi.waitFor(() => expect(told).toContain('Ctrl-C stops all.'), { timeout: startMs, interval: 500 });
}, startMs);

afterAll(async () => {
  const ended = new Promise((resolve) => demo.on('exit', resolve));
  demo.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** A port from which all those that the demo counts from it are free. */
async function freeRange(): Promise<number> {
  for (;;) {
    const from = await freePort();
    const wanted = demoNodes.flatMap(({ offset }) => [0, lineOffset, proxyOffset].map((more) => from + offset + more));
    if (wanted.every((one) => one <= 65_535)) return from;
  }
}

const context = (where: string, environment: { [name: string]: string } = {}) => {
  let written = '';
  return {
    readConfig: () => readConfig(environment, where),
    folder: where,
    output: { write: (text: string) => (written += text) },
    signal: new AbortController().signal,
    written: () => written,
  };
};

async function tokenAt(node: string): Promise<string> {
  const known = tokens.get(node);
  if (known !== undefined) return known;
  const own = context(folder, { FYR_DATA: join(folder, 'var') });
  await runCommand(['token', '--as', 'nurse', '--node', node], own);
  const token = own.written().trim().split('\n').at(-1) as string;
  tokens.set(node, token);
  return token;
}

type Answered = { status: number; body: any };

async function ask(node: string, method: string, path: string, body?: object): Promise<Answered> {
  const { offset } = demoNodes.find(({ name }) => name === node) as { offset: number };
  const headers = { authorization: `Bearer ${await tokenAt(node)}`, 'content-type': 'application/fhir+json' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`http://127.0.0.1:${port + offset}${path}`, { method, headers, ...sent });
  return { status: answer.status, body: await answer.json() };
}

async function pull(words: string[]): Promise<void> {
  await runCommand(words, context(folder, { FYR_DATA: join(folder, 'var') }));
}

async function somebodyOnTheWard(): Promise<string> {
  const { body } = await ask('ward', 'GET', '/fhir/Encounter?status=in-progress&_count=1');
  return body.entry[0].resource.subject.reference;
}

async function write(node: string, patient: string, text: string): Promise<string> {
  const { status, body } = await ask(node, 'POST', '/fhir/Observation', {
    resourceType: 'Observation',
    status: 'final',
    code: { text },
    subject: { reference: patient },
    effectiveDateTime: new Date().toISOString(),
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
}

const has = async (node: string, id: string): Promise<number> =>
  (await ask(node, 'GET', `/fhir/Observation/${id}`)).status;
const within = { timeout: 40_000, interval: 300 };
const isCutOff = async (node: string): Promise<boolean> =>
  (await ask(node, 'GET', '/api/continuity/summary')).body.isCutOff;

test('all four answer; what is written at the ward is read at its hospital and at the region', async () => {
  for (const { name } of demoNodes) expect((await ask(name, 'GET', '/api/continuity/summary')).body.node).toBe(name);
  const patient = await somebodyOnTheWard();
  const id = await write('ward', patient, 'connected');
  await expect.poll(() => has('central', id), within).toBe(200);
  await expect.poll(() => has('region', id), within).toBe(200);
}, 120_000);

test('the cable of the hospital pulled: ward and hospital write on, so does the region; put back, all three agree', async () => {
  await expect(pull(['line', 'cut', 'region'])).rejects.toThrow(/no line upwards/);
  await expect(pull(['line', 'cut', 'nowhere'])).rejects.toThrow(/no node nowhere/);
  const patient = await somebodyOnTheWard();
  await pull(['line', 'cut', 'central']);
  await expect.poll(() => isCutOff('central'), within).toBe(true);
  const atWard = await write('ward', patient, 'cut off');
  const atRegion = await write('region', patient, 'meanwhile');
  await expect.poll(() => has('central', atWard), within).toBe(200);
  expect([await has('region', atWard), await has('ward', atRegion)]).toEqual([404, 404]);
  await pull(['line', 'restore', 'central']);
  await expect.poll(() => has('region', atWard), within).toBe(200);
  await expect.poll(() => has('ward', atRegion), within).toBe(200);
}, 180_000);

test('the hospital killed: its ward reads and writes on; it comes back by itself, and all agree', async () => {
  const patient = await somebodyOnTheWard();
  const pid = Number(/central +http:\S+ +process (\d+)/.exec(told)?.[1]);
  process.kill(pid, 'SIGKILL');
  const id = await write('ward', patient, 'alone');
  expect(await has('ward', id)).toBe(200);
  await expect.poll(() => told, { timeout: 90_000, interval: 300 }).toContain('central is back');
  await expect.poll(() => has('region', id), within).toBe(200);
}, 240_000);
