/** A linear support vector machine with squared hinge loss, by dual coordinate descent (Hsieh et al. 2008): one type against the rest, each. */
import type { Vector } from './features.ts';

export type LinearSvm = { types: readonly string[]; weights: readonly Float64Array[] };
export type SvmOptions = {
  size: number;
  /** What an error costs, against the size of the weights; one of the type itself costs `own` times as much. */
  cost: number;
  own: number;
  random: () => number;
};

export function trainSvm(examples: readonly { vector: Vector; type: string }[], options: SvmOptions): LinearSvm {
  const types = [...new Set(examples.map(({ type }) => type))];
  const vectors = examples.map(({ vector }) => vector);
  const weights = types.map((type) => {
    const signs = examples.map((example) => (example.type === type ? 1 : -1));
    return separate(vectors, signs, options);
  });
  return { types, weights };
}

export function tellType({ types, weights }: LinearSvm, vector: Vector): string {
  const scores = weights.map((one) => product(one, vector));
  return types[scores.indexOf(Math.max(...scores))] ?? '';
}

function product(weights: Float64Array, { indexes, values }: Vector): number {
  let sum = 0;
  for (let at = 0; at < indexes.length; at += 1)
    sum += (weights[indexes[at] as number] as number) * (values[at] as number);
  return sum;
}

const roundsMax = 30;
const closeEnough = 0.02;

function separate(
  vectors: readonly Vector[],
  signs: readonly number[],
  { size, cost, own, random }: SvmOptions,
): Float64Array {
  const weights = new Float64Array(size);
  const multipliers = new Float64Array(vectors.length);
  const slack = signs.map((sign) => 0.5 / (sign > 0 ? cost * own : cost));
  const lengths = vectors.map(({ values }, at) =>
    values.reduce((sum, value) => sum + value * value, slack[at] as number),
  );
  const order = vectors.map((_vector, at) => at);
  for (let round = 0; round < roundsMax; round += 1) {
    shuffle(order, random);
    let farthest = 0;
    for (const at of order) {
      const [vector, sign, before] = [vectors[at] as Vector, signs[at] as number, multipliers[at] as number];
      const gradient = sign * product(weights, vector) - 1 + before * (slack[at] as number);
      const projected = before === 0 ? Math.min(gradient, 0) : gradient;
      farthest = Math.max(farthest, Math.abs(projected));
      const after = Math.max(0, before - gradient / (lengths[at] as number));
      multipliers[at] = after;
      const step = (after - before) * sign;
      if (step === 0) continue;
      const { indexes, values } = vector;
      for (let place = 0; place < indexes.length; place += 1) {
        const index = indexes[place] as number;
        weights[index] = (weights[index] as number) + step * (values[place] as number);
      }
    }
    if (farthest < closeEnough) break;
  }
  return weights;
}

function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
}
