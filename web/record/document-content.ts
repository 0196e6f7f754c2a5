/** What a document holds: its text, or an image as an address of data. */
import { queryOptions } from '@tanstack/react-query';
import type { Binary, DocumentReference } from 'fhir/r4';
import { askJson } from '../session/ask.ts';
import { decodeText, noteTextOf } from './notes.ts';

/** Undefined for what a page can't show. */
export type Content = { text: string } | { image: string } | undefined;

export const contentQuery = (patient: string, document: DocumentReference) =>
  queryOptions({
    queryKey: ['record', patient, 'content', document.id, document.meta?.versionId],
    queryFn: async ({ signal }): Promise<Content | null> => {
      const text = noteTextOf(document);
      if (text !== undefined) return { text };
      const url = document.content[0]?.attachment.url;
      if (url === undefined || !/^Binary\/[A-Za-z0-9.-]{1,64}$/.test(url)) return null;
      const { contentType, data } = await askJson<Binary>(`/fhir/${url}`, { signal });
      return contentOf(contentType, data ?? '') ?? null;
    },
    staleTime: 300_000,
  });

function contentOf(type: string, data: string): Content {
  if (type.startsWith('text/plain')) return { text: decodeText(data) };
  return /^image\/(png|jpeg|gif|webp)$/.test(type) ? { image: `data:${type};base64,${data}` } : undefined;
}
