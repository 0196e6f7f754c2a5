/** Drills at a node: begun, watched by the clock, put back whatever happens, and what people did gathered. What a drill takes away, only this process knows of. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import { listDowntimes } from '../downtime/downtime-store.ts';
import type { Downtimes } from '../downtime/index.ts';
import { theNode, type By } from '../downtime/rules.ts';
import { uncut, type LineCut } from '../line/gate.ts';
import type { LineState } from '../line/contract.ts';
import type { Absences } from './absences.ts';
import { readDoings } from './doings-store.ts';
import { addDrill, findDrill, findOpenDrill, listDrills, putDrill } from './drill-store.ts';
import { reportOf, type DrillReport } from './report.ts';
import {
  ask,
  askedMostMs,
  begun,
  ended,
  hasStep,
  noted,
  noticed,
  over,
  recoveringMostMs,
  refused,
  type Asked,
  type Drill,
} from './rules.ts';
import { absenceOf, elsewhere, nothingAway, type Absence, type Role } from './scenarios.ts';

export type DrillLine = { state(): Promise<LineState>; cut(cut: LineCut): void };

export type DrillDeps = {
  db: Db;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
  node: string;
  role: Role;
  /** The lines of this process, once they are open; undefined: the node has none. */
  line(): DrillLine | undefined;
  absences: Absences;
  downtimes: () => Pick<Downtimes, 'open' | 'endDrill'>;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type Drills = {
  /** The drill that runs in this process now, without asking the database. */
  current(): Drill | undefined;
  open(): Promise<Drill | undefined>;
  list(limit: number): Promise<Drill[]>;
  /** Faults: notFound. */
  find(id: string): Promise<Drill>;
  /** Begins it. Faults: invalid; conflict, where one is on, something is lost in earnest, or this node can not practise it. */
  begin(asked: Asked, by: By): Promise<Drill>;
  /** Faults: notFound; conflict. */
  note(id: string, words: string, by: By): Promise<Drill>;
  /** Puts back what was away. It has ended when all agree. Faults: notFound; conflict. */
  end(id: string, by: By): Promise<Drill>;
  reportOf(id: string): Promise<DrillReport>;
  /** Goes on with what is on. Called each second. */
  look(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
};

export type DrillReader = Pick<Drills, 'find' | 'reportOf'>;

const lookEveryMs = 1000;

/** What is known of drills, for who only reads: beside the node too. */
export function createDrillReader(deps: Pick<DrillDeps, 'db' | 'clock' | 'node' | 'role'>): DrillReader {
  const { db, clock, node, role } = deps;
  const find = async (id: string): Promise<Drill> => {
    const found = await findDrill(db, id);
    if (found === undefined) throw new Fault('notFound', 'There is no such drill.');
    return found;
  };
  return {
    find,
    async reportOf(id) {
      const drill = await find(id);
      const now = clock.now();
      const doings = drill.doings ?? (await readDoings(db, node, drill.began, drill.over ?? now));
      const downtime = (await listDowntimes(db, downtimesMost)).find((one) => one.drill === id);
      return reportOf({ node, role, drill, doings, downtime }, now);
    },
  };
}

export function createDrills(deps: DrillDeps): Drills {
  const { db, clock, ids } = deps;
  const runner = new Runner(deps);
  const reader = createDrillReader(deps);
  const { find } = reader;
  const changed = async (id: string, change: (drill: Drill) => Drill): Promise<Drill> => {
    for (let attempt = 1; attempt <= 5; attempt++) {
      const next = change(await find(id));
      if (await putDrill(db, next)) return next;
    }
    throw new Fault('conflict', 'This drill is being changed by others. Look again.');
  };
  return {
    current: () => runner.running,
    open: () => findOpenDrill(db),
    list: (limit) => listDrills(db, limit),
    find,
    async begin(asked, by) {
      const drill = ask(ids.uuid(), asked, by, clock.now());
      await addDrill(db, drill);
      await runner.look();
      const after = await find(drill.id);
      if (after.state === 'refused') throw new Fault('conflict', after.history.at(-1)?.words ?? 'It was refused.');
      return after;
    },
    note: (id, words, by) => changed(id, (drill) => noted(drill, words, by, clock.now())),
    async end(id, by) {
      const drill = await changed(id, (now) => over(now, by, clock.now()));
      await runner.look();
      return findDrill(db, id).then((found) => found ?? drill);
    },
    reportOf: (id) => reader.reportOf(id),
    look: () => runner.look(),
    start: () => runner.start(),
    stop: () => runner.stop(),
  };
}

const downtimesMost = 100;

/** Brings this process in line with what the database says of the drill that is on. */
class Runner {
  readonly #deps: DrillDeps;
  running: Drill | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(deps: DrillDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.look(), lookEveryMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    this.#apply(nothingAway);
  }

  look(): Promise<void> {
    this.#looking = this.#looking
      .then(() => this.#look())
      .catch((error: unknown) => {
        // Without its database nobody knows whether the drill is over: then it is, for this process.
        this.#set(undefined);
        this.#deps.report('drill', error);
      });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { db, clock } = this.#deps;
    const drill = await findOpenDrill(db);
    if (drill?.state === 'asked') {
      if (await putDrill(db, await this.#begun(drill))) await this.#look();
      return;
    }
    this.#set(drill?.state === 'running' ? drill : undefined);
    if (drill?.state === 'running') await this.#watch(drill, clock.now());
    if (drill?.state === 'recovering') await this.#recover(drill, clock.now());
  }

  async #begun(drill: Drill): Promise<Drill> {
    const now = this.#deps.clock.now();
    const why = now - drill.began > askedMostMs ? 'No node took it up in time.' : await this.#whyNot(drill);
    if (why !== undefined) return refused(drill, why, now);
    const state = await this.#deps.line()?.state();
    const below = (state?.below ?? []).filter(({ isConnected }) => isConnected).map(({ node }) => node);
    return begun(drill, below, now);
  }

  /** Who practises while something is lost in earnest can not tell one from the other. */
  async #whyNot({ scenario }: Drill): Promise<string | undefined> {
    const { role, downtimes } = this.#deps;
    const absence = absenceOf(scenario, role);
    if (absence === undefined) return elsewhere[role];
    if ((await downtimes().open()) !== undefined)
      return 'A downtime is open here in earnest, proposed or declared: end or dismiss it first.';
    const state = await this.#deps.line()?.state();
    if (absence.above && state?.above === undefined) return 'There is no node above this one: nothing can be cut.';
    if (absence.above && state?.above?.isConnected === false)
      return 'The line to the node above is down in earnest: no drill now.';
    if (absence.below && !absence.above && (state?.below ?? []).length === 0)
      return 'There is no node below this one: nothing can be cut.';
    return undefined;
  }

  #set(running: Drill | undefined): void {
    this.running = running;
    this.#apply((running && absenceOf(running.scenario, this.#deps.role)) ?? nothingAway);
  }

  #apply({ above, below, archive, signIn }: Absence): void {
    const { line, absences } = this.#deps;
    line()?.cut(above || below ? { above, below } : uncut);
    absences.set({ archive, signIn });
  }

  async #watch(drill: Drill, now: number): Promise<void> {
    const { db } = this.#deps;
    if (now >= drill.until) {
      if (await putDrill(db, over(drill, theNode, now))) await this.#look();
      return;
    }
    if (!hasStep(drill, 'noticed') && (await this.#isCutOff(drill))) await putDrill(db, noticed(drill, now));
  }

  /** The node sees for itself what the drill has taken away, as it would in earnest. */
  async #isCutOff({ scenario, below }: Drill): Promise<boolean> {
    const absence = absenceOf(scenario, this.#deps.role) ?? nothingAway;
    const state = await this.#deps.line()?.state();
    if (absence.above) return state?.above?.isConnected === false;
    if (absence.below) return below.every((name) => !state?.below.some((one) => one.node === name && one.isConnected));
    return absence.archive || absence.signIn;
  }

  async #recover(drill: Drill, now: number): Promise<void> {
    const { db, node, downtimes } = this.#deps;
    const hasAgreed = await this.#hasAgreed(drill);
    if (!hasAgreed && now - (drill.over ?? now) < recoveringMostMs) return;
    const doings = await readDoings(db, node, drill.began, drill.over ?? now);
    await downtimes().endDrill(drill.id);
    await putDrill(db, ended(drill, hasAgreed, doings, now));
  }

  /** All lines are back, and all that was written is where it belongs. */
  async #hasAgreed({ over: since = 0, below }: Drill): Promise<boolean> {
    const state = await this.#deps.line()?.state();
    if (state === undefined) return true;
    const { above } = state;
    const isBack = (name: string): boolean => state.below.some((one) => one.node === name && one.isConnected);
    const isCurrent =
      above === undefined || (above.isConnected && above.backlog === 0 && (above.currentAt ?? 0) >= since);
    return isCurrent && below.every(isBack);
  }
}
