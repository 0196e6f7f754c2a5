/**
 * StructureDefinitions as checks. A profile adds to what R4 demands of its type, so only what differs is compiled: narrower
 * cardinality and types, fixed values and patterns, bindings, invariants, slices. Compiled when first used, once.
 */
import type { Constraint, Definitions, Element, Model } from '../definitions/index.ts';
import { compileBinding, isMemberOf, type TerminologyMembership } from './bindings.ts';
import { isFields, textOf, type Fields, type ValueCheck } from './checks.ts';
import { copyOf, type ElementConstraint, type ElementNode, type StructureDefinition } from './element-tree.ts';
import { elementChecks, type ElementContext } from './element-checks.ts';
import { compileInvariants, type InvariantContext } from './invariants.ts';
import { fieldsOf, gatherer } from './items.ts';
import { snapshotTree } from './snapshot.ts';
import { compileSlicing, type ItemCheck } from './slicing.ts';
import { shown, type Walk } from './walk.ts';

type FieldsCheck = (owner: Fields, walk: Walk) => void;

export type ProfilesContext = InvariantContext & {
  definitions: Definitions;
  terminology?: TerminologyMembership;
};

const bestPractice = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice';
const coreUrl = 'http://hl7.org/fhir/StructureDefinition/';

const withoutVersion = (url: string): string => {
  const bar = url.indexOf('|');
  return bar < 0 ? url : url.slice(0, bar);
};

const upTo = (max: string | undefined): number => (max === undefined || max === '*' ? Infinity : Number(max));

/** The constraint keys that R4's own types carry: these were checked with the type. */
const ownKeys = (model: Model): ReadonlySet<string> => {
  const keys = new Set(['ele-1', 'ext-1', 'txt-1', 'txt-2']);
  const note = (constraints: readonly Constraint[] | undefined): void => {
    for (const { key } of constraints ?? []) keys.add(key);
  };
  const visit = (name: string, seen: Set<string>): void => {
    const type = model.type(name);
    if (type === undefined || seen.has(name)) return;
    seen.add(name);
    note(type.constraints);
    visit(type.base ?? '', seen);
    for (const element of type.elements) {
      note(element.constraints);
      for (const { type: inner } of element.types) visit(inner, seen);
    }
  };
  const seen = new Set<string>();
  for (const type of model.resourceTypes()) visit(type, seen);
  return keys;
};

export class Profiles {
  private readonly context: ProfilesContext;
  private readonly definitions = new Map<string, StructureDefinition>();
  private readonly trees = new Map<string, ElementNode | undefined>();
  private readonly checks = new Map<string, ValueCheck>();
  private keys: ReadonlySet<string> | undefined;

  constructor(context: ProfilesContext) {
    this.context = context;
  }

  /** Takes a profile into use; one of the same url is replaced. The caller has checked its structure. */
  add(profile: StructureDefinition): void {
    this.definitions.set(profile.url, profile);
    this.forgetCompiled();
  }

  remove(url: string): void {
    if (this.definitions.delete(url)) this.forgetCompiled();
  }

  /** Others may build on a profile, or refer to it in what they have compiled. */
  private forgetCompiled(): void {
    this.trees.clear();
    this.checks.clear();
  }

  has(url: string): boolean {
    return this.definitions.has(withoutVersion(url));
  }

  get(url: string): StructureDefinition | undefined {
    return this.definitions.get(withoutVersion(url));
  }

  /** The urls of the profiles on a type. */
  urls(type: string): string[] {
    return [...this.definitions.values()].filter((profile) => profile.type === type).map((profile) => profile.url);
  }

  /** The value sets that a profile's required and extensible bindings name. */
  valueSets(url: string): string[] {
    const profile = this.get(url);
    const elements = profile?.snapshot?.element ?? profile?.differential?.element ?? [];
    const bindings = elements.map((element) => element.binding).filter((binding) => binding?.valueSet !== undefined);
    const checked = bindings.filter(
      (binding) => binding?.strength === 'required' || binding?.strength === 'extensible',
    );
    return [...new Set(checked.map((binding) => withoutVersion(binding?.valueSet ?? '')))];
  }

