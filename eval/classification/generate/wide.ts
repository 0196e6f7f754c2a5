/**
 * Documents made in a wide way, to learn from and for the second blind forms: sections of several forms or of a bank of phrases, in many layouts, with
 * what comes along on paper (fax lines, page feet, forms of address), sometimes with a piece of another document behind them. By seed.
 */
import { Random } from '#sample/random.ts';
import { misspell, replaceWords, scan } from './disturb.ts';
import {
  dateBy,
  filled,
  hitBy,
  withoutNearDuplicates,
  written,
  type HeadingStyle,
  type MadeDocument,
  type Quality,
} from './documents.ts';
import {
  formsFor,
  readBanks,
  readForms,
  readMoreWords,
  type Bank,
  type Form,
  type FormsFor,
  type Words,
} from './forms.ts';

type Section = { heading: string | undefined; sentences: string[] };
/** What one document is made of: its own titles, and its sections in order. */
type Draft = { titles: readonly string[]; sections: Section[] };
type Source = { type: string; number: number; draft(random: Random): Draft };

/** @param each of each form, and of each bank five times as many */
export function makeWideDocuments(
  seed: string,
  { each, forms, banks }: { each: number; forms: FormsFor; banks: boolean },
): MadeDocument[] {
  const words = readMoreWords();
  const own = readForms().filter(({ number }) => formsFor(number) === forms);
  const sources = [
    ...own.map((form) => ({ source: fromForms(form, own), count: each })),
    ...(banks ? readBanks().map((bank) => ({ source: fromBank(bank), count: 5 * each })) : []),
  ];
  const all = sources.map(({ source }) => source);
  const made = sources.flatMap(({ source, count }) =>
    Array.from({ length: count }, (_, at) => {
      const random = new Random(seed, 'wide', forms, source.type, source.number, at);
      return wideDocument(source, all, words, random);
    }),
  );
  return withoutNearDuplicates(made);
}

/** A form, where chance will with some parts of another form of its type. */
function fromForms(form: Form, all: readonly Form[]): Source {
  const { type, number } = form;
  const others = all.filter((other) => other.type === type && other.number !== number);
  return {
    type,
    number,
    draft(random) {
      const borrowed = others.length > 0 && random.chance(0.4) ? random.pick(others).parts : [];
      const parts = [...form.parts, ...borrowed].filter(() => random.chance(borrowed.length > 0 ? 0.5 : 0.85));
      const kept = parts.length > 0 ? parts : [random.pick(form.parts)];
      return {
        titles: form.titles,
        sections: kept.map(({ heading, sentences }) => ({ heading, sentences: some(sentences, 0.7, random) })),
      };
    },
  };
}

/** Phrases of a bank, mostly in the order of its groups, under headings of its own or none. */
function fromBank({ type, number, titles, headings, groups }: Bank): Source {
  return {
    type,
    number,
    draft(random) {
      const count = random.between(1, Math.min(6, groups.length + 2));
      const chosen = Array.from({ length: count }, () => random.between(0, groups.length - 1));
      if (random.chance(0.7)) chosen.sort((one, other) => one - other);
      const share = random.pick([0.15, 0.3, 0.5]);
      return {
        titles,
        sections: chosen.map((at) => ({
          heading: random.chance(0.75) ? random.pick(headings) : undefined,
          sentences: some(groups[at] ?? [], share, random).slice(0, 7),
        })),
      };
    },
  };
}

function some(sentences: readonly string[], share: number, random: Random): string[] {
  const kept = sentences.filter(() => random.chance(share));
  return kept.length > 0 ? kept : [random.pick(sentences)];
}

