/** A FHIR reference as the sample writes it. */
export type Reference = { reference: string; display?: string };
