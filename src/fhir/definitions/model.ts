/**
 * What FHIR says its types are, compact: the shape that `tools/definitions.ts` writes to `definitions/` and that validation,
 * FHIRPath, search and the XML codec read. Backbone elements are types of their own, named by path (`Observation.component`).
 */
type TypeKind = 'primitive' | 'complex' | 'resource';

export type TypeReference = {
  /** Type name: `CodeableConcept`, `string`, `Observation.component`, `Reference`; `System.String` never appears (it is `string`, `id`, `uri` …). */
  type: string;
  /** Reference and canonical: the resource types it may point to; absent when any. */
  targets?: string[];
  /** Profiles that the value must conform to (canonical URLs). */
  profiles?: string[];
};

export type Constraint = {
  key: string;
  severity: 'error' | 'warning';
  human: string;
  expression: string;
  /** Advice of the standard, not a rule (`dom-6`): never a reason to refuse. */
  bestPractice?: boolean;
};

export type Binding = { strength: 'required' | 'extensible' | 'preferred' | 'example'; valueSet: string };

export type Element = {
  /** Property name without type: `value` for `value[x]`. */
  name: string;
  /** More than one entry, or `choice` true: the JSON property is name + capitalised type (`valueQuantity`). */
  types: TypeReference[];
  choice: boolean;
  min: number;
  /** `Infinity` for `*` (written as null in JSON). */
  max: number;
  /** Base maximum is more than one, so the JSON is an array. */
  isArray: boolean;
  isModifier?: boolean;
  isSummary?: boolean;
  binding?: Binding;
  constraints?: Constraint[];
  /** XML: written as an attribute (`id` of elements, `url` of Extension). */
  xmlAttribute?: boolean;
};

export type TypeDefinition = {
  name: string;
  kind: TypeKind;
  abstract: boolean;
  /** `DomainResource`, `Element`, `BackboneElement`, `Quantity` … */
  base?: string;
  /** In the order that the standard writes them (XML needs it), inherited elements included. */
  elements: Element[];
  /** Its own; those of `base` hold as well. */
  constraints?: Constraint[];
  /** Primitives: the pattern that the JSON text must match whole. */
  pattern?: string;
};

/** What a FHIRPath compiler or a codec asks of the types. */
export interface Model {
  type(name: string): TypeDefinition | undefined;
  /** The element behind a FHIRPath step: `element('Observation', 'value')`. Constant time. */
  element(type: string, name: string): Element | undefined;
  /** The element and concrete type behind a JSON property: `property('Observation', 'valueQuantity')` → type `Quantity`. Constant time. */
  property(type: string, jsonName: string): { element: Element; type: string } | undefined;
  /** `isA('Age', 'Quantity')`, `isA('Patient', 'DomainResource')`, `isA('code', 'string')`: true also for equal names. */
  isA(type: string, ancestor: string): boolean;
  resourceTypes(): readonly string[];
}
