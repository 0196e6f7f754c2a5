/** Documents of a patient, newest first, by the record's own search; what is closed to who asks is counted, as the national API does. */
import { readCurrent, type RequestContext, type Resource } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { runSearch } from '#fhir/search/run.ts';
import { Fault } from '#kernel/fault.ts';
import type { z } from 'zod';
import { codeSystems } from './codes.ts';
import type { documentsQuery, DocumentList } from './contract.ts';
import { countLeftOut } from './left-out.ts';
import { viewOf } from './view.ts';

/** Faults: forbidden, with the reason, where the patient's record is closed as a whole. */
export async function findDocuments(
  context: RequestContext,
  asked: z.output<typeof documentsQuery>,
): Promise<DocumentList> {
  const query = context.search.parse('DocumentReference', [
    ...criteriaOf(asked),
    ['_sort', '-date'],
    ['_count', String(asked.count)],
    ...(asked._cursor === undefined ? [] : [['_cursor', asked._cursor] as [string, string]]),
  ]);
  const { rows, next } = await runSearch(context, query);
  const documents = rows.map(({ content }) => viewOf(parseJson(content.toString()) as Resource));
  const { patient, status } = asked;
  const told = { type: 'DocumentReference', patient, status: status === 'all' ? undefined : status } as const;
  const leftOut = (await countLeftOut(context, told)) ?? 0;
  return { documents, leftOut, ...(next === undefined ? {} : { next }) };
}

function criteriaOf({ patient, status, type }: z.output<typeof documentsQuery>): [string, string][] {
  return [
    ['patient', `Patient/${patient}`],
    ...(status === 'all' ? [] : [['status', status] as [string, string]]),
    ...(type === undefined
      ? []
      : [['type', `${codeSystems.documentType}|${type.replace(/[\\$,|]/g, '\\$&')}`] as [string, string]]),
  ];
}

/** A document, and where it lies. Faults: notFound. */
export async function readDocument(context: RequestContext, id: string): Promise<Resource & { bucket: number }> {
  const found = await readCurrent(context, 'DocumentReference', id);
  if (found?.content == null) throw new Fault('notFound', 'There is no such document.');
  return { ...(parseJson(found.content) as Resource), bucket: found.bucket };
}
