/** update, update-as-create, and conditional update (R4 http.html#update). */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { entityTags, type FhirAnswer, type FhirRequest } from '../http/request.ts';
import { readCurrent } from '../record/reading.ts';
import { isLegalId } from '../record/reference.ts';
import type { Change, Changed } from '../record/writer.ts';
import type { Resource } from '../types.ts';
import { findOne, turnOf, type Found } from './conditional.ts';
import { answerOfChange, resourceOfType } from './create.ts';

type Context = Pick<RequestContext, 'db' | 'writer' | 'search' | 'grant'>;

/** PUT [base]/[type]/[id]: a new version, or the first one of an id that the caller chose. */
export async function update(context: Context, request: FhirRequest, type: string, id: string): Promise<FhirAnswer> {
  const resource = resourceOfType(request, type);
  if (resource.id === undefined)
    throw new Fault('invalid', 'An update must carry the id in the resource.', { expression: `${type}.id` });
  if (resource.id !== id) {
    throw new Fault('invalid', `The id in the resource is not the one in the address, ${id}.`, {
      expression: `${type}.id`,
    });
  }
  await requireReached(context, type, id);
  const [changed] = await context.writer.apply(context.grant, [{ ...precondition(request), resource, id }]);
  return answerOfChange(changed as Changed);
}

/**
 * Who may not choose ids writes only to what is here and within reach. Else the answer would tell whether an id is in use: 201 where it is free.
 * Throws a Fault `notFound`, the same for both.
 */
export async function requireReached(context: Context, type: string, id: string): Promise<void> {
  if (context.grant.mayChooseIds || !isLegalId(id)) return;
  if ((await readCurrent(context, type, id)) !== undefined) return;
  throw new Fault('notFound', 'This is not here. To write something new, POST it: its id is given here.');
}

/** `If-None-Match: *` makes an update a create only; If-Match names the version that is replaced. */
export function precondition(
  request: Pick<FhirRequest, 'headers'>,
): { interaction: 'create' } | { interaction: 'update'; ifMatch?: string } {
  if (request.headers['if-none-match']?.trim() === '*') return { interaction: 'create' };
  const ifMatch = versionToMatch(request);
  return { interaction: 'update', ...(ifMatch === undefined ? {} : { ifMatch }) };
}

/** The version id of If-Match, if the caller sent one. */
export function versionToMatch(request: Pick<FhirRequest, 'headers'>): string | undefined {
  const header = request.headers['if-match'];
  if (header === undefined) return undefined;
  const [tag] = entityTags(header);
  if (tag === undefined) throw new Fault('invalid', 'If-Match must be an ETag such as W/"1-region".');
  return tag;
}

/** The id that a conditional update writes: that of what was found, or the one in the resource; undefined where neither is. */
export function targetOf(resource: Resource, found: Found | undefined): string | undefined {
  if (found && resource.id !== undefined && resource.id !== found.id) {
    throw new Fault('invalid', 'The id in the resource is not that of the resource that meets the condition.', {
      expression: `${resource.resourceType}.id`,
    });
  }
  return found?.id ?? resource.id;
}

/** PUT [base]/[type]?criteria (R4 http.html#cond-update). */
export async function conditionalUpdate(context: Context, request: FhirRequest, type: string): Promise<FhirAnswer> {
  const resource = resourceOfType(request, type);
  return context.writer.inTurn([turnOf(type, request.parameters)], async () => {
    const id = targetOf(resource, await findOne(context, type, request.parameters));
    if (id !== undefined) await requireReached(context, type, id);
    const change: Change =
      id === undefined ? { interaction: 'create', resource } : { ...precondition(request), resource, id };
    const [changed] = await context.writer.apply(context.grant, [change]);
    return answerOfChange(changed as Changed);
  });
}
