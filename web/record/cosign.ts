/** Signatures under a note besides its author's: asked for by a Task, given in the note itself. Pure. */
import type { DocumentReference, Extension, Reference } from 'fhir/r4';

/** What a Task that asks for one is called. */
export const cosignCode = {
  coding: [{ system: 'urn:fyr:code-system:task', code: 'co-sign', display: 'Kontrasigner' }],
  text: 'Kontrasigner notat',
};

const url = 'urn:fyr:extension:co-signature';

export type Cosignature = { name: string; at: string };

export function cosignaturesOf({ extension }: DocumentReference): Cosignature[] {
  return (extension ?? []).filter(isOne).map(({ extension: parts }) => ({
    name: parts?.find((part) => part.url === 'who')?.valueReference?.display ?? '',
    at: parts?.find((part) => part.url === 'at')?.valueInstant ?? '',
  }));
}

export function withCosignature(document: DocumentReference, who: Reference, at: string): DocumentReference {
  const given: Extension = {
    url,
    extension: [
      { url: 'who', valueReference: who },
      { url: 'at', valueInstant: at },
    ],
  };
  return { ...document, extension: [...(document.extension ?? []), given] };
}

export function withoutCosignatures(document: DocumentReference): DocumentReference {
  const { extension, ...rest } = document;
  const others = (extension ?? []).filter((one) => !isOne(one));
  return others.length === 0 ? rest : { ...rest, extension: others };
}

const isOne = (one: Extension): boolean => one.url === url;
