/** A linear model over hashed features: a weight for each feature and type, their sum made into probabilities. */
import { blocks, featuresOf, type Features, type ReadDocument } from './features.ts';

/** How much each block counts, in the order of `blocks`, in models that don't say so. */
export const usualBlockWeights: readonly number[] = [1, 0.7, 1, 0.9, 0.6, 0.25];

export type LinearModel = {
  /** 2 to this power buckets. */
  bits: number;
  types: readonly string[];
  /** How rare a bucket is: ln((1 + n) / (1 + n with it)) + 1. */
  rarity: Float32Array;
  /** How much each block counts, in the order of `blocks`. */
  blockWeights: readonly number[];
  /** A row a bucket: `types.length` weights. */
  weights: Float32Array;
  /** What the scores are divided by before they become probabilities. */
  temperature: number;
};

/** Values by bucket: counts damped, weighted by rarity, each block of length one. */
export function valuesOf(
  features: Features,
  { rarity, blockWeights }: Pick<LinearModel, 'rarity' | 'blockWeights'>,
): Float32Array {
  const values = new Float32Array(features.buckets.length);
  const lengths = new Float64Array(blocks.length);
  for (let at = 0; at < values.length; at += 1) {
    const value = (1 + Math.log(features.counts[at] ?? 1)) * (rarity[features.buckets[at] ?? 0] ?? 0);
    values[at] = value;
    const block = features.blocks[at] ?? 0;
    lengths[block] = (lengths[block] ?? 0) + value * value;
  }
  for (let at = 0; at < values.length; at += 1) {
    const block = features.blocks[at] ?? 0;
    const scale = (blockWeights[block] ?? 1) / (Math.sqrt(lengths[block] ?? 0) || 1);
    values[at] = (values[at] ?? 0) * scale;
  }
  return values;
}

/** The sum of weights for each type. */
export function scoresOf(model: LinearModel, buckets: Uint32Array, values: Float32Array): Float64Array {
  const width = model.types.length;
  const scores = new Float64Array(width);
  for (let at = 0; at < buckets.length; at += 1) {
    const row = (buckets[at] ?? 0) * width;
    const value = values[at] ?? 0;
    for (let type = 0; type < width; type += 1) {
      scores[type] = (scores[type] ?? 0) + value * (model.weights[row + type] ?? 0);
    }
  }
  return scores;
}

/** Probabilities of the scores; they sum to one. */
export function softmax(scores: ArrayLike<number>, temperature = 1): Float64Array {
  const highest = Math.max(...Array.from(scores));
  const raised = Float64Array.from(scores, (score) => Math.exp((score - highest) / temperature));
  const sum = raised.reduce((total, value) => total + value, 0);
  return raised.map((value) => value / sum);
}

export type Prediction = { type: string; confidence: number };

/** Every type with its probability, the likeliest first. */
export function predict(model: LinearModel, features: Features): Prediction[] {
  const scores = scoresOf(model, features.buckets, valuesOf(features, model));
  const shares = softmax(scores, model.temperature);
  return model.types
    .map((type, at) => ({ type, confidence: shares[at] ?? 0 }))
    .sort((one, other) => other.confidence - one.confidence);
}

export type DecidingWord = {
  word: string;
  /** What it added to the score of the type over that of the runner-up. */
  weight: number;
  /** Every place of the word in the text, in UTF-16 code units. */
  places: { from: number; to: number }[];
};

/** The words that spoke most for a type against another: of each feature its share, told to the words that it stands on. */
export function decidingWords(
  model: LinearModel,
  read: ReadDocument,
  { type, against, most }: { type: string; against: string; most: number },
): DecidingWord[] {
  const features = featuresOf(read, model.bits);
  const values = valuesOf(features, model);
  const width = model.types.length;
  const [chosen, other] = [model.types.indexOf(type), model.types.indexOf(against)];
  const shares = new Map<number, number>();
  features.buckets.forEach((bucket, at) => {
    const weight = (model.weights[bucket * width + chosen] ?? 0) - (model.weights[bucket * width + other] ?? 0);
    shares.set(bucket, (weight * (values[at] ?? 0)) / (features.counts[at] ?? 1));
  });
  const mask = 2 ** model.bits - 1;
  const words = new Map<string, DecidingWord>();
  const seen = new Set<number>();
  for (const { hash, token, tokens } of read.occurrences) {
    for (let at = token; at >= 0 && at < token + tokens; at += 1) {
      const stands = read.tokens[at];
      if (stands === undefined || stands.text.startsWith('0')) continue;
      const word = words.get(stands.text) ?? { word: stands.text, weight: 0, places: [] };
      word.weight += (shares.get(hash & mask) ?? 0) / tokens;
      if (!seen.has(at)) word.places.push({ from: stands.from, to: stands.to });
      seen.add(at);
      words.set(stands.text, word);
    }
  }
  return [...words.values()]
    .filter(({ weight, word }) => weight > 0 && word.length > 1)
    .sort((one, next) => next.weight - one.weight)
    .slice(0, most);
}
