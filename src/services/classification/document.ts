/** What a DocumentReference says of its type and of who said so, and the Provenance of a decision. */
import type { Resource } from '#fhir/types.ts';
import type { QueuedDocument, Suggestion, TypeName } from './contract.ts';

export const documentType = 'urn:oid:2.16.578.1.12.4.1.1.9602';
export const typeBy = 'urn:fyr:code-system:document-type-by';

export type Document = Resource & {
  status?: string;
  subject?: { reference?: string };
  date?: string;
  description?: string;
  content?: { attachment?: { title?: string } }[];
  meta?: { versionId?: string; tag?: { system?: string; code?: string }[] };
};

export function typeByOf({ meta }: Document): string | undefined {
  return meta?.tag?.find(({ system }) => system === typeBy)?.code;
}

export function queuedOf(document: Document, version: string): QueuedDocument {
  return {
    id: document.id ?? '',
    version,
    patient: document.subject?.reference?.replace(/^Patient\//, '') ?? '',
    title: document.content?.[0]?.attachment?.title ?? document.description ?? '',
    date: document.date ?? '',
  };
}

/** The same document with another type, and who said so. */
export function typed(document: Document, { code, display }: TypeName, by: 'person' | 'machine'): Document {
  const others = (document.meta?.tag ?? []).filter(({ system }) => system !== typeBy);
  return {
    ...document,
    meta: { ...document.meta, tag: [...others, { system: typeBy, code: by }] },
    type: { coding: [{ system: documentType, code, display }] },
  };
}

type Told = { document: Document; recorded: number };

/** Why the machine said so: what the patient may ask for (type, confidence, deciding words, model). */
export function machineProvenance({ document, recorded }: Told, suggestion: Suggestion): Resource {
  const { type, confidence, threshold, words, model, others } = suggestion;
  const next = others[0] === undefined ? '' : ` Next: ${others[0].code} (${others[0].confidence}).`;
  const text = `Type ${type.code} ${type.display}, confidence ${confidence} (threshold ${threshold}).${next} Words that decided: ${words.map(({ word }) => word).join(', ')}.`;
  const device = { type: 'Device', display: `Fyr classification of documents, model ${model}` };
  return provenance({ document, recorded }, { text, who: device });
}

/** Who decided, and what had been suggested. */
export function personProvenance(
  told: Told,
  { by, type, suggestion }: { by: { reference: string; name: string }; type: TypeName; suggestion: Suggestion },
): Resource {
  const { type: suggested, confidence, model } = suggestion;
  const text = `Type ${type.code} ${type.display}. Suggested was ${suggested.code} with confidence ${confidence} (model ${model}).`;
  return provenance(told, { text, who: { reference: by.reference, display: by.name } });
}

function provenance({ document, recorded }: Told, { text, who }: { text: string; who: object }): Resource {
  return {
    resourceType: 'Provenance',
    target: [{ reference: `DocumentReference/${document.id}` }, ...(document.subject ? [document.subject] : [])],
    recorded: new Date(recorded).toISOString(),
    activity: { text: 'Classification of a document' },
    reason: [{ text }],
    agent: [{ who }],
  } as Resource;
}
