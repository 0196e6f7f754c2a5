import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LoggedEntry } from './entry.ts';
import { foldEntries, type FoldPlace, type Line } from './fold.ts';
import { accessEntry } from './log-for-test.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-11-23T12:00:00Z');

/** Entries newest first: each a person and how many minutes it lies before noon. */
function entries(
  list: readonly (readonly [person: string, minutes: number, more?: Partial<LoggedEntry>])[],
): LoggedEntry[] {
  const sorted = [...list].sort(([, a], [, b]) => a - b);
  return sorted.map(([person, minutes, more], i) => ({
    ...accessEntry({
      at: start - minutes * minuteMs,
      who: { kind: 'personnel', reference: `Practitioner/${person}`, name: person },
      ...more,
    }),
    node: 'test',
    number: sorted.length - i,
  }));
}

async function* after(all: readonly LoggedEntry[], place?: FoldPlace['after']): AsyncGenerator<LoggedEntry> {
  for (const entry of all)
    if (!place || entry.at < place.at || (entry.at === place.at && entry.number < place.number)) yield entry;
}

async function allPages(all: readonly LoggedEntry[], count: number): Promise<Line[]> {
  const lines: Line[] = [];
  for (let from: FoldPlace | undefined; ;) {
    const page = await foldEntries(after(all, from?.after), count, from);
    lines.push(...page.lines);
    if (!page.next) return lines;
    from = page.next;
  }
}

const brief = (lines: readonly Line[]): string[] => lines.map(({ entry, count }) => `${entry.who.name} ${count}`);

test('reads more than an hour before the last are a line of their own', async () => {
  expect(
    brief(
      await allPages(
        entries([
          ['kari', 0],
          ['kari', 60],
          ['kari', 61],
        ]),
        10,
      ),
    ),
  ).toEqual(['kari 2', 'kari 1']);
});

test('what was refused, written or done for another reason is not folded into reads', async () => {
  const lines = await allPages(
    entries([
      ['kari', 0],
      ['kari', 1, { outcome: 'refused', reason: 'blocked', request: 'a' }],
      ['kari', 2, { action: 'update', request: 'b' }],
      ['kari', 3, { purpose: 'BTG', ground: 'break-glass:Basic/1' }],
      ['kari', 4],
    ]),
    10,
  );
  expect(brief(lines)).toEqual(['kari 2', 'kari 1', 'kari 1', 'kari 1']);
});

test('what one request wrote is one line', async () => {
  const write = { action: 'create', request: 'x' } as const;
  expect(
    brief(
      await allPages(
        entries([
          ['kari', 0, write],
          ['kari', 0, write],
        ]),
        10,
      ),
    ),
  ).toEqual(['kari 2']);
});

test('reads by one person within an hour are one line with what was read, however others come in between', async () => {
  const lines = await allPages(
    entries([
      ['kari', 0],
      ['ola', 10],
      ['kari', 20],
      ['ola', 30],
      ['kari', 40],
    ]),
    10,
  );
  expect(brief(lines)).toEqual(['kari 3', 'ola 2']);
  expect(lines[0]).toMatchObject({ types: { Observation: 3 }, first: start - 40 * minuteMs, last: start });
});

test('pages give the same lines as one long page, each entry once', async () => {
  const people = fc.constantFrom('kari', 'ola', 'per', 'liv');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(people, fc.integer({ min: 0, max: 400 })), { maxLength: 60 }),
      fc.integer({ min: 1, max: 5 }),
      async (list, count) => {
        const all = entries(list);
        const paged = await allPages(all, count);
        expect(paged.flatMap(({ numbers }) => numbers).sort((a, b) => a - b)).toEqual(
          all.map(({ number }) => number).sort((a, b) => a - b),
        );
        expect(brief(paged)).toEqual(brief(await allPages(all, 1000)));
      },
    ),
  );
});
