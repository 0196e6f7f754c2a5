/** The sector's directories as the policy asks them: which unit a role or place belongs to, what is above it, whose role it is. Pure. */
import type { Resource } from '#fhir/types.ts';
import { elementsOf, referenceOf, spanOf, type Span } from './elements.ts';

export type Directory = {
  /** `Organization/id` that a PractitionerRole, Location, HealthcareService or Organization stands for. */
  unitOf(reference: string): string | undefined;
  /** The organisation itself and all above it, nearest first. */
  above(organisation: string): readonly string[];
  /** `Practitioner/id` whose role it is. */
  practitionerOf(role: string): string | undefined;
  resource(reference: string): Resource | undefined;
};

/** How far up is looked: deeper trees are rings or mistakes. */
const levelsMax = 12;

/** Of resources by `Type/id`. */
export function directoryOf(resources: ReadonlyMap<string, Resource>): Directory {
  const unitOf = (reference: string): string | undefined => {
    let at: string | undefined = reference;
    for (let level = 0; level < levelsMax && at !== undefined; level++) {
      if (at.startsWith('Organization/')) return at;
      const resource = resources.get(at);
      at = resource && nextToUnit(resource);
    }
    return undefined;
  };
  return {
    unitOf,
    above: (organisation) => {
      const chain = [organisation];
      for (let at = resources.get(organisation); at !== undefined && chain.length < levelsMax;) {
        const parent = referenceOf(at['partOf']);
        if (parent === undefined || chain.includes(parent)) break;
        chain.push(parent);
        at = resources.get(parent);
      }
      return chain;
    },
    practitionerOf: (role) => referenceOf(resources.get(role)?.['practitioner']),
    resource: (reference) => resources.get(reference),
  };
}

/** Where the way from a role or place to its organisation goes on. */
function nextToUnit(resource: Resource): string | undefined {
  switch (resource.resourceType) {
    case 'PractitionerRole':
      return referenceOf(resource['organization']);
    case 'Location':
      return referenceOf(resource['managingOrganization']) ?? referenceOf(resource['partOf']);
    case 'HealthcareService':
      return referenceOf(resource['providedBy']);
    default:
      return undefined;
  }
}

/** What of the directories a resource of a directory leads on to: what must be known to answer for it. */
export function leadsTo(resource: Resource): string[] {
  const elements = ['organization', 'managingOrganization', 'partOf', 'providedBy', 'practitioner'];
  return elements.flatMap((element) => referenceOf(resource[element]) ?? []);
}

/** When a PractitionerRole holds; undefined when it is closed. */
export function roleSpan(role: Resource): Span | undefined {
  return role['active'] === false ? undefined : spanOf(role['period']);
}

/** Types that directories are made of, as far as the policy asks them. */
export const directoryTypes: ReadonlySet<string> = new Set([
  'HealthcareService',
  'Location',
  'Organization',
  'Practitioner',
  'PractitionerRole',
]);

/** The references of a resource to directories, wherever they stand. */
export function directoryReferences(resource: Resource): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (typeof value === 'object' && value !== null) {
      const reference = referenceOf(value);
      if (reference !== undefined && directoryTypes.has(reference.slice(0, reference.indexOf('/'))))
        found.push(reference);
      for (const one of Object.values(value)) if (typeof one === 'object') visit(one);
    }
  };
  visit(resource);
  return found;
}

export const identifiersOf = (resource: Resource, system: string): string[] =>
  elementsOf(resource['identifier']).flatMap((one) =>
    one['system'] === system && typeof one['value'] === 'string' ? [one['value']] : [],
  );
