/** What happens to a text on its way: another written language, abbreviations, slips of the finger, a poor scan. */
import type { Random } from '#sample/random.ts';

/** Words replaced by others, keeping a capital letter; each with this chance. */
export function replaceWords(text: string, pairs: readonly [string, string][], random: Random, share: number): string {
  const known = new Map(pairs);
  return text.replace(/\p{L}+/gu, (word) => {
    const other = known.get(word.toLowerCase());
    if (other === undefined || !random.chance(share)) return word;
    return word[0] === word[0]?.toUpperCase() ? `${other[0]?.toUpperCase()}${other.slice(1)}` : other;
  });
}

/** Letters swapped, left out, doubled, in this share of the words of four letters or more. */
export function misspell(text: string, random: Random, share: number): string {
  return text.replace(/\p{L}{4,}/gu, (word) => {
    if (!random.chance(share)) return word;
    const at = random.between(1, word.length - 2);
    const [before, letter, after] = [word.slice(0, at), word[at] ?? '', word.slice(at + 1)];
    const kind = random.between(0, 2);
    if (kind === 0) return `${before}${after}`;
    if (kind === 1) return `${before}${letter}${letter}${after}`;
    return `${before}${after[0] ?? ''}${letter}${after.slice(1)}`;
  });
}

const misread: Readonly<Record<string, string>> = {
  l: '1', I: 'l', o: '0', O: '0', m: 'rn', ø: 'o', å: 'a', æ: 'ae', e: 'c', S: '5', i: 'í', t: 'f', n: 'ri', g: 'q', h: 'b', u: 'ii',
}; // prettier-ignore

/** Misreads, drops and splits characters as a poor scan does; `share` is the share of characters that are hit. */
export function scan(text: string, random: Random, share: number): string {
  if (share === 0) return text;
  let read = '';
  for (const character of text) {
    if (!random.chance(share)) read += character;
    else if (character === '\n') read += random.chance(0.5) ? ' ' : '\n\n';
    else if (random.chance(0.15)) read += ' ';
    else
      read += random.chance(0.15)
        ? random.pick([...".,'|~"])
        : (misread[character] ?? (random.chance(0.5) ? '' : character));
  }
  return read;
}
