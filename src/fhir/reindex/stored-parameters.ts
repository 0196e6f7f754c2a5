/** The search parameters that users stored: which are in use, taken into use and out of it as their resources are written. */
import type { Definitions, SearchParameterDefinition } from '../definitions/index.ts';
import type { Search } from '../search/index.ts';
import { typesOf } from './search-parameter.ts';

export type StoredParameters = {
  /** By the id of the resource. */
  readonly inUse: ReadonlyMap<string, SearchParameterDefinition>;
  /** Answers the types whose units may have changed. */
  use(id: string, definition: SearchParameterDefinition): string[];
  /** The same; a parameter of the standard that it stood in for is back. */
  drop(id: string): string[];
};

export function createStoredParameters(
  definitions: Definitions,
  search: Pick<Search, 'addParameter' | 'removeParameter'>,
): StoredParameters {
  const inUse = new Map<string, SearchParameterDefinition>();
  const drop = (id: string): string[] => {
    const earlier = inUse.get(id);
    if (earlier === undefined) return [];
    inUse.delete(id);
    search.removeParameter(earlier.url);
    const ofStandard = definitions.searchParameters.find(({ url }) => url === earlier.url);
    return [...new Set([...typesOf(definitions, earlier), ...(ofStandard ? search.addParameter(ofStandard) : [])])];
  };
  return {
    inUse,
    drop,
    use(id, definition) {
      const before = drop(id);
      const types = search.addParameter(definition);
      inUse.set(id, definition);
      return [...new Set([...before, ...types])];
    },
  };
}
