/** How well types of documents are told: on made Norwegian documents of forms that training has not seen. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readModel, type Model } from '#services/classification/model/model-file.ts';
import { percent, type Section, type Table } from '../table.ts';
import { makeDocuments, withoutNearDuplicates, type MadeDocument } from './generate/documents.ts';
import { documentsToLearnFrom } from './generate/learnt.ts';
import { makeWideDocuments } from './generate/wide.ts';
import { accuracyAt, accuracyOf, calibrationErrorOf, coverageAt, judge, macroF1Of, type Judged } from './judged.ts';

const command = 'npm run eval -- classification';
const folder = join(import.meta.dirname, '../../src/services/classification/models');

export const section: Section = {
  name: 'Classification of documents',
  run() {
    const name =
      readdirSync(folder)
        .filter((file) => file.endsWith('.model'))
        .sort()
        .at(-1) ?? '';
    const model = readModel(readFileSync(join(folder, name)));
    const learnt = documentsToLearnFrom(model.seed);
    const seed = `${model.seed} tried`;
    const test = makeDocuments(seed, { each: 40, forms: 'test' });
    const fresh = makeDocuments(seed, { each: 40, forms: 'fresh' });
    const second = makeWideDocuments(seed, { each: 14, forms: 'second', banks: false });
    const kept = new Set(withoutNearDuplicates([...test, ...fresh, ...second], learnt));
    const judgedOf = (made: readonly MadeDocument[]): Tried[] =>
      judge(
        model,
        made.filter((document) => kept.has(document)),
      );
    const blind = judgedOf(second);
    return Promise.resolve([
      ...norwegian(model, judgedOf(test)),
      figuresOf(model, judgedOf(fresh), freshTitle),
      figuresOf(model, blind, secondTitle),
      groups(blind, { title: `${secondTitle}: by quality, language and length`, seed, command }),
    ]);
  },
};

type Tried = Judged<MadeDocument>;

const freshTitle = 'First blind forms: written when model 1 was finished, one of each type';
const secondTitle = 'Second blind forms: written when model 2 was finished, three of each type';

function norwegian(model: Model, judged: readonly Tried[]): Table[] {
  const made = { seed: `${model.seed} tried`, command };
  const title = `Norwegian document types (9602), ${model.types.length} types, forms that training has not seen`;
  return [
    figuresOf(model, judged, title),
    groups(judged, { title: 'By quality, language and length', ...made }),
    confusion(judged, made),
  ];
}

function figuresOf(model: Model, judged: readonly Tried[], title: string): Table {
  const said = judged.filter(({ confidence }) => confidence >= model.threshold);
  const figures: [string, string | number][] = [
    ['documents', judged.length],
    ['accuracy', percent(accuracyOf(judged))],
    ['macro-F1', macroF1Of(judged).toFixed(3)],
    ['coverage at 95 %', percent(coverageAt(judged, 0.95))],
    ['coverage at 99 %', percent(coverageAt(judged, 0.99))],
    ['accuracy at 85 % coverage', percent(accuracyAt(judged, 0.85))],
    ['calibration error', calibrationErrorOf(judged).toFixed(3)],
  ];
  return {
    title,
    seed: `${model.seed} tried`,
    command,
    columns: figures.map(([name]) => name),
    rows: [figures.map(([, value]) => value)],
    note: `At the model's own threshold (${model.threshold}), chosen on training forms, ${percent(said.length / judged.length)} are decided and ${percent(accuracyOf(said))} of those rightly.`,
  };
}

type Made = { seed: string; command: string };

function groups(judged: readonly Tried[], made: Made & { title: string }): Table {
  const words = ({ text }: Tried): number => text.split(/\s+/).length;
  const parts: [string, (document: Tried) => boolean][] = [
    ['clean text', ({ quality }) => quality === 'clean'],
    ['light OCR noise (2 % of characters)', ({ quality }) => quality === 'light'],
    ['poor OCR (7 % of characters)', ({ quality }) => quality === 'poor'],
    ['bokmål', ({ isNynorsk }) => !isNynorsk],
    ['nynorsk', ({ isNynorsk }) => isNynorsk],
    ['under 25 words', (document) => words(document) < 25],
    ['25 to 49 words', (document) => words(document) >= 25 && words(document) < 50],
    ['50 words and more', (document) => words(document) >= 50],
  ];
  const rows = parts.map(([name, isIn]) => {
    const inPart = judged.filter(isIn);
    return [name, inPart.length, percent(accuracyOf(inPart)), percent(coverageAt(inPart, 0.99))];
  });
  return {
    ...made,
    columns: ['documents', 'number', 'accuracy', 'coverage at 99 %'],
    rows,
  };
}

/** What was taken for what: only what went wrong, most often first. */
function confusion(judged: readonly Tried[], made: Made): Table {
  const counted = new Map<string, number>();
  for (const { type, suggested } of judged) {
    if (type !== suggested) counted.set(`${type} ${suggested}`, (counted.get(`${type} ${suggested}`) ?? 0) + 1);
  }
  const rows = [...counted].sort(([, one], [, other]) => other - one).slice(0, 20);
  return {
    title: 'Most frequent confusions',
    ...made,
    columns: ['is', 'was taken for', 'times'],
    rows: rows.map(([pair, count]) => [...pair.split(' '), count]),
  };
}
