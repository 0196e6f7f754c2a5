/** Text filters over displays: accents and Norwegian letters don't matter, as in search (`Tromsø` is found by `tromso`). */
import { fold } from '../search/fold.ts';

/** Folded, with anything but letters and digits as one space. */
export function foldDisplay(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The words of a search text; an empty list matches everything. */
export function foldedWords(text: string): string[] {
  const folded = foldDisplay(text);
  return folded === '' ? [] : folded.split(' ');
}

/** How well a folded text answers the words: 0 begins with them, 1 has each at the start of a word, 2 has them inside words; -1 not at all. */
export function matchRank(folded: string, words: readonly string[]): number {
  if (words.length === 0) return 0;
  let rank = folded.startsWith(words[0] ?? '') ? 0 : 1;
  for (const word of words) {
    const at = folded.indexOf(word);
    if (at < 0) return -1;
    if (at > 0 && folded[at - 1] !== ' ' && !folded.includes(` ${word}`)) rank = 2;
  }
  return rank;
}