  /** The whole tree of a known profile, its snapshot generated where it came without; R4's own types have none. */
  tree(url: string): ElementNode | undefined {
    const plain = withoutVersion(url);
    if (this.trees.has(plain)) return this.trees.get(plain);
    const profile = this.definitions.get(plain);
    // Set first: profiles may refer to each other in a circle.
    this.trees.set(plain, undefined);
    const tree = profile && snapshotTree(profile, { model: this.context.model, tree: (other) => this.tree(other) });
    this.trees.set(plain, tree);
    return tree;
  }

  /** The check that a profile adds to its type's own; undefined when the profile is unknown. */
  check(url: string): ValueCheck | undefined {
    const plain = withoutVersion(url);
    const known = this.checks.get(plain);
    if (known !== undefined) return known;
    if (!this.definitions.has(plain)) return undefined;
    let made: ValueCheck | undefined;
    const late: ValueCheck = (value, walk) => {
      made ??= this.compileProfile(plain);
      made(value, walk);
    };
    this.checks.set(plain, late);
    return late;
  }

  private compileProfile(url: string): ValueCheck {
    const profile = this.definitions.get(url);
    const tree = this.tree(url);
    if (profile === undefined || tree === undefined) return () => undefined;
    const { type } = profile;
    const isResource = this.context.model.type(type)?.kind === 'resource';
    const fields = this.compileFields(tree, type);
    const invariants = compileInvariants(this.constraintsOf(tree), type, this.context);
    return (value, walk) => {
      if (isResource && isFields(value) && !this.context.model.isA(textOf(value['resourceType']), type)) {
        walk.error('structure', `This is a ${shown(value['resourceType'])}; the profile ${url} is for ${type}`);
        return;
      }
      if (isFields(value)) fields?.(value, walk);
      for (const check of invariants) check(value, walk);
    };
  }

  private constraintsOf(node: ElementNode): Constraint[] {
    this.keys ??= ownKeys(this.context.model);
    const isAdvice = (one: ElementConstraint): boolean =>
      one.extension?.some(({ url, valueBoolean }) => url === bestPractice && valueBoolean === true) ?? false;
    return (node.element.constraint ?? [])
      .filter((one) => one.expression !== undefined && !this.keys?.has(one.key) && !isAdvice(one))
      .map(({ key, severity, human, expression }) => ({ key, severity, human, expression: expression ?? '' }));
  }

  /** The checks of an object's elements; undefined when the profile adds nothing there. */
  private compileFields(node: ElementNode, type: string): FieldsCheck | undefined {
    const checks: FieldsCheck[] = [];
    for (const child of node.children) {
      const check = this.compileChild(child, type);
      if (check !== undefined) checks.push(check);
    }
    if (checks.length === 0) return undefined;
    return (owner, walk) => {
      for (const check of checks) check(owner, walk);
    };
  }

  private compileChild(given: ElementNode, ownerType: string): FieldsCheck | undefined {
    const node = this.asDeclared(given, ownerType);
    const element = this.context.model.element(ownerType, node.name);
    if (element === undefined) return undefined;
    const item = this.itemCheck(node, element);
    const slicing =
      node.slices.length === 0
        ? undefined
        : compileSlicing(node, {
            model: this.context.model,
            tree: (url) => this.tree(url),
            conforms: (value, url, walk) => this.conforms(value, url, walk),
            memberOf: (value, valueSet) => this.memberOf(value, valueSet),
            itemCheck: (slice) => this.itemCheck(slice, element),
          });
    const min = Math.max(node.element.min ?? 0, 0);
    const max = upTo(node.element.max);
    const isCounted = min > element.min || max < element.max;
    if (item === undefined && slicing === undefined && !isCounted) return undefined;
    const gather = gatherer(element);
    const path = `${ownerType}.${element.name}`;
    return (owner, walk) => {
      const items = gather(owner);
      if (isCounted) countProblem(element.name, items.length, min, max, walk);
      if (item !== undefined) {
        for (const one of items) {
          walk.enter(element.name, one.index, path);
          item(one, walk);
          walk.leave();
        }
      }
      slicing?.(items, walk);
    };
  }

