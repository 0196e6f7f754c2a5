/** The pages of a pack in PDF: what is at the top and the bottom of each, and how headings, lines, tables and codes are drawn. A4, points from the top left. */
import PDFDocument from 'pdfkit';
import encodeQR from 'qr';
import type { Fonts } from '#kernel/fonts.ts';
import { sayIn, type PackLanguage, type Say } from './phrases.ts';

export type Header = {
  /** Who or what the page is about: on every page. */
  title: string;
  subtitle: string;
  /** Where: bed and ward, or when. */
  place: string;
  placeBelow?: string;
  /** What must be seen before anything else. */
  danger?: string;
};

export type Column = { title: string; width: number; isBold?: boolean };
export type Cell = string | { text: string; isDanger?: boolean; isBold?: boolean };

export const size = { width: 595.28, height: 841.89, margin: 34 } as const;
const inner = size.width - 2 * size.margin;
const bottom = size.height - 46;
const ink = '#111111';
const soft = '#444444';
const rule = '#999999';
/** Red only for what can hurt; it is bold too, so that it is seen in black and white. */
const danger = '#a8001c';

export class Pages {
  readonly #doc: PDFKit.PDFDocument;
  readonly #footer: string;
  /** In the language of the pack. */
  readonly say: Say;
  #header: Header = { title: '', subtitle: '', place: '' };
  #y = 0;

