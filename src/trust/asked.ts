/** What a FHIR request is, in the access log's words: its action, and how it was asked without anything that tells who somebody is. */
import type { AccessAction } from './access-log/entry.ts';

export type Asked = {
  readonly method: string;
  readonly segments: readonly string[];
  readonly parameters: readonly (readonly [string, string])[];
};

/** Parameters whose values tell nothing of who somebody is; of the others only that they were used. */
const harmless =
  /^(_count|_sort|_summary|_elements|_total|_type|_since|_at|_lastUpdated|_include.*|_revinclude.*|category|class|clinical-status|code|combo-code|date|effective|intent|onset-date|period|priority|status|type|verification-status)(:[a-z]+)?$/;

const textMax = 500;

/** `GET Observation?patient=…&code=http://loinc.org|718-7` */
export function queryOf({ method, segments, parameters }: Asked): string {
  const asked = parameters.map(([name, value]) => `${name}=${harmless.test(name) ? value : '…'}`);
  const query = asked.length === 0 ? '' : `?${asked.join('&')}`;
  return `${method} ${segments.join('/')}${query}`.replace(/\b\d{11}\b/g, '…').slice(0, textMax);
}

/** The action of a request as a whole. What is inside a batch or a transaction is told by what it reads and writes. */
export function actionOf({ method, segments }: Asked): AccessAction {
  const last = segments.at(-1) ?? '';
  if (last.startsWith('$export')) return 'export';
  if (last.startsWith('$')) return 'operation';
  if (last === '_history') return 'history';
  if (last === '_search') return 'search';
  if (method === 'GET' || method === 'HEAD') return isOfOne(segments) ? 'read' : 'search';
  if (segments.length === 0) return 'read';
  return method === 'POST' ? 'create' : method === 'DELETE' ? 'delete' : 'update';
}

/** `Patient/1`, `Patient/1/_history/2`; `Patient/1/Observation` is a search. */
function isOfOne(segments: readonly string[]): boolean {
  return segments.length === 2 || (segments.length === 4 && segments[2] === '_history');
}
