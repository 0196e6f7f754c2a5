/** From text to the terms that are compared: words as both written languages spell them, their stems in Norwegian and English, and pieces of words. Pure. */
import { stemmer as english } from '@orama/stemmers/english';
import { stemmer as norwegian } from '@orama/stemmers/norwegian';

export type Language = 'no' | 'en';

/** A word as it stands in a text: where it begins and ends (UTF-16), and itself in small letters. */
export type Word = { readonly word: string; readonly from: number; readonly to: number };

const wordPattern = /[\p{L}\p{N}]+(?:[.,][\p{N}]+)*/gu;
const stemmers = { no: norwegian, en: english } as const;

/** Words that say nothing by themselves. Negations are not among them. */
const stopWords: Readonly<Record<Language, ReadonlySet<string>>> = {
  no: new Set(
    (
      'og i på av til med som er for det en et den har var ble blir vart vert om fra frå ved men de dei at ein eit ' +
      'å han hun ho hans hennes hennar seg sin si sitt sine dette denne disse desse også òg så da når eller enn etter over under ' +
      'kan skal vil må bli være vere vært vore hadde hatt man noe noko noen nokon'
    ).split(' '),
  ),
  en: new Set(
    (
      'a an and are as at be been but by for from had has have he her his how i if in into is it its of on or our ' +
      'she than that the their them then there these they this those to was we were what when where which who why will with ' +
      'you your do does did can could should would may might about'
    ).split(' '),
  ),
};

/** Where Nynorsk, older and Latin spellings differ from the one that is compared. Applied in order, inside compounds too. */
const spellings: readonly (readonly [RegExp, string])[] = (
  [
    ['hjarte|hjarta', 'hjerte'],
    ['sjuk', 'syk'],
    ['augo|auge', 'øye'],
    ['auke', 'øke'],
    ['aukt', 'økt'],
    ['høgr', 'høyr'],
    ['høgt', 'høyt'],
    ['kvit', 'hvit'],
    ['mjølk', 'melk'],
    ['kjensle', 'følelse'],
    ['smerteleg', 'smertefull'],
    ['ikkje', 'ikke'],
    ['nokre', 'noen'],
    ['pustevanskar', 'pustevansker'],
    ['blødning|blæding|bløding', 'blødning'],
    ['brot(?=$|et$|a$)', 'brudd'],
    ['beinbrot', 'beinbrudd'],
    ['lårhalsbrot', 'lårhalsbrudd'],
    ['revmat', 'reumat'],
    ['oedem|edema', 'ødem'],
    ['nyreso?vikt', 'nyresvikt'],
    ['diarrhoea|diarrhea|diaré', 'diare'],
    ['anaemi', 'anemi'],
    // Latin and English spellings of what Norwegian writes as it sounds.
    ['sch', 'sj'],
    ['ch', 'k'],
    ['c(?=[eiyæø])', 's'],
    ['ck', 'kk'],
    ['c', 'k'],
    ['ph', 'f'],
    ['th', 't'],
    ['rh', 'r'],
    ['x', 'ks'],
    ['z', 's'],
  ] as const
).map(([from, to]) => [new RegExp(from, 'gu'), to]);

/** A word (in small letters) as it is compared, before its stem is taken. */
export function spelledAlike(word: string): string {
  let alike = word;
  for (const [from, to] of spellings) alike = alike.replace(from, to);
  return alike;
}

/** The words of a text with their places in it. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(wordPattern))
    words.push({ word: match[0].toLowerCase(), from: match.index, to: match.index + match[0].length });
  return words;
}

export function isStopWord(word: string, language: Language): boolean {
  return stopWords[language].has(word);
}

/** The stem by which a word is compared; numbers stay as they are. */
export function stemOf(word: string, language: Language): string {
  return /\p{N}/u.test(word) ? word : stemmers[language](word);
}

/** The stems of a text without words that say nothing, in order. */
export function termsOf(text: string, language: Language): string[] {
  const terms: string[] = [];
  for (const { word } of wordsOf(text)) if (!isStopWord(word, language)) terms.push(stemOf(word, language));
  return terms;
}

/** The language that most words that say nothing are of; Norwegian where there are none. */
export function languageOf(words: readonly Word[]): Language {
  let balance = 0;
  for (const { word } of words) {
    if (stopWords.no.has(word)) balance++;
    if (stopWords.en.has(word)) balance--;
  }
  return balance < 0 ? 'en' : 'no';
}

/** Runs of `length` letters of a word with its ends marked: what compounds and misspellings share with the word that is meant. */
export function piecesOf(word: string, length = 4): string[] {
  const marked = `_${word}_`;
  if (marked.length <= length) return [marked];
  const pieces: string[] = [];
  for (let at = 0; at + length <= marked.length; at++) pieces.push(marked.slice(at, at + length));
  return pieces;
}

/** A term as a number of 32 bits (FNV-1a), which is how it is kept. */
export function termNumber(term: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < term.length; at++) {
    hash ^= term.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
