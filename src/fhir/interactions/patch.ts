/** patch by JSON Patch or FHIRPath Patch, on an id or on a condition (R4 http.html#patch). */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { compile } from '../fhirpath/index.ts';
import { asResource, type FhirAnswer, type FhirRequest } from '../http/request.ts';
import { parseJson } from '../json/index.ts';
import { applyFhirPathPatch, applyJsonPatch } from '../patch/index.ts';
import { readCurrent } from '../record/reading.ts';
import type { Changed } from '../record/writer.ts';
import type { Resource } from '../types.ts';
import { findOne } from './conditional.ts';
import { answerOfChange } from './create.ts';
import { versionToMatch } from './update.ts';

type Context = Pick<RequestContext, 'db' | 'writer' | 'search' | 'definitions' | 'grant'>;

const attemptsMax = 5;

/** The patched resource, validated and written as a new version. A writer in between makes us read and patch again. */
export async function patch(context: Context, request: FhirRequest, type: string, id: string): Promise<FhirAnswer> {
  const ifMatch = versionToMatch(request);
  const asked = ifMatch === '*' ? undefined : ifMatch;
  for (let attempt = 1; ; attempt++) {
    const current = await readCurrent(context, type, id);
    if (current === undefined) throw new Fault('notFound', `${type}/${id} is not here.`);
    if (current.content === null) throw new Fault('gone', `${type}/${id} was deleted.`);
    const resource = applyPatch(context, request, parseJson(current.content) as Resource);
    try {
      const [changed] = await context.writer.apply(context.grant, [
        { interaction: 'update', resource, id, ifMatch: asked ?? current.versionId },
      ]);
      return answerOfChange(changed as Changed);
    } catch (error) {
      const isOvertaken = error instanceof Fault && error.kind === 'preconditionFailed' && asked === undefined;
      if (!isOvertaken || attempt === attemptsMax) throw error;
    }
  }
}

/** PATCH [base]/[type]?criteria. */
export async function conditionalPatch(context: Context, request: FhirRequest, type: string): Promise<FhirAnswer> {
  const found = await findOne(context, type, request.parameters);
  if (!found) throw new Fault('notFound', `No ${type} meets the condition.`);
  return patch(context, request, type, found.id);
}

/** An array is a JSON Patch; a Parameters resource is a FHIRPath Patch. */
export function applyPatch(context: Pick<Context, 'definitions'>, request: FhirRequest, resource: Resource): Resource {
  if (Array.isArray(request.body)) return applyJsonPatch(resource, request.body);
  const parameters = asResource(request.body);
  if (parameters?.resourceType === 'Parameters') {
    return applyFhirPathPatch(resource, parameters, { model: context.definitions.model, compile });
  }
  throw new Fault(
    'invalid',
    'A patch is a JSON Patch (an array) or a Parameters resource with FHIRPath Patch operations.',
  );
}
