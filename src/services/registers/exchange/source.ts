/** Files of rows: CSV, JSON (an array) and NDJSON (an object a line). Each row comes with its line, and with what is wrong with it. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readFile } from 'node:fs/promises';
import { Fault } from '#kernel/fault.ts';
import { readCsv } from './csv.ts';

/** How a column stands in a cell: as it is, as `yes`/`no`, as texts with `|` between, or as JSON. */
export type Column = { name: string; kind: 'text' | 'yes-no' | 'texts' | 'json' };

/** `line`: of CSV and NDJSON the line, of a JSON array the number of the item, from 1. */
export type SourceRow = { line: number; value: unknown } | { line: number; problem: string };

/** Reads a file by its name's ending. It can be read as often as is needed. */
export function readRows(path: string, columns: readonly Column[]): AsyncIterable<SourceRow> {
  if (/\.csv$/i.test(path)) return csvRows(path, columns);
  if (/\.ndjson$/i.test(path)) return lineRows(path);
  if (/\.json$/i.test(path)) return arrayRows(path);
  throw new Fault('invalid', `${path} is of no kind that is read: .csv, .json or .ndjson.`);
}

async function* csvRows(path: string, columns: readonly Column[]): AsyncGenerator<SourceRow> {
  const kinds = new Map(columns.map((column) => [column.name, column]));
  let header: Column[] | undefined;
  for await (const { line, cells } of readCsv(createReadStream(path, { encoding: 'utf8' }))) {
    if (header === undefined) {
      header = cells.map((name) => columnOf(kinds, name.trim()));
      continue;
    }
    yield rowOf(header, cells, line);
  }
}

function columnOf(kinds: ReadonlyMap<string, Column>, name: string): Column {
  const column = kinds.get(name);
  if (column) return column;
  throw new Fault('invalid', `Line 1: there is no column "${name}". There are: ${[...kinds.keys()].join(', ')}.`);
}

function rowOf(header: readonly Column[], cells: readonly string[], line: number): SourceRow {
  if (cells.length > header.length) return { line, problem: `has ${cells.length} cells, the header ${header.length}` };
  const value: Record<string, unknown> = {};
  for (const [index, column] of header.entries()) {
    const cell = (cells[index] ?? '').trim();
    if (cell === '') continue;
    try {
      value[column.name] = cellValue(column, cell);
    } catch {
      return { line, problem: `${column.name}: is not what the column takes (${column.kind})` };
    }
  }
  return { line, value };
}

function cellValue({ kind }: Column, cell: string): unknown {
  if (kind === 'text') return cell;
  if (kind === 'texts') return cell.split('|').map((each) => each.trim());
  if (kind === 'json') return JSON.parse(cell) as unknown;
  if (cell !== 'yes' && cell !== 'no') throw new RangeError(cell);
  return cell === 'yes';
}

/** A row as cells, in the order of the columns. */
export function cellsOf(columns: readonly Column[], row: object): string[] {
  return columns.map(({ name, kind }) => {
    const value = (row as Record<string, unknown>)[name];
    if (value === undefined || value === null) return '';
    if (kind === 'texts') return (value as string[]).join('|');
    if (kind === 'yes-no') return value === true ? 'yes' : 'no';
    return kind === 'json' ? JSON.stringify(value) : String(value);
  });
}

async function* lineRows(path: string): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const text of createInterface({
    input: createReadStream(path, { encoding: 'utf8' }),
    crlfDelay: Infinity,
  })) {
    line++;
    if (text.trim() === '') continue;
    yield parsedRow(text, line);
  }
}

function parsedRow(text: string, line: number): SourceRow {
  try {
    return { line, value: JSON.parse(text) as unknown };
  } catch {
    return { line, problem: 'is not JSON' };
  }
}

async function* arrayRows(path: string): AsyncGenerator<SourceRow> {
  const text = await readFile(path, 'utf8');
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch (error) {
    throw new Fault('invalid', `${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!Array.isArray(items))
    throw new Fault('invalid', `${path} must be an array of rows; an object a line is .ndjson.`);
  for (const [index, value] of items.entries()) yield { line: index + 1, value: value as unknown };
}
