/** What a file is, by its content: a name and a claimed type are taken as hints and never believed. */
import { fileTypeFromBuffer } from 'file-type';

export const documentKinds = ['pdf', 'text', 'rtf', 'html', 'cda', 'kith', 'jpeg', 'png', 'tiff', 'docx'] as const;
export type DocumentKind = (typeof documentKinds)[number];

export const mediaTypes: Readonly<Record<DocumentKind, string>> = {
  pdf: 'application/pdf',
  text: 'text/plain; charset=utf-8',
  rtf: 'application/rtf',
  html: 'text/html; charset=utf-8',
  cda: 'application/hl7-cda+xml',
  kith: 'application/xml',
  jpeg: 'image/jpeg',
  png: 'image/png',
  tiff: 'image/tiff',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};

const byMime: Readonly<Record<string, DocumentKind>> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/tiff': 'tiff',
  'application/rtf': 'rtf',
  [mediaTypes.docx]: 'docx',
};

/** Characters in which the form of a text shows. */
const lookedAt = 4096;

/** The kind of a file; undefined for what is none of those that are taken. */
export async function kindOf(bytes: Uint8Array): Promise<DocumentKind | undefined> {
  if (bytes.length === 0) return undefined;
  // A PDF may have bytes before its first line (ISO 32000-1, annex H.3.4.1).
  if (Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-')) return 'pdf';
  const found = await fileTypeFromBuffer(bytes);
  const known = found && byMime[found.mime];
  if (known !== undefined) return known;
  if (found !== undefined && found.mime !== 'application/xml') return undefined;
  const text = decodeText(bytes);
  return text === undefined ? undefined : kindOfText(text);
}

function kindOfText(text: string): DocumentKind {
  const front = text.slice(0, lookedAt).trimStart();
  if (front.startsWith('{\\rtf')) return 'rtf';
  if (/^(<\?xml|<!--|<!doctype|<[A-Za-z])/i.test(front)) {
    if (/<([\w.-]+:)?ClinicalDocument\b/.test(front)) return 'cda';
    if (/kith\.no\/xmlstds|ehelse\.no\/xmlstds/.test(front)) return 'kith';
    if (/<(!doctype\s+html|html|head|body|h[1-6]|p|div|table)\b/i.test(front)) return 'html';
  }
  return 'text';
}

/** UTF-8, or what old systems write (Windows-1252), or UTF-16 by its mark; undefined where it is no text. */
export function decodeText(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) return new TextDecoder(first === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
  const declared = /^<\?xml[^>]{0,80}encoding=["']([\w-]{1,20})/.exec(
    Buffer.from(bytes.subarray(0, 200)).toString('latin1'),
  );
  const isLatin = declared !== null && /^(iso-8859-1|windows-1252)$/i.test(declared[1] ?? '');
  if (!isLatin) {
    try {
      return refuseControls(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      // Not UTF-8: read as the letters of western Europe.
    }
  }
  return refuseControls(new TextDecoder('windows-1252').decode(bytes));
}

function refuseControls(text: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what tells bytes from text
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text) ? undefined : text;
}

/** The kind of a document that came otherwise than by this service, by its media type. */
export function kindOfMediaType(contentType: string | undefined): DocumentKind | 'other' {
  const bare = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (bare === 'text/plain') return 'text';
  if (bare === 'text/html') return 'html';
  if (bare === 'text/rtf') return 'rtf';
  if (bare === 'text/xml') return 'kith';
  const found = documentKinds.find((kind) => mediaTypes[kind].split(';')[0] === bare);
  return found ?? 'other';
}
