/** How well types of documents are told: on made Norwegian documents of unseen forms, and on MTSamples. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readModel, type Model } from '#services/classification/model/model-file.ts';
import { percent, type Section, type Table } from '../table.ts';
import { makeDocuments, withoutNearDuplicates, type MadeDocument } from './generate/documents.ts';
import { accuracyAt, accuracyOf, calibrationErrorOf, coverageAt, judge, macroF1Of, type Judged } from './judged.ts';
import { mtSamplesTable } from './mtsamples.ts';

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
    const learnt = makeDocuments(model.seed, { each: 30, forms: 'train' });
    const tried = withoutNearDuplicates(makeDocuments(`${model.seed} tried`, { each: 40, forms: 'test' }), learnt);
    const judged = judge(model, tried);
    return Promise.resolve([...norwegian(model, judged), mtSamplesTable(command)]);
  },
};

type Tried = Judged<MadeDocument>;

function norwegian(model: Model, judged: readonly Tried[]): Table[] {
  const seed = `${model.seed} tried`;
  const said = judged.filter(({ confidence }) => confidence >= model.threshold);
  const figures: Table = {
    title: `Norwegian document types (9602), ${model.types.length} types, forms that training has not seen`,
    seed,
    command,
    columns: ['documents', 'accuracy', 'macro-F1', 'coverage at 95 %', 'coverage at 99 %', 'accuracy at 85 % coverage', 'calibration error'],
    rows: [[judged.length, percent(accuracyOf(judged)), macroF1Of(judged).toFixed(3), percent(coverageAt(judged, 0.95)),
      percent(coverageAt(judged, 0.99)), percent(accuracyAt(judged, 0.85)), calibrationErrorOf(judged).toFixed(3)]],
    note: `At the model's own threshold (${model.threshold}), chosen on training forms, ${percent(said.length / judged.length)} are decided and ${percent(accuracyOf(said))} of those rightly.`,
  }; // prettier-ignore
  return [figures, groups(judged, { seed, command }), confusion(judged, { seed, command })];
}

type Made = { seed: string; command: string };

function groups(judged: readonly Tried[], made: Made): Table {
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
    title: 'By quality, language and length',
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
