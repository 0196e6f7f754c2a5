import { Fault } from '#kernel/fault.ts';
import type { Resource } from '../types.ts';
import { CodeSystemIndex, indexCodeSystem } from './code-system.ts';
import { builtInCodeSystem, diagnosisSystems, spellingOf } from './diagnoses.ts';
import { parseCanonical, versionFits } from './model.ts';
import type {
  CanonicalType,
  CodeSystemResource,
  ConceptMapResource,
  Include,
  TerminologyDefinitions,
  TerminologySource,
  ValueSetResource,
} from './model.ts';

export type LibraryDeps = {
  /** The standard's and the packages' resources; called once, on first use. */
  definitions: () => TerminologyDefinitions;
  source?: TerminologySource | undefined;
  /** How many resources of the record are kept in memory, the least used ones leave first. */
  cachedMax: number;
};

const gatheredMax = 500;

/**
 * Every code system, value set and concept map that can be had, by canonical url. `gather` fetches what an operation may need
 * from the record; after it everything is synchronous, so that the rules are written once and validation can use them too.
 */
export class TerminologyLibrary {
  readonly #deps: LibraryDeps;
  #bundled: Map<string, Resource[]> | undefined;
  /** From the record: by type and canonical as asked; `undefined` as value: asked, and not there. */
  readonly #stored = new Map<string, Resource | undefined>();
  readonly #supplements = new Map<string, CodeSystemResource[]>();
  readonly #indexes = new Map<string, CodeSystemIndex | undefined>();
  /** Built once: the diagnoses never change while the program runs. */
  readonly #builtIn = new Map<string, CodeSystemIndex>();
  /** Whatever else is computed from resources (compiled value sets): emptied together with them. */
  readonly derived = new Map<string, unknown>();
  #generation = 0;

  constructor(deps: LibraryDeps) {
    this.#deps = deps;
  }

  /** Forgets what is known of a canonical url, and everything that was computed from resources. */
  forget(url: string | undefined): void {
    this.#generation += 1;
    this.derived.clear();
    for (const key of this.#stored.keys()) if (url === undefined || urlOfKey(key) === url) this.#stored.delete(key);
    this.#supplements.clear();
    this.#indexes.clear();
  }

  /** Starts again from the definitions (a package was added). */
  forgetDefinitions(): void {
    this.#bundled = undefined;
    this.forget(undefined);
  }

  /** The resource with this canonical (`url|version`), from what is in memory: the record's where `gather` met it, else the definitions'. */
  find(type: CanonicalType, canonical: string): Resource | undefined {
    return this.#candidates(type, canonical)[0];
  }

  #candidates(type: CanonicalType, canonical: string): Resource[] {
    const { url, version } = parseCanonical(canonical);
    const bundled = this.#bundledOf(type, url).filter((each) => versionFits(version, each['version']));
    if (bundled.length > 0 && isStandard(url)) return bundled;
    const stored = this.#stored.get(keyOf(type, canonical));
    return stored === undefined ? bundled : [stored, ...bundled];
  }

  valueSet(canonical: string): ValueSetResource | undefined {
    return this.find('ValueSet', canonical) as ValueSetResource | undefined;
  }

  conceptMap(canonical: string): ConceptMapResource | undefined {
    return this.find('ConceptMap', canonical) as ConceptMapResource | undefined;
  }

