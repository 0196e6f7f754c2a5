/** How well search finds: ranking on two public collections, codes by wordings, denials. With the program's own parts, as it runs. */
import { createConceptSpace, type ConceptSpace } from '#services/clinical-search/concept-space.ts';
import { readDiagnoses } from '#services/clinical-search/diagnoses.ts';
import { createDiagnosisFinder } from '#services/clinical-search/find-diagnoses.ts';
import { denialsIn } from '#services/clinical-search/negation.ts';
import { rank } from '#services/clinical-search/ranking.ts';
import {
  best,
  bm25,
  countsOf,
  createTermIndex,
  packText,
  type TermIndex,
  type Weighted,
} from '#services/clinical-search/term-index.ts';
import { termNumber, termsOf } from '#services/clinical-search/words.ts';
import type { Section, Table } from '../table.ts';
import { isAtHand, readMedlars, readNegations, readNfcorpus, readWordings, type Retrieval } from './corpora.ts';

const command = 'npm run eval -- search';

/** Numbers of directions of the spaces that MEDLARS is ranked by, together. */
const dimensions = [30, 50, 70, 100];

export const section: Section = {
  name: 'Search',
  run: () => Promise.resolve([retrieval(), lookUp(), denials()]),
};

type Score = (query: Weighted) => Float64Array;

function retrieval(): Table {
  const title = 'Ranking (nDCG@10)';
  const columns = ['collection', 'queries', 'ranking', 'nDCG@10'];
  if (!isAtHand('medlars/MED.ALL') || !isAtHand('nfcorpus/dev.docs'))
    return { title, command, columns, rows: [], skipped: 'the collections MEDLARS and NFCorpus are not at hand' };
  const rows: (string | number)[][] = [];
  const add = (collection: string, { judged }: Retrieval, name: string, value: number): void => {
    rows.push([collection, judged.size, name, value.toFixed(3)]);
  };
  const nfcorpus = readNfcorpus();
  const nfIndex = indexOf(nfcorpus);
  add(
    'NFCorpus dev',
    nfcorpus,
    'BM25',
    gain(nfcorpus, (query) => bm25(nfIndex, query)),
  );
  add(
    'NFCorpus dev',
    nfcorpus,
    'BM25 with feedback',
    gain(nfcorpus, (query) => rank(nfIndex, query, undefined)),
  );
  const medlars = readMedlars();
  const index = indexOf(medlars);
  const spaces = dimensions.map((count) => spaceOf(index, count));
  add(
    'MEDLARS',
    medlars,
    'BM25',
    gain(medlars, (query) => bm25(index, query)),
  );
  add(
    'MEDLARS',
    medlars,
    'BM25 with feedback',
    gain(medlars, (query) => rank(index, query, undefined)),
  );
  add(
    'MEDLARS',
    medlars,
    'with the space of concepts',
    gain(medlars, (query) => rank(index, query, spaces)),
  );
  return {
    title,
    command,
    columns,
    rows,
    note: `Whole queries of NFCorpus (\`dev.all.queries\`). Spaces of ${dimensions.join(', ')} directions; how many, and their share, were chosen on the same 30 queries of MEDLARS.`,
  };
}

const spaceOf = (index: TermIndex, count: number): ConceptSpace =>
  createConceptSpace(index, { dimensions: count, powerSteps: 5, textsMin: 2 });

const numbersOf = (text: string): number[] => termsOf(text, 'en').map(termNumber);

function indexOf({ texts }: Retrieval): TermIndex {
  return createTermIndex(texts.map(({ text }) => packText(numbersOf(text))));
}

/** The mean over the queries that are judged. */
function gain({ texts, queries, judged }: Retrieval, score: Score): number {
  let [sum, count] = [0, 0];
  for (const { id, text } of queries) {
    const relevant = judged.get(id);
    if (relevant === undefined) continue;
    const ranked = best(score(countsOf(numbersOf(text))), 10).map((at) => relevant.get(texts[at]!.id) ?? 0);
    const ideal = [...relevant.values()].sort((a, b) => b - a).slice(0, 10);
    sum += discounted(ranked) / Math.max(discounted(ideal), Number.MIN_VALUE);
    count++;
  }
  return sum / count;
}

function discounted(grades: readonly number[]): number {
  return grades.reduce((sum, grade, at) => sum + (2 ** grade - 1) / Math.log2(at + 2), 0);
}

/** Every so many-th wording, which gives about as many as the earlier measurement had. */
const everyWording = 3;

function lookUp(): Table {
  const title = 'From a wording to its category of ICD-10';
  const columns = ['wordings', 'hit@1', 'hit@10'];
  if (!isAtHand('terminology/NorMedTerm.csv.gz'))
    return { title, command, columns, rows: [], skipped: 'NorMedTerm is not at hand' };
  const diagnoses = readDiagnoses('ICD10');
  const texts = new Set(diagnoses.map(({ text }) => text.toLowerCase().trim()));
  const categories = new Set(diagnoses.map(({ code }) => code.slice(0, 3)));
  const asked = readWordings()
    .filter(({ wording, code }) => !texts.has(wording.toLowerCase().trim()) && categories.has(code.slice(0, 3)))
    .filter((_, at) => at % everyWording === 0);
  const finder = createDiagnosisFinder(diagnoses);
  let [first, among] = [0, 0];
  for (const { wording, code } of asked) {
    const found = finder.find(wording, 10).map((one) => one.code.slice(0, 3));
    if (found[0] === code.slice(0, 3)) first++;
    if (found.includes(code.slice(0, 3))) among++;
  }
  const rows = [[asked.length, (first / asked.length).toFixed(3), (among / asked.length).toFixed(3)]];
  const note =
    'Older and other wordings of NorMedTerm whose text is in no current code; right is a code of the same category (three characters) among 19,634. Weights were chosen on every ninth wording.';
  return { title, command, columns, rows, note };
}

function denials(): Table {
  const title = 'Which sentences deny something (NorMed_neg)';
  const columns = ['part', 'sentences', 'precision', 'recall', 'F1'];
  if (!isAtHand('norwegian-clinical-nlp/NorMed_neg_dev.json'))
    return { title, command, columns, rows: [], skipped: 'NorMed_neg is not at hand' };
  const rows = (['train', 'dev'] as const).map((part) => {
    const sentences = readNegations(part);
    let [right, told, negated] = [0, 0, 0];
    for (const { text, isNegated } of sentences) {
      const isTold = denialsIn(text).length > 0;
      if (isTold) told++;
      if (isNegated) negated++;
      if (isTold && isNegated) right++;
    }
    const [precision, recall] = [right / told, right / negated];
    const f1 = (2 * precision * recall) / (precision + recall);
    return [part, sentences.length, precision.toFixed(3), recall.toFixed(3), f1.toFixed(3)];
  });
  const note =
    'By sentence. The list of cues was written with both parts in sight, so neither figure is one of unseen text; the test part is not at hand.';
  return { title, command, columns, rows, note };
}
