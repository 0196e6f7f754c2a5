/** Which language a text is in, by the small words that only one of them has. */
export type TextLanguage = 'nb' | 'nn' | 'en' | 'und';

const telling: readonly (readonly [TextLanguage, ReadonlySet<string>])[] = [
  [
    'nb',
    new Set(
      'ikke jeg hun hvor hva noe noen fra uten kun mye gjøre pasienten en et av også være har blir ble'.split(' '),
    ),
  ],
  [
    'nn',
    new Set(
      'ikkje eg ho kvar kva noko nokon frå utan berre mykje gjere pasienten ein eit av òg også vere har blir vart blei'.split(
        ' ',
      ),
    ),
  ],
  ['en', new Set('the and of with was is were has had not patient no for to on at this without'.split(' '))],
];

/** Words below which nothing is said. */
const wordsMin = 5;

/** nb, nn or en; und where the text is too short, or two are as likely. */
export function languageOf(text: string): TextLanguage {
  const words =
    text
      .slice(0, 20_000)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  if (words.length < wordsMin) return 'und';
  const counted = telling
    .map(([language, own]) => [language, words.filter((word) => own.has(word)).length] as const)
    .sort((a, b) => b[1] - a[1]);
  const [[best, most] = ['und', 0] as const, [, next] = ['und', 0] as const] = counted;
  return most > next ? best : 'und';
}
