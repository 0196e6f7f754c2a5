/** The shapes of `/api/clinical-search`. Pure: pages import its types. */
import { z } from 'zod';

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'A day is written YYYY-MM-DD');

export const searchQuery = z.object({
  patient: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,64}$/, 'The id of a patient')
    .optional(),
  q: z.string().trim().min(1).max(300),
  type: z.string().max(200).optional(),
  from: day.optional(),
  to: day.optional(),
  author: z.string().max(200).optional(),
  site: z.string().max(200).optional(),
  page: z.coerce.number().int().min(1).max(100).default(1),
});
export type SearchQuery = z.output<typeof searchQuery>;

/** Why a word is marked: it stands there in some form; it is part of a compound; a slip was mended; it names what was asked by another word; a code does. */
export type Way = 'word' | 'part' | 'slip' | 'concept' | 'code';

/** A mark in the passage: places in it, in UTF-16 units. */
export type Mark = { from: number; to: number; way: Way; isDenied: boolean };

export type Hit = {
  type: string;
  id: string;
  patient: string;
  /** Of a search that names no patient: who it is, where the caller may know. */
  person?: { name: string; birthDate?: string };
  kind: string;
  title: string;
  /** An instant, ISO 8601. */
  at?: string;
  author?: string;
  site?: string;
  passage: string;
  /** Where the passage begins in the document's text. */
  passageFrom: number;
  marks: Mark[];
  /** What the words of the question were found by, in the order of the question. */
  why: { asked: string; way: Way; concept?: string }[];
  /** Everything that was asked for is denied wherever the document has it. */
  isDenied: boolean;
};

export type Facet = { value: string; count: number };

export type SearchAnswer = {
  hits: Hit[];
  total: number;
  page: number;
  pages: number;
  /** How the question was understood. */
  understood: { asked: string; concept?: string; meant?: string }[];
  /** Of each, how many there are with the other filters as they are. */
  facets: { type: Facet[]; author: Facet[]; site: Facet[]; year: Facet[] };
  /** There was more than was looked through: narrow the search. */
  isCut: boolean;
};
