/** Documents whose type a person has to decide: what lies within reach of who asks, oldest first, and the decision. */
import { hash } from 'node:crypto';
import { readCurrent, type RequestContext } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { runSearch } from '#fhir/search/run.ts';
import { Fault } from '#kernel/fault.ts';
import { nameOf, suggestionOf, type Classifier } from './classifier.ts';
import type { DecideAnswer, QueueAnswer, QueuedAnswer } from './contract.ts';
import { personProvenance, queuedOf, typeBy, typeByOf, typed, type Document } from './document.ts';
import { featuresOf, readText } from './model/features.ts';
import { putDecision } from './store.ts';

const pageLength = 25;

export type QueueDeps = {
  classifier: Classifier;
  names: Readonly<Record<string, string>>;
  /** What was read of a document; undefined while nothing was. */
  textOf(id: string): Promise<{ text: string } | undefined>;
};

export async function readQueue(context: RequestContext, cursor: string | undefined): Promise<QueueAnswer> {
  const query = context.search.parse('DocumentReference', [
    ['_tag', `${typeBy}|undecided`],
    ['status', 'current'],
    ['_sort', 'date'],
    ['_count', String(pageLength)],
    ...(cursor === undefined ? [] : [['_cursor', cursor] as [string, string]]),
  ]);
  const { rows, next } = await runSearch(context, query);
  const documents = rows.map(({ content, versionId }) =>
    queuedOf(parseJson(content.toString()) as Document, versionId),
  );
  return { documents, ...(next === undefined ? {} : { next }) };
}

/** Faults: notFound; conflict, for one that is decided. */
export async function readQueued(context: RequestContext, deps: QueueDeps, id: string): Promise<QueuedAnswer> {
  const { document, version } = await readUndecided(context, id);
  const text = (await deps.textOf(id))?.text;
  return {
    ...queuedOf(document, version),
    ...(text === undefined ? {} : { text, suggestion: await deps.classifier.suggest(text) }),
    types: Object.keys(deps.names)
      .filter((code) => !/00-/.test(code))
      .map((code) => nameOf(code, deps.names)),
  };
}

async function readUndecided(context: RequestContext, id: string): Promise<{ document: Document; version: string }> {
  const found = await readCurrent(context, 'DocumentReference', id);
  if (found?.content == null) throw new Fault('notFound', 'There is no such document.');
  const document = parseJson(found.content) as Document;
  if (typeByOf(document) !== 'undecided') throw new Fault('conflict', 'The type of this document is decided already.');
  return { document, version: found.versionId };
}

export type Decided = { id: string; type: string; version: string; by: { reference: string; name: string } };

/**
 * A person says what a document is. The document, the reason and, of its text, the hashed features are kept; those train the next model.
 * Faults: invalid, for no type of 9602; notFound; conflict, where it was decided or changed meanwhile.
 */
export async function decideType(
  context: RequestContext,
  { classifier, names, textOf }: QueueDeps,
  { id, type: code, version, by }: Decided,
): Promise<DecideAnswer> {
  if (names[code] === undefined) throw new Fault('invalid', `${code} is no document type of 9602.`);
  const { document } = await readUndecided(context, id);
  const type = nameOf(code, names);
  const text = (await textOf(id))?.text ?? '';
  const model = await classifier.inUse();
  const suggestion = suggestionOf(model, text, names);
  const recorded = context.clock.now();
  const [made] = await context.writer.apply(context.grant, [
    { interaction: 'update', resource: typed(document, type, 'person'), id, ifMatch: version },
    { interaction: 'create', resource: personProvenance({ document, recorded }, { by, type, suggestion }) },
  ]);
  const { buckets, blocks, counts } = featuresOf(readText(text), model.bits);
  await putDecision(context.db, {
    documentHash: Buffer.from(hash('sha256', id, 'hex'), 'hex'),
    decidedAt: recorded,
    model: model.version,
    suggested: suggestion.type.code,
    confidence: suggestion.confidence,
    decided: code,
    bits: model.bits,
    buckets: bytesOf(buckets),
    blocks: bytesOf(blocks),
    counts: bytesOf(counts),
  });
  return { id, version: made?.versionId ?? version, type };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array | Uint8Array | Float32Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
