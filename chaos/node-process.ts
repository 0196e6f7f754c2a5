/** A node of the region under trial: a process of its own with its own database, that can be started, stopped, killed, put to sleep. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { environmentWithoutSettings } from '#kernel/config-environment.ts';
import { holderOf } from '#kernel/data-folder.ts';
import { openDatabase, type Db } from '#kernel/db.ts';

const program = join(import.meta.dirname, '../src/main.ts');
const alteredProgram = join(import.meta.dirname, 'altered-program.ts');
const startLimitMs = 180_000;
const endLimitMs = 60_000;

export type NodePlan = {
  name: string;
  folder: string;
  port: number;
  /** Of `fyr.json`. */
  settings: { readonly [name: string]: unknown };
  /** The protection that is taken away from this node (`altered-program.ts`). */
  without?: string;
};

/** A port that nobody has, on this machine. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class NodeProcess {
  readonly name: string;
  readonly folder: string;
  readonly url: string;
  readonly port: number;
  readonly settings: NodePlan['settings'];
  without: string | undefined;
  /** When it said last that it is ready: of this process's clock, milliseconds. */
  readyAt = 0;
  /** Added to the node's clock, milliseconds. */
  clockOffsetMs = 0;
  /** It speaks one version of the protocol less. */
  isVersionBefore = false;
  #child: ChildProcess | undefined;
  #db: Db | undefined;

  constructor({ name, folder, port, settings, without }: NodePlan) {
    this.name = name;
    this.folder = folder;
    this.port = port;
    this.settings = settings;
    this.url = `http://127.0.0.1:${port}`;
    this.without = without;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'fyr.json'), `${JSON.stringify(settings, null, 2)}\n`);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Of the node's PostgreSQL. */
  get postmaster(): number {
    return Number(readFileSync(join(this.folder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** Beside the node: what the checks read, and what somebody with the database in his hands would do. */
  get db(): Db {
    if (this.#db !== undefined) return this.#db;
    const url = holderOf(this.folder)?.databaseUrl;
    if (url === undefined) throw new Error(`${this.name} does not run.`);
    this.#db = openDatabase(url, { connectionsMax: 3, applicationName: 'chaos' });
    return this.#db;
  }

  /** Until it says that it is ready. */
  async start(): Promise<void> {
    const child = this.#run(['start']);
    this.#child = child;
    const isReady = await new Promise<boolean>((resolve) => {
      const late = setTimeout(() => resolve(false), startLimitMs);
      const told = (answer: boolean): void => {
        clearTimeout(late);
        resolve(answer);
      };
      if (child.stdout)
        createInterface(child.stdout).on('line', (line) => line.startsWith('Fyr is ready') && told(true));
      child.once('exit', () => told(false));
    });
    this.readyAt = performance.now();
    if (!isReady) throw new Error(`${this.name} could not be started; ${join(this.folder, 'fyr.log')} says why.`);
  }

  /** `fyr <words>` in the node's folder, to its end, whether the node runs or not. */
  async command(words: readonly string[]): Promise<void> {
    const child = this.#run(words);
    child.stdout?.resume();
    const status = await new Promise((resolve) => child.once('exit', resolve));
    if (status === 0) return;
    const said = readFileSync(join(this.folder, 'fyr.log'), 'utf8').slice(-500).trim();
    throw new Error(`fyr ${words[0]} at ${this.name} ended with ${String(status)}: ${said}`);
  }

  /** In order, as an operator would. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** As a power cut of the process: nobody is told. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** The database at once, without an orderly end. The node, whose database is gone, ends too. */
  async stopDatabase(): Promise<void> {
    process.kill(this.postmaster, 'SIGQUIT');
    await this.#ended();
    await this.forget();
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  wake(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Connections to a database that has gone are of no use. */
  async forget(): Promise<void> {
    const db = this.#db;
    this.#db = undefined;
    await db?.end({ timeout: 1 }).catch(() => {});
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.forget();
    if (!this.isRunning) return;
    this.#child?.kill(signal);
    this.#child?.kill('SIGCONT');
    await this.#ended();
  }

  async #ended(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return;
    const gone = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
    if (await Promise.race([gone, delay(endLimitMs, false, { ref: false })])) return;
    child.kill('SIGKILL');
    await gone;
  }

  #run(words: readonly string[]): ChildProcess {
    const log = openSync(join(this.folder, 'fyr.log'), 'a');
    const isAltered = this.without !== undefined || this.clockOffsetMs !== 0 || this.isVersionBefore;
    const environment = environmentWithoutSettings();
    if (this.without !== undefined) environment['CHAOS_WITHOUT'] = this.without;
    if (this.clockOffsetMs !== 0) environment['CHAOS_CLOCK_OFFSET_MS'] = String(this.clockOffsetMs);
    if (this.isVersionBefore) environment['CHAOS_VERSION_BEFORE'] = '1';
    const child = spawn(process.execPath, [...process.execArgv, isAltered ? alteredProgram : program, ...words], {
      cwd: this.folder,
      env: environment,
      stdio: ['ignore', 'pipe', log],
      // Ctrl-C is for us: we end them in order.
      detached: true,
    });
    closeSync(log);
    // However this process ends, no node is left behind.
    const end = (): void => void child.kill('SIGKILL');
    process.on('exit', end);
    child.once('exit', () => process.off('exit', end));
    return child;
  }
}
