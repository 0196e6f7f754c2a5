/** The door of packs: made by the clock and when somebody asks, kept, printed, handed out. */
import type { FhirContext } from '#fhir/index.ts';
import type { Clock } from '#kernel/clock.ts';
import type { PacksConfig } from '#kernel/config-packs.ts';
import { Fault } from '#kernel/fault.ts';
import type { Randomness } from '#kernel/ids.ts';
import type { JobHandler, Jobs } from '#kernel/jobs.ts';
import type { Keyring } from '#trust/encryption/index.ts';
import type { Signature } from '../back-entry/form-store.ts';
import type { Resource } from '#fhir/types.ts';
import { keptBeside } from '../conflicts/beside.ts';
import { createClockwork, job } from './clockwork.ts';
import type { PackShown } from './contract.ts';
import { findWards, type Ward } from './find-wards.ts';
import { readFonts } from '#kernel/fonts.ts';
import { heldAtHome, type HoldingOf } from './held.ts';
import { createKeptPacks, type KeptPack, type KeptPacks } from './kept-packs.ts';
import { makePack, print, type MakeDeps } from './make-pack.ts';
import { packLanguages, type PackLanguage } from './phrases.ts';
import type { Reading } from './reading.ts';

export { registerPacks, type PackRoutesDeps } from './routes.ts';
export type { Held } from './contract.ts';
export { heldBelow, type HoldingOf } from './held.ts';
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
  held?: HoldingOf;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type Packs = {
  reading: Reading;
  /** What of these patients' records is here, and since when nothing was heard. */
  held: HoldingOf;
  /** What `startJobs` is to be given. */
  jobHandlers: Readonly<Record<string, JobHandler>>;
  /** Begins to make packs by the clock, where the settings say so. */
  start(jobs: Pick<Jobs, 'add'>): Promise<void>;
  stop(): Promise<void>;
  /** Wards that packs are made for, and those that have one. */
  wards(): Promise<{ id: string; name: string }[]>;
  /** The language of packs where nobody asks for another. */
  language: PackLanguage;
  /** Makes the pack of a ward now, in the language of the node unless another is asked for; one that is being made is waited for. Throws a Fault `notFound` where the ward has and expects nobody. */
  make(ward: string, by: Signature, language?: PackLanguage): Promise<KeptPack>;
  /** Throws a Fault `unavailable` where there is no printer, or it fails. */
  print(pack: KeptPack, by: Signature): Promise<void>;
  /** The newest pack that is whole, in the language of the node unless another is asked for. */
  newest(ward: string, language?: PackLanguage): Promise<KeptPack | undefined>;
  /** Every ward's newest pack in each language, those in the language of the node first. */
  list(): Promise<PackShown[]>;
  /** Seconds since the last pack was made, by ward; of those that are made by the clock the worst is what an alarm asks for. */
  ages(): Promise<ReadonlyMap<string, number>>;
};

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
    language: settings.language,
    count: settings.kept,
    report,
  });
  const reading = readingOf(context);
  const held = options.held ?? heldAtHome;
  const deps: MakeDeps = { reading, clock, node, fonts: readFonts(), kept, held };
  const making = new Map<string, Promise<KeptPack>>();
  /** When the last pack of a ward was made, by this process. */
  const lastMade = new Map<string, number>();
  const makeOne = (ward: Ward, by: Signature, language = settings.language): Promise<KeptPack> => {
    const key = `${language} ${ward.id}`;
    const begun = making.get(key) ?? makePack(deps, ward, { by, language }).finally(() => making.delete(key));
    making.set(key, begun);
    return begun.then((pack) => {
      lastMade.set(ward.id, pack.madeAt);
      return pack;
    });
  };
  const wardsNow = async (): Promise<Ward[]> => wanted(await findWards(reading, clock.now()), settings);
  const clockwork = createClockwork({
    settings,
    clock,
    report,
    round: createRound({ deps, settings, wardsNow, makeOne, report }),
  });
  return {
    reading,
    held,
    language: settings.language,
    jobHandlers: { [job]: (_payload, { signal }) => clockwork.run(signal) },
    start: (jobs) => clockwork.start(jobs),
    stop: async () => {
      clockwork.stop();
      await Promise.allSettled(making.values());
    },
    newest: (ward, language) => kept.newest(ward, language),
    wards: async () => (await wardsNow()).map(({ id, name }) => ({ id, name })),
    list: () => newestOfAll(kept, settings.language, clock.now()),
    async make(ward, by, language) {
      const found = (await findWards(reading, clock.now())).find(({ id }) => id === ward);
      if (found === undefined) throw new Fault('notFound', `Location/${ward} has nobody, and expects nobody.`);
      return makeOne(found, by, language);
    },
    async print(pack, by) {
      const { printer } = settings;
      if (printer === undefined) throw new Fault('unavailable', 'This node has no printer (FYR_PACK_PRINTER).');
      await print(deps, pack, { by, printer });
    },
    async ages() {
      const wards = await kept.wards();
      for (const ward of wards) {
        const newest = lastMade.has(ward) ? undefined : await kept.newest(ward);
        if (newest !== undefined) lastMade.set(ward, newest.madeAt);
      }
      const ages = [...lastMade].filter(([ward]) => wards.includes(ward));
      return new Map(ages.map(([ward, madeAt]) => [ward, Math.max(0, (clock.now() - madeAt) / 1000)]));
    },
  };
}

