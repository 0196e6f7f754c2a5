/** One trial: the nodes, those who work at them, the faults one after another, and what was found. */
import type { LineSummary, UpperLine } from '#continuity/index.ts';
import type { Topology, NodeName } from './topology.ts';
import { createCaller, type Caller } from './caller.ts';
import { checkLogs } from './check-log.ts';
import { checkRecord } from './check-record.ts';
import { untilAgreed, type Agreed } from './agreement.ts';
import { Tally } from './findings.ts';
import { History } from './history.ts';
import { admit, type TrialPatient } from './patients.ts';
import { registerSystem, systemName, tokenAt } from './tokens.ts';
import { startWork, type Worker } from './work.ts';

export type TrialOptions = {
  topology: Topology;
  seed: number;
  patients: number;
  /** Between two requests of one client, about. */
  paceMs: number;
  say(line: string): void;
};

/** Who works where: people at the nodes of their department, a system everywhere. */
const staff: readonly (readonly [NodeName, string])[] = [
  ['region', systemName],
  ['region', 'hospitalDoctor'],
  ['central', 'hospitalDoctor'],
  ['central', systemName],
  ['local', systemName],
  ['ward', 'nurse'],
  ['ward', 'hospitalDoctor'],
];

export class Trial {
  readonly history = new History();
  readonly topology: Topology;
  readonly patients: TrialPatient[] = [];
  readonly seed: number;
  readonly say: TrialOptions['say'];
  readonly #options: TrialOptions;
  readonly #tokens = new Map<string, string>();
  /** Patients whose records were spoilt on purpose: they need not agree. */
  readonly excused = new Set<string>();
  /** Nodes whose disk was set back, and when (`History.now`): their log tells what came after, and what they show begins anew from there. */
  readonly setBackAt = new Map<NodeName, number>();
  readonly #afterwards: (() => Promise<void>)[] = [];
  #workers: Worker[] = [];
  #series = 0;

  constructor(options: TrialOptions) {
    this.#options = options;
    this.topology = options.topology;
    this.seed = options.seed;
    this.say = options.say;
  }

  /** Lets the clients in at each node, and admits the patients. */
  async prepare(): Promise<void> {
    const { names } = this.topology;
    for (const name of names) {
      await registerSystem(this.topology.node(name));
      for (const [at, who] of staff) if (at === name) await this.#sign(name, who);
      await this.#sign(name, systemName);
    }
    const system = this.caller('region', systemName);
    for (let count = 0; count < this.#options.patients; count++) {
      const at = names.filter((name) => name !== 'local' || count % 2 === 0);
      this.patients.push(await this.admit(system, at));
    }
  }

  /** One patient more, in the medical department. Whoever works meanwhile does not know of it. */
  async admit(caller: Caller, at: readonly NodeName[]): Promise<TrialPatient> {
    const { topology } = this;
    const { organizations } = topology;
    return admit(caller, { organizations, department: await topology.organizationOf('ward') }, at);
  }

  /** Whoever works at a node signs in again: its clock has changed. */
  async signAgain(name: NodeName): Promise<void> {
    const here = [...this.#tokens.keys()].filter((key) => key.startsWith(`${name} `));
    for (const key of here) await this.#sign(name, key.slice(name.length + 1));
  }

  async #sign(name: NodeName, who: string): Promise<void> {
    this.#tokens.set(`${name} ${who}`, await tokenAt(this.topology.node(name), who));
  }

  caller(node: NodeName, who: string): Caller {
    return createCaller(node, who, this.topology.node(node).url, () => this.#tokens.get(`${node} ${who}`) ?? '');
  }

  startWork(): void {
    const { seed, paceMs } = this.#options;
    const { history, patients } = this;
    for (const [at, [node, who]] of staff.entries()) {
      if (!this.topology.names.includes(node)) continue;
      const own = seed * 1000 + this.#series * 20 + at;
      this.#workers.push(startWork(this.caller(node, who), { history, patients, seed: own, paceMs }));
    }
    this.#series++;
  }

  async stopWork(): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    await Promise.all(workers.map((worker) => worker.stop()));
  }

  agreed(limitMs: number): Promise<Agreed> {
    return untilAgreed(this.topology, limitMs);
  }

  /** Holds what all nodes have against the whole history. Nobody may be working. */
  async check(): Promise<Tally> {
    const { topology, history, patients } = this;
    const tally = new Tally();
    const { excused, setBackAt } = this;
    await checkRecord({ topology, history, patients, tally, excused, setBackAt });
    await checkLogs(topology, history, tally, setBackAt);
    return tally;
  }

  /** Done once when all agree again. */
  onSettled(work: () => Promise<void>): void {
    this.#afterwards.push(work);
  }

  async settle(): Promise<void> {
    for (const work of this.#afterwards.splice(0)) await work();
  }

  /** What the line on top of every page shows at a node. */
  async summary(name: NodeName): Promise<LineSummary> {
    return (await this.#told(name, 'hospitalDoctor', '/api/continuity/summary')) as LineSummary;
  }

  /** What an operator sees of the line upwards. */
  async lineOf(name: NodeName): Promise<Partial<UpperLine>> {
    const state = (await this.#told(name, systemName, '/api/continuity')) as { above?: UpperLine };
    return state.above ?? {};
  }

  /** For what is not FHIR. */
  headersOf(name: NodeName, who: string): { authorization: string } {
    return { authorization: `Bearer ${this.#tokens.get(`${name} ${who}`) ?? ''}` };
  }

  async #told(name: NodeName, who: string, path: string): Promise<unknown> {
    const { url } = this.topology.node(name);
    const answer = await fetch(`${url}${path}`, {
      headers: this.headersOf(name, who),
      signal: AbortSignal.timeout(5000),
    });
    if (!answer.ok) throw new Error(`${path} at ${name}: ${answer.status}`);
    return answer.json();
  }
}
