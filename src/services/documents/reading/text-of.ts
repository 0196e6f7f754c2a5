/** What a file says, and how it is shown: text by pages, and a safe page where it can be one. */
import { Fault } from '#kernel/fault.ts';
import { renderCda } from './cda.ts';
import { escapeHtml, pageOf, sanitise, textOfHtml } from './html.ts';
import { decodeText, kindOf, type DocumentKind } from './kinds.ts';
import { renderKith, type KithMessage } from './kith.ts';
import type { OpenFile } from './read-file.ts';
import { textOfRtf } from './rtf.ts';
import { readXmlTree } from './xml-tree.ts';

export type FileText = {
  text: string;
  /** Where each page begins in `text`. */
  pages: number[];
  /** Pages (from 1) that have no text of their own: pictures to be read. */
  pictures: number[];
};

type File = { kind: DocumentKind; bytes: Uint8Array };

/** Characters below which a page of a PDF is taken for a picture with a stamp on it. */
const scannedBelow = 16;

/** The text of a file as it stands in it. Faults: unprocessable, for what can not be opened. */
export async function textOfFile(open: OpenFile, { kind, bytes }: File): Promise<FileText> {
  if (kind === 'pdf') {
    const answer = await open({ task: 'pdf-text', bytes, page: 1, width: 0 });
    return 'pages' in answer ? joinPages(answer.pages) : joinPages([]);
  }
  if (kind === 'jpeg' || kind === 'png' || kind === 'tiff')
    return { text: '', pages: [0], pictures: await picturesOf(open, { kind, bytes }) };
  const html = await readableBody(open, { kind, bytes });
  if (kind === 'rtf' || kind === 'text') return { text: plainText({ kind, bytes }), pages: [0], pictures: [] };
  return { text: textOfHtml(html), pages: [0], pictures: [] };
}

async function picturesOf(open: OpenFile, { kind, bytes }: File): Promise<number[]> {
  if (kind !== 'tiff') return [1];
  const answer = await open({ task: 'tiff-page', bytes, page: 1, width: 0 });
  return 'pageCount' in answer ? Array.from({ length: answer.pageCount }, (_, i) => i + 1) : [];
}

/** Pages after each other with a line between. */
export function joinPages(pages: readonly string[]): FileText {
  const starts: number[] = [];
  let text = '';
  for (const page of pages) {
    if (text !== '' || starts.length > 0) text += '\n\f';
    starts.push(text.length);
    text += page;
  }
  const pictures = pages.flatMap((page, i) => (page.length < scannedBelow ? [i + 1] : []));
  return { text, pages: starts.length === 0 ? [0] : starts, pictures };
}

/** How many pages a file of pictures or a PDF has. */
export async function pageCountOf(open: OpenFile, { kind, bytes }: File): Promise<number> {
  if (kind === 'pdf') return (await textOfFile(open, { kind, bytes })).pages.length;
  return kind === 'tiff' ? (await picturesOf(open, { kind, bytes })).length : 1;
}

/** A page as a picture. Faults: notFound, for a page that is none; unprocessable, for kinds that have no pages. */
export async function pictureOfPage(
  open: OpenFile,
  { kind, bytes }: File,
  page: number,
  width: number,
): Promise<Uint8Array> {
  if (kind === 'jpeg' || kind === 'png') {
    if (page !== 1) throw new Fault('notFound', 'The document has no such page.');
    return bytes;
  }
  if (kind !== 'pdf' && kind !== 'tiff')
    throw new Fault('notFound', 'This document has no pages. Ask for its readable form.');
  const answer = await open({ task: kind === 'pdf' ? 'pdf-page' : 'tiff-page', bytes, page, width });
  if (!('picture' in answer)) throw new Fault('unprocessable', 'This page can not be drawn.');
  return answer.picture;
}

/** A page that stands alone, safe to show. Faults: notFound, for kinds that are shown as pictures; unprocessable. */
export async function readablePage(open: OpenFile, file: File, title: string): Promise<string> {
  return pageOf(title, await readableBody(open, file));
}

function plainText({ kind, bytes }: File): string {
  const text = textWithin(bytes);
  return kind === 'rtf' ? textOfRtf(text) : text.replace(/^\uFEFF/, '');
}

async function readableBody(open: OpenFile, { kind, bytes }: File): Promise<string> {
  if (kind === 'rtf' || kind === 'text') return `<pre>${escapeHtml(plainText({ kind, bytes }))}</pre>`;
  if (kind === 'html') return sanitise(textWithin(bytes));
  if (kind === 'kith') return kithOf(bytes).html;
  if (kind === 'cda') return cdaBody(open, bytes);
  if (kind === 'docx') {
    const answer = await open({ task: 'word', bytes, page: 1, width: 0 });
    return 'html' in answer ? sanitise(answer.html) : '';
  }
  throw new Fault('notFound', 'This document is shown by its pages.');
}

/** The message within: its heading, type and format. Faults: unprocessable. */
export function kithOf(bytes: Uint8Array): KithMessage {
  return renderKith(readXmlTree(textWithin(bytes)));
}

async function cdaBody(open: OpenFile, bytes: Uint8Array): Promise<string> {
  const { html, within } = renderCda(readXmlTree(textWithin(bytes)));
  if (within === undefined) return html;
  const kind = await kindOf(within.bytes);
  // One CDA within another ends here.
  if (kind === undefined || kind === 'cda') return html;
  if (kind === 'pdf')
    return `${html}<pre>${escapeHtml((await textOfFile(open, { kind, bytes: within.bytes })).text)}</pre>`;
  if (kind === 'jpeg' || kind === 'png')
    return `${html}${sanitise(`<img alt="" src="data:image/${kind};base64,${within.bytes.toString('base64')}">`)}`;
  return kind === 'tiff' ? html : `${html}${await readableBody(open, { kind, bytes: within.bytes })}`;
}

function textWithin(bytes: Uint8Array): string {
  const text = decodeText(bytes);
  if (text === undefined) throw new Fault('unprocessable', 'The document is damaged: its letters can not be read.');
  return text;
}
