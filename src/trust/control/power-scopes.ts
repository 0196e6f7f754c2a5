/** What a power of attorney may open, in parts that a citizen knows, and the resource types that each is. Pure. */
import type { PowerScope } from './contract.ts';

const types = {
  medicines: [
    'MedicationStatement',
    'MedicationRequest',
    'MedicationDispense',
    'MedicationAdministration',
    'Medication',
  ],
  results: ['Observation', 'DiagnosticReport', 'Specimen'],
  appointments: ['Appointment', 'Encounter', 'ServiceRequest', 'EpisodeOfCare'],
  documents: ['DocumentReference', 'Binary', 'Composition'],
  vaccinations: ['Immunization'],
} as const satisfies Record<PowerScope, readonly string[]>;

/** Whose record it is goes with every part. */
const always = 'Patient';

/** The types that these parts open; undefined for no parts: all. */
export function typesOfScopes(scopes: readonly PowerScope[]): string[] | undefined {
  return scopes.length === 0 ? undefined : [always, ...scopes.flatMap((scope) => types[scope])];
}

/** The parts that these types open whole; undefined: all of the record, since no type is named. */
export function scopesOfTypes(named: readonly string[]): PowerScope[] | undefined {
  if (named.length === 0) return undefined;
  return (Object.keys(types) as PowerScope[]).filter((scope) => types[scope].every((type) => named.includes(type)));
}
