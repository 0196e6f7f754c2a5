/**
 * Text as people search for it. `Tromsø` = `tromso`, `Åse` = `aase` = `ase`, `Bærum` = `baerum`: case, accents and the ways to write
 * Norwegian letters do not matter (R4 search.html#string lets a server say what it ignores).
 */

const letters: Record<string, string> = {
  ø: 'o',
  æ: 'ae',
  ß: 'ss',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  œ: 'oe',
  ŋ: 'n',
  ŧ: 't',
  ı: 'i',
};
const foreign = /[øæßđðłþœŋŧı]/g;
// oxlint-disable-next-line no-control-regex -- what it looks for is anything outside ASCII
const beyondAscii = /[^\u0000-\u007f]/;

/** Lower case, without accents, white space as one space; `ø` as `o`, `å` as `a`, `æ` as `ae`. */
export function plainFold(text: string): string {
  const lower = text.toLowerCase();
  const plain = beyondAscii.test(lower)
    ? lower
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .toLowerCase()
        .replace(foreign, (letter) => letters[letter] ?? letter)
    : lower;
  return plain.replace(/\s+/g, ' ').trim();
}

/** `plainFold`, and the double spellings as one: `oe` as `o`, `aa` as `a`. What all spellings of a name share. */
export function fold(text: string): string {
  return collapse(plainFold(text));
}

/** The second step of `fold`, on text that is plain already. */
export function collapse(plain: string): string {
  return plain.replace(/oe/g, 'o').replace(/a{2,}/g, 'a');
}

const separators = /[^\p{L}\p{N}]+/u;
const wordLengthMax = 64;

/** The distinct stems of a text's words, letters and digits only; single letters are left out. */
export function stems(text: string): string[] {
  const found = new Set<string>();
  for (const word of fold(text).split(separators)) {
    if (word.length > 1) found.add(stem(word.slice(0, wordLengthMax)));
  }
  return [...found];
}

const endings = [
  'hetenes',
  'hetene',
  'hetens',
  'endes',
  'heten',
  'heter',
  'ende',
  'ande',
  'ane',
  'ene',
  'ede',
  'enes',
  'edes',
  'ens',
  'ers',
  'ets',
  'ast',
  'en',
  'ar',
  'er',
  'as',
  'es',
  'et',
  'a',
  'e',
];
const derivations = ['hetslov', 'eleg', 'elig', 'elov', 'slov', 'els', 'leg', 'lig', 'lov', 'eig', 'ig'];

/** Norwegian word endings off, after the Snowball algorithm's steps, on folded text: `hjertets` and `hjerte` → `hjert`. */
export function stem(word: string): string {
  const from = regionStart(word);
  let stemmed = withoutEnding(word, from, endings);
  if (stemmed === word && from < word.length && /(?:[bcdfghjlmnoprtvyz]|[^aeiouy]k)s$/.test(word)) {
    stemmed = word.slice(0, -1);
  } else if (stemmed === word && from <= word.length - 4 && /ert[e]$/.test(word)) {
    stemmed = word.slice(0, -2);
  }
  if (from <= stemmed.length - 2 && /[dv]t$/.test(stemmed)) stemmed = stemmed.slice(0, -1);
  return withoutEnding(stemmed, from, derivations);
}

function withoutEnding(word: string, from: number, list: readonly string[]): string {
  for (const ending of list) {
    if (word.length - ending.length >= from && word.endsWith(ending)) return word.slice(0, -ending.length);
  }
  return word;
}

/** Where endings may begin: after the first consonant that follows a vowel, and at least three letters in. */
function regionStart(word: string): number {
  const match = /[aeiouy][^aeiouy]/.exec(word);
  return match === null ? word.length : Math.max(3, match.index + 2);
}
