/**
 * Validation of resources against R4 and profiles (https://hl7.org/fhir/R4/validation.html). Definitions are compiled into
 * checks when first met; a resource is walked once for R4's own rules, and once more by what each profile adds.
 */
import type { Clock } from '#kernel/clock.ts';
import { loadProfileDefinitions, type Definitions } from '../definitions/index.ts';
import { createUcum, type Environment } from '../fhirpath/index.ts';
import type { OperationOutcomeIssue, Resource } from '../types.ts';
import { isMemberOf, type TerminologyMembership } from './bindings.ts';
import { isFields, textOf } from './checks.ts';
import type { ElementDefinition, StructureDefinition } from './element-tree.ts';
import { extensionCheck } from './extensions.ts';
import { Profiles } from './profiles.ts';
import { snapshotOf } from './snapshot.ts';
import { Structure, type StructureContext } from './structure.ts';
import { Walk, type ResourceReference } from './walk.ts';

export { readPackage } from './packages.ts';

export type ValidatorOptions = {
  definitions: Definitions;
  /** Answers bindings to value sets that R4 itself does not list; without it these are not checked. */
  terminology?: TerminologyMembership;
  /** A message when an identifier of this system has a wrong value. */
  identifiers?: (system: string, value: string) => string | undefined;
  /** A claimed profile that is not known refuses the resource; else it is a warning. */
  strictProfiles: boolean;
  /** For rules that say `now()` or `today()`; without it these can't be checked. */
  clock?: Clock;
};

type Validation = { issues: OperationOutcomeIssue[]; references: ResourceReference[] };

type AddedProfile = { used: true } | { used: false; reason: string };
type AddedPackage = { profiles: number; others: number; refused: { url: string; reason: string }[] };

export interface Validator {
  /** Never throws for what a resource contains: every problem is an issue. `profiles`: canonical urls to check besides `meta.profile`. */
  validate(resource: Resource, options?: { profiles?: readonly string[] }): Validation;
  /** Takes a profile into use, with or without a snapshot. Never throws: what can't be used is left out, with the reason. */
  addProfile(structureDefinition: unknown): AddedProfile;
  /** Forgets a profile that was added; what claims it is then of an unknown profile. */
  removeProfile(url: string): void;
  /** Takes the StructureDefinitions among a package's resources into use; what else it carries goes to `others` (terminology, search). */
  addPackage(resources: readonly Resource[], others?: (resource: Resource) => void): AddedPackage;
  knowsProfile(url: string): boolean;
  /** The urls of the known profiles on a type. */
  profilesOf(type: string): string[];
  /** The value sets that a profile's checked bindings name, for the terminology to have at hand. */
  valueSetsOf(url: string): string[];
  /** The profile's whole element list, generated where it came as a differential; undefined when it is unknown. */
  snapshot(url: string): ElementDefinition[] | undefined;
}

/** Issues of a definition that would trip the compiler; a broken invariant of the definition would not. */
const structural: ReadonlySet<string> = new Set(['structure', 'required', 'value']);

/** Claims are checked up to this many: more is no honest resource. */
const profilesMax = 30;

const claimedProfiles = (resource: Resource): unknown[] => {
  const { meta } = resource;
  return isFields(meta) && Array.isArray(meta.profile) ? meta.profile.slice(0, profilesMax) : [];
};

const isR4Profile = (url: string, resource: Resource): boolean =>
  url.split('|', 1)[0] === `http://hl7.org/fhir/StructureDefinition/${resource.resourceType}`;

class CompiledValidator implements Validator {
  private readonly options: ValidatorOptions;
  private readonly profiles: Profiles;
  private readonly structure: Structure;
  /** Urls of R4's own profiles: nobody replaces these. */
  private readonly core = new Set<string>();

  constructor(options: ValidatorOptions) {
    this.options = options;
    const { definitions, terminology, identifiers } = options;
    const { model } = definitions;
    const environment = (walk: Walk): Environment => this.environment(walk);
    const ucum = createUcum();
    this.profiles = new Profiles({ definitions, model, ucum, environment, ...(terminology ? { terminology } : {}) });
    for (const profile of loadProfileDefinitions() as StructureDefinition[]) {
      this.profiles.add(profile);
      this.core.add(profile.url);
    }
    const context: StructureContext = {
      definitions,
      model,
      ucum,
      environment,
      extension: extensionCheck(this.profiles, model),
      resource: (resource, walk) => this.checkClaims(resource, walk),
      profile: (url) => this.profiles.check(url),
      ...(terminology ? { terminology } : {}),
      ...(identifiers ? { identifiers } : {}),
    };
    this.structure = new Structure(context);
  }

