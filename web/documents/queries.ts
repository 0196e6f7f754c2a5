/** What the pages of documents ask of the record. */
import { recordQuery } from '../record/queries.ts';

export const documentsQuery = (patient: string) =>
  recordQuery(patient, 'DocumentReference', { status: 'current', _sort: '-date', _count: '500' });
