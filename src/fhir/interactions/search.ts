/** search by GET or POST, over a type, a compartment or everything (R4 search.html), answered with a Bundle glued from stored texts. */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { preference, type FhirAnswer, type FhirRequest } from '../http/request.ts';
import { outcome } from '../outcome.ts';
import { runSearch } from '../search/index.ts';
import { bundleText, pageLinks, type BundleEntry, type BundleLink } from './bundle.ts';

export type SearchScope = { type?: string; compartment?: { type: string; id: string } };

export async function search(
  context: Pick<RequestContext, 'db' | 'search' | 'settings' | 'grant'>,
  request: FhirRequest,
  scope: SearchScope,
): Promise<FhirAnswer> {
  const type = scope.type === '*' ? undefined : scope.type;
  const handling = preference(request, 'handling');
  if (handling !== undefined && handling !== 'strict' && handling !== 'lenient') {
    throw new Fault('invalid', 'Prefer: handling is strict or lenient.');
  }
  const query = context.search.parse(
    type,
    request.parameters.map(([name, value]): [string, string] => [name, value]),
    { lenient: handling === 'lenient', ...(scope.compartment ? { compartment: scope.compartment } : {}) },
  );
  const result = await runSearch(context, query);
  const base = context.settings.baseUrl;
  const entries = result.rows.map((row): BundleEntry => ({
    fullUrl: `${base}/${row.type}/${row.id}`,
    text: row.content,
    search: { mode: row.mode },
  }));
  if (result.warnings.length > 0) {
    entries.push({ text: JSON.stringify(outcome(result.warnings)), search: { mode: 'outcome' } });
  }
  return {
    status: 200,
    text: bundleText({
      type: 'searchset',
      ...(result.total === undefined ? {} : { total: result.total }),
      links: linksOf(context, request, query.ignored, result.next),
      entries,
    }),
  };
}

/** `self` says by what was searched (R4 search.html#conformance); `next` carries the cursor of the last row. */
function linksOf(
  context: Pick<RequestContext, 'settings'>,
  request: FhirRequest,
  ignored: readonly (readonly [string, string])[],
  next: string | undefined,
): BundleLink[] {
  const segments = request.segments.filter((s) => s !== '_search');
  const isUsed = ([name, value]: readonly [string, string]): boolean =>
    !ignored.some(([other, text]) => other === name && text === value);
  const parameters = request.parameters.filter(isUsed);
  return pageLinks({ baseUrl: context.settings.baseUrl, segments, parameters }, '_cursor', next);
}
