/** The shapes of `/api/classification`. Types are codes of Volven 9602; places are offsets in UTF-16 code units. */
import { z } from 'zod';

export const suggestRequest = z.strictObject({ text: z.string().min(1).max(1_000_000) });
export const queueQuery = z.object({ _cursor: z.string().max(2000).optional() });
export const decideRequest = z.strictObject({
  type: z.string().regex(/^[A-Z]\d\d-\d$/, 'a code of 9602'),
  /** The version of the document that was looked at. */
  version: z.string().min(1).max(64),
});

export type TypeName = { code: string; display: string };
export type DecidingWord = { word: string; weight: number; places: readonly { from: number; to: number }[] };

export type Suggestion = {
  type: TypeName;
  /** 0 to 1, calibrated: of those told with 0.9, nine of ten are right on documents like those it was measured on. */
  confidence: number;
  /** Sure enough that nobody has to look. */
  isSure: boolean;
  threshold: number;
  /** The next likely, best first. */
  others: readonly (TypeName & { confidence: number })[];
  /** What spoke for the type against the next likely, most first. */
  words: readonly DecidingWord[];
  /** The version of the model that said so. */
  model: string;
};

export type QueuedDocument = { id: string; version: string; patient: string; title: string; date: string };
export type QueueAnswer = { documents: readonly QueuedDocument[]; next?: string };
/** `text` and `suggestion` are not there while it is not read yet. */
export type QueuedAnswer = QueuedDocument & { text?: string; suggestion?: Suggestion; types: readonly TypeName[] };
export type DecideAnswer = { id: string; version: string; type: TypeName };

export type ModelLine = {
  version: string;
  isInUse: boolean;
  isShipped: boolean;
  trainedOn: string;
  threshold: number;
  metrics: { readonly [name: string]: number };
};
export type ModelsAnswer = { models: readonly ModelLine[] };
