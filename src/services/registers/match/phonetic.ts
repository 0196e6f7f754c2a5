/**
 * How Norwegian names sound, so that Christian finds Kristian, Hvidsten finds Vidsten and Aase finds Åse. Two forms: the sound with its
 * vowels, by which names are scored, and the skeleton of consonants, by which candidates are found. Rules from Norwegian spelling
 * (silent h, d and g; kj = tj; sj = skj = sch; foreign c, q, w, x, z); they are rough on purpose: the score decides.
 */
import { fold } from '#fhir/search/fold.ts';

/** In this order; each on what those before it left. Input is folded: ASCII letters, `ø` as `o`, `å` as `a`, `æ` as `ae`. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/[^a-z]/g, ''],
  [/ae/g, 'e'],
  [/oe/g, 'o'],
  [/aa/g, 'a'],
  [/ph/g, 'f'],
  [/(schj|sch|skj|sj|sh|stj)/g, 's'],
  [/ch|ck|q/g, 'k'],
  [/c(?=[eiy])/g, 's'],
  [/c/g, 'k'],
  [/x/g, 'ks'],
  [/z/g, 's'],
  [/w/g, 'v'],
  [/hv/g, 'v'],
  [/[hgdl]j/g, 'j'],
  [/[tk]j/g, 'kj'],
  [/th|dt/g, 't'],
  [/gh/g, 'g'],
  [/nd\b|nd(?=[^aeiouy])/g, 'n'],
  [/ld\b|ld(?=[^aeiouy])/g, 'l'],
  [/rd\b|rd(?=[^aeiouy])/g, 'r'],
  [/(s[eo]n|sson)$/, 'sn'],
  [/h(?=[^aeiouy]|$)/g, ''],
  [/([a-z])h/g, '$1'],
  [/y/g, 'i'],
  [/([a-z])\1+/g, '$1'],
  [/e$/, ''],
];

/** The sound of one word of a name; empty when nothing of it is a letter that folds to a to z. */
export function soundOf(word: string): string {
  let sound = fold(word);
  for (const [pattern, by] of rules) sound = sound.replace(pattern, by);
  return sound;
}

/** The consonants of the sound of a word, after its first letter; all vowels at the beginning are one. */
export function skeletonOf(word: string, sound = soundOf(word)): string {
  if (sound === '') return fold(word);
  const first = /^[aeiou]/.test(sound) ? 'a' : sound.charAt(0);
  return (first + sound.slice(1).replace(/[aeiou]/g, '')).replace(/(.)\1+/g, '$1');
}
