/** What the pages of medicines ask of the record. */
import { recordQuery } from '../record/queries.ts';

/** Doses of the last days: what was given last, and what was left out. */
const daysBack = 3;

export const ordersQuery = (patient: string) =>
  recordQuery(patient, 'MedicationRequest', { status: 'active,on-hold', _sort: '-authoredon', _count: '200' });
/** From the beginning of an hour, so that the question stays the same for a while. */
export const dosesQuery = (patient: string) =>
  recordQuery(patient, 'MedicationAdministration', {
    'effective-time': `ge${new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - daysBack * 86_400_000).toISOString()}`,
    _count: '500',
  });
export const listQuery = (patient: string) => recordQuery(patient, 'MedicationStatement', { _count: '300' });
export const earlierQuery = (patient: string) =>
  recordQuery(patient, 'MedicationRequest', {
    status: 'completed,stopped,cancelled',
    _sort: '-authoredon',
    _count: '60',
  });
export const vaccinesQuery = (patient: string) =>
  recordQuery(patient, 'Immunization', { _sort: '-date', _count: '200' });