  /** @param footer on every page: what the pack is, when it was made, how old the data are */
  constructor(about: { title: string; madeAt: number; footer: string; fonts: Fonts; language: PackLanguage }) {
    this.say = sayIn(about.language);
    this.#footer = about.footer;
    const made = new Date(about.madeAt);
    this.#doc = new PDFDocument({
      size: 'A4',
      margin: 0,
      autoFirstPage: false,
      bufferPages: true,
      info: { Title: about.title, Producer: 'Fyr', Creator: 'Fyr', CreationDate: made, ModDate: made },
      lang: about.language,
      pdfVersion: '1.7',
    });
    this.#doc.registerFont('regular', about.fonts.regular);
    this.#doc.registerFont('bold', about.fonts.bold);
  }

  get y(): number {
    return this.#y;
  }

  /** Points that are left on the page. */
  get room(): number {
    return bottom - this.#y;
  }

  /** A new page about this; pages that it runs over to have the same header. */
  begin(header: Header): void {
    this.#header = header;
    this.#page();
  }

  #page(): void {
    const { title, subtitle, place, placeBelow = '', danger: warning } = this.#header;
    this.#doc.addPage();
    const { margin } = size;
    const placeWidth = 190;
    this.#text(title, margin, 28, { size: 15, isBold: true, width: inner - placeWidth - 8 });
    this.#text(place, margin + inner - placeWidth, 30, { size: 10.5, isBold: true, width: placeWidth, align: 'right' });
    this.#text(subtitle, margin, 47, { size: 10, width: inner - placeWidth - 8 });
    const below = { size: 9, width: placeWidth, align: 'right' } as const;
    this.#text(placeBelow, margin + inner - placeWidth, 47, below);
    this.#y = 62;
    if (warning !== undefined) this.#warning(warning);
    this.#rule(this.#y, 1.2, ink);
    this.#y += 6;
  }

  #warning(text: string): void {
    const doc = this.#doc.font('bold').fontSize(10);
    const height = doc.heightOfString(text, { width: inner - 26, lineGap: 1 }) + 7;
    doc.lineWidth(1.6).rect(size.margin, this.#y, inner, height).stroke(danger);
    this.#triangle(size.margin + 6, this.#y + 4);
    this.#doc
      .font('bold')
      .fontSize(10)
      .fillColor(danger)
      .text(text, size.margin + 22, this.#y + 4, { width: inner - 26, lineGap: 1 });
    this.#y += height + 5;
  }

  #triangle(x: number, y: number): void {
    this.#doc.polygon([x, y + 10], [x + 6, y], [x + 12, y + 10]).fill(danger);
    this.#doc
      .font('bold')
      .fontSize(8)
      .fillColor('#ffffff')
      .text('!', x + 4.6, y + 2, { lineBreak: false });
  }

  /** Goes to the next page where the height isn't left. */
  ensure(height: number): void {
    if (this.room < height) this.#page();
  }

  gap(points: number): void {
    this.#y += points;
  }

  heading(text: string, note = ''): void {
    this.ensure(40);
    this.#y += 4;
    this.#doc.rect(size.margin, this.#y, inner, 14).fill('#e9e9e9');
    this.#text(text, size.margin + 4, this.#y + 2, { size: 9.5, isBold: true, width: inner - 8 });
    if (note)
      this.#text(note, size.margin + 4, this.#y + 2.5, { size: 8.5, width: inner - 8, align: 'right', color: soft });
    this.#y += 17;
  }

  /** A line, or as many as the text needs. */
  line(text: string, look: { isDanger?: boolean; isBold?: boolean; size?: number; indent?: number } = {}): void {
    const { isDanger = false, isBold = isDanger, size: points = 9.5, indent = 4 } = look;
    const width = inner - indent - 4;
    const height = this.#doc
      .font(isBold ? 'bold' : 'regular')
      .fontSize(points)
      .heightOfString(text, { width });
    this.ensure(height + 2);
    this.#doc
      .font(isBold ? 'bold' : 'regular')
      .fillColor(isDanger ? danger : ink)
      .text(text, size.margin + indent, this.#y, { width });
    this.#y += height + 1.5;
  }

  /** Columns' widths are shares. A row is never cut by the end of a page; the titles come again on the next. */
  table(
    columns: readonly Column[],
    rows: readonly (readonly Cell[])[],
    look: { rowHeight?: number; size?: number } = {},
  ): void {
    const { rowHeight = 0, size: points = 9 } = look;
    const all = columns.reduce((sum, { width }) => sum + width, 0);
    const widths = columns.map(({ width }) => (width / all) * inner);
    this.ensure(13 + Math.max(rowHeight, 14));
    const hasTitles = columns.some(({ title }) => title !== '');
    if (hasTitles) this.#titles(columns, widths);
    for (const row of rows) {
      const height = Math.max(
        rowHeight,
        ...row.map((cell, at) => this.#cellHeight(cell, columns[at], widths[at] ?? 0, points)),
      );
      if (this.room < height) {
        this.#page();
        if (hasTitles) this.#titles(columns, widths);
      }
      this.#row(row, columns, widths, { height, points, hasLines: rowHeight > 0 });
    }
    this.#y += 3;
  }

  #titles(columns: readonly Column[], widths: readonly number[]): void {
    let x = size.margin;
    for (const [at, { title }] of columns.entries()) {
      const width = widths[at] ?? 0;
      this.#text(title, x + 2, this.#y + 1, { size: 7.5, width: width - 3, color: soft });
      x += width;
    }
    this.#y += 11;
    this.#rule(this.#y, 0.7, ink);
    this.#y += 1;
  }

  #cellHeight(cell: Cell, column: Column | undefined, width: number, points: number): number {
    const { text, isBold } = lookOf(cell, column);
    return (
      this.#doc
        .font(isBold ? 'bold' : 'regular')
        .fontSize(points)
        .heightOfString(text || ' ', { width: width - 4 }) + 3
    );
  }

  #row(
    row: readonly Cell[],
    columns: readonly Column[],
    widths: readonly number[],
    { height, points, hasLines }: { height: number; points: number; hasLines: boolean },
  ): void {
    let x = size.margin;
    for (const [at, cell] of row.entries()) {
      const width = widths[at] ?? 0;
      const { text, isBold, isDanger } = lookOf(cell, columns[at]);
      this.#doc
        .font(isBold ? 'bold' : 'regular')
        .fontSize(points)
        .fillColor(isDanger ? danger : ink)
        .text(text, x + 2, this.#y + 1.5, { width: width - 4 });
      if (hasLines) this.#doc.lineWidth(0.5).rect(x, this.#y, width, height).stroke(rule);
      x += width;
    }
    this.#y += height;
    if (!hasLines) this.#rule(this.#y, 0.3, rule);
  }

  /** Empty lines to write on, to the end of the page or as many as are asked for. */
  ruled(count = Infinity, height = 24): void {
    for (let at = 0; at < count && this.room > height; at++) {
      this.#y += height;
      this.#rule(this.#y, 0.5, rule);
    }
    this.#y += 4;
  }

  /** A code that a telephone reads, at the top right under the header, with its words beside it. */
  code(text: string, words: readonly string[]): void {
    const modules = encodeQR(text, 'raw', { ecc: 'quartile', border: 2 });
    const side = 74;
    const module = side / modules.length;
    const left = size.margin + inner - side;
    const doc = this.#doc.fillColor('#000000');
    for (const [row, line] of modules.entries())
      for (const [column, isDark] of line.entries())
        if (isDark) doc.rect(left + column * module, this.#y + row * module, module + 0.05, module + 0.05);
    doc.fill('#000000');
    for (const [at, line] of words.entries())
      this.#text(line, size.margin + 4, this.#y + 2 + at * 15, {
        size: at < 2 ? 12.5 : 9.5,
        isBold: at < 2,
        width: inner - side - 16,
      });
    this.#y += side + 6;
  }

  #rule(y: number, width: number, color: string): void {
    this.#doc
      .lineWidth(width)
      .moveTo(size.margin, y)
      .lineTo(size.margin + inner, y)
      .stroke(color);
  }

  #text(
    text: string,
    x: number,
    y: number,
    look: { size: number; width: number; isBold?: boolean; align?: 'right'; color?: string },
  ): void {
    const doc = this.#doc
      .font(look.isBold ? 'bold' : 'regular')
      .fontSize(look.size)
      .fillColor(look.color ?? ink);
    const shortened = shorten(text, (one) => doc.widthOfString(one) <= look.width);
    const left = look.align === 'right' ? x + look.width - doc.widthOfString(shortened) : x;
    doc.text(shortened, left, y, { lineBreak: false });
  }

  /** Numbers the pages, and gives the file. */
  async end(): Promise<{ bytes: Buffer; pages: number }> {
    const { count } = this.#doc.bufferedPageRange();
    for (let page = 0; page < count; page++) {
      this.#doc.switchToPage(page);
      this.#rule(size.height - 38, 0.6, ink);
      this.#text(this.#footer, size.margin, size.height - 33, { size: 8, width: inner - 70, isBold: true });
      this.#text(
        this.say('side {page} av {count}', { page: page + 1, count }),
        size.margin + inner - 70,
        size.height - 33,
        {
          size: 8,
          width: 70,
          align: 'right',
        },
      );
    }
    const chunks: Buffer[] = [];
    const ended = new Promise<void>((resolve, reject) => {
      this.#doc
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', resolve)
        .on('error', reject);
    });
    this.#doc.end();
    await ended;
    return { bytes: Buffer.concat(chunks), pages: count };
  }
}

function lookOf(cell: Cell, column: Column | undefined): { text: string; isBold: boolean; isDanger: boolean } {
  const { text, isDanger = false, isBold = isDanger } = typeof cell === 'string' ? { text: cell } : cell;
  return { text, isDanger, isBold: isBold || column?.isBold === true };
}

/** What fits, with a sign that something is left out. */
function shorten(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  let least = 0;
  let most = text.length;
  while (least < most) {
    const middle = (least + most + 1) >> 1;
    if (fits(`${text.slice(0, middle)}…`)) least = middle;
    else most = middle - 1;
  }
  return `${text.slice(0, least).trimEnd()}…`;
}
