/** create, and conditional create by If-None-Exist (R4 http.html#create). */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { asResource, type FhirAnswer, type FhirRequest } from '../http/request.ts';
import { warningsOf } from '../outcome.ts';
import type { Changed } from '../record/writer.ts';
import type { Resource } from '../types.ts';
import { criteriaOf, findOne, turnOf, type Found } from './conditional.ts';

export async function create(
  context: Pick<RequestContext, 'db' | 'writer' | 'search' | 'grant'>,
  request: FhirRequest,
  type: string,
): Promise<FhirAnswer> {
  const resource = resourceOfType(request, type);
  const condition = request.headers['if-none-exist'];
  delete resource.id;
  const make = async (): Promise<FhirAnswer> => {
    const [changed] = await context.writer.apply(context.grant, [{ interaction: 'create', resource }]);
    return answerOfChange(changed as Changed);
  };
  if (condition === undefined) return make();
  const criteria = criteriaOf(condition);
  return context.writer.inTurn([turnOf(type, criteria)], async () => {
    const found = await findOne(context, type, criteria);
    return found ? answerOfFound(found) : make();
  });
}

/** The resource in the body, of the type that the address names; 400 otherwise. */
export function resourceOfType(request: Pick<FhirRequest, 'body'>, type: string): Resource {
  const resource = asResource(request.body);
  if (!resource) throw new Fault('invalid', 'The body must be a FHIR resource.');
  if (resource.resourceType !== type) {
    throw new Fault('invalid', `The body is a ${resource.resourceType.slice(0, 80)}, but the address says ${type}.`);
  }
  return resource;
}

export function locationOf({ type, id, versionId }: { type: string; id: string; versionId: string }): string {
  return `${type}/${id}/_history/${versionId}`;
}

/** What a conditional create found in place of creating. */
export function answerOfFound(found: Found): FhirAnswer {
  const { content, versionId, updated } = found;
  return { status: 200, text: content, versionId, lastModified: updated, location: locationOf(found) };
}

/** 201 for what is new, 200 for what was there before. */
export function answerOfChange(changed: Changed): FhirAnswer {
  return {
    status: changed.existed ? 200 : 201,
    text: changed.content ?? undefined,
    versionId: changed.versionId,
    lastModified: changed.updated,
    location: locationOf(changed),
    warnings: warningsOf(changed.warnings),
  };
}
