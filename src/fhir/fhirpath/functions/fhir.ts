/** What FHIR adds to FHIRPath (http://hl7.org/fhir/R4/fhirpath.html#functions). */
import { Fault } from '#kernel/fault.ts';
import { MemberStep } from '../access.ts';
import { Node, empty, isObject, type Nodes } from '../node.ts';
import { isNarrativeHtml } from '../narrative.ts';
import { singleton, typeFault } from '../operators.ts';
import { resolveReference } from '../reference.ts';
import type { Scope } from '../scope.ts';
import { eachItem, textIn, type FunctionDefinition, type FunctionTable } from './definition.ts';

const definitionBase = 'http://hl7.org/fhir/StructureDefinition/';

function conformsTo(node: Node, url: string, scope: Scope): boolean {
  const known = scope.environment.conformsTo?.(node.value, url);
  if (known !== undefined) return known;
  const name = url.startsWith(definitionBase) ? url.slice(definitionBase.length).split('|')[0]! : '';
  if (!scope.model.type(name)) throw typeFault(`the profile ${url} is not known here`);
  return scope.model.isA(node.type, name);
}

const extension: FunctionDefinition = {
  arity: [1, 1],
  returns: 'nodes',
  types: () => ['Extension'],
  build: ([url], { model }) => {
    const step = new MemberStep(model, 'extension');
    return (input, self, scope) => {
      const wanted = textIn(url!.evaluate(self, scope), 'extension');
      const found: Nodes = [];
      if (wanted === undefined) return empty;
      for (const node of input) step.collect(node, found);
      return found.filter(({ value }) => isObject(value) && value['url'] === wanted);
    };
  },
};

const resolve: FunctionDefinition = {
  arity: [0, 0],
  returns: 'nodes',
  build: () => (input, _self, scope) => {
    const found: Nodes = [];
    scope.spend(input.length);
    for (const node of input) {
      const target = resolveReference(node, scope);
      if (target) found.push(target);
    }
    return found;
  },
};

/** Fails when an element of the input has a modifier extension that the caller does not name. */
const checkModifiers: FunctionDefinition = {
  arity: [0, 20],
  returns: 'nodes',
  types: (input) => input,
  build: (args) => (input, self, scope) => {
    const allowed = new Set(args.map((argument) => textIn(argument.evaluate(self, scope), 'checkModifiers')));
    eachItem(input, scope, ({ value }) => {
      const modifiers: unknown = isObject(value) ? value['modifierExtension'] : undefined;
      for (const modifier of Array.isArray(modifiers) ? (modifiers as unknown[]) : []) {
        const url = isObject(modifier) ? modifier['url'] : undefined;
        if (typeof url !== 'string' || !allowed.has(url)) throw typeFault(`the modifier extension ${url} is not known`);
      }
    });
    return input;
  },
};

/** These two ask about profiles, which the engine does not hold; validation answers them. */
const aboutProfiles = (name: string, arity: readonly [number, number]): FunctionDefinition => ({
  arity,
  returns: 'nodes',
  build: () => () => {
    throw new Fault('notSupported', `FHIRPath: ${name}() is not supported`);
  },
});

function subsumption(name: string, isForward: boolean): FunctionDefinition {
  return {
    arity: [1, 1],
    returns: 'condition',
    build:
      ([other]) =>
      (input, self, scope) => {
        const left = singleton(input, `${name}()`);
        const right = singleton(other!.evaluate(self, scope), `${name}()`);
        if (!left || !right) return undefined;
        const [broad, narrow] = isForward ? [left, right] : [right, left];
        return scope.environment.subsumes?.(broad.value, narrow.value);
      },
  };
}

const ofPrimitives: (node: Node) => boolean = ({ value }) => value !== undefined && !isObject(value);

export const fhirFunctions: FunctionTable = {
  extension,
  resolve,
  hasValue: {
    arity: [0, 0],
    returns: 'condition',
    build: () => (input) => input.length === 1 && ofPrimitives(input[0]!),
  },
  getValue: {
    arity: [0, 0],
    returns: 'nodes',
    types: (input) => input,
    build: () => (input) => (input.length === 1 && ofPrimitives(input[0]!) ? input : empty),
  },
  memberOf: {
    arity: [1, 1],
    returns: 'condition',
    build:
      ([valueSet]) =>
      (input, self, scope) => {
        const node = singleton(input, 'memberOf()');
        const url = textIn(valueSet!.evaluate(self, scope), 'memberOf');
        return node && url !== undefined ? scope.environment.memberOf?.(node.value, url) : undefined;
      },
  },
  conformsTo: {
    arity: [1, 1],
    returns: 'condition',
    build:
      ([profile]) =>
      (input, self, scope) => {
        const node = singleton(input, 'conformsTo()');
        const url = textIn(profile!.evaluate(self, scope), 'conformsTo');
        return node && url !== undefined ? conformsTo(node, url, scope) : undefined;
      },
  },
  htmlChecks: {
    arity: [0, 0],
    returns: 'condition',
    build: () => (input) => {
      const html = textIn(input, 'htmlChecks');
      return html === undefined ? undefined : isNarrativeHtml(html);
    },
  },
  subsumes: subsumption('subsumes', true),
  subsumedBy: subsumption('subsumedBy', false),
  checkModifiers,
  elementDefinition: aboutProfiles('elementDefinition', [0, 0]),
  slice: aboutProfiles('slice', [2, 2]),
};
