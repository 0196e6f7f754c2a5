/** What is seen of a sample: its words, its headings and their order, how it begins and ends, and how it is written (length, tense, capitals). */
export const kinds = ['word', 'heading', 'edge', 'manner'] as const;

/** Of each kind, how often each feature is there. */
export type Seen = readonly ReadonlyMap<string, number>[];

const beginningWords = 30;
const endWords = 20;

/** Reads a text. A number is only its length, up to four. */
export function see(text: string): Seen {
  const seen = kinds.map(() => new Map<string, number>());
  const add = (kind: (typeof kinds)[number], name: string): void => {
    const counts = seen[kinds.indexOf(kind)] as Map<string, number>;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  const words = [...text.matchAll(/\p{L}+|\d+/gu)].map(([word]) =>
    /^\d/.test(word) ? '0'.repeat(Math.min(4, word.length)) : word.toLowerCase(),
  );
  words.forEach((word, at) => {
    add('word', word);
    if (at < beginningWords) add('edge', word);
    if (at < 12 && at + 1 < words.length) add('edge', `${word} ${words[at + 1]}`);
    if (at >= words.length - endWords) add('edge', `end ${word}`);
  });
  const headings = headingsOf(text);
  headings.forEach((heading, at) => {
    add('heading', heading);
    for (const word of heading.split(' ')) add('heading', `w ${word}`);
    if (at + 1 < headings.length) add('heading', `${heading} > ${headings[at + 1]}`);
  });
  add('heading', `first ${headings[0] ?? ''}`);
  add('heading', `second ${headings[1] ?? ''}`);
  add('heading', `last ${headings.at(-1) ?? ''}`);
  for (const name of mannerOf(text, words, headings.length)) add('manner', name);
  return seen;
}

/** What stands before a colon at the beginning of a line or sentence, and short lines of their own; in order. */
function headingsOf(text: string): string[] {
  const found = text
    .split('\n')
    .flatMap((line) => [
      ...[...line.matchAll(/(?:^|[.!?]\s+)([A-Z][A-Za-z/&,() -]{1,58}):/g)].map((match) => match[1] ?? ''),
      ...(line.length <= 50 && !line.includes(':') ? [line] : []),
    ]);
  return found
    .map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^a-z]+/g, ' ')
        .trim(),
    )
    .filter((heading) => heading !== '');
}

function mannerOf(text: string, words: readonly string[], headings: number): string[] {
  const count = (...these: string[]): number => words.filter((word) => these.includes(word)).length;
  const share = (part: number, of: number, steps: number): number => Math.round((steps * part) / Math.max(1, of));
  const [past, present] = [count('was', 'were'), count('is', 'are', 'has')];
  return [
    `length ${Math.round(2 * Math.log2(1 + words.length))}`,
    `lines ${Math.round(Math.log2(1 + text.split('\n').length))}`,
    `headings ${Math.min(20, headings)}`,
    `capitals ${share([...text.matchAll(/[A-Z]/g)].length, text.length * 0.3, 10)}`,
    `past ${share(past, past + present, 10)}`,
    `past of all ${share(past, words.length, 100)}`,
    `present of all ${share(present, words.length, 100)}`,
    `I ${Math.min(8, count('i'))}`,
    `he or she ${share(count('he', 'she'), words.length, 100)}`,
    `numbers ${share(words.filter((word) => word.startsWith('0')).length, words.length, 10)}`,
  ];
}

/** Indexes ascend in no order; the last one is that of the constant. */
export type Vector = { indexes: Int32Array; values: Float64Array };

/**
 * Vectors of all, by what the first `learnt` of them have: counts damped, weighted by rarity, each kind of length one times its weight. What fewer than two of
 * those have is left out.
 */
export function vectorsOf(
  all: readonly Seen[],
  learnt: number,
  weights: readonly number[],
): { vectors: Vector[]; size: number } {
  const having = kinds.map(() => new Map<string, number>());
  for (const seen of all.slice(0, learnt)) {
    seen.forEach((counts, kind) => {
      const known = having[kind] as Map<string, number>;
      for (const name of counts.keys()) known.set(name, (known.get(name) ?? 0) + 1);
    });
  }
  let size = 0;
  const places = having.map((known) => {
    const kept = [...known].filter(([, count]) => count > 1);
    return new Map(
      kept.map(([name, count]) => [name, { at: size++, rarity: Math.log((1 + learnt) / (1 + count)) + 1 }]),
    );
  });
  const vectors = all.map((seen) => {
    const found = seen.flatMap((counts, kind) => {
      const own = [...counts].flatMap(([name, count]) => {
        const place = places[kind]?.get(name);
        return place === undefined ? [] : [{ at: place.at, value: (1 + Math.log(count)) * place.rarity }];
      });
      const length = Math.hypot(...own.map(({ value }) => value)) || 1;
      return own.map(({ at, value }) => ({ at, value: ((weights[kind] ?? 0) * value) / length }));
    });
    found.push({ at: size, value: 1 });
    return {
      indexes: Int32Array.from(found, ({ at }) => at),
      values: Float64Array.from(found, ({ value }) => value),
    };
  });
  return { vectors, size: size + 1 };
}
