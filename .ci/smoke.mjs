/**
 * Starts a node by `npm start` on a fresh data folder as a newcomer would, asks it for its metadata and, as a system that was let in, a patient; stops it by
 * SIGTERM, kills it by SIGKILL in the middle of the sample and starts it again; has its access log verified. Exit code 0 when all of that held.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'fyr-smoke-'));
const port = await freePort();
const fhir = `http://127.0.0.1:${port}/fhir`;
const limitMs = 180_000;
const environment = { ...process.env, FYR_DATA: folder, FYR_PORT: String(port), FYR_TRIAL_BEARER: '1' };
let token;

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}

/** Starts; `said(words)` resolves when the output has those words. */
function start(sample) {
  const child = spawn('npm', ['start'], {
    // A group of its own, so that all of it can be killed at once.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, FYR_SAMPLE: String(sample) },
  });
  let output = '';
  const watchers = new Set();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      for (const watch of watchers) watch();
    });
  }
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const said = (words) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`"${words}" was not said in ${limitMs / 1000} s.`)), limitMs);
      const watch = () => {
        if (!output.includes(words)) return;
        clearTimeout(late);
        watchers.delete(watch);
        resolve();
      };
      void ended.then((code) => {
        clearTimeout(late);
        reject(new Error(`It ended (${code}) before it said "${words}".`));
      });
      watchers.add(watch);
      watch();
    });
  return { pid: child.pid, said, ended, output: () => output };
}

/** A command of the node, beside it. Gives what it printed. */
function fyr(...words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/fyr.mjs', ...words], {
    env: environment,
    encoding: 'utf8',
  });
  assert.equal(status, 0, `fyr ${words.join(' ')} gave ${status}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** A system of the region's own, which may read all of it. */
function letIn() {
  fyr('client', 'add', 'smoke', '--scopes', 'system/*.rs');
  token = fyr('token', '--as', 'smoke');
}

async function get(path) {
  const headers = { accept: 'application/fhir+json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(`${fhir}${path}`, { headers });
  assert.equal(response.status, 200, `GET ${path} gave ${response.status}: ${await response.clone().text()}`);
  return response.json();
}

async function patients() {
  return (await get('/Patient?_summary=count')).total;
}

async function everything() {
  return (await get('/?_summary=count')).total;
}

const residents = 60;
const begun = performance.now();
const since = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;
let node;
try {
  node = start(residents);
  await node.said('Fyr answers at');
  console.log(`first answer after ${since(begun)}`);
  assert.equal((await get('/metadata')).resourceType, 'CapabilityStatement');
  assert.equal((await fetch(`${fhir}/Patient`)).status, 401, 'a patient without credentials');
  await node.said('Fyr is ready');
  console.log(`ready after ${since(begun)}`);
  letIn();
  const bundle = await get('/Patient?_count=1');
  const [{ resource }] = bundle.entry;
  assert.equal((await get(`/Patient/${resource.id}`)).id, resource.id);
  const all = await patients();
  // A few of those that are asked for may not be born yet.
  assert.ok(all > residents * 0.8, `${residents} residents, but ${all} patients`);
  const resources = await everything();

  process.kill(node.pid, 'SIGTERM');
  await node.ended;
  await assert.rejects(fetch(`${fhir}/metadata`), 'it still answers after SIGTERM');
  console.log('stopped by SIGTERM');

  node = start(residents);
  await node.said('Fyr is ready');
  assert.equal(await patients(), all);
  process.kill(-node.pid, 'SIGKILL');
  await node.ended;
  const restarted = performance.now();
  node = start(residents);
  await node.said('Fyr is ready');
  assert.equal(await patients(), all);
  console.log(`killed by SIGKILL, ready again after ${since(restarted)}`);
  assert.match(fyr('log', 'verify'), /Nothing was touched/);
  console.log('the access log is whole');
  process.kill(node.pid, 'SIGTERM');
  await node.ended;
  rmSync(folder, { recursive: true, force: true });
  token = undefined;

  // Killed in the middle of the first load, with a fresh folder: the next start makes it whole.
  node = start(residents);
  await node.said('Fyr answers at');
  letIn();
  await firstPatient();
  process.kill(-node.pid, 'SIGKILL');
  await node.ended;
  node = start(residents);
  await node.said('Fyr is ready');
  assert.equal(await patients(), all, 'patients after a kill in the middle, and in an unharmed load');
  assert.equal(await everything(), resources, 'resources after a kill in the middle, and in an unharmed load');
  console.log('killed in the middle of the sample, whole after the next start');
  process.kill(node.pid, 'SIGTERM');
  await node.ended;
  node = undefined;
} catch (error) {
  console.error(`${error.message} ${error.cause ?? ''}\nWhat the node said:\n${node?.output() ?? ''}`);
  if (node !== undefined) {
    try {
      process.kill(-node.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function firstPatient() {
  for (let tries = 0; tries < 600; tries++) {
    if ((await patients()) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
