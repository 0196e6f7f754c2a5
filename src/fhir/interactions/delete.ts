/** delete and conditional delete (R4 http.html#delete). What is referred to by others is kept: 409. */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import type { FhirAnswer, FhirRequest } from '../http/request.ts';
import type { Changed } from '../record/writer.ts';
import { findOne } from './conditional.ts';
import { versionToMatch } from './update.ts';

type Context = Pick<RequestContext, 'db' | 'writer' | 'search' | 'grant'>;

/** Deleting what is not there is no error: 204 either way. */
export async function remove(context: Context, request: FhirRequest, type: string, id: string): Promise<FhirAnswer> {
  const ifMatch = versionToMatch(request);
  try {
    const [changed] = await context.writer.apply(context.grant, [
      { interaction: 'delete', type, id, ...(ifMatch === undefined ? {} : { ifMatch }) },
    ]);
    const { versionId } = changed as Changed;
    return { status: 204, versionId: versionId === '' ? undefined : versionId };
  } catch (error) {
    // What the caller may not know of is answered like what is not there.
    if (error instanceof Fault && error.kind === 'notFound' && ifMatch === undefined) return { status: 204 };
    throw error;
  }
}

/** DELETE [base]/[type]?criteria: the one resource that meets them; several are refused with 412. */
export async function conditionalDelete(context: Context, request: FhirRequest, type: string): Promise<FhirAnswer> {
  const found = await findOne(context, type, request.parameters);
  return found ? remove(context, request, type, found.id) : { status: 204 };
}
