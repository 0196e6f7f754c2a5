/**
 * R4's own types as compiled checks: which elements an object may have, how often, of what type. Made when first met, one
 * for each type; profiles (`profile.ts`) only add to them. JSON rules: https://hl7.org/fhir/R4/json.html
 */
import {
  jsonProperties,
  type Constraint,
  type Definitions,
  type Element,
  type TypeReference,
} from '../definitions/index.ts';
import type { Resource } from '../types.ts';
import { isFields, type Fields, type Property, type ValueCheck } from './checks.ts';
import { compileBinding, type TerminologyMembership } from './bindings.ts';
import { compileInvariants, type InvariantCheck, type InvariantContext } from './invariants.ts';
import { compilePrimitive } from './primitive-elements.ts';
import { checkReference } from './references.ts';
import { depthMax, shown, type Walk } from './walk.ts';

export type StructureContext = InvariantContext & {
  definitions: Definitions;
  terminology?: TerminologyMembership;
  /** Called for each Identifier with system and value; a text says what is wrong. */
  identifiers?: (system: string, value: string) => string | undefined;
  /** Called for each extension, after its own structure was checked. */
  extension(value: Fields, walk: Walk, isModifier: boolean): void;
  /** Called for each resource (contained and in bundles too), after its own structure was checked. */
  resource(resource: Resource, walk: Walk): void;
  /** The check of a type's profile (`SimpleQuantity`); undefined when it is unknown. */
  profile(url: string): ValueCheck | undefined;
};

type Shape = { properties: Map<string, Property>; required: number; elements: { element: Element; bit: number }[] };

/** More than one of `value[x]` on the same object. */
const choseTwice = (value: Fields, element: Element, walk: Walk): void => {
  const chosen = jsonProperties(element)
    .map((property) => property.name)
    .filter((name) => value[name] !== undefined || value[`_${name}`] !== undefined);
  if (chosen.length > 1) {
    walk.error('structure', `Only one of ${chosen.join(', ')} may be given`, element.name);
  }
};

const complain = (shape: Shape, seen: number, value: Fields, walk: Walk): void => {
  for (const { element, bit } of shape.elements) {
    if (element.min > 0 && (seen & bit) === 0) {
      walk.error('required', `${element.name}${element.choice ? '[x]' : ''} is required`, element.name);
    }
    if (element.choice) choseTwice(value, element, walk);
  }
};

const unknownElement = (name: string, type: string, walk: Walk): void => {
  const readable = /^[\w-]{1,64}$/.test(name) ? name : undefined;
  walk.error('structure', `${type} has no element ${shown(name)}`, readable);
};

export class Structure {
  private readonly context: StructureContext;
  private readonly types = new Map<string, ValueCheck>();

  constructor(context: StructureContext) {
    this.context = context;
  }

  /** The check of a complex type or resource by name; compiled on first use. */
  check(type: string): ValueCheck {
    const known = this.types.get(type);
    if (known !== undefined) return known;
    // Types contain themselves (Identifier.assigner.identifier): the entry stands before it is compiled.
    let made: ValueCheck | undefined;
    const late: ValueCheck = (value, walk) => {
      made ??= this.compileType(type);
      made(value, walk);
    };
    this.types.set(type, late);
    made = this.compileType(type);
    this.types.set(type, made);
    return made;
  }

  /** Any resource: checked by what its `resourceType` says. */
  readonly anyResource: ValueCheck = (value, walk) => {
    if (!isFields(value)) {
      walk.error('structure', `A resource must be an object, not ${shown(value)}`);
      return;
    }
    const { resourceType } = value;
    const type = typeof resourceType === 'string' ? this.context.model.type(resourceType) : undefined;
    if (type?.kind !== 'resource' || type.abstract) {
      const problem =
        resourceType === undefined ? 'resourceType is missing' : `${shown(resourceType)} is no resource type of R4`;
      walk.error('structure', problem, 'resourceType');
      return;
    }
    this.check(type.name)(value, walk);
    this.context.resource(value as Resource, walk);
  };

  private compileType(name: string): ValueCheck {
    const type = this.context.model.type(name);
    if (type === undefined) throw new Error(`R4 has no type ${name}`);
    const shape = this.shapeOf(name, type.elements, type.kind === 'resource');
    const { properties, required } = shape;
    const invariants = compileInvariants(this.constraintsOf(name), name, this.context);
    const after = name === 'Identifier' ? [...invariants, this.identifierCheck()] : invariants;
    return (value, walk) => {
      if (!isFields(value)) {
        walk.error('structure', `${walk.names[walk.depth - 1]} must be an object, not ${shown(value)}`);
        return;
      }
      let seen = 0;
      let isEmpty = true;
      let twice = false;
      for (const key in value) {
        isEmpty = false;
        const property = properties.get(key);
        if (property === undefined) {
          unknownElement(key, name, walk);
          continue;
        }
        if (property.isChoice && (seen & property.bit) !== 0) twice = true;
        seen |= property.bit;
        property.check(value[key], value, walk);
      }
      if (isEmpty) walk.error('structure', 'An object must not be empty');
      else if (twice || (seen & required) !== required) complain(shape, seen, value, walk);
      for (const check of after) check(value, walk);
    };
  }

