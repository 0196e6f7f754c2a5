/** `npm start -- --topology demo`: a region, two hospitals and a ward on one machine, joined, each its own process and database; lines that can be pulled. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { addNode, findOrganization, identityFolder, openTcpProxy, type TcpProxy } from '#continuity/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import { environmentWithoutSettings } from '#kernel/config-environment.ts';
import { holderOf } from '#kernel/data-folder.ts';
import { openDatabase } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { createAuthority, initAuthority, readIdentity, unlockAuthority } from '#trust/authority/index.ts';
import { exitCode, type CommandContext } from './command.ts';
import { demoFolder, demoNodes, lineOffset, linesFolder, proxyOffset, type DemoNode } from './topology-plan.ts';

type Demo = {
  config: Config;
  folder: string;
  context: CommandContext;
  say(line: string): void;
  /** Aborted when everything is to end. */
  signal: AbortSignal;
  running: Set<ChildProcess>;
  /** The process of each node. */
  processes: Map<string, ChildProcess>;
};

const lookEveryMs = 200;
const againMs = 10_000;
const program = join(import.meta.dirname, '../main.ts');

export async function runDemo(context: CommandContext): Promise<number> {
  const { config } = context.readConfig();
  const folder = demoFolder(config);
  const ending = new AbortController();
  const signal = AbortSignal.any([context.signal, ending.signal]);
  const say = (line: string): void => void context.output.write(`${line}\n`);
  const demo: Demo = { config, folder, context, say, signal, running: new Set(), processes: new Map() };
  mkdirSync(linesFolder(folder), { recursive: true });
  const passphrase = passphraseOf(folder);
  await makeAuthorityOnce(folder, passphrase);
  const proxies: TcpProxy[] = [];
  try {
    for (const node of demoNodes) {
      if (signal.aborted) break;
      if (node.below !== undefined) proxies.push(await openLineOf(demo, node));
      writeSettings(demo, node);
      if (node.below !== undefined) await joinOnce(demo, node, passphrase);
      await startOne(demo, node);
    }
    if (!signal.aborted) tell(demo);
    await untilEnd(demo);
    return exitCode.done;
  } finally {
    ending.abort();
    while (demo.running.size > 0) await delay(lookEveryMs);
    for (const proxy of proxies) await proxy.stop();
    say('All nodes have stopped.');
  }
}

