/** The documents that the shipped model learns from, by seed: some made from forms as they are, most in the wide way, from forms and banks. */
import { makeDocuments, type MadeDocument } from './documents.ts';
import { makeWideDocuments } from './wide.ts';

export function documentsToLearnFrom(seed: string): MadeDocument[] {
  return [
    ...makeDocuments(seed, { each: 20, forms: 'train' }),
    ...makeWideDocuments(seed, { each: 40, forms: 'train', banks: true }),
  ];
}
