/** Withdraws a document (it should not have been there) or deprecates it (it no longer holds), with the reason and who did it, in one transaction. */
import { readCurrent, type RequestContext, type Resource } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { Fault } from '#kernel/fault.ts';
import type { Subject } from '#trust/subject.ts';
import { reasonExtension } from './codes.ts';
import type { DocumentView } from './contract.ts';
import { elementsOf, idOf } from './elements.ts';
import { viewOf } from './view.ts';

export type StatusChange = { id: string; to: 'entered-in-error' | 'superseded'; reason: string; by: Subject };

/** Faults: notFound; conflict, for what is no longer current; forbidden, where the grant does not allow it. */
export async function changeStatus(
  context: RequestContext,
  { id, to, reason, by }: StatusChange,
): Promise<DocumentView> {
  const found = await readCurrent(context, 'DocumentReference', id);
  if (found?.content == null) throw new Fault('notFound', 'There is no such document.');
  const document = parseJson(found.content) as Resource;
  const { status } = document;
  if (status === 'entered-in-error' || status === to)
    throw new Fault('conflict', 'This document was withdrawn or deprecated before.');
  const others = elementsOf(document['extension']).filter(({ url }) => url !== reasonExtension);
  const changed = {
    ...document,
    status: to,
    extension: [...others, { url: reasonExtension, valueString: reason }],
  } as Resource;
  const patient = idOf(document['subject'], 'Patient');
  const [made] = await context.writer.apply(context.grant, [
    { interaction: 'update', resource: changed, id, ifMatch: found.versionId },
    ...(by.kind === 'personnel'
      ? [{ interaction: 'create' as const, resource: provenance(context, { id, patient, reason, by }) }]
      : []),
  ]);
  return viewOf(parseJson(made?.content ?? '{}') as Resource);
}

function provenance(
  { clock }: RequestContext,
  {
    id,
    patient,
    reason,
    by,
  }: { id: string; patient: string | undefined; reason: string; by: Subject & { kind: 'personnel' } },
): Resource {
  const patients = patient === undefined ? [] : [{ reference: `Patient/${patient}` }];
  return {
    resourceType: 'Provenance',
    target: [{ reference: `DocumentReference/${id}` }, ...patients],
    recorded: new Date(clock.now()).toISOString(),
    reason: [{ text: reason }],
    agent: [{ who: { reference: `Practitioner/${by.practitioner}`, display: by.name } }],
  } as Resource;
}
