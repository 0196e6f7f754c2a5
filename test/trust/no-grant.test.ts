/** Nothing of the record is read or written without a grant: what forgets it does not compile, and none is made but where trust decides. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Fhir, Grant } from '#fhir/index.ts';
import { readCurrent, readMany, readVersion } from '#fhir/record/reading.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { Query } from '#fhir/search/query.ts';

type Request = Parameters<Fhir['dispatch']>[0];
/** All that a grant has, but not from where grants come. */
type Lookalike = { [Key in keyof Grant as Key extends string ? Key : never]: Grant[Key] };

/** Never called: `npm run check` compiles it, and fails where one of the lines below a mark would be allowed. */
async function forgetful({ context, dispatch }: Fhir, query: Query, asked: Request, look: Lookalike): Promise<void> {
  const { db, search, writer } = context;
  // @ts-expect-error a search has no grant
  await runSearch({ db, search }, query);
  // @ts-expect-error the context of a node is not that of a request
  await runSearch(context, query);
  // @ts-expect-error a read
  await readCurrent({ db, search }, 'Patient', 'x');
  // @ts-expect-error a version
  await readVersion({ db, search }, 'Patient', 'x', '1');
  // @ts-expect-error several
  await readMany({ db, search }, [], undefined);
  // @ts-expect-error a write
  await writer.apply([{ interaction: 'delete', type: 'Patient', id: 'x' }]);
  // @ts-expect-error undefined is none
  await writer.apply(undefined, [{ interaction: 'delete', type: 'Patient', id: 'x' }]);
  // @ts-expect-error an interaction
  await dispatch(asked);
  // @ts-expect-error what looks like a grant is none
  await dispatch(asked, look);
}

/** The same with one: it is nothing else that the lines above are refused for. */
async function granted({ context, dispatch }: Fhir, query: Query, asked: Request, grant: Grant): Promise<void> {
  const { db, search, writer } = context;
  await runSearch({ db, search, grant }, query);
  await readCurrent({ db, search, grant }, 'Patient', 'x');
  await readVersion({ db, search, grant }, 'Patient', 'x', '1');
  await readMany({ db, search, grant }, [], undefined);
  await writer.apply(grant, [{ interaction: 'delete', type: 'Patient', id: 'x' }]);
  await dispatch(asked, grant);
}

const root = join(import.meta.dirname, '../..');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('test.ts'))
  .map((path) => ({ path, text: readFileSync(join(root, 'src', path), 'utf8') }));

const users = (name: RegExp): string[] =>
  sources
    .filter(({ text }) => name.test(text))
    .map(({ path }) => path)
    .sort();

test('the lines that forget a grant are compiled by the check of types, which refuses each', () => {
  expect([forgetful.length, granted.length]).toEqual([4, 4]);
  expect(readFileSync(join(root, 'tsconfig.json'), 'utf8')).toContain('"test"');
});

test('grants come into being in two places of trust: for a request, and for nobody', () => {
  expect(users(/\basGrant\(/)).toEqual(['trust/door.ts', 'trust/grant.ts', 'trust/request-grant.ts']);
  expect(users(/\bas (unknown as )?Grant\b|<Grant>\s*[({]/)).toEqual(['trust/grant.ts']);
});

test('the grant of the node itself is taken by its own work, and by nothing that answers a request', () => {
  const takers = users(/\b(backgroundGrant|nodeGrants)\b/);
  // Commands are given by whoever has the node's database.
  expect(takers.filter((path) => !/^(trust|cli)\/|^(app|node-operations)\.ts$/.test(path))).toEqual([]);
  const answering = users(/\.background\(/).filter((path) => /^fhir\/(interactions|http|operations)\//.test(path));
  expect(answering).toEqual([]);
});
