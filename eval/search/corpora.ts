/** The public corpora that search is measured on, read where they lie beside the project. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const data = new URL('../../../shared/data/', import.meta.url);

export const isAtHand = (path: string): boolean => existsSync(new URL(path, data));
const read = (path: string): string => readFileSync(new URL(path, data), 'utf8');

export type Text = { id: string; text: string };
/** `judged`: by query, how relevant each text is. */
export type Retrieval = { texts: Text[]; queries: Text[]; judged: Map<string, Map<string, number>> };

function judgedBy(lines: readonly (readonly [query: string, text: string, grade: number])[]): Retrieval['judged'] {
  const judged: Retrieval['judged'] = new Map();
  for (const [query, text, grade] of lines) {
    const own = judged.get(query) ?? new Map<string, number>();
    judged.set(query, own.set(text, grade));
  }
  return judged;
}

export function readMedlars(): Retrieval {
  const parts = read('medlars/MED.ALL').split(/^\.I /m).slice(1);
  const texts = parts.map((part) => {
    const [id = '', ...rest] = part.split('\n.W\n');
    return { id: id.trim(), text: rest.join(' ') };
  });
  const lines = (path: string): string[] => read(path).trim().split('\n');
  const queries = lines('medlars/queries.txt').map((line) => {
    const [id = ''] = line.split(' ');
    return { id, text: line.slice(id.length + 1) };
  });
  const pairs = lines('medlars/qrels.txt').map((line) => line.split(/\s+/));
  return { texts, queries, judged: judgedBy(pairs.map(([query = '', text = '']) => [query, text, 1])) };
}

export function readNfcorpus(): Retrieval {
  const texts = (path: string): Text[] =>
    read(path)
      .trim()
      .split('\n')
      .map((line) => {
        const [id = '', ...rest] = line.split('\t');
        return { id, text: rest.join(' ') };
      });
  const rows = read('nfcorpus/dev.3-2-1.qrel')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  return {
    texts: texts('nfcorpus/dev.docs'),
    queries: texts('nfcorpus/dev.all.queries'),
    judged: judgedBy(rows.map(([query = '', , text = '', grade = '0']) => [query, text, Number(grade)])),
  };
}

/** Older and other wordings of ICD-10 with their codes (NorMedTerm). */
export function readWordings(): { wording: string; code: string }[] {
  const packed = readFileSync(new URL('terminology/NorMedTerm.csv.gz', data));
  return gunzipSync(packed)
    .toString('utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .flatMap(([wording = '', , source, code = '']) =>
      source === 'ICD' && /^[A-Z]\d\d/.test(code) ? [{ wording, code }] : [],
    );
}

export function readNegations(part: 'train' | 'dev'): { text: string; isNegated: boolean }[] {
  const sentences = JSON.parse(read(`norwegian-clinical-nlp/NorMed_neg_${part}.json`)) as {
    text: string;
    negations: unknown[];
  }[];
  return sentences.map(({ text, negations }) => ({ text, isNegated: negations.length > 0 }));
}
