/**
 * A view over the database for decisions that know nothing of databases: what a decision asks for and isn't there is loaded, and the decision is made again
 * from the start. It is pure, so it leaves no trace; after a few rounds it has all that it asks for.
 */
import type { Db } from '#kernel/db.ts';
import { locate } from '#fhir/record/store.ts';
import { naturalBucket, patientBucket } from '#fhir/record/bucket.ts';
import type { ResourceState } from '../protocol/version.ts';
import type { Holding, NodeFacts, Operation, Unit, Verdict, View } from '../protocol/view.ts';
import type { Vocabulary } from '../protocol/vocabulary.ts';
import { readClaims } from './claim-store.ts';
import { readReasons, readStates } from './graph-store.ts';
import { readBuckets } from './place-store.ts';
import { readHoldings, readSetAside, readVerdicts } from './line-store.ts';

type Question = { kind: 'resource' | 'reasons' | 'claims' | 'verdict'; key: string };

/** Thrown through a decision that asks for what has not been loaded yet. */
class NotLoaded extends Error {
  readonly question: Question;
  constructor(question: Question) {
    super(`${question.kind} ${question.key} is not loaded`);
    this.question = question;
  }
}

export function bucketOf({ patient, resource }: { patient: string | undefined; resource: string }): number {
  if (patient !== undefined) return patientBucket(patient);
  const [type = '', id = ''] = resource.split('/');
  return naturalBucket(type, id);
}

export type Loaded = {
  /** The decision over what the database says now. */
  decide<T>(decision: (view: View) => T): Promise<T>;
  /** Loads what will be asked for, many at once. */
  prepare(resources: readonly { resource: string; patient: string | undefined }[]): Promise<void>;
  /** Loads the reasons to hold these patients, with the resources that say them. */
  prepareReasons(patients: readonly string[]): Promise<void>;
  /** Loads what was answered to these operations. */
  prepareVerdicts(operations: readonly string[]): Promise<void>;
  /** Lets go of what was loaded of resources. */
  drop(): void;
  /** What was decided has been made durable: the resources must be asked for again. */
  forget(): Promise<void>;
  holdings(): ReadonlyMap<Unit, Holding>;
};

const roundsMax = 5000;

export async function createLoaded(
  db: Db,
  node: NodeFacts,
  given: { now: number; heard: number; vocabulary: Vocabulary },
): Promise<Loaded> {
  const loaded = new LoadedView(db, node, given);
  await loaded.forget();
  return loaded;
}

class LoadedView implements Loaded {
  readonly #db: Db;
  readonly #view: View;
  readonly #states = new Map<string, ResourceState | undefined>();
  readonly #reasons = new Map<string, readonly string[]>();
  readonly #claims = new Map<string, readonly string[]>();
  readonly #verdicts = new Map<string, Verdict | undefined>();
  #holdings: ReadonlyMap<Unit, Holding> = new Map();
  #setAside: readonly Operation[] = [];

  constructor(db: Db, node: NodeFacts, given: { now: number; heard: number; vocabulary: Vocabulary }) {
    this.#db = db;
    this.#view = {
      node,
      ...given,
      bucketOf,
      resource: (key) => asked(this.#states, 'resource', key),
      reasonsOf: (patient) => asked(this.#reasons, 'reasons', patient),
      claimsOf: (key) => asked(this.#claims, 'claims', key),
      holding: (unit) => this.#holdings.get(unit),
      verdictOf: (operation) => asked(this.#verdicts, 'verdict', operation),
      setAsideWith: (resource, version) =>
        this.#setAside.find(({ versions }) => versions.some((v) => v.resource === resource && v.id === version))?.id,
    };
  }

  async decide<T>(decision: (view: View) => T): Promise<T> {
    for (let round = 0; ; round++) {
      try {
        return decision(this.#view);
      } catch (error) {
        if (!(error instanceof NotLoaded) || round === roundsMax) throw error;
        await this.#load(error.question);
      }
    }
  }

  async #load({ kind, key }: Question): Promise<void> {
    if (kind === 'resource') return this.prepare([{ resource: key, patient: undefined }]);
    if (kind === 'reasons') return this.prepareReasons([key]);
    if (kind === 'claims') return void this.#claims.set(key, await readClaims(this.#db, key));
    await this.prepareVerdicts([key]);
  }

  async prepareVerdicts(operations: readonly string[]): Promise<void> {
    const found = await readVerdicts(this.#db, operations);
    for (const operation of operations) this.#verdicts.set(operation, found.get(operation));
  }

  async prepare(wanted: readonly { resource: string; patient: string | undefined }[]): Promise<void> {
    const unknown = wanted.filter(({ resource }) => !this.#states.has(resource));
    if (unknown.length === 0) return;
    const placed = unknown
      .filter(({ patient }) => patient !== undefined)
      .map((w) => ({ resource: w.resource, bucket: bucketOf(w) }));
    const strays = unknown.filter(({ patient }) => patient === undefined).map(({ resource }) => keyOf(resource));
    const found = strays.length === 0 ? [] : await locate(this.#db, strays);
    const likely = [...placed, ...found.map(({ type, id, bucket }) => ({ resource: `${type}/${id}`, bucket }))];
    const read = await readStates(this.#db, await withOtherBuckets(this.#db, likely));
    for (const { resource } of unknown) this.#states.set(resource, read.get(resource));
  }

  async prepareReasons(patients: readonly string[]): Promise<void> {
    const unknown = [...new Set(patients)].filter((patient) => !this.#reasons.has(patient));
    if (unknown.length === 0) return;
    const found = await readReasons(
      this.#db,
      unknown.map((patient) => ({ bucket: patientBucket(patient), patient })),
    );
    for (const patient of unknown) this.#reasons.set(patient, found.get(patient) ?? []);
    await this.prepare(
      unknown.flatMap((patient) => (found.get(patient) ?? []).map((resource) => ({ resource, patient }))),
    );
  }

  drop(): void {
    this.#states.clear();
  }

  async forget(): Promise<void> {
    this.#states.clear();
    this.#reasons.clear();
    this.#claims.clear();
    this.#verdicts.clear();
    this.#holdings = await readHoldings(this.#db);
    this.#setAside = await readSetAside(this.#db);
  }

  holdings(): ReadonlyMap<Unit, Holding> {
    return this.#holdings;
  }
}

/** And the buckets in which a resource lay before, or lies for those who disagree whose it is. */
async function withOtherBuckets(
  db: Db,
  likely: readonly { resource: string; bucket: number }[],
): Promise<{ resource: string; bucket: number }[]> {
  const known = await readBuckets(db, [...new Set(likely.map(({ resource }) => resource))]);
  const others = likely.flatMap(({ resource, bucket }) =>
    [...(known.get(resource) ?? [])].filter((one) => one !== bucket).map((one) => ({ resource, bucket: one })),
  );
  return [...likely, ...others];
}

function asked<T>(known: ReadonlyMap<string, T>, kind: Question['kind'], key: string): T {
  if (!known.has(key)) throw new NotLoaded({ kind, key });
  return known.get(key) as T;
}

function keyOf(resource: string): { type: string; id: string } {
  const [type = '', id = ''] = resource.split('/');
  return { type, id };
}