  private shapeOf(type: string, elements: Element[], isResource: boolean): Shape {
    const shape: Shape = { properties: new Map(), required: 0, elements: [] };
    let bits = 0;
    if (isResource) shape.properties.set('resourceType', { bit: 0, isChoice: false, check: () => undefined });
    for (const element of elements) {
      let bit = 0;
      if (element.min > 0 || element.choice) {
        if (bits > 30) throw new Error(`${type} has more required elements than a number has bits`);
        bit = 2 ** bits;
        bits += 1;
        shape.elements.push({ element, bit });
        if (element.min > 0) shape.required |= bit;
      }
      this.addProperties(shape.properties, type, element, bit);
    }
    return shape;
  }

  private addProperties(properties: Map<string, Property>, owner: string, element: Element, bit: number): void {
    const path = `${owner}.${element.name}`;
    for (const { name, type } of jsonProperties(element)) {
      const reference = element.types.find((one) => one.type === type) ?? { type };
      if (this.context.model.type(type)?.kind !== 'primitive') {
        properties.set(name, {
          bit,
          isChoice: element.choice,
          check: this.complexProperty(element, name, path, reference),
        });
        continue;
      }
      const primitive = compilePrimitive({
        element,
        jsonName: name,
        path,
        type,
        binding: compileBinding(element.binding, type, this.context.definitions, this.context.terminology),
        invariants: compileInvariants(element.constraints ?? [], type, this.context),
        // Compiled when first met: every type has primitives, and Element has extensions of all types.
        extra: (value, walk) => this.check('Element')(value, walk),
      });
      properties.set(name, { bit, isChoice: element.choice, check: primitive.value });
      properties.set(`_${name}`, { bit, isChoice: element.choice, check: primitive.extra });
    }
  }

  private complexProperty(element: Element, jsonName: string, path: string, type: TypeReference): Property['check'] {
    const item = this.itemCheck(element, type);
    if (!element.isArray) {
      return (value, _owner, walk) => {
        walk.enter(element.name, -1, path);
        if (Array.isArray(value)) walk.error('structure', `${jsonName} does not repeat: give one value, not an array`);
        else item(value, walk);
        walk.leave();
      };
    }
    return (value, _owner, walk) => {
      if (!Array.isArray(value))
        walk.error('structure', `${jsonName} may repeat: it must be an array, not ${shown(value)}`, element.name);
      else if (value.length === 0) walk.error('structure', `${jsonName} must not be an empty array`, element.name);
      else {
        for (let index = 0; index < value.length; index += 1) {
          walk.enter(element.name, index, path);
          item(value[index], walk);
          walk.leave();
        }
      }
    };
  }

  /** One value of a complex element: its type's check, and what this element adds to it. */
  private itemCheck(element: Element, type: TypeReference): ValueCheck {
    const { context } = this;
    if (type.type === 'Resource') return this.nestedResource(element.name === 'contained');
    let check: ValueCheck | undefined;
    const checks: ValueCheck[] = [];
    const binding = compileBinding(element.binding, type.type, context.definitions, context.terminology);
    if (binding !== undefined) checks.push(binding);
    checks.push(...compileInvariants(element.constraints ?? [], type.type, context));
    for (const url of type.profiles ?? []) checks.push((value, walk) => context.profile(url)?.(value, walk));
    if (type.type === 'Reference') {
      checks.push((value, walk) => isFields(value) && checkReference(value, type.targets, context.model, walk));
    }
    if (type.type === 'Extension') {
      checks.push(
        (value, walk) => isFields(value) && context.extension(value, walk, element.name === 'modifierExtension'),
      );
    }
    return (value, walk) => {
      if (walk.depth > depthMax) {
        walk.error('structure', `The resource is nested deeper than ${depthMax} levels`);
        return;
      }
      check ??= this.check(type.type);
      check(value, walk);
      for (const one of checks) one(value, walk);
    };
  }

  private nestedResource(isContained: boolean): ValueCheck {
    return (value, walk) => {
      if (!isFields(value)) return this.anyResource(value, walk);
      const { resource, root } = walk;
      walk.resource = value as Resource;
      if (!isContained) walk.root = value as Resource;
      this.anyResource(value, walk);
      walk.resource = resource;
      walk.root = root;
    };
  }

  private identifierCheck(): InvariantCheck {
    return (value, walk) => {
      if (!isFields(value) || this.context.identifiers === undefined) return;
      const { system, value: text } = value;
      if (typeof system !== 'string' || typeof text !== 'string') return;
      const problem = this.context.identifiers(system, text);
      if (problem !== undefined) walk.error('value', problem, 'value');
    };
  }

  /** A type's own constraints and those of the types it is based on. */
  private constraintsOf(name: string): Constraint[] {
    const type = this.context.model.type(name);
    if (type === undefined) return [];
    return [...(type.base === undefined ? [] : this.constraintsOf(type.base)), ...(type.constraints ?? [])];
  }
}
