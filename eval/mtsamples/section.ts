/** MTSamples: five folds over what is at hand of it, each text once, those with two of the types left out. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Random } from '#sample/random.ts';
import { featuresOf, readText, type Features } from '#services/classification/model/features.ts';
import { predict } from '#services/classification/model/linear-model.ts';
import { train } from '#services/classification/model/train.ts';
import { accuracyOf, macroF1Of } from '../classification/judged.ts';
import { percent, type Section, type Table } from '../table.ts';

const file = new URL('../../../shared/data/mtsamples/mtsamples-half.jsonl.gz', import.meta.url);
const seed = 'mtsamples';
const folds = 5;
const bits = 18;

const typeOf: Readonly<Record<string, string>> = {
  Surgery: 'operative',
  'Consult - History and Phy.': 'consult',
  Radiology: 'radiology',
  'SOAP / Chart / Progress Notes': 'progress',
  'Discharge Summary': 'discharge',
  'Emergency Room Reports': 'emergency',
  Letters: 'letter',
  'Office Notes': 'office',
  Autopsy: 'autopsy',
  'Lab Medicine - Pathology': 'pathology',
  'IME-QME-Work Comp etc.': 'assessment',
};

const ofEight: Readonly<Record<string, string>> = {
  emergency: 'consult',
  assessment: 'consult',
  office: 'clinic note',
  progress: 'clinic note',
};
const main = ['operative', 'consult', 'radiology', 'discharge'];

const tasks: readonly { name: string; bar: string; of(type: string): string | undefined }[] = [
  { name: '11 types', bar: '93.0 %', of: (type) => type },
  { name: '8 types', bar: '94.6 %', of: (type) => ofEight[type] ?? type },
  { name: '4 main types', bar: '98.1 %', of: (type) => (main.includes(type) ? type : undefined) },
];

export const section: Section = { name: 'Classification, MTSamples', run: () => Promise.resolve([measured()]) };

const command = 'npm run eval -- mtsamples';

/** Skipped where the corpus is not beside the project. */
function measured(): Table {
  const title = 'MTSamples (English), five folds';
  const columns = ['task', 'documents', 'accuracy', 'macro-F1', 'linear SVM on the whole corpus'];
  if (!existsSync(file)) return { title, command, columns, rows: [], skipped: 'MTSamples is not at hand.' };
  const documents = readDocuments();
  const rows = tasks.map(({ name, bar, of }) => {
    const known = documents.flatMap(({ features, type }) => {
      const named = of(type);
      return named === undefined ? [] : [{ features, type: named }];
    });
    const judged = judgedByFolds(known);
    return [name, judged.length, percent(accuracyOf(judged)), macroF1Of(judged).toFixed(3), bar];
  });
  const note =
    'One half of the corpus is at hand, so each fold learns from half as many documents as the figures beside did.';
  return { title, seed, command, columns, rows, note };
}

type Document = { features: Features; type: string };

function readDocuments(): Document[] {
  const specialties = new Map<string, Set<string>>();
  for (const line of gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n')) {
    const { text, specialty } = JSON.parse(line) as { text: string; specialty: string };
    specialties.set(text, (specialties.get(text) ?? new Set()).add(specialty.trim()));
  }
  return [...specialties].flatMap(([text, named]) => {
    const types = [...named].flatMap((name) => typeOf[name] ?? []);
    return types.length === 1 ? [{ features: featuresOf(readText(text), bits), type: types[0] ?? '' }] : [];
  });
}

function judgedByFolds(documents: readonly Document[]): { type: string; suggested: string }[] {
  const random = new Random(seed);
  const fold = documents.map(() => random.between(0, folds - 1));
  return Array.from({ length: folds }, (_, held) => {
    const learnt = documents.filter((_document, at) => fold[at] !== held);
    const types = [...new Set(learnt.map(({ type }) => type))];
    const model = train(learnt, { bits, types, epochs: 15, rate: 0.1, hold: 0, random: () => random.next() });
    return documents
      .filter((_document, at) => fold[at] === held)
      .map(({ features, type }) => ({ type, suggested: predict(model, features)[0]?.type ?? '' }));
  }).flat();
}
