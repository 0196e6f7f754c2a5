/** Code lists in and out of files: a row is a whole list, as a CodeSystem and the ValueSet of all its codes under the same url. */
import { z } from 'zod';
import type { Change } from '#fhir/record/writer.ts';
import type { Resource } from '#fhir/types.ts';
import {
  plain,
  sourceOf,
  updateOf,
  type ExchangeDeps,
  type Plan,
  type RegisterExchange,
} from '../exchange/register-exchange.ts';
import type { Column } from '../exchange/source.ts';
import { everyResource } from '../records.ts';
import { volven } from '../register-codes.ts';

const codeListSchema = z
  .strictObject({
    /** A Volven list by its number; others by `url`. */
    list: z
      .string()
      .regex(/^\d{4}$/, 'is not the number of a list')
      .optional(),
    url: z
      .string()
      .regex(/^(urn:|https?:\/\/)\S+$/, 'is not a url')
      .optional(),
    name: z.string().min(1).max(300),
    version: z.string().min(1).max(50).optional(),
    /** Said where the list is only a part of what it should be. */
    partial: z.boolean().optional(),
    /** `SP=Sykepleier`. */
    codes: z.array(z.string().regex(/^[^\s=]+=.+$/, 'is not code=text')).min(1),
  })
  .refine(({ list, url }) => (list === undefined) !== (url === undefined), 'needs list or url, not both');

type CodeListRow = z.infer<typeof codeListSchema>;

const columns: readonly Column[] = [
  { name: 'list', kind: 'text' },
  { name: 'url', kind: 'text' },
  { name: 'name', kind: 'text' },
  { name: 'version', kind: 'text' },
  { name: 'partial', kind: 'yes-no' },
  { name: 'codes', kind: 'texts' },
];

const urlOf = ({ list, url }: Pick<CodeListRow, 'list' | 'url'>): string => url ?? volven(list ?? '');

export const codeListExchange: RegisterExchange<CodeListRow> = {
  name: 'code-lists',
  columns,
  schema: codeListSchema,
  keyOf: urlOf,
  afterKeys: () => [],
  sketch: (row) => [codeSystemOf(row, 'new'), valueSetOf(row, 'new')],
  plan: planLists,
  rows: listRows,
};

async function planLists(deps: ExchangeDeps, rows: readonly CodeListRow[]): Promise<Plan[]> {
  const systems = await byUrl(deps, 'CodeSystem', rows.map(urlOf));
  const sets = await byUrl(deps, 'ValueSet', rows.map(urlOf));
  return rows.map((row) => {
    const system = systems.get(urlOf(row));
    const set = sets.get(urlOf(row));
    const changes = putOf(system, codeSystemOf(row, system?.id ?? idOf(row), system));
    if (row.partial) return { changes };
    return { changes: [...changes, ...putOf(set, valueSetOf(row, set?.id ?? idOf(row), set))] };
  });
}

/** The same id at every node, so that nodes which load the same list don't have it twice. */
function idOf(row: CodeListRow): string {
  if (row.list !== undefined) return `volven-${row.list}`;
  return urlOf(row)
    .replace(/^.*\//, '')
    .replace(/[^A-Za-z0-9.-]/g, '-')
    .slice(-64);
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

function codeSystemOf(row: CodeListRow, id: string, before?: Resource): Resource {
  return plain({
    resourceType: 'CodeSystem',
    id,
    meta: { ...before?.meta, source: sourceOf('code-lists') },
    url: urlOf(row),
    version: row.version,
    name: row.list === undefined ? undefined : `Volven${row.list}`,
    title: row.name,
    status: 'active',
    caseSensitive: true,
    content: row.partial ? 'fragment' : 'complete',
    count: row.codes.length,
    concept: row.codes.map((text) => ({
      code: text.slice(0, text.indexOf('=')),
      display: text.slice(text.indexOf('=') + 1),
    })),
  });
}

/** Profiles bind to the list by the list's own url. */
function valueSetOf(row: CodeListRow, id: string, before?: Resource): Resource {
  return plain({
    resourceType: 'ValueSet',
    id,
    meta: { ...before?.meta, source: sourceOf('code-lists') },
    url: urlOf(row),
    version: row.version,
    title: row.name,
    status: 'active',
    compose: { include: [{ system: urlOf(row) }] },
  });
}

type Concept = { code: string; display?: string };

async function* listRows(deps: ExchangeDeps): AsyncGenerator<CodeListRow> {
  for await (const system of everyResource(deps, 'CodeSystem')) {
    if (system.meta?.source !== sourceOf('code-lists')) continue;
    const url = String(system['url']);
    const list = url.startsWith(volven('')) ? url.slice(volven('').length) : undefined;
    yield plain({
      list,
      url: list === undefined ? url : undefined,
      name: String(system['title']),
      version: system['version'] as string | undefined,
      partial: system['content'] === 'fragment' ? true : undefined,
      codes: ((system['concept'] as Concept[] | undefined) ?? []).map(
        ({ code, display }) => `${code}=${display ?? code}`,
      ),
    });
  }
}
