/**
 * From a text to what it is found by: its words by their stems, the parts of compounds, the word that a slip means, and the concepts that phrases and
 * codes name. What documents and questions have in common is decided here, once. Pure.
 */
import type { Concepts } from './concepts.ts';
import type { Lexicon } from './lexicon.ts';
import { deniedWords } from './negation.ts';
import { packText, type PackedText } from './term-index.ts';
import {
  isStopWord,
  languageOf,
  spelledAlike,
  stemOf,
  termNumber,
  wordsOf,
  type Language,
  type Word,
} from './words.ts';

export type Way = 'word' | 'part' | 'slip' | 'concept' | 'code';

/** A term as it stands in a text. */
export type Mention = {
  readonly term: number;
  readonly way: Way;
  readonly from: number;
  readonly to: number;
  /** The text denies it here. */
  readonly isDenied: boolean;
  /** Of a concept: its name. */
  readonly concept?: string;
  /** The text names one below it. */
  readonly isWider?: boolean;
};

export type Analysis = {
  /** Every mention, in the order of the text. */
  mentionsIn(text: string): Mention[];
  /** Terms of a code that a resource carries beside its text. */
  termsOfCode(system: string, code: string): number[];
  /** Of one word. */
  formsOf(word: string, language: Language): readonly Form[];
};

export type Form = { readonly term: number; readonly way: 'word' | 'part' | 'slip'; readonly word: string };

const icd10Code = /^[a-tv-z]\d\d(?:\.?\d)?$/;

export const conceptTerm = (name: string): number => termNumber(`concept:${name}`);
export const codeTerm = (system: string, code: string): number =>
  termNumber(`${system}:${code.replaceAll('.', '').toUpperCase()}`);

export function createAnalysis(lexicon: Lexicon, concepts: Concepts): Analysis {
  const known: Record<Language, Map<string, readonly Form[]>> = { no: new Map(), en: new Map() };
  const formsOf = (word: string, language: Language): readonly Form[] => {
    const remembered = known[language].get(word);
    if (remembered !== undefined) return remembered;
    const forms = makeForms(lexicon, word, language);
    if (known[language].size >= wordsKept) known[language].clear();
    known[language].set(word, forms);
    return forms;
  };
  const phrases = phrasesOf(concepts);
  return {
    formsOf,
    termsOfCode: (system, code) => termsOfCode(concepts, system, code),
    mentionsIn(text) {
      const words = wordsOf(text);
      const language = languageOf(words);
      const denied = deniedWords(text, words);
      const mentions: Mention[] = [];
      words.forEach(({ word, from, to }, at) => {
        if (isStopWord(word, language)) return;
        const isDenied = denied[at] === 1;
        for (const { term, way } of formsOf(word, language)) mentions.push({ term, way, from, to, isDenied });
        if (!icd10Code.test(word)) return;
        for (const term of termsOfCode(concepts, 'icd10', word))
          mentions.push({ term, way: 'code', from, to, isDenied });
      });
      addConcepts(mentions, { text, words, denied, phrases, concepts });
      return mentions;
    },
  };
}

const wordsKept = 200_000;

function makeForms(lexicon: Lexicon, word: string, language: Language): readonly Form[] {
  const alike = spelledAlike(word);
  const form = (one: string, way: Form['way']): Form => ({ term: termNumber(stemOf(one, language)), way, word: one });
  const forms = [form(alike, 'word')];
  if (language === 'en') return forms;
  for (const part of lexicon.partsOf(alike)) forms.push(form(part, 'part'));
  if (forms.length > 1) return forms;
  const meant = lexicon.meant(alike);
  if (meant !== undefined) forms.push(form(meant, 'slip'));
  return forms;
}

function termsOfCode(concepts: Concepts, system: string, code: string): number[] {
  const terms = [codeTerm(system, code)];
  if (system !== 'icd10' && system !== 'icpc2' && system !== 'atc') return terms;
  const plain = code.replaceAll('.', '').toUpperCase();
  for (let end = 3; end < plain.length; end++) terms.push(codeTerm(system, plain.slice(0, end)));
  for (const name of concepts.ofCode(system, plain)) terms.push(conceptTerm(name));
  return terms;
}

type Phrase = {
  readonly keys: readonly string[];
  readonly name: string;
  readonly isAbbreviation: boolean;
  /** Of ICD-10: what the project's own list has at the same words is named besides. */
  readonly isOfCode: boolean;
};
type Phrases = ReadonlyMap<string, readonly Phrase[]>;

