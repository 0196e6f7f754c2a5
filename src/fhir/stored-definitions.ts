/** Profiles and terminology that are stored in the record are in use: those found at start, and each one as it is written. */
import type { FhirContext } from './context.ts';
import { parseJson } from './json/index.ts';
import type { Committer } from './record/committer.ts';
import type { Write } from './record/write-store.ts';
import { runSearch } from './search/index.ts';
import type { Resource } from './types.ts';

const terminologyTypes = new Set(['CodeSystem', 'ValueSet', 'ConceptMap']);

type Context = Pick<FhirContext, 'db' | 'search' | 'validator' | 'terminology'>;

/** Reads every stored profile into the validator and brings stored value sets into memory, then follows what this process writes. */
export async function useStoredDefinitions(context: Context, committer: Committer): Promise<void> {
  for await (const resource of storedOfType(context, 'StructureDefinition')) context.validator.addProfile(resource);
  const valueSets = new Set<string>();
  for await (const { url } of storedOfType(context, 'ValueSet')) if (typeof url === 'string') valueSets.add(url);
  await context.terminology.prepare([...valueSets]);
  committer.onWritten(({ writes }) => {
    const written = writes.filter(({ type }) => terminologyTypes.has(type) || type === 'StructureDefinition');
    for (const write of written) useWritten(context, write, valueSets);
    if (written.some(({ type }) => terminologyTypes.has(type))) void context.terminology.prepare([...valueSets]);
  });
}

function useWritten(context: Context, { type, content }: Write, valueSets: Set<string>): void {
  const resource = content === null ? undefined : (parseJson(content) as Resource);
  if (type === 'StructureDefinition') {
    if (resource) context.validator.addProfile(resource);
    return;
  }
  const url = resource?.['url'];
  if (type === 'ValueSet' && typeof url === 'string') valueSets.add(url);
  context.terminology.changed(typeof url === 'string' ? url : undefined);
}

/** Every current resource of a type, page by page. */
export async function* storedOfType(context: Pick<Context, 'db' | 'search'>, type: string): AsyncGenerator<Resource> {
  let cursor: string | undefined;
  do {
    const page: [string, string][] = [
      ['_count', '200'],
      ...(cursor === undefined ? [] : [['_cursor', cursor] as [string, string]]),
    ];
    const found = await runSearch(context.db, context.search, context.search.parse(type, page, { lenient: false }));
    for (const { content } of found.rows) yield parseJson(content) as Resource;
    cursor = found.next;
  } while (cursor !== undefined);
}
