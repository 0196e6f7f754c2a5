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
  type?: { coding?: { system?: string; code?: string; display?: string }[]; text?: string };
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

/** Who sent it said what it is, in whatever code system or words. */
export function hasType({ type }: Document): boolean {
  return (type?.coding ?? []).length > 0 || (type?.text ?? '').trim() !== '';
}

/** The same document with another type, and who said so. */
export function typed(document: Document, { code, display }: TypeName, by: 'person' | 'machine'): Document {
  return { ...taggedBy(document, by), type: { coding: [{ system: documentType, code, display }] } };
}

/** The same document, waiting for a person. */
export const undecided = (document: Document): Document => taggedBy(document, 'undecided');

function taggedBy(document: Document, by: 'person' | 'machine' | 'undecided'): Document {
  const others = (document.meta?.tag ?? []).filter(({ system }) => system !== typeBy);
  return { ...document, meta: { ...document.meta, tag: [...others, { system: typeBy, code: by }] } };
}

const activity = 'Classification of a document';

/** Of a Provenance of a decision, what it says; undefined for any other. */
export function reasonOf(provenance: unknown): string | undefined {
  const told = provenance as { activity?: { text?: string }; reason?: { text?: string }[] };
  return told.activity?.text === activity ? (told.reason?.[0]?.text ?? '') : undefined;
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
    activity: { text: activity },
    reason: [{ text }],
    agent: [{ who }],
  } as Resource;
}
