/** Reads and writes CSV (RFC 4180): comma, semicolon or tab, told by the header; quotes; UTF-8 with or without a mark. A stream in, rows out. */
import { Fault } from '#kernel/fault.ts';

/** `line`: where the row begins, from 1. */
export type CsvRow = { line: number; cells: string[] };

const cellLengthMax = 1_000_000;

/** The rows of a text that comes in pieces, the header first. Faults: invalid, for a quote that never ends. */
export async function* readCsv(pieces: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  const reader = new CsvReader();
  for await (const piece of pieces) yield* reader.take(piece);
  yield* reader.end();
}

class CsvReader {
  #delimiter: string | undefined;
  #cell = '';
  #cells: string[] = [];
  #line = 1;
  #startLine = 1;
  #isQuoted = false;
  #wasQuote = false;
  #isFirst = true;

  *take(piece: string): Generator<CsvRow> {
    const text = this.#isFirst && piece.startsWith('\uFEFF') ? piece.slice(1) : piece;
    if (text !== '') this.#isFirst = false;
    // A header without line end in this piece is told apart when more has come; delimiters stand early in it.
    this.#delimiter ??= delimiterOf(text);
    for (const letter of text) {
      const row = this.#step(letter);
      if (row) yield row;
    }
    if (this.#cell.length > cellLengthMax)
      throw new Fault('invalid', `Line ${this.#startLine}: a cell is too long. Is a quotation mark missing?`);
  }

  *end(): Generator<CsvRow> {
    if (this.#isQuoted && !this.#wasQuote)
      throw new Fault('invalid', `Line ${this.#startLine}: a quotation mark is not closed.`);
    if (this.#cell !== '' || this.#cells.length > 0) {
      const row = this.#row();
      if (row) yield row;
    }
  }

  #step(letter: string): CsvRow | undefined {
    if (letter === '\n') this.#line++;
    if (this.#isQuoted) {
      if (this.#wasQuote) {
        this.#wasQuote = false;
        if (letter === '"') return this.#add(letter);
        this.#isQuoted = false;
      } else {
        if (letter === '"') this.#wasQuote = true;
        else this.#add(letter);
        return undefined;
      }
    }
    if (letter === '"' && this.#cell === '') this.#isQuoted = true;
    else if (letter === this.#delimiter) this.#next();
    else if (letter === '\n') return this.#row();
    else if (letter !== '\r') this.#add(letter);
    return undefined;
  }

  #add(letter: string): undefined {
    this.#cell += letter;
  }

  #next(): void {
    this.#cells.push(this.#cell);
    this.#cell = '';
  }

  #row(): CsvRow | undefined {
    this.#next();
    const row = { line: this.#startLine, cells: this.#cells };
    this.#cells = [];
    this.#startLine = this.#line;
    return row.cells.length === 1 && row.cells[0] === '' ? undefined : row;
  }
}

function delimiterOf(text: string): string {
  const header = text.split('\n', 1)[0] ?? '';
  const counts = [';', ',', '\t'].map((each) => [each, header.split(each).length] as const);
  return counts.sort((a, b) => b[1] - a[1])[0]?.[0] ?? ';';
}

/** A row as CSV, with semicolons. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[";\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(';')}\n`;
}
