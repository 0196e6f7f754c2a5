/** The words of the pages: the same in all three languages, none missing, none that nobody says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const web = resolve(import.meta.dirname, '../web');
const paths = readdirSync(web, { recursive: true, encoding: 'utf8' });
const sources = paths
  .filter((path) => /\.tsx?$/.test(path) && !/texts\.ts$|\.test\.ts$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(web, path), 'utf8') }));

type Words = Readonly<Record<string, string>>;
type Texts = { nb: Words; nn: Words; en: Words };

const features = new Map<string, Texts>();
for (const path of paths.filter((one) => /^[^/]+\/texts\.ts$/.test(one) && one !== 'text/texts.ts')) {
  const found = Object.values((await import(join(web, path))) as Record<string, Texts>);
  features.set(path.replace('/texts.ts', ''), found[0] as Texts);
}

/** A plural is said by its name without `_one` and `_other`. */
const nameOf = (key: string): string => key.replace(/_(one|other)$/, '');

type Said = { feature: string; key: string; isPrefix: boolean; path: string };

/** Every `t('…')` and `` t(`…${}`) ``, with the feature of the `useTranslation` that its `t` last came from. */
function saidIn({ path, text }: { path: string; text: string }): Said[] {
  const said: Said[] = [];
  const featureOf = new Map<string, string>();
  const word = /const \{ t(?:: (\w+))?[^}]*\} = useTranslation\('([\w-]+)'\)|\b(\w+)\(\s*(?:'([^']+)'|`([^`$]*)\$\{)/g;
  for (const [, alias, feature, name, key, prefix] of text.matchAll(word)) {
    if (feature !== undefined) featureOf.set(alias ?? 't', feature);
    else if (name !== undefined && featureOf.has(name)) {
      said.push({
        feature: featureOf.get(name) as string,
        key: key ?? prefix ?? '',
        isPrefix: key === undefined,
        path,
      });
    }
  }
  return said;
}

const allSaid = sources.flatMap(saidIn);

test('the words are looked at at all', () => {
  expect(features.size).toBeGreaterThan(6);
  expect(allSaid.length).toBeGreaterThan(150);
});

test('each language has the same words, and they take the same values', () => {
  const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort();
  for (const [feature, { nb, nn, en }] of features) {
    for (const other of [nn, en]) {
      expect(Object.keys(other), feature).toEqual(Object.keys(nb));
      for (const [key, text] of Object.entries(nb))
        expect(holes(other[key] ?? ''), `${feature} ${key}`).toEqual(holes(text));
    }
    for (const words of [nb, nn, en])
      expect(Object.entries(words).filter(([, text]) => text.trim() === '')).toEqual([]);
  }
});

test('what is said is there', () => {
  const missing = allSaid.filter(({ feature, key, isPrefix }) => {
    const names = Object.keys(features.get(feature)?.nb ?? {}).map(nameOf);
    return isPrefix ? !names.some((name) => name.startsWith(key)) : !names.includes(key);
  });
  expect(missing).toEqual([]);
});

test('what is there is said', () => {
  // Some keys are handed on in data (`{ name: 'place-home' }`) or chosen between (`t(isThis ? 'a' : 'b')`): then they stand as words somewhere.
  const quoted = new Set(sources.flatMap(({ text }) => [...text.matchAll(/'([\w-]+)'/g)].map(([, key]) => key)));
  const prefixes = allSaid.filter(({ isPrefix }) => isPrefix);
  const unused = [...features].flatMap(([feature, { nb }]) =>
    Object.keys(nb)
      .map(nameOf)
      .filter((name) => !quoted.has(name))
      .filter((name) => !prefixes.some((one) => one.feature === feature && name.startsWith(one.key)))
      .map((name) => `${feature}: ${name}`),
  );
  expect(unused).toEqual([]);
});
