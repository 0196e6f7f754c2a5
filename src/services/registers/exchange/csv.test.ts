import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, readCsv, type CsvRow } from './csv.ts';
import { cellsOf, readRows, type Column, type SourceRow } from './source.ts';

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function rowsOf(text: string, size = 1000): Promise<CsvRow[]> {
  return Array.fromAsync(readCsv(pieces(text, size)));
}

test('what is written is read again, whatever is in the cells, and in whatever pieces it comes', async () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('a;b', 'a"b', 'a\nb', '', ' x', '"', '|', 'æøå', 'x\r\ny'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 40, max: 400 }),
      async (rows, size) => {
        // The header fits the first piece, as it does in a file.
        const text = csvLine(['one', 'two']) + rows.map(csvLine).join('');
        const read = await rowsOf(text, size);
        expect(read.slice(1).map(({ cells }) => cells)).toEqual(rows.map((row) => row.map((each) => each)));
      },
    ),
  );
});

test('rows are told by the line on which they begin', async () => {
  const rows = await rowsOf('a,b\n1,"two\nlines"\n\n3,4\r\n');
  expect(rows).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['1', 'two\nlines'] },
    { line: 5, cells: ['3', '4'] },
  ]);
});

test('a quotation mark that is never closed is refused with its line', async () => {
  await expect(rowsOf('a;b\n1;"x\n2;3\n')).rejects.toThrow('Line 2: a quotation mark is not closed.');
});

const columns: Column[] = [
  { name: 'a', kind: 'text' },
  { name: 'b', kind: 'texts' },
  { name: 'c', kind: 'json' },
  { name: 'd', kind: 'yes-no' },
];

test.each([
  [
    'rows.csv',
    'a;b;c;d\nx;p|q;{"k":1};yes\ny;;{;\nz;;;maybe\nw;1;2;no;5\n',
    [2, 'c: is not', 'd: is not', 'has 5 cells'],
  ],
  ['rows.ndjson', '{"a":"x"}\n\nnot json\n', [1, 'is not JSON']],
])('%s: each row comes with what is wrong with it', async (name, text, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-csv-'));
  writeFileSync(join(folder, name), text);
  const rows: SourceRow[] = await Array.fromAsync(readRows(join(folder, name), columns));
  rmSync(folder, { recursive: true });
  const told = rows.map((row) => ('problem' in row ? row.problem : row.line));
  expect(told).toHaveLength(expected.length);
  for (const [index, each] of expected.entries()) expect(String(told[index])).toContain(String(each));
});

test('a column that is not known is refused by name, and what a cell holds is what was put in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fyr-csv-'));
  writeFileSync(join(folder, 'rows.csv'), 'a;shoe\n1;2\n');
  await expect(Array.fromAsync(readRows(join(folder, 'rows.csv'), columns))).rejects.toThrow(
    'there is no column "shoe"',
  );
  rmSync(folder, { recursive: true });
  expect(cellsOf(columns, { a: 'x', b: ['p', 'q'], c: { k: 1 }, d: false })).toEqual(['x', 'p|q', '{"k":1}', 'no']);
});