function wideDocument(source: Source, all: readonly Source[], words: Words, random: Random): MadeDocument {
  const quality = (['clean', 'light', 'poor'] as const)[random.weighted([0.6, 0.25, 0.15])] as Quality;
  const isNynorsk = random.chance(0.3);
  const { titles, sections } = source.draft(random);
  const isShort = random.chance(0.2);
  const lines = [...headOf(titles, words, random), ...bodyOf(isShort ? sections.slice(0, 2) : sections, words, random)];
  if (!isShort && random.chance(0.25)) lines.push(...pieceOfAnother(random.pick(all), words, random));
  if (random.chance(0.3)) lines.push(...footOf(words, random));
  let text = onPaper(lines, random);
  if (isNynorsk) text = replaceWords(text, words.nynorsk, random, 0.95);
  if (random.chance(0.4)) text = replaceWords(text, words.abbreviations, random, random.pick([0.4, 0.9]));
  if (random.chance(0.5)) text = misspell(text, random, random.pick([0.02, 0.05, 0.1]));
  return { text: scan(text, random, hitBy[quality]), type: source.type, form: source.number, quality, isNynorsk };
}

function headOf(titles: readonly string[], words: Words, random: Random): string[] {
  const lines: string[] = [];
  if (random.chance(0.15))
    lines.push(`FAX ${dateBy(random)}  Fra: ${random.pick(words.houses)}  S. 1/${random.between(1, 4)}`);
  if (random.chance(0.6)) lines.push(random.pick(words.houses));
  if (random.chance(0.5)) lines.push(random.pick(words.departments));
  if (random.chance(0.15)) lines.push(`Til: ${random.pick(words.houses)}`, `Fra: ${random.pick(words.who)}`);
  if (random.chance(0.5)) lines.push(`Pasient: ${random.pick(words.who)}   Født: ${dateBy(random)}`);
  const title = [random.pick(titles), random.pick(words.generalTitles), undefined][random.weighted([0.55, 0.22, 0.23])];
  const at = random.chance(0.7) ? lines.length : random.between(0, lines.length);
  const told = filled(title ?? '', words, random);
  if (title !== undefined) lines.splice(at, 0, random.chance(0.25) ? told.toUpperCase() : told);
  if (random.chance(0.3)) lines.push(`Dato: ${dateBy(random)}  Skrevet av: ${random.pick(words.who)}`);
  return lines.map((line) => filled(line, words, random));
}

function bodyOf(sections: readonly Section[], words: Words, random: Random): string[] {
  const style: HeadingStyle = random.pick(['line', 'inline', 'inline', 'upper', 'none']);
  const layout = random.pick(['prose', 'prose', 'prose', 'lines', 'listed', 'commas'] as const);
  const lines = sections.flatMap(({ heading, sentences }) => {
    const told = sentences.map((sentence) => filled(sentence, words, random));
    if (layout === 'prose') return written(heading, told, style);
    const before =
      heading === undefined || style === 'none' ? [] : [style === 'upper' ? heading.toUpperCase() : heading];
    if (layout === 'commas') return [...before, told.join(', ')];
    return [
      ...before,
      ...told.map((one, at) => (layout === 'lines' ? one : `${random.chance(0.5) ? '-' : `${at + 1}.`} ${one}`)),
    ];
  });
  for (let more = random.between(0, 3); more > 0; more -= 1)
    lines.splice(random.between(0, lines.length), 0, random.pick(words.generalLines));
  return lines;
}

/** A copy of something else that hangs on, or is quoted: less of it than of the document itself. */
function pieceOfAnother(other: Source, words: Words, random: Random): string[] {
  const [section] = other.draft(random).sections;
  const told = (section?.sentences ?? []).slice(0, 3).map((sentence) => filled(sentence, words, random));
  return random.chance(0.5) ? told : ['Kopi:', ...told];
}

function footOf(words: Words, random: Random): string[] {
  const signed = random.pick(['Med vennlig hilsen', 'Mvh', 'Sign.', 'Elektronisk signert', 'Godkjent av']);
  return [
    `${signed} ${random.pick(words.who)}`,
    ...(random.chance(0.4) ? [`Side ${random.between(1, 3)} av ${random.between(1, 4)}`] : []),
  ];
}

/** Lines as they are, or broken where the paper ends. */
function onPaper(lines: readonly string[], random: Random): string {
  if (!random.chance(0.25)) return lines.join('\n');
  const width = random.between(45, 90);
  return lines
    .flatMap((line) => line.match(new RegExp(`.{1,${width}}(?: |$)|.{1,${width}}`, 'g')) ?? [''])
    .map((line) => line.trimEnd())
    .join('\n');
}
