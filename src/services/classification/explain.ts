/**
 * After a document's text was stored: the reason of what the machine decided is written beside it, and what was read off pictures after the document came
 * gets its type now. What a person, or who sent it, decided is never touched.
 */
import { readCurrent, type FhirContext } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import type { Classifier } from './classifier.ts';
import { machineProvenance, typeByOf, typed, type Document } from './document.ts';

/** The text of a document, as the document service keeps it. */
export type KeptText = { id: string; version: string; text: string };

export async function explainDecision(
  context: FhirContext,
  classifier: Classifier,
  { id, version, text }: KeptText,
): Promise<void> {
  const grant = context.grants.background('document classification');
  const found = await readCurrent({ ...context, grant }, 'DocumentReference', id);
  if (found?.content == null || found.versionId !== version || text.trim() === '') return;
  const document = parseJson(found.content) as Document;
  const by = typeByOf(document);
  if (by !== 'machine' && by !== 'undecided') return;
  const suggestion = await classifier.suggest(text);
  const because = machineProvenance({ document, recorded: context.clock.now() }, suggestion);
  // A type set after the text was read has its reason already: it was written with it.
  const isExplained = (found.versionId.startsWith('1-') && by === 'machine') || by === 'undecided';
  if (!isExplained || (by === 'undecided' && !suggestion.isSure)) return;
  const change = { interaction: 'update' as const, id, ifMatch: version };
  await context.writer.apply(grant, [
    ...(by === 'undecided' ? [{ ...change, resource: typed(document, suggestion.type, 'machine') }] : []),
    { interaction: 'create' as const, resource: because },
  ]);
}
