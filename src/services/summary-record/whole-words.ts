/** What the kinds of a whole record are called, in the order in which it is printed. */
import type { Words } from './languages.ts';

export const wholeTitle: Words = { nb: 'Hele journalen', nn: 'Heile journalen', en: 'The whole record' };

export const wholeTitles: Readonly<Record<string, Words>> = {
  AllergyIntolerance: { nb: 'Allergier', nn: 'Allergiar', en: 'Allergies' },
  Condition: { nb: 'Diagnoser og problemer', nn: 'Diagnosar og problem', en: 'Diagnoses and problems' },
  MedicationStatement: { nb: 'Legemidler i bruk', nn: 'Legemiddel i bruk', en: 'Medicines in use' },
  MedicationRequest: { nb: 'Resepter og forordninger', nn: 'Reseptar og forordningar', en: 'Prescriptions and orders' },
  MedicationDispense: { nb: 'Utlevert på apotek', nn: 'Utlevert på apotek', en: 'Dispensed' },
  MedicationAdministration: { nb: 'Legemidler gitt', nn: 'Legemiddel gjevne', en: 'Medicines given' },
  Immunization: { nb: 'Vaksiner', nn: 'Vaksinar', en: 'Vaccinations' },
  Observation: { nb: 'Prøvesvar og målinger', nn: 'Prøvesvar og målingar', en: 'Results and measurements' },
  DiagnosticReport: { nb: 'Svar på undersøkelser', nn: 'Svar på undersøkingar', en: 'Reports' },
  Procedure: { nb: 'Behandlinger og inngrep', nn: 'Behandlingar og inngrep', en: 'Procedures' },
  DocumentReference: { nb: 'Dokumenter', nn: 'Dokument', en: 'Documents' },
  Encounter: { nb: 'Besøk og innleggelser', nn: 'Besøk og innleggingar', en: 'Visits and stays' },
  Appointment: { nb: 'Timeavtaler', nn: 'Timeavtalar', en: 'Appointments' },
  ServiceRequest: { nb: 'Henvisninger og bestillinger', nn: 'Tilvisingar og bestillingar', en: 'Referrals and orders' },
  CarePlan: { nb: 'Planer', nn: 'Planar', en: 'Plans' },
  Flag: { nb: 'Varsler', nn: 'Varsel', en: 'Alerts' },
  FamilyMemberHistory: { nb: 'Sykdom i familien', nn: 'Sjukdom i familien', en: 'Family history' },
  QuestionnaireResponse: { nb: 'Svar på skjema', nn: 'Svar på skjema', en: 'Forms' },
};
