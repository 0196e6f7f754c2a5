/** Trains a linear model: softmax regression by stochastic gradient descent with a step of its own for each weight (AdaGrad), held back by L2. */
import type { Features } from './features.ts';
import { scoresOf, softmax, usualBlockWeights, valuesOf, type LinearModel } from './linear-model.ts';

export type Example = { features: Features; type: string };

export type TrainOptions = {
  bits: number;
  types: readonly string[];
  epochs: number;
  rate: number;
  /** Pulls each weight towards zero, or towards the model that the training goes on from. */
  hold: number;
  /** 0 to 1. The same numbers give the same model. */
  random: () => number;
  /** How much each block of features counts; the usual where it is not said. */
  blockWeights?: readonly number[];
  /** Goes on from this model: its rarities stay, and weights are pulled towards its own. */
  from?: LinearModel;
};

/** Trains on the examples, in an order of chance in each epoch. Examples of types that the model has not are left out. */
export function train(examples: readonly Example[], options: TrainOptions): LinearModel {
  const { bits, types, epochs, rate, hold, random, from } = options;
  const width = types.length;
  const origin = from?.weights ?? new Float32Array(2 ** bits * width);
  const rarity = from?.rarity ?? rarityOf(examples, bits);
  const blockWeights = from?.blockWeights ?? options.blockWeights ?? usualBlockWeights;
  const weights = Float32Array.from(origin);
  const model: LinearModel = { bits, types, rarity, blockWeights, weights, temperature: 1 };
  const known = examples.filter(({ type }) => types.includes(type));
  const ready = known.map(({ features, type }) => ({ ...onlyKnown(features, model), type: types.indexOf(type) }));
  const squares = new Float32Array(model.weights.length).fill(1e-4);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (const { buckets, values, type } of shuffled(ready, random)) {
      const shares = softmax(scoresOf(model, buckets, values));
      shares[type] = (shares[type] ?? 0) - 1;
      // What is learnt already is not learnt again: the late epochs cost little.
      if (Math.abs(shares[type] ?? 0) < learntWell) continue;
      learn({ model, squares, origin, rate, hold }, buckets, values, shares);
    }
  }
  return model;
}

/** How far from certain a right answer may be. */
const learntWell = 0.01;

/** Without what is worth nothing. */
function onlyKnown(features: Features, model: LinearModel): { buckets: Uint32Array; values: Float32Array } {
  const values = valuesOf(features, model);
  return {
    buckets: features.buckets.filter((_bucket, at) => values[at] !== 0),
    values: values.filter((value) => value !== 0),
  };
}

type Learning = {
  model: LinearModel;
  squares: Float32Array;
  origin: Float32Array;
  rate: number;
  hold: number;
};

function learn(
  { model, squares, origin, rate, hold }: Learning,
  buckets: Uint32Array,
  values: Float32Array,
  errors: Float64Array,
): void {
  const width = errors.length;
  for (let type = 0; type < width; type += 1) {
    const error = errors[type] as number;
    if (Math.abs(error) < 1e-4) continue;
    for (let at = 0; at < buckets.length; at += 1) {
      const cell = (buckets[at] as number) * width + type;
      const weight = model.weights[cell] as number;
      const gradient = error * (values[at] as number) + hold * (weight - (origin[cell] as number));
      const square = (squares[cell] as number) + gradient * gradient;
      squares[cell] = square;
      model.weights[cell] = weight - (rate * gradient) / Math.sqrt(square);
    }
  }
}

/** What few documents have tells more than what all have. What none had is worth nothing. */
function rarityOf(examples: readonly Example[], bits: number): Float32Array {
  const having = new Float32Array(2 ** bits);
  for (const { features } of examples) {
    for (const bucket of features.buckets) having[bucket] = (having[bucket] ?? 0) + 1;
  }
  return having.map((count) => (count < 2 ? 0 : Math.log((1 + examples.length) / (1 + count)) + 1));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other] as T, mixed[at] as T];
  }
  return mixed;
}

/** The temperature that makes the confidences true on examples that the model was not trained on: the least negative log likelihood. */
export function fitTemperature(outcomes: readonly { scores: ArrayLike<number>; right: number }[]): number {
  const loss = (temperature: number): number =>
    outcomes.reduce((sum, { scores, right }) => {
      return sum - Math.log(Math.max(1e-12, softmax(scores, temperature)[right] ?? 0));
    }, 0);
  let [low, high] = [Math.log(0.05), Math.log(20)];
  for (let step = 0; step < 40; step += 1) {
    const [one, other] = [low + (high - low) / 3, high - (high - low) / 3];
    if (loss(Math.exp(one)) < loss(Math.exp(other))) high = other;
    else low = one;
  }
  return Math.exp((low + high) / 2);
}
