/** A code list as it becomes a CodeSystem, and the ValueSet of all its codes under the same url. */
import type { Change } from '#fhir/record/writer.ts';
import type { Resource } from '#fhir/types.ts';
import { plain, sourceOf, updateOf, type ExchangeDeps } from '../exchange/register-exchange.ts';
import { everyResource } from '../records.ts';
import { volven } from '../register-codes.ts';

export type ConceptProperty = { code: string; [value: `value${string}`]: string | boolean };

export type CodeListConcept = {
  code: string;
  display?: string;
  definition?: string;
  /** The code that it lies under. */
  parent?: string;
  /** No longer in use. */
  isInactive?: boolean;
  /** Whatever else the list says of the code, by the name of the column. */
  properties?: Readonly<Record<string, string>>;
};

export type CodeList = {
  url: string;
  name: string;
  version?: string | undefined;
  /** Said where the list is only a part of what it should be. */
  isPartial: boolean;
  concepts: readonly CodeListConcept[];
};

/** What makes each list that of the record; nothing for one that is there already as it is. */
export async function planCodeLists(deps: ExchangeDeps, lists: readonly CodeList[]): Promise<Change[][]> {
  const urls = lists.map(({ url }) => url);
  const systems = await byUrl(deps, 'CodeSystem', urls);
  const sets = await byUrl(deps, 'ValueSet', urls);
  return lists.map((list) => {
    const [system, set] = [systems.get(list.url), sets.get(list.url)];
    const changes = putOf(system, codeSystemOf(list, system?.id ?? idOf(list.url), system));
    if (list.isPartial) return changes;
    return [...changes, ...putOf(set, valueSetOf(list, set?.id ?? idOf(list.url), set))];
  });
}

/** The same id at every node, so that nodes which load the same list don't have it twice. */
function idOf(url: string): string {
  const list = volvenListOf(url);
  if (list !== undefined) return `volven-${list}`;
  return url
    .replace(/^.*\//, '')
    .replace(/[^A-Za-z0-9.-]/g, '-')
    .slice(-64);
}

/** The number of a Volven list by its url. */
export function volvenListOf(url: string): string | undefined {
  return url.startsWith(volven('')) ? url.slice(volven('').length) : undefined;
}

function putOf(before: Resource | undefined, after: Resource): Change[] {
  if (before !== undefined) return updateOf(before, after);
  return [{ interaction: 'update', resource: after, id: after.id ?? '' }];
}

async function byUrl(deps: ExchangeDeps, type: string, urls: readonly string[]): Promise<Map<string, Resource>> {
  const found = new Map<string, Resource>();
  for (let at = 0; at < urls.length; at += 50) {
    const some = urls.slice(at, at + 50).map((url) => url.replace(/[\\,|$]/g, '\\$&'));
    for await (const resource of everyResource(deps, type, [['url', some.join(',')]]))
      found.set(String(resource['url']), resource);
  }
  return found;
}

/** The CodeSystem of a list (R4 codesystem.html); `before`: the version that it takes the place of. */
export function codeSystemOf(list: CodeList, id: string, before?: Resource): Resource {
  const number = volvenListOf(list.url);
  const properties = [...new Set(list.concepts.flatMap((concept) => propertiesOf(concept).map(({ code }) => code)))];
  return plain({
    resourceType: 'CodeSystem',
    id,
    meta: { ...before?.meta, source: sourceOf('code-lists') },
    url: list.url,
    version: list.version,
    name: number === undefined ? undefined : `Volven${number}`,
    title: list.name,
    status: 'active',
    caseSensitive: true,
    ...(properties.includes('parent') ? { hierarchyMeaning: 'is-a' } : {}),
    content: list.isPartial ? 'fragment' : 'complete',
    count: list.concepts.length,
    property: properties.length === 0 ? undefined : properties.map(definitionOf),
    concept: list.concepts.map((concept) => {
      const property = propertiesOf(concept);
      const { code, display, definition } = concept;
      return { code, display, definition, property: property.length === 0 ? undefined : property };
    }),
  });
}

const standardProperties: Readonly<Record<string, string>> = { parent: 'code', inactive: 'boolean' };

function definitionOf(code: string): object {
  const type = standardProperties[code];
  if (type === undefined) return { code, type: 'string' };
  return { code, uri: `http://hl7.org/fhir/concept-properties#${code}`, type };
}

function propertiesOf({ parent, isInactive, properties = {} }: CodeListConcept): ConceptProperty[] {
  return [
    ...(parent === undefined ? [] : [{ code: 'parent', valueCode: parent }]),
    ...(isInactive ? [{ code: 'inactive', valueBoolean: true }] : []),
    ...Object.entries(properties).map(([code, valueString]) => ({ code, valueString })),
  ];
}

/** Profiles bind to a list by the list's own url. */
export function valueSetOf(list: CodeList, id: string, before?: Resource): Resource {
  return plain({
    resourceType: 'ValueSet',
    id,
    meta: { ...before?.meta, source: sourceOf('code-lists') },
    url: list.url,
    version: list.version,
    title: list.name,
    status: 'active',
    compose: { include: [{ system: list.url }] },
  });
}