function passphraseOf(folder: string): string {
  const file = join(folder, 'ca-passphrase');
  if (!existsSync(file)) writeFileSync(file, systemRandomness.bytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

async function makeAuthorityOnce(folder: string, passphrase: string): Promise<void> {
  const authority = join(folder, 'region', 'authority');
  if (existsSync(join(authority, 'ca.pem'))) return;
  const made = { name: 'Demo', passphrase, now: systemClock.now(), days: 3650 };
  await initAuthority(authority, made, systemRandomness);
}

function portsOf({ config }: Demo, { offset }: DemoNode): { port: number; line: number; proxy: number } {
  const port = config.port + offset;
  return { port, line: port + lineOffset, proxy: port + proxyOffset };
}

/** Each node reads its settings from the `fyr.json` of its own folder. */
function writeSettings(demo: Demo, node: DemoNode): void {
  const { port, line, proxy } = portsOf(demo, node);
  const folder = join(demo.folder, node.name);
  mkdirSync(folder, { recursive: true });
  const isRegion = node.role === 'region';
  const settings = {
    node: node.name,
    role: node.role,
    host: demo.config.host,
    port,
    data: '.',
    sample: demo.config.sampleResidents,
    references: 'lenient',
    databaseMemory: 1024,
    databaseConnections: 8,
    trialBearer: '1',
    ...(node.role === 'ward' ? {} : { linePort: line }),
    ...(isRegion ? { authorityPassphraseFile: '../ca-passphrase' } : { upstream: `https://127.0.0.1:${proxy}` }),
  };
  writeFileSync(join(folder, 'fyr.json'), `${JSON.stringify(settings, null, 2)}\n`);
}

/** The line from a node upwards runs through a proxy, which the file of its name cuts. */
async function openLineOf(demo: Demo, node: DemoNode): Promise<TcpProxy> {
  const above = demoNodes.find(({ name }) => name === node.below) as DemoNode;
  const host = '127.0.0.1';
  const proxy = await openTcpProxy(
    { host, port: portsOf(demo, node).proxy },
    { host, port: portsOf(demo, above).line },
  );
  const file = join(linesFolder(demo.folder), node.name);
  rmSync(file, { force: true });
  let before: string | undefined;
  const timer = setInterval(() => {
    const now = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    if (now === before) return;
    before = now;
    if (now === undefined) proxy.restore();
    else proxy.cut(now === 'silent' ? 'silent' : 'closed');
    demo.say(`The line from ${node.name} to ${above.name} is ${now === undefined ? 'back' : 'cut'}.`);
  }, lookEveryMs);
  return {
    ...proxy,
    stop() {
      clearInterval(timer);
      return proxy.stop();
    },
  };
}

async function joinOnce(demo: Demo, node: DemoNode, passphrase: string): Promise<void> {
  const folder = join(demo.folder, node.name);
  if (readIdentity(identityFolder({ dataFolder: folder })) !== undefined) return;
  const code = await codeFor(demo, node, passphrase);
  const child = run(demo, node, ['join', `https://127.0.0.1:${portsOf(demo, node).proxy}`, code]);
  const status = await new Promise((resolve) => child.on('exit', resolve));
  if (status !== 0 && !demo.signal.aborted) throw new Fault('unavailable', `${node.name} could not join.`);
}

/** What `fyr node add` does at the region. */
async function codeFor({ folder }: Demo, { name, below, place }: DemoNode, passphrase: string): Promise<string> {
  const url = holderOf(join(folder, 'region'))?.databaseUrl;
  if (url === undefined) throw new Fault('unavailable', 'The region does not run.');
  const db = openDatabase(url, { connectionsMax: 2 });
  try {
    const organization = await findOrganization(db, place ?? '');
    if (organization === undefined) throw new Fault('notFound', `The sample has no ${place}.`);
    await addNode(db, 'region', { name, below: below ?? 'region', places: [`Organization/${organization}`] });
    const authority = await unlockAuthority(join(folder, 'region', 'authority'), passphrase);
    const own = { clock: systemClock, randomness: systemRandomness };
    return await createAuthority({ authority, db, ...own }).createCode(name, ['127.0.0.1']);
  } finally {
    await db.end();
  }
}

function run(demo: Demo, node: DemoNode, words: readonly string[]): ChildProcess {
  const log = openSync(join(demo.folder, node.name, 'fyr.log'), 'a');
  const child = spawn(process.execPath, [...process.execArgv, program, ...words], {
    cwd: join(demo.folder, node.name),
    env: environmentWithoutSettings(),
    stdio: ['ignore', 'pipe', log],
    // Ctrl-C is for us: we end them in order.
    detached: true,
  });
  demo.running.add(child);
  const end = (): void => void child.kill('SIGTERM');
  demo.signal.addEventListener('abort', end, { once: true });
  child.on('exit', () => {
    demo.running.delete(child);
    demo.signal.removeEventListener('abort', end);
  });
  if (child.stdout) createInterface(child.stdout).on('line', (line) => demo.say(`${node.name.padEnd(8)} ${line}`));
  closeSync(log);
  return child;
}

async function startOne(demo: Demo, node: DemoNode): Promise<void> {
  if (demo.signal.aborted) return;
  const child = run(demo, node, ['start']);
  const ready = new Promise<boolean>((resolve) => {
    if (child.stdout)
      createInterface(child.stdout).on('line', (line) => line.startsWith('Fyr is ready') && resolve(true));
    child.on('exit', () => resolve(false));
    demo.signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  if (!(await ready) && !demo.signal.aborted) throw new Fault('unavailable', `${node.name} could not be started.`);
  demo.processes.set(node.name, child);
  child.on('exit', (code, signal) => void startAgain(demo, node, signal ?? `exit code ${code}`));
}

/** As a machine's own service keeper would: a node that was killed comes back, and the others go on meanwhile. */
async function startAgain(demo: Demo, node: DemoNode, how: string): Promise<void> {
  if (demo.signal.aborted) return;
  demo.say(`${node.name} has ended (${how}); the others go on. It is started again in ${againMs / 1000} s.`);
  await delay(againMs, undefined, { signal: demo.signal }).catch(() => {});
  try {
    await startOne(demo, node);
    const { pid } = demo.processes.get(node.name) ?? {};
    if (!demo.signal.aborted) demo.say(`${node.name} is back (process ${pid}).`);
  } catch (error) {
    demo.say(`${(error as Error).message} Its log: ${join(demo.folder, node.name, 'fyr.log')}`);
  }
}

function tell(demo: Demo): void {
  demo.say('');
  for (const node of demoNodes) {
    const below = node.below === undefined ? '' : ` below ${node.below}: ${node.place}`;
    const { pid } = demo.processes.get(node.name) ?? {};
    const url = `http://127.0.0.1:${portsOf(demo, node).port}`;
    demo.say(`  ${node.name.padEnd(8)} ${url}  process ${pid}  ${node.role}${below}`);
  }
  demo.say('');
  demo.say('Sign in at any of them, and break what you like, in another terminal of this folder:');
  demo.say(
    '  npx fyr line cut central            the cable from the hospital to the region; npx fyr line restore central',
  );
  demo.say('  npx fyr drill region-lost --node central --minutes 10        a drill, with a clock and a report');
  demo.say('  kill -9 <process>                   the others go on; it is started again by itself');
  demo.say('Ctrl-C stops all.');
}

/** Until it is stopped. */
function untilEnd({ signal }: Demo): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
