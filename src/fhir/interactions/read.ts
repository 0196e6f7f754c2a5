/** read: GET [base]/[type]/[id] (R4 http.html#read). */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { entityTags, type FhirAnswer, type FhirRequest } from '../http/request.ts';
import { asBytes } from './binary.ts';
import { readBytes, readCurrent } from '../record/reading.ts';
import type { StoredVersion } from '../record/store.ts';

/** The current version; 404 when there never was one, 410 when it is deleted, 304 when the caller has it already. */
export async function read(
  context: Pick<RequestContext, 'db' | 'search' | 'grant'>,
  request: Pick<FhirRequest, 'headers' | 'parameters'>,
  type: string,
  id: string,
): Promise<FhirAnswer> {
  const quick = type === 'Binary' ? undefined : await readBytes(context, type, id);
  if (quick) {
    const { versionId, updated, content } = quick;
    const known = isKnownToCaller(request, quick);
    return { status: known ? 304 : 200, bytes: known ? undefined : content, versionId, lastModified: updated };
  }
  const found = await readCurrent(context, type, id);
  if (found === undefined) throw new Fault('notFound', `${type}/${id} is not here.`);
  if (found.content === null) throw new Fault('gone', `${type}/${id} was deleted.`);
  const answer = answerOf(found);
  if (isKnownToCaller(request, found)) return { ...answer, status: 304, text: undefined };
  return type === 'Binary' ? asBytes(request, answer) : answer;
}

/** A stored version as an answer. */
export function answerOf(stored: StoredVersion): FhirAnswer {
  return {
    status: 200,
    text: stored.content ?? undefined,
    versionId: stored.versionId,
    lastModified: stored.updated,
  };
}

/** Conditional read (R4 http.html#cread): If-None-Match wins over If-Modified-Since (RFC 9110 §13.2.2). */
function isKnownToCaller(
  { headers }: Pick<FhirRequest, 'headers'>,
  stored: Pick<StoredVersion, 'versionId' | 'updated'>,
): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) return entityTags(tags).some((tag) => tag === '*' || tag === stored.versionId);
  const since = headers['if-modified-since'];
  if (since === undefined) return false;
  const sinceMs = Date.parse(since);
  return !Number.isNaN(sinceMs) && Math.floor(stored.updated / 1000) * 1000 <= sinceMs;
}
