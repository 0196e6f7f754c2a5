/**
 * MTSamples: five folds over what is at hand of it, each text once, near-duplicates and those with two of the types left out. The linear model's settings are
 * chosen anew in each fold, by two halves of what it learns from.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Random } from '#sample/random.ts';
import { withoutNearDuplicates } from '../classification/generate/documents.ts';
import { accuracyOf, macroF1Of } from '../classification/judged.ts';
import { percent, type Section, type Table } from '../table.ts';
import { see, vectorsOf, type Seen } from './features.ts';
import { tellType, trainSvm } from './linear-svm.ts';

const file = new URL('../../../shared/data/mtsamples/mtsamples-half.jsonl.gz', import.meta.url);
const seed = 'mtsamples';
const folds = 5;
const innerFolds = 2;

/** Weights of words, headings, edges and manner; what an error costs. */
type Settings = { weights: readonly number[]; cost: number; own: number };
const candidates: readonly Settings[] = [
  { weights: [1, 1.2, 0.8, 0.3], cost: 1, own: 2 },
  { weights: [1, 2, 1.5, 0.3], cost: 1, own: 2 },
];

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
  const title = 'MTSamples (English), five folds, settings chosen within each';
  const columns = ['task', 'documents', 'accuracy', 'macro-F1', 'linear SVM on the whole corpus'];
  if (!existsSync(file)) return { title, command, columns, rows: [], skipped: 'MTSamples is not at hand.' };
  const documents = readDocuments();
  const rows = tasks.map(({ name, bar, of }) => {
    const known = documents.flatMap(({ seen, type }) => {
      const named = of(type);
      return named === undefined ? [] : [{ seen, type: named }];
    });
    const judged = judgedByFolds(known);
    return [name, judged.length, percent(accuracyOf(judged)), macroF1Of(judged).toFixed(3), bar];
  });
  const note =
    'One half of the corpus is at hand, so each fold learns from half as many documents as the figures beside did.';
  return { title, seed, command, columns, rows, note };
}

type Document = { seen: Seen; type: string };

function readDocuments(): Document[] {
  const specialties = new Map<string, Set<string>>();
  for (const line of gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n')) {
    const { text, specialty } = JSON.parse(line) as { text: string; specialty: string };
    specialties.set(text, (specialties.get(text) ?? new Set()).add(specialty.trim()));
  }
  const known = [...specialties].flatMap(([text, named]) => {
    const types = [...named].flatMap((name) => typeOf[name] ?? []);
    return types.length === 1 ? [{ text, type: types[0] ?? '' }] : [];
  });
  return withoutNearDuplicates(known).map(({ text, type }) => ({ seen: see(text), type }));
}

type Told = { type: string; suggested: string };

function judgedByFolds(documents: readonly Document[]): Told[] {
  const random = new Random(seed);
  return inFolds(documents, folds, random, (learnt, held) => {
    const judged = candidates.map((settings) =>
      accuracyOf(
        inFolds(learnt, innerFolds, new Random(seed, 'within'), (some, rest) => tell(some, rest, settings, random)),
      ),
    );
    const best = candidates[judged.indexOf(Math.max(...judged))] as Settings;
    return tell(learnt, held, best, random);
  });
}

/** Each document is held out once. */
function inFolds(
  documents: readonly Document[],
  count: number,
  random: Random,
  judge: (learnt: Document[], held: Document[]) => Told[],
): Told[] {
  const fold = documents.map(() => random.between(0, count - 1));
  return Array.from({ length: count }, (_, held) =>
    judge(
      documents.filter((_document, at) => fold[at] !== held),
      documents.filter((_document, at) => fold[at] === held),
    ),
  ).flat();
}

function tell(learnt: Document[], held: Document[], { weights, cost, own }: Settings, random: Random): Told[] {
  const all = [...learnt, ...held];
  const { vectors, size } = vectorsOf(
    all.map(({ seen }) => seen),
    learnt.length,
    weights,
  );
  const examples = all.map(({ type }, at) => ({ type, vector: vectors[at] as (typeof vectors)[number] }));
  const model = trainSvm(examples.slice(0, learnt.length), { size, cost, own, random: () => random.next() });
  return examples.slice(learnt.length).map(({ type, vector }) => ({ type, suggested: tellType(model, vector) }));
}
