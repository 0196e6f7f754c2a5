/** No-basis' own code systems (CC0) come with the program, and are put into the record where nobody has put any version of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExchangeDeps } from '../exchange/register-exchange.ts';
import { codeListExchange } from './code-list-exchange.ts';
import type { CodeLists } from './code-lists.ts';

/** An operator's version is never touched. */
export async function shipLists(deps: ExchangeDeps, codeLists: CodeLists): Promise<void> {
  const shipped = JSON.parse(readFileSync(join(import.meta.dirname, 'no-basis.json'), 'utf8')) as unknown[];
  const missing = new Set((await codeLists.read()).filter(({ state }) => state === 'missing').map(({ url }) => url));
  const rows = shipped
    .map((row) => codeListExchange.schema.parse(row))
    .filter((row) => missing.has(codeListExchange.keyOf(row)));
  for (const plan of await codeListExchange.plan(deps, rows)) {
    if ('changes' in plan) await deps.writer.apply(deps.grant, plan.changes);
  }
  await codeLists.read();
}
