/** StructureDefinitions of R4's own types → the `TypeDefinition`s of `src/fhir/definitions/model.ts`, without what is inherited or default. */
import type { Constraint } from '#fhir/definitions/model.ts';
import type { Source, SourceConstraint, SourceElement, SourceElementType } from './definitions-source.ts';

const canonicalType = 'http://hl7.org/fhir/StructureDefinition/';
const bestPractice = `${canonicalType}elementdefinition-bestpractice`;
const regex = `${canonicalType}regex`;
const kinds: Record<string, string> = {
  'primitive-type': 'primitive',
  'complex-type': 'complex',
  resource: 'resource',
};

/** que-7 names the System type where it means FHIR's; later versions of the standard have it right. */
const corrected = (expression: string): string => expression.replace('answer is Boolean', 'answer is boolean');

/** Said of every element and every extension: `Element` and `Extension` carry them. */
const onEveryElement = new Set(['ele-1', 'ext-1']);

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

const truthy = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== false)) as T;

/** A constraint that names another source came with that type, which carries it itself. */
export const ownConstraints = (
  constraints: SourceConstraint[] | undefined,
  url: string,
  inherited: ReadonlySet<string>,
): Constraint[] | undefined => {
  const own = (constraints ?? []).filter(
    (one) => !inherited.has(one.key) && (one.source === undefined || one.source === url) && one.expression,
  );
  if (own.length === 0) return undefined;
  return own.map((one) =>
    truthy({
      key: one.key,
      severity: one.severity,
      human: one.human,
      expression: corrected(one.expression ?? ''),
      bestPractice: (one.extension ?? []).some(
        (extension) => extension.url === bestPractice && extension.valueBoolean === true,
      ),
    }),
  ) as Constraint[];
};

/** `http://hl7.org/fhirpath/System.String` stands for what the value is; R4 gets `Resource.id` wrong (it says string). */
const typeName = (type: SourceElementType, element: SourceElement): string => {
  if (!type.code.includes('/')) return type.code;
  if (element.base?.path === 'Resource.id') return 'id';
  const real = type.extension?.find((extension) => extension.url.endsWith('structuredefinition-fhir-type'));
  return real?.valueUrl ?? 'string';
};

const typeReference = (type: SourceElementType, element: SourceElement): object => {
  const targets = type.targetProfile?.map((target) => target.replace(canonicalType, '')) ?? [];
  return truthy({
    type: typeName(type, element),
    targets: targets.length === 0 || targets.includes('Resource') ? undefined : targets,
    profiles: type.profile,
  });
};

const references = (element: SourceElement, backbones: Set<string>): object[] => {
  if (element.contentReference !== undefined) return [{ type: element.contentReference.slice(1) }];
  if (backbones.has(element.path)) return [{ type: element.path }];
  return (element.type ?? []).map((type) => typeReference(type, element));
};

const compactElement = (element: SourceElement, backbones: Set<string>, url: string): object => {
  const last = lastOf(element.path);
  const choice = last.endsWith('[x]');
  const binding = element.binding?.valueSet && {
    strength: element.binding.strength,
    valueSet: element.binding.valueSet.split('|')[0],
  };
  return truthy({
    name: choice ? last.slice(0, -3) : last,
    types: references(element, backbones),
    choice,
    min: element.min || undefined,
    // `*` is Infinity, which JSON has not.
    ...(element.max === '*' ? { max: null } : element.max === '1' ? {} : { max: Number(element.max) }),
    isArray: (element.base?.max ?? element.max) !== '1',
    isModifier: element.isModifier ?? false,
    isSummary: element.isSummary ?? false,
    binding: binding || undefined,
    constraints: backbones.has(element.path) ? undefined : ownConstraints(element.constraint, url, onEveryElement),
    xmlAttribute: element.representation?.includes('xmlAttr') ?? false,
  });
};

const childrenOf = (elements: SourceElement[], path: string): SourceElement[] =>
  elements.filter((one) => one.path.startsWith(`${path}.`) && !one.path.slice(path.length + 1).includes('.'));

/** One structure gives its type and one for each of its backbone elements. */
const typesOf = (structure: Source): object[] => {
  const elements = structure.snapshot?.element ?? [];
  const root = elements[0];
  if (root === undefined) throw new Error(`${structure.url} has no snapshot`);
  const primitive = structure.kind === 'primitive-type';
  const backbones = new Set(
    elements
      .slice(1)
      .map((one) => one.path)
      .filter((path) => childrenOf(elements, path).length > 0),
  );
  const value = elements.find((one) => primitive && lastOf(one.path) === 'value');
  const own = truthy({
    name: structure.type ?? structure.name,
    kind: kinds[structure.kind ?? ''],
    abstract: structure.abstract ?? false,
    base: structure.baseDefinition?.replace(canonicalType, ''),
    constraints: ownConstraints(root.constraint, structure.url, new Set()),
    pattern: value?.type?.[0]?.extension?.find((extension) => extension.url === regex)?.valueString,
    elements: childrenOf(elements, root.path)
      .filter((one) => one !== value)
      .map((one) => compactElement(one, backbones, structure.url)),
  });
  const parts = elements
    .filter((one) => backbones.has(one.path))
    .map((one) =>
      truthy({
        name: one.path,
        kind: 'complex',
        base: one.type?.[0]?.code ?? 'BackboneElement',
        constraints: ownConstraints(one.constraint, structure.url, onEveryElement),
        elements: childrenOf(elements, one.path).map((child) => compactElement(child, backbones, structure.url)),
      }),
    );
  return [own, ...parts];
};

export const compactTypes = (structures: Source[]): object[] => structures.flatMap(typesOf);
