/** Code lists in and out of files: a row is a whole list, as a CodeSystem and the ValueSet of all its codes under the same url. */
import { plain, sourceOf, type ExchangeDeps, type RegisterExchange } from '../exchange/register-exchange.ts';
import type { Column } from '../exchange/source.ts';
import { everyResource } from '../records.ts';
import { codeSystemOf, planCodeLists, valueSetOf, volvenListOf } from './code-list.ts';
import { codeListSchema, listOfRow, urlOf, type CodeListRow } from './code-list-row.ts';

const columns: readonly Column[] = [
  { name: 'list', kind: 'text' },
  { name: 'url', kind: 'text' },
  { name: 'name', kind: 'text' },
  { name: 'version', kind: 'text' },
  { name: 'partial', kind: 'yes-no' },
  { name: 'codes', kind: 'texts' },
];

export const codeListExchange: RegisterExchange<CodeListRow> = {
  name: 'code-lists',
  columns,
  schema: codeListSchema,
  keyOf: urlOf,
  afterKeys: () => [],
  sketch: (row) => [codeSystemOf(listOfRow(row), 'new'), valueSetOf(listOfRow(row), 'new')],
  plan: async (deps, rows) => (await planCodeLists(deps, rows.map(listOfRow))).map((changes) => ({ changes })),
  rows: listRows,
};

type Concept = { code: string; display?: string };

async function* listRows(deps: ExchangeDeps): AsyncGenerator<CodeListRow> {
  for await (const system of everyResource(deps, 'CodeSystem')) {
    if (system.meta?.source !== sourceOf('code-lists')) continue;
    const url = String(system['url']);
    const list = volvenListOf(url);
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
