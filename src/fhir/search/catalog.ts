/**
 * The search parameters of every type, over *units*. A unit is a path of a type read as one kind of value (`Observation.subject` as a reference);
 * parameters that share an alternative share the unit, so that nothing is indexed twice: `patient` and `subject`, `code` and `combo-code`.
 */
import { Fault } from '#kernel/fault.ts';
import type {
  CompartmentDefinition,
  Definitions,
  SearchParameterDefinition,
  SearchParameterType,
} from '../definitions/index.ts';
import type { Model } from '../definitions/model.ts';
import { keyOf, seedOf, type Seed } from './hash.ts';
import { alternativesFor, compilePath, type Compile, type Path } from './path.ts';

export type UnitKind = 'token' | 'reference' | 'string' | 'date' | 'number' | 'quantity' | 'uri' | 'special';

export type Unit = {
  /** The resource type. */
  type: string;
  kind: UnitKind;
  path: Path;
  seed: Seed;
  /** Key of its strings: `<key>\u001f` for the fold, `<key>~\u001f` for the plain fold where that differs. */
  stringKey: string;
  /** Key of instants, numbers, or quantities whatever their unit. */
  rangeKey: number;
  /** Key of the days that dates with an offset name, where those are others than the node's. */
  writtenKey: number;
  /** `system|code` of the value set that a bare code is bound to. */
  codings?: ReadonlySet<string>;
};

/** A unit as one parameter uses it: `patient` only means those of `subject` that point at a Patient. */
export type UnitUse = { unit: Unit; target?: string };

export type Component = {
  code: string;
  kind: UnitKind;
  reads: { owner: string; path: Path }[];
  fromRoot: boolean;
  uses: UnitUse[];
  definition: Parameter;
};

export type Parameter = {
  code: string;
  url: string;
  type: string;
  kind: SearchParameterType;
  uses: UnitUse[];
  targets: string[] | undefined;
  composite?: { contexts: Path[]; components: Component[]; isSimple: boolean };
};

/** Parts of complex types that a string parameter searches (R4 search.html#string). */
const stringParts: Record<string, string[]> = {
  HumanName: ['text', 'family', 'given', 'prefix', 'suffix'],
  Address: ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'],
};

export type CatalogOptions = { definitions: Definitions; compile: Compile };

/** The reference units that put a resource into a compartment, in the order of its definition; `isItself` for the type at its heart. */
export type CompartmentUses = { uses: UnitUse[]; isItself: boolean };

/**
 * What R4's compartment of a patient leaves out, though it is about the patient: a task for her, her device, the file of a document of hers. Here it lies in
 * her record like the rest of it: in her bucket, under the same rules of access, with her when the record travels.
 */
const alsoOfPatients: Readonly<Record<string, readonly string[]>> = {
  Binary: ['security-context'],
  Device: ['patient'],
  GuidanceResponse: ['patient'],
  Task: ['patient'],
};

/** Binary.securityContext has no search parameter in R4, and says whose file it is (R4 binary.html#security-context). */
const ofBinary: SearchParameterDefinition = {
  url: 'urn:fyr:search-parameter:binary-security-context',
  code: 'security-context',
  base: ['Binary'],
  type: 'reference',
  expression: 'Binary.securityContext',
};

type TypeEntry = {
  parameters: Map<string, Parameter>;
  units: Map<string, Unit>;
  /** The units as a list, and the compartments: made when first asked for. */
  list?: readonly Unit[];
  compartments: Map<string, CompartmentUses>;
};

export class Catalog {
  readonly model: Model;
  readonly #definitions: Definitions;
  readonly #compile: Compile;
  readonly #byUrl = new Map<string, SearchParameterDefinition>();
  readonly #types = new Map<string, TypeEntry>();
  readonly #compartments: Map<string, CompartmentDefinition>;

  constructor({ definitions, compile }: CatalogOptions) {
    this.model = definitions.model;
    this.#definitions = definitions;
    this.#compile = compile;
    this.#compartments = new Map(definitions.compartments.map((one) => [one.code, one]));
    for (const one of [...definitions.searchParameters, ofBinary]) this.#byUrl.set(one.url, one);
  }

