/** SearchParameters, profiles, code systems and value sets with only what the program reads of them. */
import type { Source, SourceConcept, SourceElement } from './definitions-source.ts';

const pick = (thing: Record<string, unknown>, fields: string[]): Record<string, unknown> =>
  Object.fromEntries(fields.filter((field) => thing[field] !== undefined).map((field) => [field, thing[field]]));

const searchFields = [
  'url',
  'code',
  'base',
  'type',
  'expression',
  'target',
  'component',
  'comparator',
  'modifier',
  'multipleOr',
  'multipleAnd',
];

/**
 * R4 writes `value as Quantity`, which FHIRPath refuses where there are several values; R4B and later write `ofType`, which says
 * what was meant (https://jira.hl7.org/browse/FHIR-24056). We take the later spelling.
 */
const withOfType = (expression: string): string =>
  expression.replace(/ as ([A-Za-z]+)/g, '.ofType($1)').replace(/\.as\(([A-Za-z]+)\)/g, '.ofType($1)');

export const compactSearchParameter = (parameter: Source): object => {
  const kept = pick(parameter, searchFields) as { expression?: string; component?: { expression: string }[] };
  return {
    ...kept,
    ...(kept.expression === undefined ? {} : { expression: withOfType(kept.expression) }),
    ...(kept.component === undefined
      ? {}
      : { component: kept.component.map((one) => ({ ...one, expression: withOfType(one.expression) })) }),
  };
};

const elementFields = [
  'id',
  'path',
  'sliceName',
  'slicing',
  'min',
  'max',
  'base',
  'contentReference',
  'type',
  'maxLength',
  'mustSupport',
  'isModifier',
  'representation',
];
const valueFields = /^(?:fixed|pattern|minValue|maxValue)[A-Z]/;
const inherited = /\/StructureDefinition\/(?:Element|Extension|Resource|DomainResource|BackboneElement)$/;

const compactElement = (element: SourceElement): object => {
  const constraint = (element.constraint ?? [])
    .filter((one) => !inherited.test(one.source ?? ''))
    .filter((one) => !['ele-1', 'ext-1'].includes(one.key))
    .map((one) => pick(one, ['extension', 'key', 'severity', 'human', 'expression', 'source']));
  return {
    ...pick(element, [...elementFields, ...Object.keys(element).filter((field) => valueFields.test(field))]),
    ...(constraint.length > 0 ? { constraint } : {}),
    ...(element.binding?.valueSet === undefined ? {} : { binding: pick(element.binding, ['strength', 'valueSet']) }),
  };
};

export const compactProfile = (profile: Source): object => ({
  ...pick(profile, [
    'resourceType',
    'id',
    'url',
    'version',
    'name',
    'title',
    'status',
    'fhirVersion',
    'kind',
    'abstract',
    'context',
    'type',
    'baseDefinition',
    'derivation',
  ]),
  snapshot: { element: (profile.snapshot?.element ?? []).map(compactElement) },
});

const compactConcept = (concept: SourceConcept): object => ({
  ...pick(concept, ['code', 'display', 'definition', 'property']),
  ...(concept.concept === undefined ? {} : { concept: concept.concept.map(compactConcept) }),
});

const conceptFields = [
  'resourceType',
  'id',
  'url',
  'identifier',
  'version',
  'name',
  'title',
  'status',
  'experimental',
  'date',
  'publisher',
  'description',
  'immutable',
  'compose',
  'caseSensitive',
  'valueSet',
  'hierarchyMeaning',
  'compositional',
  'content',
  'supplements',
  'filter',
  'property',
  'sourceUri',
  'sourceCanonical',
  'targetUri',
  'targetCanonical',
  'group',
];

export const compactConcepts = (things: Source[]): object[] =>
  things.map((thing) => ({
    ...pick(thing, conceptFields),
    ...(thing.resourceType === 'CodeSystem' && thing.concept ? { concept: thing.concept.map(compactConcept) } : {}),
  }));