  validate(resource: Resource, { profiles = [] }: { profiles?: readonly string[] } = {}): Validation {
    const walk = new Walk(resource);
    const name = isFields(resource) && typeof resource.resourceType === 'string' ? resource.resourceType : 'Resource';
    walk.enter(name, -1, name);
    this.structure.anyResource(resource, walk);
    for (const url of profiles) this.checkProfile(url, resource, walk, undefined);
    return { issues: walk.issues, references: walk.references };
  }

  addProfile(structureDefinition: unknown): AddedProfile {
    const reason = this.unusable(structureDefinition);
    if (reason !== undefined) return { used: false, reason };
    this.profiles.add(structureDefinition as StructureDefinition);
    return { used: true };
  }

  addPackage(resources: readonly Resource[], others?: (resource: Resource) => void): AddedPackage {
    const added: AddedPackage = { profiles: 0, others: 0, refused: [] };
    for (const resource of resources) {
      if (resource.resourceType !== 'StructureDefinition') {
        others?.(resource);
        added.others += 1;
        continue;
      }
      const outcome = this.addProfile(resource);
      if (outcome.used) added.profiles += 1;
      else added.refused.push({ url: textOf(resource['url']), reason: outcome.reason });
    }
    return added;
  }

  removeProfile(url: string): void {
    if (!this.core.has(url)) this.profiles.remove(url);
  }

  /** Why a StructureDefinition can't be used as a profile. What is compiled later relies on its structure being right. */
  private unusable(given: unknown): string | undefined {
    if (!isFields(given) || given['resourceType'] !== 'StructureDefinition') return 'it is no StructureDefinition';
    const { url, type, derivation, snapshot, differential } = given;
    if (typeof url !== 'string' || typeof type !== 'string') return 'it has no url or no type';
    if (derivation !== 'constraint') return 'it defines a type; only profiles and extensions can be added';
    if (this.core.has(url)) return 'R4 itself defines it';
    if (this.options.definitions.model.type(type) === undefined) return `it constrains ${type}, which is no type of R4`;
    if (snapshot === undefined && differential === undefined) return 'it has neither a snapshot nor a differential';
    const walk = new Walk(given as Resource);
    walk.enter('StructureDefinition', -1, 'StructureDefinition');
    this.structure.check('StructureDefinition')(given, walk);
    const wrong = walk.issues.find((issue) => issue.severity === 'error' && structural.has(issue.code));
    return wrong && `${wrong.expression?.[0]}: ${wrong.diagnostics}`;
  }

  knowsProfile(url: string): boolean {
    return this.profiles.has(url);
  }

  profilesOf(type: string): string[] {
    return this.profiles.urls(type);
  }

  valueSetsOf(url: string): string[] {
    return this.profiles.valueSets(url);
  }

  snapshot(url: string): ElementDefinition[] | undefined {
    const profile: StructureDefinition | undefined = this.profiles.get(url);
    const { model } = this.options.definitions;
    return profile && snapshotOf(profile, { model, tree: (other) => this.profiles.tree(other) });
  }

  private checkClaims(resource: Resource, walk: Walk): void {
    if (resource.meta === undefined) return;
    for (const [index, url] of claimedProfiles(resource).entries()) {
      if (typeof url === 'string') this.checkProfile(url, resource, walk, `meta.profile[${index}]`);
    }
  }

  private checkProfile(url: string, resource: Resource, walk: Walk, claim: string | undefined): void {
    const check = this.profiles.check(url);
    if (check !== undefined) check(resource, walk);
    else if (!isR4Profile(url, resource)) {
      const severity = this.options.strictProfiles || claim === undefined ? 'error' : 'warning';
      walk.issue(severity, 'not-found', `The profile ${url} is not known here, so it was not checked`, claim);
    }
  }

  private environment(walk: Walk): Environment {
    const { definitions, terminology, clock } = this.options;
    return {
      resource: walk.resource,
      rootResource: walk.root,
      resolve: (reference) => containedResource(reference, walk),
      conformsTo: (value, url) => this.profiles.conforms(value, url, walk),
      memberOf: (value, valueSet) => isMemberOf(value, valueSet, definitions, terminology),
      ...(clock === undefined ? {} : { now: clock.now() }),
    };
  }
}

const containedResource = (reference: string, walk: Walk): Resource | undefined =>
  reference.startsWith('#') ? (walk.contained(reference.slice(1)) as Resource | undefined) : undefined;

/** A validator over R4 and its own profiles. */
export function createValidator(options: ValidatorOptions): Validator {
  return new CompiledValidator(options);
}
