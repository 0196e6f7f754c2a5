/** Text and pictures of PDF, TIFF and DOCX. Runs in a thread of its own (`reading-thread.ts`). */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createCanvas, type Canvas, type SKRSContext2D } from '@napi-rs/canvas';
import mammoth from 'mammoth';
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import utif from 'utif2';
import type { ReadingAnswer } from './read-file.ts';

const pagesMax = 2000;
/** Pixels of one picture. */
const pixelsMax = 40_000_000;

const home = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

/** As pdfjs makes them where there is no browser: of its own copy of the canvas, which its paths are made for. */
type Canvases = { create(width: number, height: number): { canvas: Canvas; context: SKRSContext2D } };

function openPdf(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  return getDocument({
    data: new Uint8Array(bytes),
    verbosity: 0,
    useSystemFonts: false,
    disableFontFace: true,
    standardFontDataUrl: join(home, 'standard_fonts/'),
    cMapUrl: join(home, 'cmaps/'),
    wasmUrl: join(home, 'wasm/'),
    cMapPacked: true,
  }).promise;
}

/** The text of each page; '' where a page has none, as a scanned one. */
export async function readPdfText(bytes: Uint8Array): Promise<ReadingAnswer> {
  const document = await openPdf(bytes);
  const pages: string[] = [];
  for (let n = 1; n <= Math.min(document.numPages, pagesMax); n++) {
    const { items } = await (await document.getPage(n)).getTextContent();
    pages.push(
      items
        .map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : ''))
        .join('')
        .trim(),
    );
  }
  return { pages };
}

export async function readPdfPage(bytes: Uint8Array, n: number, width: number): Promise<ReadingAnswer> {
  const document = await openPdf(bytes);
  if (n > document.numPages) return { problem: 'no-such-page', detail: `${document.numPages} pages` };
  const page = await document.getPage(n);
  const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
  const [wide, high] = [Math.ceil(viewport.width), Math.ceil(viewport.height)];
  if (wide * high > pixelsMax) throw new Error('The page is too large to draw.');
  const { canvas, context } = (document.canvasFactory as Canvases).create(wide, high);
  // It is typed for a browser's canvas, which this one stands in for.
  const drawing = { canvas, canvasContext: context, viewport } as unknown as Parameters<typeof page.render>[0];
  await page.render(drawing).promise;
  return { picture: canvas.toBuffer('image/png'), pageCount: document.numPages };
}

export function readTiffPage(bytes: Uint8Array, n: number): Promise<ReadingAnswer> {
  const whole = bytes.slice().buffer;
  const pages = utif.decode(whole);
  const page = pages[n - 1];
  if (page === undefined) return Promise.resolve({ problem: 'no-such-page', detail: `${pages.length} pages` });
  utif.decodeImage(whole, page);
  if (page.width * page.height > pixelsMax) throw new Error('The picture is too large to draw.');
  const canvas = createCanvas(page.width, page.height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(page.width, page.height);
  image.data.set(utif.toRGBA8(page));
  context.putImageData(image, 0, 0);
  return Promise.resolve({ picture: canvas.toBuffer('image/png'), pageCount: pages.length });
}

export async function readWord(bytes: Uint8Array): Promise<ReadingAnswer> {
  const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) });
  return { html: value };
}
