/** What `/api/continuity/quarantine` takes and answers. Times are ISO 8601. */
import { z } from 'zod';

export const operationId = z.string().regex(/^[A-Za-z0-9.:_-]{1,120}$/, 'is no operation');

export const settleRequest = z.strictObject({
  /** What was done about it instead, or why nothing is to be done. */
  words: z.string().trim().min(3).max(2000),
});

/** A resource that the operation would have written, without its content. */
export type QuarantinedResource = { type: string; id: string; versionId: string; isDeletion: boolean; bytes: number };

export type Quarantined = {
  operation: string;
  /** The node where it was written. */
  from: string;
  setAsideAt: string;
  /** In plain words. */
  why: string;
  /** It builds upon what this operation brings, which is set aside too. */
  waitsFor?: string;
  resources: QuarantinedResource[];
  settled?: { at: string; by: { reference: string; name: string }; words: string };
};

export type QuarantineList = { open: Quarantined[]; settled: Quarantined[] };

/** With what it says: for who treats the patients that it is about. The content is the text as it came, which may be no JSON. */
export type QuarantineShown = Quarantined & {
  contents: { type: string; id: string; versionId: string; writtenAt: string; content: string | null }[];
};

/** `taken`: it is in the record now; `stays`: what was wrong is still wrong. */
export type TryAgainAnswer = { outcome: 'taken' | 'stays' };
