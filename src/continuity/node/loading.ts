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
import { readReasons, readStates } from './graph-store.ts';
import { readHoldings, readSetAside, readVerdicts } from './line-store.ts';

type Question = { kind: 'resource' | 'reasons' | 'verdict'; key: string };

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
  const states = new Map<string, ResourceState | undefined>();
  const reasons = new Map<string, readonly string[]>();
  const verdicts = new Map<string, Verdict | undefined>();
  let holdings = await readHoldings(db);
  let setAside: readonly Operation[] = await readSetAside(db);
  const asked = <T>(known: ReadonlyMap<string, T>, kind: Question['kind'], key: string): T => {
    if (!known.has(key)) throw new NotLoaded({ kind, key });
    return known.get(key) as T;
  };
  const view: View = {
    node,
    ...given,
    bucketOf,
    resource: (key) => asked(states, 'resource', key),
    reasonsOf: (patient) => asked(reasons, 'reasons', patient),
    // No claim is understood yet in FHIR content, so none is kept in an index.
    claimsOf: () => [],
    holding: (unit) => holdings.get(unit),
    verdictOf: (operation) => asked(verdicts, 'verdict', operation),
    setAsideWith: (resource, version) =>
      setAside.find(({ versions }) => versions.some((v) => v.resource === resource && v.id === version))?.id,
  };

  const loadResources = async (wanted: readonly { resource: string; patient: string | undefined }[]): Promise<void> => {
    const unknown = wanted.filter(({ resource }) => !states.has(resource));
    if (unknown.length === 0) return;
    const placed = unknown
      .filter(({ patient }) => patient !== undefined)
      .map((w) => ({ resource: w.resource, bucket: bucketOf(w) }));
    const strays = unknown.filter(({ patient }) => patient === undefined).map(({ resource }) => keyOf(resource));
    const found = strays.length === 0 ? [] : await locate(db, strays);
    const keys = [...placed, ...found.map(({ type, id, bucket }) => ({ resource: `${type}/${id}`, bucket }))];
    const read = await readStates(db, keys);
    for (const { resource } of unknown) states.set(resource, read.get(resource));
  };

  const loadReasons = async (patients: readonly string[]): Promise<void> => {
    const unknown = [...new Set(patients)].filter((patient) => !reasons.has(patient));
    if (unknown.length === 0) return;
    const found = await readReasons(
      db,
      unknown.map((patient) => ({ bucket: patientBucket(patient), patient })),
    );
    for (const patient of unknown) reasons.set(patient, found.get(patient) ?? []);
    await loadResources(
      unknown.flatMap((patient) => (found.get(patient) ?? []).map((resource) => ({ resource, patient }))),
    );
  };

  const load = async ({ kind, key }: Question): Promise<void> => {
    if (kind === 'resource') return loadResources([{ resource: key, patient: undefined }]);
    if (kind === 'verdict') {
      verdicts.set(key, (await readVerdicts(db, [key])).get(key));
      return;
    }
    return loadReasons([key]);
  };

  return {
    async decide(decision) {
      for (let round = 0; ; round++) {
        try {
          return decision(view);
        } catch (error) {
          if (!(error instanceof NotLoaded) || round === roundsMax) throw error;
          await load(error.question);
        }
      }
    },
    prepare: loadResources,
    prepareReasons: loadReasons,
    async forget() {
      states.clear();
      reasons.clear();
      verdicts.clear();
      holdings = await readHoldings(db);
      setAside = await readSetAside(db);
    },
    holdings: () => holdings,
  };
}

function keyOf(resource: string): { type: string; id: string } {
  const [type = '', id = ''] = resource.split('/');
  return { type, id };
}
