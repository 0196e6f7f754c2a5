/** SearchParameter resources: what search makes of them, and whether they can be taken into use (R4 searchparameter.html). */
import { Fault } from '#kernel/fault.ts';
import type { Definitions, SearchParameterDefinition, SearchParameterType } from '../definitions/index.ts';
import { Catalog, type Unit } from '../search/catalog.ts';
import type { Compile } from '../search/path.ts';
import type { OperationOutcomeIssue, Resource } from '../types.ts';

/** The value types that each kind of search can read. */
const readable: Partial<Record<SearchParameterType, readonly string[]>> = {
  number: ['integer', 'decimal', 'positiveInt', 'unsignedInt'],
  date: ['date', 'dateTime', 'instant', 'Period', 'Timing'],
  string: ['string', 'markdown', 'code', 'id', 'uri', 'url', 'canonical', 'HumanName', 'Address', 'ContactPoint'],
  token: ['code', 'Coding', 'CodeableConcept', 'Identifier', 'ContactPoint', 'boolean', 'string', 'id', 'uri'],
  reference: ['Reference', 'canonical', 'uri', 'url'],
  quantity: ['Quantity', 'Age', 'Duration', 'Count', 'Distance', 'Money', 'SimpleQuantity', 'MoneyQuantity', 'Range'],
  uri: ['uri', 'url', 'canonical', 'oid', 'uuid', 'id'],
};
const openTypes = new Set(['Element', 'Resource', 'DomainResource', 'BackboneElement', 'Any', '*']);

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What search needs of a SearchParameter that is in use; undefined for one that is a draft or retired. Its shape has been validated. */
export function definitionOf(resource: Resource): SearchParameterDefinition | undefined {
  const [url, code, type] = [text(resource['url']), text(resource['code']), text(resource['type'])];
  if (resource['status'] !== 'active' || url === undefined || code === undefined || type === undefined)
    return undefined;
  const expression = text(resource['expression']);
  const target = texts(resource['target']);
  const component = componentsOf(resource['component']);
  return {
    url,
    code,
    base: texts(resource['base']),
    type: type as SearchParameterType,
    ...(expression === undefined ? {} : { expression }),
    ...(target.length > 0 ? { target } : {}),
    ...(component.length > 0 ? { component } : {}),
    ...(typeof resource['multipleOr'] === 'boolean' ? { multipleOr: resource['multipleOr'] } : {}),
    ...(typeof resource['multipleAnd'] === 'boolean' ? { multipleAnd: resource['multipleAnd'] } : {}),
  };
}

function componentsOf(value: unknown): { definition: string; expression: string }[] {
  if (!Array.isArray(value)) return [];
  return (value as Record<string, unknown>[]).flatMap((one) => {
    const [definition, expression] = [text(one['definition']), text(one['expression'])];
    return definition === undefined || expression === undefined ? [] : [{ definition, expression }];
  });
}

export type CheckDeps = {
  definitions: Definitions;
  compile: Compile;
  /** The parameters that users stored, by the id of their resource. */
  stored: ReadonlyMap<string, SearchParameterDefinition>;
};

const error = (expression: string, diagnostics: string, code = 'invalid'): OperationOutcomeIssue => ({
  severity: 'error',
  code,
  diagnostics,
  expression: [expression],
});

/** What stands against taking a SearchParameter into use; nothing for one that is not active. Never throws. */
export function checkSearchParameter(deps: CheckDeps, resource: Resource): OperationOutcomeIssue[] {
  const definition = definitionOf(resource);
  if (definition === undefined) return [];
  const isBuiltIn = deps.definitions.searchParameters.some(({ url }) => url === definition.url);
  const issues = [
    ...problemsOfBase(deps, definition),
    ...problemsOfCode(deps, definition, resource.id, isBuiltIn),
    ...problemsOfForm(definition, isBuiltIn),
  ];
  return issues.length > 0 ? issues : problemsOfExpression(deps, definition, isBuiltIn);
}

function problemsOfBase(
  { definitions: { model } }: CheckDeps,
  { base }: SearchParameterDefinition,
): OperationOutcomeIssue[] {
  if (base.length === 0) return [error('SearchParameter.base', 'A search parameter needs a base.', 'required')];
  return base
    .filter((type) => model.type(type)?.kind !== 'resource')
    .map((type) => error('SearchParameter.base', `There is no resource type "${type.slice(0, 80)}" in FHIR R4.`));
}

