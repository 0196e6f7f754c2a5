/** vread: GET [base]/[type]/[id]/_history/[vid] (R4 http.html#vread). */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import type { FhirAnswer, FhirRequest } from '../http/request.ts';
import { readVersion } from '../record/reading.ts';
import { asBytes } from './binary.ts';
import { answerOf } from './read.ts';

/** That very version; 404 when there is none, 410 when it is the one that deleted the resource. */
export async function vread(
  context: Pick<RequestContext, 'db' | 'search' | 'grant' | 'findBeside'>,
  request: Pick<FhirRequest, 'headers' | 'parameters'>,
  type: string,
  id: string,
  versionId: string,
): Promise<FhirAnswer> {
  const found = await readVersion(context, type, id, versionId);
  if (found === undefined) throw new Fault('notFound', `${type}/${id} has no version ${versionId.slice(0, 80)}.`);
  if (found.content === null) throw new Fault('gone', `${type}/${id} was deleted in version ${versionId}.`);
  const answer = answerOf(found);
  return type === 'Binary' ? asBytes(request, answer) : answer;
}
