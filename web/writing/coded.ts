/** What was found in a code list, or said in words, as one value of a form; and as FHIR. Pure. */
import type { CodeableConcept, Extension, FhirResource } from 'fhir/r4';
import { wordsOf } from '../record/words.ts';

export type Coded = { text: string; system?: string; code?: string };

const between = '\u001f';

export function codedValue({ text, system = '', code = '' }: Coded): string {
  return code === '' ? text : [text, system, code].join(between);
}

export function codedIn(value: string | undefined): Coded {
  const [text = '', system, code] = (value ?? '').split(between);
  return system === undefined || code === undefined ? { text: text.trim() } : { text, system, code };
}

export function conceptOf(value: string | undefined): CodeableConcept {
  const { text, system, code } = codedIn(value);
  return system === undefined || code === undefined ? { text } : { coding: [{ system, code, display: text }], text };
}

export function valueOfConcept(concept: CodeableConcept | undefined): string {
  const coding = concept?.coding?.find(({ system, code }) => system !== undefined && code !== undefined);
  return codedValue({
    text: wordsOf(concept),
    ...(coding ? { system: coding.system ?? '', code: coding.code ?? '' } : {}),
  });
}

export const hl7 = (name: string, code: string): CodeableConcept => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${name}`, code }],
});

/** A list of Volven by its number. */
export const volven = (list: string): string => `urn:oid:2.16.578.1.12.4.1.1.${list}`;

const own = 'https://fyr.no/fhir/StructureDefinition/';

/** Certainty (7521), severity (7520) and source (7498) of critical information, as the national lists number them. */
const nationalLists = { certainty: '7521', severity: '7520', source: '7498' } as const;
type NationalName = keyof typeof nationalLists;
const nationalNames = Object.keys(nationalLists) as NationalName[];

type Extended = FhirResource & { extension?: Extension[] };

/** The extensions of a resource with these values of the national lists instead of those that it had. */
export function withNational(resource: FhirResource, values: Readonly<Record<string, string>>): Extension[] {
  const others = ((resource as Extended).extension ?? []).filter((one) => listOf(one) === undefined);
  const said = nationalNames.flatMap((name) => {
    const code = values[name] ?? '';
    return code === ''
      ? []
      : [{ url: `${own}${name}`, valueCoding: { system: volven(nationalLists[name]), code } } satisfies Extension];
  });
  return [...others, ...said];
}

/** The numbers of the national lists that a resource has, by field; empty where it says nothing. */
export function nationalOf(resource: FhirResource): Record<NationalName, string> {
  const found = ((resource as Extended).extension ?? []).flatMap((one) => {
    const name = listOf(one);
    return name === undefined ? [] : [[name, one.valueCoding?.code ?? ''] as const];
  });
  return { certainty: '', severity: '', source: '', ...Object.fromEntries(found) };
}

function listOf({ valueCoding }: Extension): NationalName | undefined {
  return nationalNames.find((name) => valueCoding?.system === volven(nationalLists[name]));
}
