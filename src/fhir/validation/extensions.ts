/** Extensions by their definitions, where these are known (https://hl7.org/fhir/R4/extensibility.html, defining-extensions.html#context). */
import { typeUrl, type Model } from '../definitions/index.ts';
import type { Fields } from './checks.ts';
import type { Profiles } from './profiles.ts';
import { shown, type Walk } from './walk.ts';

/** The names by which a definition may call the place where an extension stands: types, their ancestors, paths. */
const namesOfPlace = (path: string, outer: string, model: Model): ReadonlySet<string> => {
  const names = new Set<string>();
  const withAncestors = (type: string): void => {
    for (let at: string | undefined = type; at !== undefined; at = model.type(at)?.base) names.add(at);
  };
  // `Element` in a context means anywhere, HL7's own examples on resources too.
  names.add('Element');
  const dot = path.lastIndexOf('.');
  if (dot < 0) {
    withAncestors(path);
    return names;
  }
  const name = path.slice(dot + 1);
  const element = model.element(path.slice(0, dot), name);
  for (const shape of [path, `${outer}.${name}`]) {
    names.add(shape);
    if (element?.choice === true) names.add(`${shape}[x]`);
    for (const { type } of element?.choice === true ? element.types : []) {
      names.add(shape + type.charAt(0).toUpperCase() + type.slice(1));
    }
  }
  for (const { type } of element?.types ?? []) withAncestors(type);
  return names;
};

type Context = { type: string; expression: string };

const isAllowed = (contexts: Context[], place: ReadonlySet<string>, outerUrl: unknown): boolean =>
  contexts.some(({ type, expression }) => {
    // A FHIRPath context would have to be evaluated over the whole resource; it is not held against the writer.
    if (type === 'fhirpath') return true;
    if (type === 'extension') return outerUrl === undefined || expression === outerUrl;
    return place.has(expression) || expression === '*' || expression === 'Any';
  });

export type ExtensionCheck = (value: Fields, walk: Walk, isModifier: boolean) => void;

/** The path of the element that has the extension; of a resource in a resource, its own type. */
const hostPath = (walk: Walk, model: Model): string => {
  const path = walk.path(1);
  const dot = path.lastIndexOf('.');
  const element = dot < 0 ? undefined : model.element(path.slice(0, dot), path.slice(dot + 1));
  return element?.types[0]?.type === 'Resource' ? walk.resource.resourceType : path;
};

/** Checks an extension where the walk stands: its definition's value and parts, its place, and that modifiers are known. */
export function extensionCheck(profiles: Profiles, model: Model): ExtensionCheck {
  const places = new Map<string, ReadonlySet<string>>();
  const placeOf = (path: string, outer: string): ReadonlySet<string> => {
    const key = `${path} ${outer}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    const made = namesOfPlace(path, outer, model);
    places.set(key, made);
    return made;
  };
  return (value, walk, isModifier) => {
    const { url } = value;
    // A part of a complex extension has a short name, which the whole's definition knows.
    if (typeof url !== 'string' || !url.includes(':')) return;
    const definition = profiles.get(url);
    if (definition === undefined || definition.type !== 'Extension') {
      if (isModifier) {
        const text = `The meaning of this element is changed by ${shown(url)}, which this node does not know`;
        walk.warning('extension', text);
      }
      return;
    }
    const host = hostPath(walk, model);
    const contexts = definition.context ?? [];
    const isInExtension = host.endsWith('.extension') || host === 'Extension';
    if (contexts.length > 0 && !isInExtension && !isAllowed(contexts, placeOf(host, walk.path(2)), undefined)) {
      const allowed = contexts.map(({ expression }) => expression).join(', ');
      // HL7's own definitions break the contexts of HL7's own extensions (structuredefinition-fhir-type, regex): those can only advise.
      const severity = url.startsWith(typeUrl('')) ? 'warning' : 'error';
      walk.issue(severity, 'extension', `The extension ${url} may not stand here, only in ${allowed}`);
    }
    profiles.check(url)?.(value, walk);
  };
}
