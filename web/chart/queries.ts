/** What a patient's pages ask of the record. */
import { recordQuery } from '../record/queries.ts';
import { typedOf } from '../text/typed-time.ts';

const most = '100';

export const allergiesQuery = (patient: string) => recordQuery(patient, 'AllergyIntolerance', { _count: most });
export const criticalQuery = (patient: string) => recordQuery(patient, 'Flag', { _count: most });
export const problemsQuery = (patient: string) =>
  recordQuery(patient, 'Condition', { category: 'problem-list-item', _count: '200' });
export const medicinesQuery = (patient: string) =>
  recordQuery(patient, 'MedicationStatement', { status: 'active', _count: most });
export const laboratoryQuery = (patient: string) =>
  recordQuery(patient, 'Observation', { category: 'laboratory', _sort: '-date', _count: '200' });
export const contactsQuery = (patient: string) => recordQuery(patient, 'Encounter', { _sort: '-date', _count: '6' });
export const relativesQuery = (patient: string) => recordQuery(patient, 'RelatedPerson', { _count: '20' });
export const careTeamQuery = (patient: string) => recordQuery(patient, 'CareTeam', { status: 'active', _count: '20' });
/** From today on, in Norwegian time. */
export const appointmentsQuery = (patient: string) =>
  recordQuery(patient, 'Appointment', { date: `ge${typedOf(Date.now()).slice(0, 10)}`, _sort: 'date', _count: '20' });
export const consentsQuery = (patient: string) => recordQuery(patient, 'Consent', { status: 'active', _count: '50' });
