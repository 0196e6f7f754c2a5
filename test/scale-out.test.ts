/**
 * Every SQL statement over the record's distributed tables carries a bucket, or says why it must ask every shard (docs/scale-out.md):
 * what CI can hold statements to without a distributed PostgreSQL at hand.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Fan-outs that are wanted, by the reason that the statement itself states. */
const fanOuts: Record<string, string> = {
  'a reference may come from any patient': 'deleting asks whether anything refers to it',
  'a search that names no patient': 'searches across patients ask every shard',
  'an included resource may be of any patient': '_include follows references wherever they lead',
  'history of a type or of everything': 'history-type and history-system, and their totals',
  'the feed reads all heads': '1,024 narrow rows',
  'places of care, and who is at them': 'when nodes are named or their places change, in the background',
  'a check reads everything': 'fyr check, by an operator',
  'a backup reads everything': 'fyr backup and fyr restore: copies, counts and comparisons',
  'a report of a downtime counts what was written': 'an index over time, once a downtime',
  'an export reads everything': 'fyr export, by an operator',
  'an export takes all heads': '1,024 narrow rows and the end of one index, once an export',
  'what belongs to several patients lies with the first of them':
    'an export of a group, 200 members at once, in the background',
  'the search parameters that users stored': 'few rows, at start',
  'whether there is any of a type': 'one probe of an index a type, at start and when a search parameter is new',
};

type Statement = { file: string; text: string };

function statements(): Statement[] {
  const files = globSync('src/**/*store.ts', { cwd: root }).filter((f) => !f.endsWith('.test.ts'));
  return files.flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    return templates(source)
      .filter((text) => /\b(from|into|update|join)\s+(resource|version|head|directory)\b/i.test(text))
      .map((text) => ({ file, text }));
  });
}

/** The outermost template literals of a source text. */
function templates(source: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < source.length; i++) {
    if (source[i] !== '`') continue;
    const start = i + 1;
    for (i++, i; i < source.length && source[i] !== '`'; i++) {
      if (source[i] === '\\') i++;
      else if (source.startsWith('${', i)) i = endOfHole(source, i + 2);
    }
    found.push(source.slice(start, i));
  }
  return found;
}

function endOfHole(source: string, from: number): number {
  let depth = 1;
  for (let i = from; i < source.length; i++) {
    if (source[i] === '{') depth++;
    else if (source[i] === '}' && --depth === 0) return i;
    else if (source[i] === '`')
      for (i++; source[i] !== '`'; i++) if (source.startsWith('${', i)) i = endOfHole(source, i + 2);
  }
  return source.length;
}

function isRouted({ text }: Statement): boolean {
  if (/\b(from|into|join)\s+directory\b/i.test(text) && !/\b(resource|version|head)\b/.test(text))
    return /\bid\b/.test(text);
  return /\bbucket\s*=/.test(text) || /\(bucket,|, bucket,/.test(text.split(/\bselect\b/i)[0] ?? '');
}

test('the walk sees the statements', () => {
  expect(statements().length).toBeGreaterThan(12);
});

test('every statement over the record names a bucket, or a fan-out on the list', () => {
  const strays = statements().filter((s) => {
    const reasons = [...s.text.matchAll(/\/\* fan-out: (.*?) \*\//gs)].map((m) => m[1] as string);
    if (reasons.length > 0) return !reasons.every((r) => Object.keys(fanOuts).some((known) => r.startsWith(known)));
    return !isRouted(s);
  });
  expect(strays).toEqual([]);
});

test('no statement uses what a distributed PostgreSQL refuses or answers wrongly', () => {
  const refused = [
    /\bmerge\s+into\b/i,
    /\bgrouping sets\b/i,
    /\bnextval\b/i,
    /\bclock_timestamp\b/i,
    /\bpg_snapshot/i,
    /\bxid8\b/i,
    /\btablesample\b/i,
  ];
  expect(statements().filter((s) => refused.some((r) => r.test(s.text)))).toEqual([]);
});
