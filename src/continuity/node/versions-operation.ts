/**
 * `GET [type]/[id]/$versions`: every version of a resource that this node knows, the one that nobody has built upon last: who wrote it, when it came here and
 * from where, what its author had seen, and whether it is current or kept beside the current one. A Bundle as a history is, with an extension at each entry.
 */
import { Fault } from '#kernel/fault.ts';
import { readCurrent, withinReach, type RequestContext } from '#fhir/index.ts';
import type { Operation } from '#fhir/operations/operation.ts';
import { codeSystem } from './fhir-vocabulary.ts';
import { knownVersions, storedVersion, type KnownVersion } from './known-versions.ts';

const extensionUrl = `${codeSystem}/version`;

export const versionsOperation: Operation = {
  name: 'versions',
  definition: 'https://fyr.no/fhir/OperationDefinition/versions',
  levels: ['instance'],
  affectsState: false,
  async handle(context, { type = '', id = '' }) {
    // What may not be known of is told as not here.
    if ((await readCurrent(context, type, id)) === undefined) throw new Fault('notFound', `${type}/${id} is not here.`);
    const entries: string[] = [];
    for (const version of await knownVersions(context.db, type, id)) {
      if (await isReached(context, type, id, version))
        entries.push(entryOf(context.settings.baseUrl, type, id, version));
    }
    const total = entries.length;
    return {
      status: 200,
      text: `{"resourceType":"Bundle","type":"history","total":${total},"entry":[${entries.join(',')}]}`,
    };
  },
};

/** Of a version that is only known to have been, nothing of the patient is told. */
async function isReached(context: RequestContext, type: string, id: string, version: KnownVersion): Promise<boolean> {
  const stored = storedVersion(type, id, version);
  if (stored === undefined || stored.content === null) return true;
  return (await withinReach(context, [stored])).length === 1;
}

function entryOf(baseUrl: string, type: string, id: string, version: KnownVersion): string {
  const { versionId, content, at } = version;
  const isFirst = version.parents.length === 0;
  const head = { extension: [{ url: extensionUrl, extension: told(version) }], fullUrl: `${baseUrl}/${type}/${id}` };
  const method = content === null ? 'DELETE' : isFirst ? 'POST' : 'PUT';
  const status = content === null ? '204' : isFirst ? '201' : '200';
  const tail = {
    request: { method, url: isFirst ? type : `${type}/${id}` },
    response: { status, etag: `W/"${versionId}"`, lastModified: new Date(Math.floor(at)).toISOString() },
  };
  const resource = typeof content === 'string' ? `,"resource":${content}` : '';
  return `${JSON.stringify(head).slice(0, -1)}${resource},${JSON.stringify(tail).slice(1)}`;
}

/** `current`, `beside` (nobody has built upon it, and it is not the current one) or `earlier`. */
function told({ writer, parents, isCurrent, isHead, arrivedAt, came }: KnownVersion): object[] {
  return [
    { url: 'writer', valueString: writer },
    { url: 'place', valueCode: isCurrent ? 'current' : isHead ? 'beside' : 'earlier' },
    { url: 'arrived', valueInstant: new Date(arrivedAt).toISOString() },
    { url: 'came', valueCode: came },
    ...parents.map((parent) => ({ url: 'parent', valueId: parent })),
  ];
}
