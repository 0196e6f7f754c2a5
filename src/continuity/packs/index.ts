/** The door of packs: made by the clock and when somebody asks, kept, printed, handed out. */
import type { FhirContext } from '#fhir/index.ts';
import type { Clock } from '#kernel/clock.ts';
import type { PacksConfig } from '#kernel/config-packs.ts';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import type { JobHandler, Jobs } from '#kernel/jobs.ts';
import type { Keyring } from '#trust/encryption/index.ts';
import type { Signature } from '../back-entry/form-store.ts';
import type { Held, PackShown } from './contract.ts';
import { findWards, type Ward } from './find-wards.ts';
import { readFonts } from '#kernel/fonts.ts';
import { createKeptPacks, type KeptPack } from './kept-packs.ts';
import { makePack, print, type MakeDeps } from './make-pack.ts';
import type { Reading } from './reading.ts';

export { registerPacks, type PackRoutesDeps } from './routes.ts';
export type { Held } from './contract.ts';
export type { KeptPack } from './kept-packs.ts';

export type PacksOptions = {
  context: Pick<FhirContext, 'db' | 'search' | 'grants'>;
  settings: PacksConfig;
  keyring: Keyring;
  /** FYR_NODE. */
  node: string;
  clock: Clock;
  randomness: Randomness;
  /** What of these patients' records is here, and since when nothing was heard; without it this node is where the records live. */
  held?: (patients: readonly string[], now: number) => Promise<ReadonlyMap<string, Held>>;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type Packs = {
  reading: Reading;
  /** What `startJobs` is to be given. */
  jobHandlers: Readonly<Record<string, JobHandler>>;
  /** Begins to make packs by the clock, where the settings say so. */
  start(jobs: Pick<Jobs, 'add'>): Promise<void>;
  stop(): Promise<void>;
  /** Wards that packs are made for, and those that have one. */
  wards(): Promise<{ id: string; name: string }[]>;
  /** Makes the pack of a ward now; one that is being made is waited for. Throws a Fault `notFound` where the ward has and expects nobody. */
  make(ward: string, by: Signature): Promise<KeptPack>;
  /** Throws a Fault `unavailable` where there is no printer, or it fails. */
  print(pack: KeptPack, by: Signature): Promise<void>;
  /** The newest pack that is whole. */
  newest(ward: string): Promise<KeptPack | undefined>;
  /** Every ward's newest pack. */
  list(): Promise<PackShown[]>;
  /** Seconds since the last pack was made, by ward; of those that are made by the clock the worst is what an alarm asks for. */
  ages(): Promise<ReadonlyMap<string, number>>;
};

const job = 'packs';
const self: Signature = { reference: 'packs', name: 'noden' };
/** A ward that has nobody any more: its packs are kept so long. */
const emptyWardMs = 24 * 3_600_000;

export function createPacks(options: PacksOptions): Packs {
  const { context, settings, clock, keyring, randomness, node, report } = options;
  const kept = createKeptPacks({
    folder: settings.folder,
    readableFolder: settings.readableFolder,
    keyring,
    randomness,
    count: settings.kept,
    report,
  });
  const reading: Reading = { db: context.db, search: context.search, grant: context.grants.background('packs') };
  const held = options.held ?? wholeHere;
  const deps: MakeDeps = { reading, clock, node, fonts: readFonts(), kept, held };
  const making = new Map<string, Promise<KeptPack>>();
  const makeOne = (ward: Ward, by: Signature): Promise<KeptPack> => {
    const started = making.get(ward.id) ?? makePack(deps, ward, { by }).finally(() => making.delete(ward.id));
    making.set(ward.id, started);
    return started;
  };
  const list: Packs['list'] = async () => {
    const found = await Promise.all((await kept.wards()).map((ward) => kept.newest(ward)));
    return found.filter((pack) => pack !== undefined).map((pack) => shown(pack, clock.now()));
  };
  const clockwork = createClockwork({ settings, clock, report, round: (signal) => round(signal) });
  const printed = new Map<string, number>();

  /** Every ward; one that fails doesn't keep the others from theirs. */
  const round = async (signal: AbortSignal): Promise<void> => {
    const wards = wanted(await findWards(reading, clock.now()), settings);
    const failures: unknown[] = [];
    for (const ward of wards) {
      signal.throwIfAborted();
      try {
        const pack = await makeOne(ward, self);
        if (isToPrint(settings, printed.get(ward.id), clock.now()) && settings.printer !== undefined) {
          await print(deps, pack, { by: self, printer: settings.printer });
          printed.set(ward.id, clock.now());
        }
      } catch (error) {
        report(`the pack of ${ward.name} failed`, error);
        failures.push(error);
      }
    }
    await removeEmpty(wards);
    if (failures.length > 0) throw new Fault('unavailable', `${failures.length} of ${wards.length} packs failed.`);
  };

  const removeEmpty = async (wards: readonly Ward[]): Promise<void> => {
    const present = new Set(wards.map(({ id }) => id));
    for (const ward of await kept.wards()) {
      if (present.has(ward)) continue;
      const last = await kept.newest(ward);
      if (last !== undefined && clock.now() - last.madeAt > emptyWardMs) await kept.remove(ward);
    }
  };

  return {
    reading,
    jobHandlers: { [job]: (_payload, { signal }) => clockwork.run(signal) },
    start: (jobs) => clockwork.start(jobs),
    stop: async () => {
      clockwork.stop();
      await Promise.allSettled(making.values());
    },
    list,
    newest: (ward) => kept.newest(ward),
    async wards() {
      const wards = wanted(await findWards(reading, clock.now()), settings);
      return wards.map(({ id, name }) => ({ id, name }));
    },
    async make(ward, by) {
      const found = (await findWards(reading, clock.now())).find(({ id }) => id === ward);
      if (found === undefined) throw new Fault('notFound', `Location/${ward} has nobody, and expects nobody.`);
      return makeOne(found, by);
    },
    async print(pack, by) {
      const { printer } = settings;
      if (printer === undefined) throw new Fault('unavailable', 'This node has no printer (FYR_PACK_PRINTER).');
      await print(deps, pack, { by, printer });
    },
    async ages() {
      return new Map((await list()).map(({ ward, ageSeconds }) => [ward, ageSeconds]));
    },
  };
}

const wanted = (wards: readonly Ward[], { wards: only }: PacksConfig): Ward[] =>
  wards.filter(({ id }) => only === undefined || only.includes(id));

function isToPrint({ printer, printEveryMs }: PacksConfig, last: number | undefined, now: number): boolean {
  return printer !== undefined && printEveryMs > 0 && (last === undefined || now - last >= printEveryMs);
}

function wholeHere(patients: readonly string[], now: number): Promise<ReadonlyMap<string, Held>> {
  return Promise.resolve(new Map(patients.map((patient) => [patient, { isWhole: true, heardAt: now }])));
}

function shown({ ward, name, madeAt, patients, pages, pdf }: KeptPack, now: number): PackShown {
  return {
    ward,
    name,
    madeAt: new Date(madeAt).toISOString(),
    ageSeconds: Math.max(0, Math.floor((now - madeAt) / 1000)),
    patients: patients.length,
    pages,
    bytes: pdf.length,
  };
}

type Clockwork = {
  start(jobs: Pick<Jobs, 'add'>): Promise<void>;
  run(signal: AbortSignal): Promise<void>;
  stop(): void;
};

/**
 * The durable queue starts each round. Long jobs of others may be before it, or the queue may be stuck; so a timer looks whether a round is overdue
 * and does it then.
 */
function createClockwork(options: {
  settings: PacksConfig;
  clock: Clock;
  report(event: string, error: unknown): void;
  round(signal: AbortSignal): Promise<void>;
}): Clockwork {
  const { settings, clock, report, round } = options;
  const ending = new AbortController();
  let lastStart = clock.now();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let queue: Pick<Jobs, 'add'> | undefined;
  const once = (signal: AbortSignal): Promise<void> => {
    running ??= (async () => {
      lastStart = clock.now();
      await round(AbortSignal.any([signal, ending.signal]));
    })().finally(() => (running = undefined));
    return running;
  };
  const next = async (notBefore: number): Promise<void> => {
    if (!ending.signal.aborted) await queue?.add(job, {}, { key: job, notBefore, attemptsMax: 3 });
  };
  return {
    async start(jobs) {
      if (settings.everyMs === 0) return;
      queue = jobs;
      await next(clock.now());
      const overdue = (): boolean => clock.now() - lastStart > settings.everyMs * 1.5;
      timer = setInterval(() => {
        if (overdue()) once(ending.signal).catch((error: unknown) => report('packs', error));
      }, settings.everyMs / 2);
      timer.unref();
    },
    async run(signal) {
      const started = clock.now();
      try {
        await once(signal);
      } finally {
        await next(started + settings.everyMs);
      }
    },
    stop() {
      clearInterval(timer);
      ending.abort();
    },
  };
}