  /** `Observation.valueQuantity` is short for the slice of `value[x]` by that type. */
  private asDeclared(node: ElementNode, ownerType: string): ElementNode {
    if (this.context.model.element(ownerType, node.name) !== undefined) return node;
    const property = this.context.model.property(ownerType, node.name);
    if (property === undefined) return node;
    const slice = copyOf(node);
    slice.element = { ...slice.element, sliceName: node.name, type: slice.element.type ?? [{ code: property.type }] };
    const { name } = property.element;
    return { element: { path: `${ownerType}.${name}[x]` }, name, isChoice: true, children: [], slices: [slice] };
  }

  /** What the profile says of one value of an element, by the value's concrete type. */
  private itemCheck(node: ElementNode, element: Element): ItemCheck | undefined {
    const checks = elementChecks(node, element, this.elementContext);
    const byType = new Map<string, ItemCheck | undefined>();
    const constraints = this.constraintsOf(node);
    if (node.children.length === 0 && constraints.length === 0 && node.element.binding === undefined) {
      return checks.length === 0 ? undefined : (item, walk) => checks.forEach((check) => check(item, walk));
    }
    return (item, walk) => {
      for (const check of checks) check(item, walk);
      if (!byType.has(item.type)) byType.set(item.type, this.typedCheck(node, element, item.type, constraints));
      byType.get(item.type)?.(item, walk);
    };
  }

  private typedCheck(
    node: ElementNode,
    element: Element,
    type: string,
    constraints: Constraint[],
  ): ItemCheck | undefined {
    const { definitions, terminology } = this.context;
    const fields = this.compileFields(node, type);
    const invariants = compileInvariants(constraints, type, this.context);
    const { binding } = node.element;
    const isSame =
      binding?.strength === element.binding?.strength &&
      withoutVersion(binding?.valueSet ?? '') === element.binding?.valueSet;
    const bound =
      binding?.valueSet === undefined || isSame
        ? undefined
        : compileBinding(
            { strength: binding.strength, valueSet: withoutVersion(binding.valueSet) },
            type,
            definitions,
            terminology,
          );
    if (fields === undefined && invariants.length === 0 && bound === undefined) return undefined;
    return (item, walk) => {
      fields?.(fieldsOf(item), walk);
      bound?.(item.value, walk);
      for (const check of invariants) check(item.value, walk, isFields(item.extra) ? item.extra : undefined);
    };
  }

  private readonly elementContext: ElementContext = {
    isA: (type, ancestor) => this.context.model.isA(type, ancestor),
    isType: (name) => this.context.model.type(name) !== undefined,
    model: () => this.context.model,
    typeOf: (url) => this.typeOf(url),
    conforms: (value, url, walk) => this.conforms(value, url, walk),
    check: (url) => this.check(url),
  };

  /** The type that a profile constrains; of an unknown profile undefined. */
  private typeOf(url: string): string | undefined {
    const plain = withoutVersion(url);
    const known = this.definitions.get(plain)?.type;
    if (known !== undefined) return known;
    const name = plain.startsWith(coreUrl) ? plain.slice(coreUrl.length) : '';
    return this.context.model.type(name)?.name;
  }

  /** A trial: whether a value meets a profile; undefined when the profile is unknown. */
  conforms(value: unknown, url: string, walk: Walk): boolean | undefined {
    const check = this.check(url);
    if (check === undefined) {
      const type = this.typeOf(url);
      return type === undefined
        ? undefined
        : isFields(value) && this.context.model.isA(textOf(value['resourceType']), type);
    }
    return walk.accepts(() => check(value, walk));
  }

  private memberOf(value: unknown, valueSet: string): boolean | undefined {
    const { definitions, terminology } = this.context;
    return isMemberOf(value, withoutVersion(valueSet), definitions, terminology);
  }
}

const countProblem = (name: string, count: number, min: number, max: number, walk: Walk): void => {
  if (count < min) {
    const times = min === 1 ? 'is required by the profile' : `must be given at least ${min} times, says the profile`;
    walk.error('required', `${name} ${times}`, name);
  } else if (count > max) {
    const problem = max === 0 ? 'is not allowed by the profile' : `may be given at most ${max} times, says the profile`;
    walk.error('structure', `${name} ${problem}`, name);
  }
};
