/** Profiles and terminology that are stored in the record are in use: those found at start, and each one as it is written. */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from './context.ts';
import { parseJson } from './json/index.ts';
import type { Committer } from './record/committer.ts';
import { runSearch } from './search/index.ts';
import type { Resource } from './types.ts';

const terminologyTypes = new Set(['CodeSystem', 'ValueSet', 'ConceptMap']);

/** Value sets of the record that are kept ready at once; more than these are read when they are asked for. */
const preparedMax = 500;

type Context = Pick<RequestContext, 'db' | 'search' | 'validator' | 'terminology' | 'grant'>;

export type StoredDefinitions = {
  /** Resolves when what was written has been taken into use. */
  idle(): Promise<void>;
};

/**
 * Reads every stored profile into the validator and brings stored value sets into memory, then follows what this process writes.
 * `report` is told what goes wrong behind a write's back.
 */
export async function useStoredDefinitions(
  context: Context,
  committer: Committer,
  report: (event: string, error: unknown) => void,
): Promise<StoredDefinitions> {
  for await (const resource of storedOfType(context, 'StructureDefinition')) context.validator.addProfile(resource);
  const preparation = createPreparation(context.terminology, report);
  for await (const valueSet of storedOfType(context, 'ValueSet')) preparation.take(valueSet);
  await preparation.idle();
  committer.onWritten(({ writes }) => {
    for (const { type, content } of writes) {
      if (!terminologyTypes.has(type) && type !== 'StructureDefinition') continue;
      const resource = content === null ? undefined : (parseJson(content) as Resource);
      if (type === 'StructureDefinition') {
        if (resource) context.validator.addProfile(resource);
      } else {
        const url = resource?.['url'];
        context.terminology.changed(typeof url === 'string' ? url : undefined);
        preparation.take(resource);
      }
    }
  });
  return { idle: preparation.idle };
}

type Preparation = {
  /** A terminology resource is new or changed: it, and the value sets that stand on it, are fetched (again). undefined: one is gone. */
  take(resource: Resource | undefined): void;
  idle(): Promise<void>;
};

/** Fetches one value set after the other, so that one which can't be had stands in nobody's way, nor many of them in the way of work. */
function createPreparation(
  terminology: Context['terminology'],
  report: (event: string, error: unknown) => void,
): Preparation {
  const standsOn = new Map<string, ReadonlySet<string>>();
  const waiting = new Set<string>();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (const url of waiting) {
      waiting.delete(url);
      await terminology.prepare([url]).catch((error: unknown) => {
        if (!(error instanceof Fault)) report('value set not prepared', error);
      });
    }
    running = undefined;
  };
  return {
    take(resource) {
      const url = resource?.['url'];
      const isKept = typeof url === 'string' && (standsOn.has(url) || standsOn.size < preparedMax);
      if (isKept && resource?.resourceType === 'ValueSet') standsOn.set(url, canonicalsIn(resource));
      for (const [valueSet, urls] of standsOn) {
        if (resource === undefined || valueSet === url || urls.has(url as string)) waiting.add(valueSet);
      }
      if (waiting.size > 0) running ??= run();
    },
    idle: () => running ?? Promise.resolve(),
  };
}

/** The code systems and value sets that a value set names, without their versions. */
function canonicalsIn(valueSet: Resource): Set<string> {
  const { include = [], exclude = [] } = (valueSet['compose'] ?? {}) as { include?: Include[]; exclude?: Include[] };
  const named = [...include, ...exclude].flatMap(({ system, valueSet: sets = [] }) => [...sets, system ?? '']);
  return new Set(named.map((canonical) => canonical.split('|', 1)[0] ?? ''));
}

type Include = { system?: string; valueSet?: string[] };

/** Every current resource of a type, page by page. */
export async function* storedOfType(
  context: Pick<Context, 'db' | 'search' | 'grant'>,
  type: string,
): AsyncGenerator<Resource> {
  let cursor: string | undefined;
  do {
    const page: [string, string][] = [
      ['_count', '200'],
      ...(cursor === undefined ? [] : [['_cursor', cursor] as [string, string]]),
    ];
    const found = await runSearch(context, context.search.parse(type, page, { lenient: false }));
    for (const { content } of found.rows) yield parseJson(content) as Resource;
    cursor = found.next;
  } while (cursor !== undefined);
}