  /** Takes a parameter into use. Answers the types whose resources must be indexed anew. Throws `invalid` when its expression is wrong. */
  add(definition: SearchParameterDefinition): string[] {
    const earlier = this.#byUrl.get(definition.url);
    const types = this.#typesOf(definition);
    this.#byUrl.set(definition.url, definition);
    this.#forget(earlier);
    this.#forget(definition);
    try {
      for (const type of types) this.parameter(type, definition.code);
    } catch (error) {
      this.#byUrl.delete(definition.url);
      if (earlier !== undefined) this.#byUrl.set(earlier.url, earlier);
      this.#forget(definition);
      throw error;
    }
    return types;
  }

  /** Takes a parameter out of use; what it left in the index does no harm. */
  remove(url: string): void {
    const definition = this.#byUrl.get(url);
    this.#byUrl.delete(url);
    this.#forget(definition);
  }

  #forget(definition: SearchParameterDefinition | undefined): void {
    if (definition !== undefined) for (const type of this.#typesOf(definition)) this.#types.delete(type);
  }

  #typesOf({ base }: SearchParameterDefinition): string[] {
    return this.model.resourceTypes().filter((type) => base.some((one) => this.model.isA(type, one)));
  }

  parameter(type: string, code: string): Parameter | undefined {
    return this.#entry(type).parameters.get(code);
  }

  parameters(type: string): Parameter[] {
    return [...this.#entry(type).parameters.values()];
  }

  /** Every unit that resources of a type are indexed by. */
  units(type: string): readonly Unit[] {
    const entry = this.#entry(type);
    entry.list ??= [...entry.units.values()];
    return entry.list;
  }

  isType(type: string): boolean {
    return this.model.type(type)?.kind === 'resource' && !this.model.type(type)?.abstract;
  }

  /** How resources of a type come into a compartment; undefined when there is no such compartment. */
  compartment(code: string, type: string): CompartmentUses | undefined {
    const { compartments } = this.#entry(type);
    const known = compartments.get(code);
    if (known !== undefined) return known;
    const definition = this.#compartments.get(code);
    if (definition === undefined) return undefined;
    const codes = definition.params[type] ?? (code === 'Patient' ? alsoOfPatients[type] : undefined) ?? [];
    const uses = codes
      .flatMap((one) => this.parameter(type, one)?.uses ?? [])
      .filter(({ unit }) => unit.kind === 'reference');
    const made: CompartmentUses = { uses, isItself: type === code };
    compartments.set(code, made);
    return made;
  }

  #entry(type: string): TypeEntry {
    const known = this.#types.get(type);
    if (known !== undefined) return known;
    const entry: TypeEntry = { parameters: new Map(), units: new Map(), compartments: new Map() };
    for (const definition of this.#byUrl.values()) {
      if (!definition.base.some((base) => this.model.isA(type, base))) continue;
      if (definition.type === 'composite') continue;
      entry.parameters.set(definition.code, this.#simple(entry, type, definition));
    }
    for (const definition of this.#byUrl.values()) {
      if (definition.type !== 'composite' || !definition.base.includes(type)) continue;
      entry.parameters.set(definition.code, this.#composite(entry, type, definition));
    }
    this.#types.set(type, entry);
    return entry;
  }

  #simple(entry: TypeEntry, type: string, definition: SearchParameterDefinition): Parameter {
    const { code, url } = definition;
    const parameter: Parameter = { code, url, type, kind: definition.type, uses: [], targets: definition.target };
    const isColumn = code === '_id' || code === '_lastUpdated';
    if (definition.expression === undefined || isColumn || definition.type === 'composite') return parameter;
    for (const { expression, target } of alternativesFor(this.model, type, definition.expression)) {
      for (const part of this.#parts(type, definition.type, expression)) {
        const unit = this.#unit(entry, type, definition.type as UnitKind, part);
        parameter.uses.push(target === undefined ? { unit } : { unit, target });
      }
    }
    return parameter;
  }

  /** A name or an address is searched by its parts, which `family` or `address-city` then share. */
  #parts(type: string, kind: SearchParameterType, expression: string): string[] {
    if (kind !== 'string') return [expression];
    const { types } = this.#path(type, expression);
    const parts = stringParts[types[0] ?? ''];
    return parts === undefined ? [expression] : parts.map((part) => `${expression}.${part}`);
  }

  #path(type: string, expression: string): Path {
    try {
      return compilePath(this.model, this.#compile, type, expression);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      throw new Fault('invalid', `The expression of the search parameter is wrong: ${error.message}`, { cause: error });
    }
  }

  #unit(entry: TypeEntry, type: string, kind: UnitKind, expression: string): Unit {
    const name = `${type}|${expression}|${kind}`;
    const known = entry.units.get(name);
    if (known !== undefined) return known;
    const path = this.#path(type, expression);
    const seed = seedOf(name);
    const stringKey = (keyOf(seed, 'string') >>> 0).toString(36);
    const unit: Unit = {
      type,
      kind,
      path,
      seed,
      stringKey,
      rangeKey: keyOf(seed, ''),
      writtenKey: keyOf(seed, 'written'),
    };
    const codings = path.valueSet === undefined ? undefined : this.#definitions.codings(path.valueSet);
    if (codings !== undefined) unit.codings = codings;
    entry.units.set(name, unit);
    return unit;
  }

  #composite(entry: TypeEntry, type: string, definition: SearchParameterDefinition): Parameter {
    const { code, url } = definition;
    const contexts = alternativesFor(this.model, type, definition.expression ?? type).map(({ expression }) =>
      this.#path(type, expression),
    );
    const components = (definition.component ?? []).flatMap((one) => {
      const made = this.#component(entry, type, contexts, one);
      return made === undefined ? [] : [made];
    });
    if (components.length !== (definition.component ?? []).length || components.length < 2) {
      throw new Fault('invalid', `The search parameter ${code} has components that are not known`);
    }
    // Where every component has at most one value, "both in one" and "both" are the same.
    const isSimple =
      contexts.every((path) => path.name === '') &&
      components.every((one) => one.reads.every(({ path }) => path.single));
    return {
      code,
      url,
      type,
      kind: 'composite',
      uses: [],
      targets: undefined,
      composite: { contexts, components, isSimple },
    };
  }

  #component(
    entry: TypeEntry,
    type: string,
    contexts: readonly Path[],
    { definition: url, expression }: { definition: string; expression: string },
  ): Component | undefined {
    const referred = this.#byUrl.get(url);
    const definition = referred === undefined ? undefined : entry.parameters.get(referred.code);
    if (definition === undefined || definition.kind === 'composite') return undefined;
    const fromRoot = expression.startsWith('%resource.');
    const plain = fromRoot ? expression.slice('%resource.'.length) : expression;
    const owners = fromRoot ? [type] : [...new Set(contexts.flatMap((path) => path.types))];
    const reads = owners.flatMap((owner) =>
      alternativesFor(this.model, owner, plain).map((one) => ({ owner, path: this.#path(owner, one.expression) })),
    );
    const kind = definition.kind as UnitKind;
    const uses = this.#usesBehind(entry, type, contexts, fromRoot, plain, kind);
    return { code: definition.code, kind, reads, fromRoot, uses, definition };
  }

  /** The units that index a component's values, whichever context they stand in: what narrows a composite search. */
  #usesBehind(
    entry: TypeEntry,
    type: string,
    contexts: readonly Path[],
    fromRoot: boolean,
    expression: string,
    kind: UnitKind,
  ): UnitUse[] {
    const starts = fromRoot ? [''] : contexts.map((path) => path.name);
    return starts.flatMap((start) =>
      alternativesFor(this.model, type, expression).map((one) => {
        const path = start === '' ? one.expression : `${start}.${one.expression}`;
        return { unit: this.#unit(entry, type, kind, path) };
      }),
    );
  }
}
