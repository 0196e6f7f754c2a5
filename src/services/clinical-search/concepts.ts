/** Concepts as they are found in words and in codes. */
import { codeConcepts } from './code-concepts.ts';
import { moreConceptLines } from './concept-list-more.ts';
import { conceptLines } from './concept-list.ts';
import type { Diagnosis } from './diagnoses.ts';

export type Concept = {
  /** Its first word in the list: how it is told. */
  readonly name: string;
  readonly wider: readonly string[];
  readonly phrases: readonly string[];
  /** How codes of it begin, by system. */
  readonly icd10: readonly string[];
  readonly icpc2: readonly string[];
  readonly atc: readonly string[];
};

export type Concepts = {
  readonly all: readonly Concept[];
  /** The concept and those above it. */
  withWider(name: string): readonly string[];
  /** Those that a code belongs to, wider ones included; the code as its system spells it, with or without a dot. */
  ofCode(system: 'icd10' | 'icpc2' | 'atc', code: string): readonly string[];
};

/** @param icd10 official names, that are concepts besides those of the project's own list */
export function createConcepts(icd10: readonly Diagnosis[]): Concepts {
  const own = `${conceptLines}${moreConceptLines}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(conceptOf);
  const all = [...own, ...codeConcepts(icd10)];
  const byName = new Map(all.map((concept) => [concept.name, concept]));
  const withWider = (name: string): string[] => {
    const found = new Set<string>();
    const add = (one: string): void => {
      if (found.has(one)) return;
      found.add(one);
      for (const wider of byName.get(one)?.wider ?? []) add(wider);
    };
    add(name);
    return [...found];
  };
  const known = new Map<string, readonly string[]>();
  return {
    all,
    withWider,
    ofCode(system, code) {
      const plain = code.replaceAll('.', '').toUpperCase();
      const key = `${system} ${plain}`;
      const earlier = known.get(key);
      if (earlier !== undefined) return earlier;
      const of = all.filter((concept) => concept[system].some((begin) => plain.startsWith(begin)));
      const found = [...new Set(of.flatMap(({ name }) => withWider(name)))];
      if (known.size < codesKept) known.set(key, found);
      return found;
    },
  };
}

const codesKept = 50_000;

function conceptOf(line: string): Concept {
  const [head = '', words = '', icd10 = '', icpc2 = '', atc = ''] = line.split('|').map((part) => part.trim());
  const [name = '', wider = ''] = head.split('<').map((part) => part.trim());
  const codes = (text: string): string[] => text.split(/\s+/).filter(Boolean);
  return {
    name,
    wider: codes(wider),
    phrases: words
      .split(';')
      .map((phrase) => phrase.trim())
      .filter(Boolean),
    icd10: codes(icd10),
    icpc2: codes(icpc2),
    atc: codes(atc),
  };
}
