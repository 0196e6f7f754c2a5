/**
 * The next model: goes on from the one in use with what people decided, and is kept only where it is no worse on decisions that it did not learn from.
 * A feature that the shipped model never saw (a name, say) is worth nothing to it and stays so.
 */
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import { predict } from './model/linear-model.ts';
import { writeModel, type Model } from './model/model-file.ts';
import { train, type Example } from './model/train.ts';
import { addModel, findDecisions, type Decision } from './store.ts';

const decisionsMax = 20_000;
export const decisionsMin = 50;
/** Each fifth decision is kept back to judge by. */
const heldOneOf = 5;
/** How many times as likely the old weights are as the new: what few decided does not overturn what was learnt before. */
const hold = 0.02;

export type Learnt = {
  version: string | undefined;
  decisions: number;
  held: number;
  /** Shares of the decisions kept back that each told rightly. */
  accuracyBefore: number;
  accuracyAfter: number;
};

/** Faults: conflict, where too few decisions are there. */
export async function learnFromDecisions(
  db: Db,
  model: Model,
  { now, random }: { now: number; random: () => number },
): Promise<Learnt> {
  const decisions = (await findDecisions(db, decisionsMax)).filter(({ bits }) => bits === model.bits);
  if (decisions.length < decisionsMin)
    throw new Fault(
      'conflict',
      `A new model needs ${decisionsMin} decisions by people; there are ${decisions.length}.`,
    );
  const next = nextModel(model, decisions.map(exampleOf), random);
  const { accuracyBefore, accuracyAfter, held } = next;
  const told = { decisions: decisions.length, held, accuracyBefore, accuracyAfter };
  if (accuracyAfter < accuracyBefore) return { ...told, version: undefined };
  const version = `${new Date(now).toISOString().slice(0, 19).replaceAll(':', '')}-${decisions.length}`;
  const file = writeModel({
    ...next.model,
    version,
    seed: model.seed,
    threshold: model.threshold,
    trainedOn: `${model.version}, and ${decisions.length - held} decisions of people at this node`,
    metrics: { heldDecisions: held, accuracyBefore, accuracyAfter },
  });
  await addModel(db, version, file, now);
  return { ...told, version };
}

export function nextModel(
  model: Model,
  examples: readonly Example[],
  random: () => number,
): { model: Model; held: number; accuracyBefore: number; accuracyAfter: number } {
  const held = examples.filter((_example, at) => at % heldOneOf === 0);
  const learnt = examples.filter((_example, at) => at % heldOneOf !== 0);
  const { bits, types, temperature } = model;
  const trained = train(learnt, { bits, types, epochs: 5, rate: 0.05, hold, random, from: model });
  const next = { ...model, ...trained, temperature };
  const accuracyOf = (one: Model): number =>
    held.filter(({ features, type }) => predict(one, features)[0]?.type === type).length / Math.max(1, held.length);
  return { model: next, held: held.length, accuracyBefore: accuracyOf(model), accuracyAfter: accuracyOf(next) };
}

function exampleOf({ buckets, blocks, counts, decided }: Decision): Example {
  // Copies, which begin where numbers of four bytes may begin.
  const [places, times] = [Uint8Array.from(buckets).buffer, Uint8Array.from(counts).buffer];
  const features = {
    buckets: new Uint32Array(places),
    blocks: Uint8Array.from(blocks),
    counts: new Float32Array(times),
  };
  return { features, type: decided };
}
