/** Types whose resources don't lie in the record, but are answered like it: the access log gives its AuditEvents this way. */
import { Fault } from '#kernel/fault.ts';
import type { Grant } from './grant.ts';
import { writeJson } from './json/index.ts';
import { bundleText, pageLinks } from './interactions/bundle.ts';
import type { FhirAnswer, FhirRequest } from './http/request.ts';
import type { Resource } from './types.ts';

export type ElsewherePage = {
  resources: readonly Resource[];
  /** The `_cursor` of the next page. */
  next?: string | undefined;
};

/** Read and search of one type. Writing it is refused. */
export type Elsewhere = {
  read(grant: Grant, id: string): Promise<Resource | undefined>;
  /** Throws `invalid` for parameters that it does not know. */
  search(grant: Grant, parameters: readonly (readonly [string, string])[]): Promise<ElsewherePage>;
  /** For the CapabilityStatement. */
  searchParameters: readonly { name: string; type: string; documentation?: string }[];
};

/** GET [type], POST [type]/_search, GET [type]/[id]. */
export async function answerElsewhere(
  { elsewhere, baseUrl }: { elsewhere: Elsewhere; baseUrl: string },
  { method, segments, parameters }: FhirRequest,
  grant: Grant,
): Promise<FhirAnswer> {
  const [type = '', second] = segments;
  const isRead = method === 'GET' || method === 'HEAD';
  if (isRead && second !== undefined && segments.length === 2) {
    const resource = await elsewhere.read(grant, second);
    if (resource === undefined) throw new Fault('notFound', `${type}/${second.slice(0, 64)} is not here.`);
    return { status: 200, resource };
  }
  const isSearch = (isRead && segments.length === 1) || (method === 'POST' && second === '_search');
  if (!isSearch || segments.length > 2) {
    throw new Fault('methodNotAllowed', `${type} can be read and searched, not written.`, { allow: ['GET'] });
  }
  const { resources, next } = await elsewhere.search(grant, parameters);
  const entries = resources.map((resource) => ({
    fullUrl: `${baseUrl}/${type}/${resource.id}`,
    text: writeJson(resource),
    search: { mode: 'match' as const },
  }));
  const links = pageLinks({ baseUrl, segments: [type], parameters }, '_cursor', next);
  return { status: 200, text: bundleText({ type: 'searchset', links, entries }) };
}