/** Phrases by their first word, the longest first. Abbreviations match by themselves, words by their stems. */
function phrasesOf(concepts: Concepts): Phrases {
  const found = new Map<string, Phrase[]>();
  for (const { name, phrases } of concepts.all)
    for (const phrase of phrases) {
      const words = wordsOf(phrase).map(({ word }) => word);
      const isAbbreviation = words.length === 1 && (phrase.length <= 3 || phrase === phrase.toUpperCase());
      const keys = isAbbreviation ? words : words.map(keyOf);
      const [first] = keys;
      if (first === undefined) continue;
      const there = found.get(first) ?? [];
      there.push({ keys, name, isAbbreviation, isOfCode: /\([A-Z]\d\d\w*\)$/.test(name) });
      found.set(first, there);
    }
  for (const list of found.values()) list.sort((a, b) => b.keys.length - a.keys.length);
  return found;
}

const keyOf = (word: string): string => stemOf(spelledAlike(word), 'no');

type Within = {
  text: string;
  words: readonly Word[];
  denied: Uint8Array;
  phrases: Phrases;
  concepts: Concepts;
};

function addConcepts(mentions: Mention[], { text, words, denied, phrases, concepts }: Within): void {
  const keys = words.map(({ word }) => keyOf(word));
  for (let at = 0; at < words.length;) {
    const found = phrasesAt(at);
    const own = found.filter(({ isOfCode }) => !isOfCode);
    addPlace(at, own);
    addPlace(
      at,
      found.filter(({ isOfCode }) => isOfCode),
    );
    at += Math.max(1, own[0]?.keys.length ?? 0);
  }

  function addPlace(at: number, found: readonly Phrase[]): void {
    const [first] = found;
    if (first === undefined) return;
    const last = words[at + first.keys.length - 1]!;
    const place = { from: words[at]!.from, to: last.to, isDenied: denied[at] === 1 };
    const named = new Set(found.map(({ name }) => name));
    for (const concept of new Set([...named, ...found.flatMap(({ name }) => concepts.withWider(name))])) {
      const isWider = !named.has(concept);
      mentions.push({ term: conceptTerm(concept), way: 'concept', concept, ...(isWider ? { isWider } : {}), ...place });
    }
  }

  /** The longest that stands there, of every concept that it names. */
  function phrasesAt(at: number): Phrase[] {
    const { word, from, to } = words[at]!;
    const asWritten = phrases.get(word) ?? [];
    const byStem = keys[at] === word ? [] : (phrases.get(keys[at]!) ?? []);
    const there = [...asWritten, ...byStem].filter(({ keys: wanted, isAbbreviation }) =>
      isAbbreviation
        ? wanted[0] === word && (word.length > 3 || isCapital(text.slice(from, to)) || words.length <= 3)
        : wanted.every((key, offset) => keys[at + offset] === key),
    );
    const lengthOf = (isOfCode: boolean): number =>
      there.reduce((most, one) => (one.isOfCode === isOfCode ? Math.max(most, one.keys.length) : most), 0);
    const lengths = [lengthOf(false), lengthOf(true)];
    const compound = lengths[0]! > 1 ? [] : compoundAt(at);
    if (compound.length > 0) return compound;
    return there.filter((one) => one.keys.length === lengths[Number(one.isOfCode)]);
  }

  /** `betennelse i bukspyttkjertelen` is the compound that one word of it makes with the other. */
  function compoundAt(at: number): Phrase[] {
    const [last, joined, first] = [words[at]!, words[at + 1]?.word, keys[at + 2]];
    if (joined === undefined || first === undefined || !joins.has(joined) || first.length < 4) return [];
    for (const joint of ['', 's', 'e']) {
      const found = (phrases.get(keyOf(first + joint + last.word)) ?? []).filter((one) => one.keys.length === 1);
      if (found.length > 0) return found.map((one) => ({ ...one, isOfCode: false, keys: [keys[at]!, joined, first] }));
    }
    return [];
  }
}

const joins: ReadonlySet<string> = new Set(['i', 'på', 'av']);

const isCapital = (word: string): boolean => word.slice(1) === word.slice(1).toUpperCase() && /\p{Lu}/u.test(word);

/** What is kept of a passage: its terms with the concepts and codes that it names, and which of them it denies each time. */
export function packPassage(mentions: readonly Mention[], besides: readonly number[]): PackedText {
  const affirmed = new Set(besides);
  const terms = [...besides];
  for (const { term, isDenied } of mentions) {
    terms.push(term);
    if (!isDenied) affirmed.add(term);
  }
  return packText(terms, (term) => !affirmed.has(term));
}
