import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { suggestionOf } from '../classifier.ts';
import { nextModel } from '../learn.ts';
import { featuresOf, readText } from './features.ts';
import { decidingWords, predict, softmax } from './linear-model.ts';
import { readModel, writeModel } from './model-file.ts';
import { fitTemperature, train } from './train.ts';

const folder = join(import.meta.dirname, '../models');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.model'))
  .sort();
const shipped = readModel(readFileSync(join(folder, files.at(-1) ?? '')));
const names = { 'C01-2': 'Medisinsk biokjemi' };
const operation =
  'Operasjonsbeskrivelse\nKnivstart 09:10\nHudsnitt, fascien lukkes med Vicryl, huden med stifter. Blødning 50 ml.';

test('what is no model is refused', () => {
  expect(() => readModel(Buffer.from('no model'))).toThrow('This is no model');
  expect(() => readModel(writeModel({ ...shipped, types: shipped.types.slice(1) }))).toThrow('This is no model');
});

test('no name, no number of a person and no words stand in a shipped model', () => {
  expect(files.length).toBeGreaterThan(0);
  const words = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../eval/classification/forms/words.json'), 'utf8'),
  ) as { who: string[]; place: string[] };
  const more = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../eval/classification/forms/more-words.json'), 'utf8'),
  ) as { who: string[]; place: string[] };
  for (const file of files) {
    const bytes = gunzipSync(readFileSync(join(folder, file))).toString('latin1');
    const header = bytes.slice(0, bytes.indexOf('\n'));
    expect(header.length).toBeLessThan(2000);
    expect(header).not.toMatch(/\d{11}/);
    expect(bytes).not.toMatch(/(?<!\d)\d{11}(?!\d)/);
    for (const name of [...words.who, ...words.place, ...more.who, ...more.place]) expect(bytes).not.toContain(name);
  }
});

test('numbers of a length are one to the model: none of a person is told from another', () => {
  const seen = (text: string): number[] => readText(text).occurrences.map(({ hash }) => hash);
  expect(seen('Fnr 05894797468, puls 82')).toEqual(seen('Fnr 17858912345, puls 91'));
});

test('a written model is read as it was, but for the rounding of its numbers', () => {
  const again = readModel(writeModel(shipped));
  expect(again.version).toBe(shipped.version);
  expect(predict(again, featuresOf(readText(operation), again.bits))[0]?.type).toBe('F02-2');
});

test('it tells what an operation note is, how sure it is, and by which words', () => {
  const { type, confidence, words, isSure } = suggestionOf(shipped, operation, names);
  expect(type.code).toBe('F02-2');
  expect(confidence).toBeGreaterThan(0.8);
  expect(isSure).toBe(confidence >= shipped.threshold);
  expect(words.map(({ word }) => word)).toContain('knivstart');
  for (const { word, places } of words) {
    for (const { from, to } of places) expect(operation.slice(from, to).toLowerCase()).toBe(word);
  }
});

test('a text without words is never sure', () => {
  for (const text of ['.', '\n\n\n', '—— ··· ——']) expect(suggestionOf(shipped, text, names).isSure).toBe(false);
});

test('any text has an answer: confidences from 0 to 1 that sum to one, words where they are said to stand', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const read = readText(text);
      const all = predict(shipped, featuresOf(read, shipped.bits));
      expect(all.reduce((sum, { confidence }) => sum + confidence, 0)).toBeCloseTo(1, 6);
      const [first, second] = all;
      const found = decidingWords(shipped, read, { type: first?.type ?? '', against: second?.type ?? '', most: 5 });
      for (const { places } of found) for (const { to } of places) expect(to).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 30 },
  );
});

test('a temperature makes confidences true: what was too sure becomes less so', () => {
  const sure = Array.from({ length: 100 }, (_, at) => ({ scores: [5, 0], right: at < 70 ? 0 : 1 }));
  expect(softmax([5, 0], fitTemperature(sure))[0]).toBeCloseTo(0.7, 2);
});

test('what people decide is learnt, and a name that only they had is worth nothing', () => {
  const strange = (name: string): string =>
    `Hudsnitt, fascien lukkes med Vicryl. ${name} målt til kontroll av knivstart`;
  const examples = Array.from({ length: 40 }, () => ({
    features: featuresOf(readText(strange('Qwyxz')), shipped.bits),
    type: 'C04-2',
  }));
  const { model, accuracyAfter, accuracyBefore } = nextModel(shipped, examples, () => 0.5);
  expect([accuracyBefore, accuracyAfter]).toEqual([0, 1]);
  expect(Buffer.from(model.rarity.buffer).equals(Buffer.from(shipped.rarity.buffer))).toBe(true);
  expect(predict(model, featuresOf(readText(operation), model.bits))[0]?.type).toBeDefined();
});

test('the same seed gives the same model', () => {
  const texts = [
    ['hudsnitt fascien', 'F02-2'],
    ['hemoglobin kreatinin', 'C01-2'],
  ] as const;
  const examples = texts.flatMap(([text, type]) =>
    [1, 2].map(() => ({ features: featuresOf(readText(text), 10), type })),
  );
  const make = () =>
    train(examples, { bits: 10, types: ['C01-2', 'F02-2'], epochs: 3, rate: 0.1, hold: 0, random: () => 0.3 });
  expect(make().weights).toEqual(make().weights);
  expect(predict(make(), featuresOf(readText('fascien'), 10))[0]?.type).toBe('F02-2');
});
