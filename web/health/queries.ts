/** What a citizen's pages ask of the record. */
import { recordQuery } from '../record/queries.ts';
import { typedOf } from '../text/typed-time.ts';

export const allergiesQuery = (patient: string) => recordQuery(patient, 'AllergyIntolerance', { _count: '100' });
export const problemsQuery = (patient: string) =>
  recordQuery(patient, 'Condition', { category: 'problem-list-item', _count: '200' });
export const resultsQuery = (patient: string) =>
  recordQuery(patient, 'Observation', { category: 'laboratory', _sort: '-date', _count: '500' });
export const measurementsQuery = (patient: string) =>
  recordQuery(patient, 'Observation', { category: 'vital-signs', _sort: '-date', _count: '300' });
export const medicinesQuery = (patient: string) =>
  recordQuery(patient, 'MedicationStatement', { status: 'active,intended', _count: '200' });
export const prescriptionsQuery = (patient: string) =>
  recordQuery(patient, 'MedicationRequest', { status: 'active,on-hold', _sort: '-authoredon', _count: '200' });
export const vaccinesQuery = (patient: string) =>
  recordQuery(patient, 'Immunization', { _sort: '-date', _count: '200' });
export const documentsQuery = (patient: string) =>
  recordQuery(patient, 'DocumentReference', { status: 'current', _sort: '-date', _count: '300' });
/** From today on, in Norwegian time. */
export const appointmentsQuery = (patient: string) =>
  recordQuery(patient, 'Appointment', { date: `ge${typedOf(Date.now()).slice(0, 10)}`, _sort: 'date', _count: '50' });
export const referralsQuery = (patient: string) =>
  recordQuery(patient, 'ServiceRequest', { _sort: '-authored', _count: '200' });
export const contactsQuery = (patient: string) => recordQuery(patient, 'RelatedPerson', { _count: '50' });
export const teamQuery = (patient: string) => recordQuery(patient, 'CareTeam', { status: 'active', _count: '20' });