async function newestOfAll(kept: KeptPacks, own: PackLanguage, now: number): Promise<PackShown[]> {
  const languages = [own, ...packLanguages.filter((one) => one !== own)];
  const wards = await kept.wards();
  const found = await Promise.all(languages.flatMap((language) => wards.map((ward) => kept.newest(ward, language))));
  return found.filter((pack) => pack !== undefined).map((pack) => shown(pack, now));
}

/** The record as the node itself reads it, with what is kept beside. */
function readingOf(context: PacksOptions['context']): Reading {
  const grant = context.grants.background('packs');
  return {
    db: context.db,
    search: context.search,
    grant,
    async beside(patient) {
      const { kept } = await keptBeside({ context }, grant, patient);
      return kept.flatMap(({ content }) => (content === undefined ? [] : [content as Resource]));
    },
  };
}

type RoundDeps = {
  deps: MakeDeps;
  settings: PacksConfig;
  wardsNow(): Promise<Ward[]>;
  makeOne(ward: Ward, by: Signature): Promise<KeptPack>;
  report(event: string, error: unknown): void;
};

/** Every ward; one that fails doesn't keep the others from theirs. */
function createRound({ deps, settings, wardsNow, makeOne, report }: RoundDeps): (signal: AbortSignal) => Promise<void> {
  const { clock, kept } = deps;
  const printed = new Map<string, number>();
  const makeAndPrint = async (ward: Ward): Promise<void> => {
    const pack = await makeOne(ward, self);
    const { printer } = settings;
    if (printer === undefined || !isToPrint(settings, printed.get(ward.id), clock.now())) return;
    await print(deps, pack, { by: self, printer });
    printed.set(ward.id, clock.now());
  };
  const removeEmpty = async (present: ReadonlySet<string>): Promise<void> => {
    for (const ward of await kept.wards()) {
      const last = present.has(ward) ? undefined : await kept.newest(ward);
      if (last !== undefined && clock.now() - last.madeAt > emptyWardMs) await kept.remove(ward);
    }
  };
  return async (signal) => {
    const wards = await wardsNow();
    let failed = 0;
    for (const ward of wards) {
      signal.throwIfAborted();
      await makeAndPrint(ward).catch((error: unknown) => {
        report(`the pack of ${ward.name} failed`, error);
        failed++;
      });
    }
    await removeEmpty(new Set(wards.map(({ id }) => id)));
    if (failed > 0) throw new Fault('unavailable', `${failed} of ${wards.length} packs failed.`);
  };
}

const wanted = (wards: readonly Ward[], { wards: only }: PacksConfig): Ward[] =>
  wards.filter(({ id }) => only === undefined || only.includes(id));

function isToPrint({ printEveryMs }: PacksConfig, last: number | undefined, now: number): boolean {
  return printEveryMs > 0 && (last === undefined || now - last >= printEveryMs);
}

function shown({ ward, name, language, madeAt, patients, pages, pdf }: KeptPack, now: number): PackShown {
  return {
    ward,
    name,
    language,
    madeAt: new Date(madeAt).toISOString(),
    ageSeconds: Math.max(0, Math.floor((now - madeAt) / 1000)),
    patients: patients.length,
    pages,
    bytes: pdf.length,
  };
}
