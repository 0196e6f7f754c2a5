/**
 * `npm run train:classification [-- --seed fyr --each 30]`: makes the model of document types that Fyr ships, from made documents alone, and writes it with
 * its metrics into the service. The same seed gives the same model.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '#sample/random.ts';
import { writeModel } from '#services/classification/model/model-file.ts';
import { scoresOf, softmax, valuesOf, type LinearModel } from '#services/classification/model/linear-model.ts';
import { featuresOf, readText } from '#services/classification/model/features.ts';
import { fitTemperature, train, type Example } from '#services/classification/model/train.ts';
import { makeDocuments, withoutNearDuplicates, type MadeDocument } from './generate/documents.ts';
import { coverageAt, judge } from './judged.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: 'fyr' }, each: { type: 'string', default: '30' } },
});
const bits = 16;
const learning = { bits, epochs: 10, rate: 0.1, hold: 0 };
/** What must be right of what nobody looks at. */
const accuracyAsked = 0.99;

type Read = Example & { form: number };
const read = ({ text, type, form }: MadeDocument): Read => ({ features: featuresOf(readText(text), bits), type, form });

/** Scores of documents of forms that the model has not seen, by models that were made without them. */
function unseenScores(examples: readonly Read[], types: readonly string[]): { scores: Float64Array; right: number }[] {
  return [
    [0, 1],
    [2, 4],
  ].flatMap((held) => {
    const learnt = examples.filter(({ form }) => !held.includes(form));
    const random = new Random(values.seed, 'held', ...held);
    const model = train(learnt, { ...learning, types, random: () => random.next() });
    return examples
      .filter(({ form }) => held.includes(form))
      .map(({ features, type }) => ({ scores: scoresFor(model, { features, type }), right: types.indexOf(type) }));
  });
}

const scoresFor = (model: LinearModel, { features }: Example): Float64Array =>
  scoresOf(model, features.buckets, valuesOf(features, model.rarity));

/** The lowest confidence above which so many are right. */
function thresholdFor(outcomes: readonly { scores: Float64Array; right: number }[], temperature: number): number {
  const sorted = outcomes
    .map(({ scores, right }) => {
      const shares = softmax(scores, temperature);
      const confidence = Math.max(...shares);
      return { confidence, isRight: shares[right] === confidence };
    })
    .sort((one, other) => other.confidence - one.confidence);
  let [right, threshold] = [0, 1];
  sorted.forEach(({ confidence, isRight }, at) => {
    right += isRight ? 1 : 0;
    if (right / (at + 1) >= accuracyAsked) threshold = confidence;
  });
  return threshold;
}

const made = makeDocuments(values.seed, { each: Number(values.each), forms: 'train' });
const examples = made.map(read);
const types = [...new Set(examples.map(({ type }) => type))].sort();
const outcomes = unseenScores(examples, types);
const temperature = fitTemperature(outcomes);
const random = new Random(values.seed, 'train');
const model = { ...train(examples, { ...learning, types, random: () => random.next() }), temperature };

const tried = withoutNearDuplicates(makeDocuments(values.seed, { each: 20, forms: 'test' }), made);
const judged = judge(model, tried);
const right = judged.filter(({ type, suggested }) => type === suggested).length;
const version = `norwegian-made-${values.seed}-1`;
const file = join(import.meta.dirname, '../../src/services/classification/models', `${version}.model`);
const bytes = writeModel({
  ...model,
  version,
  seed: values.seed,
  trainedOn: `${made.length} made Norwegian documents of ${types.length} types (eval/classification/generate); no document of any person`,
  threshold: Math.round(thresholdFor(outcomes, temperature) * 1000) / 1000,
  metrics: {
    documents: tried.length,
    accuracy: right / tried.length,
    coverageAt95: coverageAt(judged, 0.95),
    coverageAt99: coverageAt(judged, 0.99),
  },
});
writeFileSync(file, bytes);
console.log(
  `${made.length} documents of ${types.length} types, ${tried.length} tried: ${((100 * right) / tried.length).toFixed(1)} % right.`,
);
console.log(
  `temperature ${temperature.toFixed(2)}, threshold ${thresholdFor(outcomes, temperature).toFixed(3)}, ${(bytes.length / 1024).toFixed(0)} kB`,
);
console.log(`Models there: ${readdirSync(join(file, '..')).join(', ')}`);
