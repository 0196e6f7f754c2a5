/** What the pages of results ask of the record. */
import { recordQuery } from '../record/queries.ts';

const most = '1000';

export const resultsQuery = (patient: string) =>
  recordQuery(patient, 'Observation', { category: 'laboratory', _sort: '-date', _count: most });
export const measurementsQuery = (patient: string) =>
  recordQuery(patient, 'Observation', { category: 'vital-signs', _sort: '-date', _count: most });
export const reportsQuery = (patient: string) =>
  recordQuery(patient, 'DiagnosticReport', { _sort: '-date', _count: '20' });
export const seenQuery = (patient: string) =>
  recordQuery(patient, 'Task', { code: `${seenSystem}|${seenCode}`, _sort: '-authored-on', _count: '100' });

/** A Task of this kind says that somebody has looked at a report. */
export const seenSystem = 'urn:fyr:code-system:work';
export const seenCode = 'result-seen';