function problemsOfCode(
  { definitions, stored }: CheckDeps,
  definition: SearchParameterDefinition,
  id: string | undefined,
  isBuiltIn: boolean,
): OperationOutcomeIssue[] {
  const { code, url } = definition;
  const where = 'SearchParameter.code';
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(code))
    return [error(where, `"${code.slice(0, 80)}" can't be a parameter's name.`)];
  if (code.startsWith('_') && !isBuiltIn) return [error(where, "Names that begin with _ are the standard's own.")];
  const others = [...definitions.searchParameters, ...[...stored].filter(([key]) => key !== id).map(([, one]) => one)];
  const twin = [...stored].find(([key, one]) => key !== id && one.url === url);
  if (twin) return [error('SearchParameter.url', `SearchParameter/${twin[0]} has this url already.`, 'duplicate')];
  const taken = others.find(
    (one) => one.url !== url && one.code === code && isShared(definitions, one.base, definition.base),
  );
  return taken ? [error(where, `"${code}" is the name of ${taken.url} already.`, 'duplicate')] : [];
}

function isShared({ model }: Definitions, some: readonly string[], others: readonly string[]): boolean {
  return some.some((a) => others.some((b) => model.isA(a, b) || model.isA(b, a)));
}

function problemsOfForm(definition: SearchParameterDefinition, isBuiltIn: boolean): OperationOutcomeIssue[] {
  const { type, expression, component = [] } = definition;
  if (isBuiltIn) return [];
  if (type === 'special')
    return [
      error('SearchParameter.type', "What a special parameter means can't be told by a resource.", 'not-supported'),
    ];
  if (type === 'composite' && component.length < 2) {
    return [error('SearchParameter.component', 'A composite parameter needs two components or more.', 'required')];
  }
  if (type !== 'composite' && expression === undefined) {
    return [error('SearchParameter.expression', 'A search parameter needs an expression.', 'required')];
  }
  return [];
}

/** Compiles it as search itself would, beside only what it refers to. */
function problemsOfExpression(
  deps: CheckDeps,
  definition: SearchParameterDefinition,
  isBuiltIn: boolean,
): OperationOutcomeIssue[] {
  const where = 'SearchParameter.expression';
  try {
    const catalog = new Catalog({
      definitions: { ...deps.definitions, searchParameters: [...componentsBehind(deps, definition), definition] },
      compile: deps.compile,
    });
    return typesOf(deps.definitions, definition)
      .flatMap((type) => {
        const parameter = catalog.parameter(type, definition.code);
        if (parameter?.composite || isBuiltIn) return [];
        const units = parameter?.uses.map(({ unit }) => unit) ?? [];
        if (units.length === 0) return [error(where, `The expression has nothing for ${type}.`)];
        return units.some((unit) => isReadable(definition.type, unit)) ? [] : [unreadable(definition, units)];
      })
      .slice(0, 20);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    return [error(definition.type === 'composite' ? 'SearchParameter.component' : where, cause.message)];
  }
}

function componentsBehind(
  { definitions, stored }: CheckDeps,
  { component = [] }: SearchParameterDefinition,
): SearchParameterDefinition[] {
  const wanted = new Set(component.map((one) => one.definition));
  return [...definitions.searchParameters, ...stored.values()].filter(({ url }) => wanted.has(url));
}

/** The concrete types that a parameter is for. */
export function typesOf({ model }: Pick<Definitions, 'model'>, { base }: SearchParameterDefinition): string[] {
  return model.resourceTypes().filter((type) => base.some((one) => model.isA(type, one)));
}

function isReadable(kind: SearchParameterType, { path }: Unit): boolean {
  const types = readable[kind];
  return types === undefined || path.types.some((type) => openTypes.has(type) || types.includes(type));
}

function unreadable({ type }: SearchParameterDefinition, units: readonly Unit[]): OperationOutcomeIssue {
  const found = [...new Set(units.flatMap(({ path }) => path.types))].slice(0, 5).join(', ');
  if (found === '') return error('SearchParameter.expression', 'The expression leads to nothing that R4 defines.');
  return error('SearchParameter.type', `A ${type} parameter can't search ${found}.`);
}
