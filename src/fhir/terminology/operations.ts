/** The terminology operations as functions over their input: what the HTTP doors call. */
import type { Clock } from '#kernel/clock.ts';
import type { Ids } from '#kernel/ids.ts';
import { Fault } from '#kernel/fault.ts';
import type { Coding, Resource } from '../types.ts';
import { indexCodeSystem } from './code-system.ts';
import type { CodeSystemIndex } from './code-system.ts';
import { expandMembership } from './expand.ts';
import { withVersion } from './library.ts';
import type { TerminologyLibrary } from './library.ts';
import { lookupIn } from './lookup.ts';
import type { ConceptMapResource, ValueSetResource } from './model.ts';
import { OperationInput } from './operation-input.ts';
import type { Parameters, Query } from './operation-input.ts';
import { codeSystemShape, conceptMapShape, valueSetShape } from './shape.ts';
import { subsumption } from './subsumes.ts';
import { translate } from './translate.ts';
import { checkInIndex, checkInSystem, checkInValueSet, checkedParameters } from './validate-code.ts';
import type { CodeCheckOptions } from './validate-code.ts';
import { compileValueSet, implicitValueSet, membershipOf } from './value-set.ts';
import type { Membership } from './value-set.ts';

export type OperationDeps = { library: TerminologyLibrary; clock: Clock; ids: Ids; codesMax: number };

type Input = Parameters | Query;

/** https://hl7.org/fhir/R4/valueset-operation-expand.html ; `instance` is the resource of `ValueSet/<id>/$expand`. */
export async function expand(deps: OperationDeps, raw: Input, instance?: Resource): Promise<ValueSetResource> {
  const input = new OperationInput(raw);
  const { valueSet, membership } = await valueSetOf(deps.library, input, instance);
  const request = {
    filter: input.text('filter'),
    offset: input.count('offset'),
    count: input.count('count'),
    activeOnly: input.boolean('activeOnly'),
    includeDesignations: input.boolean('includeDesignations'),
    includeDefinition: input.boolean('includeDefinition'),
    excludeNested: input.boolean('excludeNested'),
    displayLanguage: input.text('displayLanguage'),
  };
  const made = { timestamp: new Date(deps.clock.now()).toISOString(), identifier: `urn:uuid:${deps.ids.uuid()}` };
  return expandMembership(valueSet, membership, request, { codesMax: deps.codesMax }, made);
}

/** https://hl7.org/fhir/R4/valueset-operation-validate-code.html */
export async function validateInValueSet(deps: OperationDeps, raw: Input, instance?: Resource): Promise<Parameters> {
  const input = new OperationInput(raw);
  const { valueSet, membership } = await valueSetOf(deps.library, input, instance);
  const codings = codingsOf(input, 'system', 'systemVersion');
  await gatherSystems(deps.library, codings);
  const name = valueSet.url ?? valueSet.name ?? 'that was sent';
  const options = checkOptions(input);
  const isInferred = input.boolean('inferSystem') === true;
  const checks = codings.map((coding) =>
    checkInValueSet(deps.library, name, membership, isInferred ? withSystem(membership, coding) : coding, options),
  );
  return checkedParameters(checks);
}

/** https://hl7.org/fhir/R4/codesystem-operation-validate-code.html */
export async function validateInCodeSystem(deps: OperationDeps, raw: Input, instance?: Resource): Promise<Parameters> {
  const input = new OperationInput(raw);
  const options = checkOptions(input);
  const codings = codingsOf(input, 'url', 'version');
  const sent = instance ?? input.resource('codeSystem', 'CodeSystem');
  if (sent !== undefined) {
    const index = indexCodeSystem(codeSystemShape(sent));
    return checkedParameters(codings.map((coding) => checkInIndex(index, coding, options)));
  }
  await gatherSystems(deps.library, codings);
  return checkedParameters(codings.map((coding) => checkInSystem(deps.library, coding, options)));
}

/** https://hl7.org/fhir/R4/codesystem-operation-lookup.html */
export async function lookup(deps: OperationDeps, raw: Input): Promise<Parameters> {
  const input = new OperationInput(raw);
  const coding = input.coding('coding') ?? {
    system: input.required('system'),
    code: input.required('code'),
    version: input.text('version'),
  };
  const { system, code } = coding;
  if (system === undefined || code === undefined) throw new Fault('invalid', 'A code and its system are both needed');
  const index = await systemOf(deps.library, system, coding.version);
  return lookupIn(index, { code, displayLanguage: input.text('displayLanguage'), properties: input.texts('property') });
}

/** https://hl7.org/fhir/R4/codesystem-operation-subsumes.html */
export async function subsumes(deps: OperationDeps, raw: Input, instance?: Resource): Promise<Parameters> {
  const input = new OperationInput(raw);
  const codingA = input.coding('codingA');
  const codingB = input.coding('codingB');
  const codeA = codingA?.code ?? input.required('codeA');
  const codeB = codingB?.code ?? input.required('codeB');
  const index = await subsumesIndex(deps.library, input, codingA, codingB, instance);
  const outcome = subsumption(index, codeA, codeB);
  return { resourceType: 'Parameters', parameter: [{ name: 'outcome', valueCode: outcome }] };
}