  /** Concept maps of the definitions; those of the record come from the source (`allConceptMaps`). */
  async allConceptMaps(): Promise<ConceptMapResource[]> {
    const stored = (await this.#deps.source?.conceptMaps?.()) ?? [];
    const bundled = [...this.#definitions().entries()].filter(([key]) => key.startsWith('ConceptMap '));
    return [...stored, ...bundled.flatMap(([, resources]) => resources)] as ConceptMapResource[];
  }

  /** The code system's index, or undefined when the system is not here (or here without its concepts). */
  codeSystem(system: string, version?: string): CodeSystemIndex | undefined {
    const canonical = version === undefined ? system : `${system}|${version}`;
    if (!this.#indexes.has(canonical)) this.#indexes.set(canonical, this.#index(canonical));
    return this.#indexes.get(canonical);
  }

  #index(canonical: string): CodeSystemIndex | undefined {
    const { url, version } = parseCanonical(canonical);
    const candidates = this.#candidates('CodeSystem', canonical) as CodeSystemResource[];
    const resource = candidates.find(({ content }) => content !== 'not-present' && content !== 'supplement');
    if (resource !== undefined)
      return indexCodeSystem(resource, this.#supplementsOf(url), spellingOf(url, resource.concept ?? []));
    if (!this.#builtIn.has(url)) {
      const built = builtInCodeSystem(url);
      if (built !== undefined) this.#builtIn.set(url, built);
    }
    const builtIn = this.#builtIn.get(url);
    return versionFits(version, builtIn?.head.version) ? builtIn : undefined;
  }

  #supplementsOf(url: string): CodeSystemResource[] {
    const bundled = this.#bundledOf('Supplement', url) as CodeSystemResource[];
    return [...bundled, ...(this.#supplements.get(url) ?? [])];
  }

  /** Brings what these canonicals stand on into memory: value sets, those that they include, their code systems. */
  async gather(type: CanonicalType, canonicals: Iterable<string>): Promise<void> {
    const open = [...canonicals].map((canonical) => ({ type, canonical }));
    const seen = new Set<string>();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const key = keyOf(next.type, next.canonical);
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > gatheredMax) throw new Fault('tooCostly', 'The value set stands on too many other resources');
      await this.#fetch(next.type, next.canonical);
      if (next.type === 'ValueSet') open.push(...needsOf(this.valueSet(next.canonical)));
    }
  }

  /** As `gather`, for a value set that the caller handed in. */
  async gatherFor(valueSet: ValueSetResource): Promise<void> {
    const needs = needsOf(valueSet);
    for (const type of ['ValueSet', 'CodeSystem'] as const) {
      await this.gather(
        type,
        needs.filter((each) => each.type === type).map((each) => each.canonical),
      );
    }
  }

  async #fetch(type: CanonicalType, canonical: string): Promise<void> {
    const { source } = this.#deps;
    const key = keyOf(type, canonical);
    if (source === undefined || this.#stored.has(key)) return;
    const { url, version } = parseCanonical(canonical);
    const generation = this.#generation;
    const resource = await source.canonical(type, url, version);
    const supplements = type === 'CodeSystem' ? ((await source.supplements?.(url)) ?? []) : [];
    // A write that came meanwhile has emptied the caches; what was read before it must not be kept.
    if (generation !== this.#generation) return this.#fetch(type, canonical);
    this.#keep(key, resource);
    if (type !== 'CodeSystem') return;
    this.#supplements.set(url, supplements as CodeSystemResource[]);
    if (resource !== undefined || supplements.length > 0) this.#indexes.clear();
  }

  #keep(key: string, resource: Resource | undefined): void {
    if (this.#stored.size >= this.#deps.cachedMax) {
      const oldest = this.#stored.keys().next().value ?? '';
      const held = this.#stored.get(oldest);
      this.#stored.delete(oldest);
      if (held !== undefined) {
        this.#indexes.clear();
        this.derived.clear();
      }
    }
    this.#stored.set(key, resource);
  }

  /** The code systems that every node has: those of the standard whose codes are here, and the diagnoses. */
  ownCodeSystems(): string[] {
    const bundled = [...this.#definitions()].flatMap(([key, [resource]]) =>
      key.startsWith('CodeSystem ') && resource?.['content'] !== 'not-present' ? [key.slice('CodeSystem '.length)] : [],
    );
    return [...bundled, ...diagnosisSystems].sort();
  }

  #bundledOf(type: CanonicalType | 'Supplement', url: string): readonly Resource[] {
    return this.#definitions().get(`${type} ${url}`) ?? [];
  }

  #definitions(): Map<string, Resource[]> {
    if (this.#bundled !== undefined) return this.#bundled;
    const byUrl = new Map<string, Resource[]>();
    for (const resource of this.#deps.definitions()) {
      const key = definitionKey(resource);
      const same = byUrl.get(key);
      if (same === undefined) byUrl.set(key, [resource]);
      else same.push(resource);
    }
    this.#bundled = byUrl;
    return byUrl;
  }
}

function definitionKey(resource: Resource): string {
  if (resource['content'] === 'supplement' && typeof resource['supplements'] === 'string') {
    return `Supplement ${parseCanonical(resource['supplements']).url}`;
  }
  return `${resource.resourceType} ${String(resource['url'])}`;
}

function keyOf(type: CanonicalType, canonical: string): string {
  return `${type} ${canonical}`;
}

function urlOfKey(key: string): string {
  return parseCanonical(key.slice(key.indexOf(' ') + 1)).url;
}

/** HL7's own lists can't be redefined by storing one under the same url; the code systems of others that FHIR names (`sid/…`) can be filled in. */
function isStandard(url: string): boolean {
  return url.startsWith('http://hl7.org/fhir/') && !url.startsWith('http://hl7.org/fhir/sid/');
}

/** What a value set refers to. */
function needsOf(valueSet: ValueSetResource | undefined): { type: CanonicalType; canonical: string }[] {
  const includes: Include[] = [...(valueSet?.compose?.include ?? []), ...(valueSet?.compose?.exclude ?? [])];
  return includes.flatMap((include) => [
    ...(include.valueSet ?? []).map((canonical) => ({ type: 'ValueSet' as const, canonical })),
    ...(include.system === undefined
      ? []
      : [{ type: 'CodeSystem' as const, canonical: withVersion(include.system, include.version) }]),
  ]);
}

export function withVersion(url: string, version: string | undefined): string {
  return version === undefined ? url : `${url}|${version}`;
}
