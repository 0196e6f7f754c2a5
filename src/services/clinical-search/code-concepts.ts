/**
 * Concepts made of ICD-10: each code that has a name of its own, below its category (three characters) where that has one. Who asks for the general name
 * finds the special ones and the codes; who asks for a special one does not find its neighbours. Pure.
 */
import type { Concept } from './concepts.ts';
import type { Diagnosis } from './diagnoses.ts';
import { isStopWord, spelledAlike, stemOf, wordsOf } from './words.ts';

const wordsMost = 4;
/** A wording that stands in more categories than these says nothing of one. */
const categoriesMost = 2;
/** What is said of who, where and why; not what somebody has. */
const otherChapters = /^[V-Z]/;
/** Names something else besides: what is left of it would mean more than the code does. */
const bound = /\b(?:ved|etter|pga|skyldes|forårsaket|forbundet|kombinasjon|IKAS|sted)\b/iu;
const unspecificFirst =
  /^(?:(?:andre|annen|annet|anna|uspesifiserte?|spesifiserte?|uspes\.|lok\.|ikke|nærmere|beskrevet)\s+)+/iu;
const unspecific = /^(?:andre|annen|annet|anna|uspes)|uspes/iu;
const unspecificLast = /(?:,|\(|\bmed ruptur|\bmed$|\buten (?:opplysning|ruptur)|\buspes).*$/iu;

export function codeConcepts(icd10: readonly Diagnosis[]): Concept[] {
  const named = icd10
    .filter(({ code }) => !otherChapters.test(code))
    .flatMap(({ code, text }) => {
      const name = nameIn(text);
      return name === undefined
        ? []
        : [{ code, name, isGeneral: code.length === 3 || (/^.{3}[89]/.test(code) && unspecific.test(text)) }];
    });
  const having = Map.groupBy(named, ({ name }) => keyOf(name));
  const known = named.filter(
    ({ name }) => new Set(having.get(keyOf(name))?.map(({ code }) => code.slice(0, 3))).size <= categoriesMost,
  );
  const concepts: Concept[] = [];
  for (const [category, codes] of Map.groupBy(known, ({ code }) => code.slice(0, 3))) {
    const general = codes
      .filter(({ isGeneral }) => isGeneral)
      .map(({ name }) => name)
      .sort((a, b) => a.length - b.length);
    const top = general[0] === undefined ? undefined : `${general[0]} (${category})`;
    if (top !== undefined) concepts.push(conceptOf(top, { phrases: general, wider: [], code: category }));
    const taken = new Set(general.map(keyOf));
    for (const { code, name, isGeneral } of codes) {
      if (isGeneral || taken.has(keyOf(name))) continue;
      taken.add(keyOf(name));
      concepts.push(conceptOf(`${name} (${code})`, { phrases: [name], wider: top === undefined ? [] : [top], code }));
    }
  }
  return concepts;
}

type Made = { phrases: readonly string[]; wider: readonly string[]; code: string };

function conceptOf(name: string, { phrases, wider, code }: Made): Concept {
  return { name, wider, phrases: [...new Set(phrases)], icd10: [code], icpc2: [], atc: [] };
}

/** The name in an official text; undefined where it is too long or too little to be met in a note. */
function nameIn(text: string): string | undefined {
  if (bound.test(text)) return undefined;
  const name = text.replace(unspecificLast, '').replace(unspecificFirst, '').trim();
  const words = wordsOf(name);
  const [first] = words;
  if (first === undefined || words.length > wordsMost || isStopWord(first.word, 'no')) return undefined;
  if (/[\p{N}.]/u.test(name)) return undefined;
  return words.length === 1 && first.word.length < 5 ? undefined : name.toLocaleLowerCase('nb');
}

const keyOf = (name: string): string =>
  wordsOf(name)
    .map(({ word }) => stemOf(spelledAlike(word), 'no'))
    .join(' ');
