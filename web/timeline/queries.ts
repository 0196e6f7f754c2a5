/** What the timeline is made of: a search a type, newest first. */
import { recordQuery, type RecordQuery, type TypeName } from '../record/queries.ts';

const most = '1000';

const asked: readonly (readonly [TypeName, Record<string, string>])[] = [
  ['Encounter', { _sort: '-date' }],
  ['Condition', { _sort: '-recorded-date' }],
  ['DiagnosticReport', { _sort: '-date' }],
  ['Procedure', { _sort: '-date' }],
  ['DocumentReference', { status: 'current', _sort: '-date' }],
  ['MedicationRequest', { _sort: '-authoredon' }],
  ['Immunization', { _sort: '-date' }],
];

export const happeningQueries = (patient: string): RecordQuery<TypeName>[] =>
  asked.map(([type, parameters]) => recordQuery(patient, type, { ...parameters, _count: most }));
