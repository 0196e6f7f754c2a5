/** How each kind of value is spelled before it is hashed. Extraction and search both spell by this file only. */
import type { Coded, Pointer } from './values.ts';
import { collapse, plainFold } from './fold.ts';
import { seedOf, tokenOf, type Seed } from './hash.ts';

/** The element has a value: kept where the model lets it be absent. */
export const presence = '!';

export function codeTexts(coded: Coded): string[] {
  if (coded.code === undefined) return [];
  const bare = `c${coded.code}`;
  if (coded.system === undefined) return [bare];
  return [`s${coded.system ?? ''}|${coded.code}`, bare];
}

export const identifierType = (text: string): string => `o${text}`;

export function pointerTexts(pointer: Pointer): string[] {
  const texts: string[] = [];
  if (pointer.literal !== undefined) {
    texts.push(`r${pointer.literal}`);
    if (pointer.version !== undefined) texts.push(`r${pointer.literal}|${pointer.version}`);
  }
  if (pointer.identifier !== undefined) texts.push(...codeTexts(pointer.identifier).map((text) => `i${text}`));
  return texts;
}

export const prefixLengths = [8, 5, 3, 2, 1];
const trigramsMax = 64;

/** A text with more trigrams than are kept has this instead of the rest: a search by trigrams looks at it too. */
export const manyTrigrams = 'l';

export const exactText = (text: string): string => `x${text}`;
export const prefixText = (start: string): string => `p${start}`;
const trigramText = (trigram: string): string => `t${trigram}`;

export type FoldedText = { collapsed: string; plain: string };

export function foldedText(text: string): FoldedText {
  const plain = plainFold(text);
  return { plain, collapsed: collapse(plain) };
}

/** Trigrams of a text, distinct. Texts shorter than three letters have none. */
export function trigrams(text: string): string[] {
  const found = new Set<string>();
  for (let i = 0; i + 3 <= text.length; i++) found.add(trigramText(text.slice(i, i + 3)));
  return [...found];
}

export function stringTexts(text: string, { collapsed, plain }: FoldedText): string[] {
  const texts = [exactText(text)];
  for (const length of prefixLengths)
    if (collapsed.length >= length) texts.push(prefixText(collapsed.slice(0, length)));
  const grams = plain.length > 10_000 ? [] : trigrams(collapsed);
  if (plain !== collapsed && plain.length <= 10_000) grams.push(...trigrams(plain));
  if (plain.length <= 10_000 && grams.length <= trigramsMax) texts.push(...grams);
  else texts.push(manyTrigrams);
  return texts;
}

export const uriTexts = (uri: string): string[] => {
  const at = uri.indexOf('|');
  return at < 0 ? [`u${uri}`] : [`u${uri}`, `u${uri.slice(0, at)}`];
};

/** Words of narrative and of all human-readable text have seeds of their own by type. */
export const wordSeed = (type: string, scope: 'text' | 'content'): Seed => seedOf(`${type}|${scope}|words`);
export const manyWords = '*';
export const wordText = (stem: string): string => `w${stem}`;

const compartmentSeed = seedOf('|compartment');

/** The one token that everything in a patient's compartment has, whatever its type. */
export function patientCompartmentToken(patientId: string): string {
  return tokenOf(compartmentSeed, `Patient/${patientId}`);
}

const labelSeed = seedOf('|label');

/** A security label, whatever the type. `label` is `system|code`. */
export function labelToken(label: string): string {
  return tokenOf(labelSeed, label);
}

/** The resource names a patient besides the one in whose record it lies. */
export const sharedToken: string = tokenOf(compartmentSeed, 'shared');

/** The row's patient was not taken from the first of its type's references to patients: that reference then tells nothing of the row. */
export const strangerToken: string = tokenOf(compartmentSeed, 'stranger');
