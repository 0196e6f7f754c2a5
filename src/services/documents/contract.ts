/** The shapes of `/api/documents` that pages and clients see. Times are ISO 8601. */
import { z } from 'zod';
import type { DocumentKind } from './reading/kinds.ts';
import type { TextLanguage } from './reading/language.ts';

const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/, 'an id');

/** What is sent with a file: the header `fyr-document`, JSON in percent-encoding; in a watched folder a file of the same name with `.json` after it. */
export const uploadMetadata = z.strictObject({
  patient: id,
  title: z.string().trim().min(1).max(200).optional(),
  fileName: z.string().max(255).optional(),
  /** Volven 9602. Without it the type is found by the content, or left to a person. */
  type: z.string().max(10).optional(),
  /** Volven 9603; `N` unless said. */
  confidentiality: z.string().max(20).optional(),
  /** When the document was made; now, unless said. */
  date: z.iso.datetime({ offset: true }).optional(),
  language: z.enum(['nb', 'nn', 'en']).optional(),
  encounter: id.optional(),
  /** 1303 by SN 2007, and the kind of care (8451 or such), as codes. */
  facilityType: z.string().max(20).optional(),
  practiceSetting: z.string().max(20).optional(),
  /** The DocumentReference that this one takes the place of. */
  replaces: id.optional(),
});
export type UploadMetadata = z.output<typeof uploadMetadata>;

export const documentsQuery = z.object({
  patient: id,
  status: z.enum(['current', 'superseded', 'all']).default('current'),
  type: z.string().max(10).optional(),
  count: z.coerce.number().int().min(1).max(200).default(50),
  _cursor: z.string().max(2000).optional(),
});
export const statusRequest = z.strictObject({ reason: z.string().trim().min(3).max(500) });
export const pageQuery = z.object({ width: z.coerce.number().int().min(100).max(2400).default(1000) });

export type TypeBy = 'given' | 'person' | 'machine' | 'undecided';
export type DocumentStatus = 'current' | 'superseded' | 'entered-in-error';

export type DocumentView = {
  /** Of the DocumentReference. */
  id: string;
  version: string;
  patient: string;
  title: string;
  type?: { code: string; display: string };
  typeBy: TypeBy;
  /** Volven 9603. */
  confidentiality: string;
  status: DocumentStatus;
  date: string;
  author: readonly string[];
  facilityType?: string;
  practiceSetting?: string;
  contentType: string;
  kind: DocumentKind | 'other';
  /** Bytes. */
  size?: number;
  /** SHA-1 in Base64, as FHIR's attachments have it. */
  hash?: string;
  uniqueId?: string;
  language?: string;
  replaces?: string;
  /** Why it was withdrawn or deprecated. */
  reason?: string;
};

export type DocumentList = {
  documents: readonly DocumentView[];
  /** Documents of the patient that are closed to who asks; also in the header `NHN-SecurityLabel-Nors-Count`. */
  leftOut: number;
  /** The `_cursor` of the next page. */
  next?: string;
};

export type DocumentTextView = {
  text: string;
  /** Where each page begins in `text`, in UTF-16 units. */
  pages: readonly number[];
  language: TextLanguage;
  source: 'text' | 'ocr' | 'none';
  /** Mean confidence of what was read off pictures, 0 to 100. */
  confidence?: number;
  /** Why there is none. */
  problem?: string;
};

/** How far the reading of scanned pages is. */
export type ReadingView = {
  state: 'none' | 'waiting' | 'reading' | 'done' | 'failed';
  pagesDone: number;
  pagesTotal?: number;
  problem?: string;
};

export type PagesView = { pages: number };
