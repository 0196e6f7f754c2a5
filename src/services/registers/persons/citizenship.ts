/** Citizenships of a person, as no-basis-Patient writes them (http://hl7.org/fhir/StructureDefinition/patient-citizenship). Pure. */
import { z } from 'zod';
import type { Resource } from '#fhir/types.ts';
import { plain } from '../exchange/register-exchange.ts';
import { codesOf, type Concept, type Extension, type Period } from '../register-codes.ts';

const extensionUrl = 'http://hl7.org/fhir/StructureDefinition/patient-citizenship';
const countries = 'urn:iso:std:iso:3166';
const date = z.iso.date();

/** `country`: ISO 3166-1 alpha-3, and Folkeregisteret's codes for none (three times X), XUK (unknown) and XXK (Kosovo). */
export const citizenship = z.strictObject({
  country: z.string().regex(/^[A-Z]{3}$/, 'is not three letters'),
  from: date.optional(),
  to: date.optional(),
});

export type CitizenshipRow = z.infer<typeof citizenship>;

/** The extensions of a Patient with these citizenships in the place of those it has; as they are where the row says nothing. */
export function withCitizenships(
  before: Resource | undefined,
  rows: readonly CitizenshipRow[] | undefined,
): Extension[] | undefined {
  const had = (before?.['extension'] as Extension[] | undefined) ?? [];
  if (rows === undefined) return had.length > 0 ? had : undefined;
  const others = had.filter(({ url }) => url !== extensionUrl);
  const now = rows.map(({ country, from, to }) => ({
    url: extensionUrl,
    extension: [
      { url: 'code', valueCodeableConcept: { coding: [{ system: countries, code: country }] } },
      ...(from === undefined && to === undefined
        ? []
        : [{ url: 'period', valuePeriod: plain({ start: from, end: to }) }]),
    ],
  }));
  return others.length + now.length > 0 ? [...others, ...now] : undefined;
}

/** The citizenships of a Patient, also those that have ended. */
export function citizenshipsOf(patient: Resource): CitizenshipRow[] {
  const extensions = (patient['extension'] as Extension[] | undefined) ?? [];
  return extensions.flatMap(({ url, extension = [] }) => {
    const part = (name: string): Extension | undefined => extension.find((each) => each.url === name);
    const [country] = codesOf([(part('code')?.['valueCodeableConcept'] as Concept | undefined) ?? {}], countries);
    if (url !== extensionUrl || country === undefined) return [];
    const { start, end } = (part('period')?.['valuePeriod'] as Period | undefined) ?? {};
    return [plain({ country, from: start, to: end })];
  });
}
