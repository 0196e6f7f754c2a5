/**
 * Norwegian documents of known type, made since no open corpus of whole ones exists. By seed: the same seed gives the same documents.
 * No document is about a person: names are those of a few invented health workers, and there are no numbers of persons.
 */
import { Random } from '#sample/random.ts';
import { misspell, replaceWords, scan } from './disturb.ts';
import { formsFor, readForms, readWords, type Form, type FormsFor, type Part, type Words } from './forms.ts';

export type Quality = 'clean' | 'light' | 'poor';
export type MadeDocument = { text: string; type: string; form: number; quality: Quality; isNynorsk: boolean };

/** Share of characters that a scan hits. */
export const hitBy: Readonly<Record<Quality, number>> = { clean: 0, light: 0.02, poor: 0.07 };

export function makeDocuments(seed: string, { each, forms }: { each: number; forms: FormsFor }): MadeDocument[] {
  const all = readForms().filter(({ number }) => formsFor(number) === forms);
  const words = readWords();
  const made = all.flatMap((form) =>
    Array.from({ length: each }, (_, at) => {
      const random = new Random(seed, forms, form.type, form.number, at);
      return makeDocument({ form, all, words, random });
    }),
  );
  return withoutNearDuplicates(made);
}

type Making = { form: Form; all: readonly Form[]; words: Words; random: Random };

function makeDocument({ form, all, words, random }: Making): MadeDocument {
  const quality = (['clean', 'light', 'poor'] as const)[random.weighted([0.6, 0.25, 0.15])] ?? 'clean';
  const isNynorsk = random.chance(0.25);
  const lines = [...headOf({ form, all, words, random }), ...bodyOf({ form, all, words, random })];
  let text = lines.join('\n');
  if (isNynorsk) text = replaceWords(text, words.nynorsk, random, 0.95);
  if (random.chance(0.35)) text = replaceWords(text, words.abbreviations, random, 0.6);
  if (random.chance(0.5)) text = misspell(text, random, random.pick([0.02, 0.05, 0.1]));
  return { text: scan(text, random, hitBy[quality]), type: form.type, form: form.number, quality, isNynorsk };
}

/** The letterhead where there is one, and a title: its own, one that says nothing, or none. */
function headOf({ form, words, random }: Making): string[] {
  const house = random.chance(0.7) ? [random.pick(words.houses), random.pick(words.departments)] : [];
  const who = random.chance(0.6) ? [`Pasient: ${random.pick(words.who)}  Dato: ${dateBy(random)}`] : [];
  const titles = [random.pick(form.titles), random.pick(words.generalTitles), undefined];
  const title = titles[random.weighted([0.65, 0.2, 0.15])];
  return [...house, ...(title === undefined ? [] : [filled(title, words, random)]), ...who];
}

function bodyOf({ form, all, words, random }: Making): string[] {
  const style = random.pick(['line', 'inline', 'inline', 'upper', 'none'] as const);
  const isShort = random.chance(0.15);
  const kept = form.parts.filter(() => random.chance(isShort ? 0.35 : 0.85));
  const parts: Part[] = kept.length > 0 ? kept : [random.pick(form.parts)];
  const lines = parts.flatMap((part) => {
    const sentences = part.sentences.filter(() => random.chance(0.7));
    const chosen = sentences.length > 0 ? sentences : [random.pick(part.sentences)];
    return written(
      part.heading,
      chosen.map((sentence) => filled(sentence, words, random)),
      style,
    );
  });
  for (let more = random.between(0, 3); more > 0; more -= 1) {
    lines.splice(random.between(0, lines.length), 0, random.pick(words.generalLines));
  }
  // What another kind of document says, quoted: an epikrise tells results, a referral what was noted.
  if (!isShort && random.chance(0.3)) {
    const other = random.pick(random.pick(all.filter(({ number }) => number === form.number)).parts);
    lines.splice(random.between(1, lines.length), 0, filled(random.pick(other.sentences), words, random));
  }
  return lines;
}

export type HeadingStyle = 'line' | 'inline' | 'upper' | 'none';

export function written(heading: string | undefined, texts: readonly string[], style: HeadingStyle): string[] {
  const isTable = texts.some((text) => / {2,}/.test(text));
  const body = isTable ? [...texts] : [texts.map((text) => text.replace(/[^.?!]$/, '$&.')).join(' ')];
  if (heading === undefined || style === 'none') return body;
  if (style === 'line') return [heading, ...body];
  if (style === 'upper') return ['', heading.toUpperCase(), ...body];
  return isTable ? [`${heading}:`, ...body] : [`${heading}: ${body[0] ?? ''}`];
}

/** A sentence with its slots filled by chance. */
export function filled(sentence: string, words: Words, random: Random): string {
  const numbers: Record<string, () => string> = {
    n: () => String(random.between(2, 180)),
    m: () => String(random.between(0, 9)),
    p: () => String(random.between(48, 128)),
    t: () => `3${random.between(6, 9)},${random.between(0, 9)}`,
    bt: () => `${random.between(95, 185)}/${random.between(50, 100)}`,
    age: () => String(random.between(2, 96)),
    sex: () => random.pick(['kvinne', 'mann']),
    date: () => dateBy(random),
    time: () => `${two(random.between(0, 23))}${random.pick([':', '.'])}${two(random.between(0, 59))}`,
  };
  return sentence.replace(/\{(\w+)\}/g, (_all, slot: string) => {
    const number = numbers[slot];
    return number === undefined ? random.pick(words[slot as 'dx']) : number();
  });
}

const two = (number: number): string => String(number).padStart(2, '0');

export function dateBy(random: Random): string {
  return `${two(random.between(1, 28))}.${two(random.between(1, 12))}.${random.pick(['2024', '2025', '2026', '26'])}`;
}

/** One of those that share nine tenths of their runs of four words is kept. */
export function withoutNearDuplicates<T extends { text: string }>(
  documents: readonly T[],
  before: readonly T[] = [],
): T[] {
  const having = new Map<string, number[]>();
  const sets: Set<string>[] = [];
  const isNear = (runs: Set<string>): boolean => {
    const shared = new Map<number, number>();
    for (const run of runs) for (const at of having.get(run) ?? []) shared.set(at, (shared.get(at) ?? 0) + 1);
    return [...shared].some(([at, count]) => count >= 0.9 * Math.min(runs.size, sets[at]?.size ?? 0));
  };
  const keep = (runs: Set<string>): void => {
    for (const run of runs) having.set(run, [...(having.get(run) ?? []), sets.length]);
    sets.push(runs);
  };
  for (const { text } of before) keep(runsOf(text));
  return documents.filter(({ text }) => {
    const runs = runsOf(text);
    if (runs.size === 0 || isNear(runs)) return false;
    keep(runs);
    return true;
  });
}

/** Runs of four words, whatever their numbers. */
function runsOf(text: string): Set<string> {
  const words =
    text
      .toLowerCase()
      .replace(/\d+/g, '0')
      .match(/[\p{L}\d]+/gu) ?? [];
  return new Set(words.slice(3).map((_, at) => words.slice(at, at + 4).join(' ')));
}