async function subsumesIndex(
  library: TerminologyLibrary,
  input: OperationInput,
  codingA: Coding | undefined,
  codingB: Coding | undefined,
  instance: Resource | undefined,
): Promise<CodeSystemIndex> {
  if (instance !== undefined) return indexCodeSystem(codeSystemShape(instance));
  const system = codingA?.system ?? input.required('system');
  if (codingB?.system !== undefined && codingB.system !== system) {
    throw new Fault('invalid', "The two codes are of different code systems: one can't subsume the other");
  }
  return systemOf(library, system, codingA?.version ?? input.text('version'));
}

/** https://hl7.org/fhir/R4/conceptmap-operation-translate.html */
export async function translateCode(deps: OperationDeps, raw: Input, instance?: Resource): Promise<Parameters> {
  const input = new OperationInput(raw);
  const maps = await mapsOf(deps.library, input, instance);
  const others = maps.flatMap((map) => (map.group ?? []).flatMap((group) => group.unmapped?.url ?? []));
  await deps.library.gather('ConceptMap', others);
  const request = {
    codings: codingsOf(input, 'system', 'version'),
    targetSystem: input.text('targetsystem') ?? input.text('targetSystem'),
    sourceScope: input.text('source'),
    targetScope: input.text('target'),
    reverse: input.boolean('reverse') ?? false,
  };
  return translate(maps, request, (canonical) => deps.library.conceptMap(canonical));
}

async function mapsOf(
  library: TerminologyLibrary,
  input: OperationInput,
  instance: Resource | undefined,
): Promise<ConceptMapResource[]> {
  const sent = instance ?? input.resource('conceptMap', 'ConceptMap');
  if (sent !== undefined) return [conceptMapShape(sent)];
  const url = input.text('url');
  if (url === undefined) return library.allConceptMaps();
  const canonical = withVersion(url, input.text('conceptMapVersion'));
  await library.gather('ConceptMap', [canonical]);
  const map = library.conceptMap(canonical);
  if (map === undefined) throw new Fault('notFound', `The concept map ${canonical} is not here`);
  return [map];
}

async function valueSetOf(
  library: TerminologyLibrary,
  input: OperationInput,
  instance: Resource | undefined,
): Promise<{ valueSet: ValueSetResource; membership: Membership }> {
  const sent = instance ?? input.resource('valueSet', 'ValueSet');
  if (sent !== undefined) {
    const valueSet = valueSetShape(sent);
    await library.gatherFor(valueSet);
    return { valueSet, membership: compileValueSet(library, valueSet) };
  }
  const canonical = withVersion(input.required('url'), input.text('valueSetVersion'));
  await library.gather('ValueSet', [canonical]);
  await library.gather('CodeSystem', canonical.includes('?') ? [canonical.slice(0, canonical.indexOf('?'))] : []);
  const membership = membershipOf(library, canonical);
  const valueSet = library.valueSet(canonical) ?? implicitValueSet(library, canonical);
  if (membership === undefined || valueSet === undefined) {
    throw new Fault('notFound', `The value set ${canonical} is not here`);
  }
  return { valueSet, membership };
}

async function systemOf(
  library: TerminologyLibrary,
  system: string,
  version: string | undefined,
): Promise<CodeSystemIndex> {
  const canonical = withVersion(system, version);
  await library.gather('CodeSystem', [canonical]);
  const index = library.codeSystem(system, version);
  if (index === undefined) throw new Fault('notFound', `The code system ${canonical} is not here`);
  return index;
}

async function gatherSystems(library: TerminologyLibrary, codings: readonly Coding[]): Promise<void> {
  const canonicals = codings.flatMap(({ system, version }) =>
    system === undefined ? [] : [withVersion(system, version), system],
  );
  await library.gather('CodeSystem', canonicals);
}

/** The codes that the caller asks about, in any of the three forms that the standard allows; exactly one of them. */
function codingsOf(input: OperationInput, systemName: string, versionName: string): Coding[] {
  const coding = input.coding('coding');
  const concept = input.codeableConcept('codeableConcept');
  const code = input.text('code');
  const given = [coding, concept, code].filter((each) => each !== undefined);
  if (given.length !== 1)
    throw new Fault('invalid', 'Give one of "code" (with its system), "coding" and "codeableConcept"');
  if (coding !== undefined) return [coding];
  if (concept !== undefined) {
    if (concept.coding === undefined || concept.coding.length === 0)
      throw new Fault('invalid', 'The codeableConcept has no coding');
    return concept.coding;
  }
  const asked: Coding = { code: code ?? '' };
  const system = input.text(systemName);
  const version = input.text(versionName);
  const display = input.text('display');
  if (system !== undefined) asked.system = system;
  if (version !== undefined) asked.version = version;
  if (display !== undefined) asked.display = display;
  return [asked];
}

function checkOptions(input: OperationInput): CodeCheckOptions {
  return {
    displayLanguage: input.text('displayLanguage'),
    abstract: input.boolean('abstract'),
    lenientDisplay: input.boolean('lenient-display-validation'),
  };
}

/** The one system in which the value set has the code (`inferSystem` of later FHIR versions). */
function withSystem(membership: Membership, coding: Coding): Coding {
  if (coding.system !== undefined || coding.code === undefined) return coding;
  const { code } = coding;
  const systems = membership.systems.filter(({ url }) => membership.has(url, code) === true);
  const [only] = systems;
  return systems.length === 1 && only !== undefined ? { ...coding, system: only.url } : coding;
}
