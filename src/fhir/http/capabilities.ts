/** GET [base]/metadata (R4 http.html#capabilities): a CapabilityStatement made from what is registered, so that it can't say what isn't so. */
import { Fault } from '#kernel/fault.ts';
import type { FhirContext } from '../context.ts';
import type { Operation, OperationLevel } from '../operations/operation.ts';
import { typeUrl } from '../definitions/index.ts';
import { socketUrl } from '../subscriptions/from-record.ts';
import { parameter, type FhirAnswer, type FhirRequest } from './request.ts';
import type { Route } from './routing.ts';

/** `mode=full` (default), `normative` (the same) or `terminology`. */
export async function capabilities(
  context: FhirContext,
  request: FhirRequest,
  routes: readonly Route[],
): Promise<FhirAnswer> {
  const mode = parameter(request, 'mode') ?? 'full';
  if (mode === 'terminology') return { status: 200, resource: terminologyCapabilities(context) };
  if (mode !== 'full' && mode !== 'normative') throw new Fault('invalid', 'mode is full, normative or terminology.');
  return { status: 200, resource: capabilityStatement(context, routes) };
}

function capabilityStatement(context: FhirContext, routes: readonly Route[]): object {
  const codes = (level: 'type' | 'system'): { code: string }[] =>
    interactionsOf(routes, level).map((code) => ({ code }));
  const remarks = context.remarks();
  const resource = context.definitions.model.resourceTypes().map((type) => resourceEntry(context, type, codes('type')));
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: new Date(context.clock.now()).toISOString(),
    kind: 'instance',
    software: { name: 'Fyr', version: context.settings.version },
    implementation: { description: `Fyr node ${context.settings.node}`, url: context.settings.baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'application/fhir+xml', 'json', 'xml'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json', 'application/fhir+xml'],
    implementationGuide: ['http://hl7.org/fhir/uv/bulkdata/ImplementationGuide/hl7.fhir.uv.bulkdata'],
    rest: [
      {
        extension: [{ url: websocketExtension, valueUri: socketUrl(context.settings.baseUrl) }],
        mode: 'server',
        ...(remarks.length > 0 ? { documentation: remarks.join('\n\n') } : {}),
        ...security(context),
        resource,
        interaction: [...codes('system'), { code: 'batch' }],
        searchParam: context.search.parametersOf(undefined),
        operation: operationsAt(context, 'system', undefined),
        compartment: context.definitions.compartments.map(
          (c) => `http://hl7.org/fhir/CompartmentDefinition/${c.code.toLowerCase()}`,
        ),
      },
    ],
  };
}

/** How clients get in (SMART App Launch 2.2, conformance; the extension is for clients of its first version). */
function security({ oauth }: FhirContext): object {
  if (oauth === undefined) return {};
  const system = 'http://terminology.hl7.org/CodeSystem/restful-security-service';
  return {
    security: {
      service: [{ coding: [{ system, code: 'SMART-on-FHIR', display: 'SMART-on-FHIR' }] }],
      extension: [
        {
          url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
          extension: Object.entries(oauth).map(([url, valueUri]) => ({ url, valueUri })),
        },
      ],
    },
  };
}

/** Where R4 has clients look for the address that they open WebSockets to (R4 subscription.html#channels). */
const websocketExtension = 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket';

const atType = new Set([
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
]);
const atSystem = new Set(['transaction', 'history-system', 'search-system']);

function interactionsOf(routes: readonly Route[], level: 'type' | 'system'): string[] {
  const wanted = level === 'type' ? atType : atSystem;
  return [...new Set(routes.map((r) => r.interaction).filter((code) => wanted.has(code)))];
}

function resourceEntry(context: FhirContext, type: string, interaction: { code: string }[]): object {
  const elsewhere = context.elsewhere[type];
  if (elsewhere !== undefined) {
    const codes = [{ code: 'read' }, { code: 'search-type' }];
    return { type, profile: typeUrl(type), interaction: codes, searchParam: elsewhere.searchParameters };
  }
  const supportedProfile = context.validator.profilesOf(type);
  const searchInclude = context.search.includesOf(type);
  const operation = [...operationsAt(context, 'type', type), ...operationsAt(context, 'instance', type)];
  return {
    type,
    profile: typeUrl(type),
    ...(supportedProfile.length > 0 ? { supportedProfile } : {}),
    interaction,
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: 'single',
    referencePolicy: ['literal', 'logical', ...(context.settings.references === 'strict' ? ['enforced'] : [])],
    ...(searchInclude.length > 0 ? { searchInclude: ['*', ...searchInclude] } : {}),
    searchRevInclude: ['*', ...context.search.revincludesOf(type)],
    searchParam: context.search.parametersOf(type),
    ...(operation.length > 0 ? { operation: distinct(operation) } : {}),
  };
}

function operationsAt(
  context: Pick<FhirContext, 'operations'>,
  level: OperationLevel,
  type: string | undefined,
): { name: string; definition: string }[] {
  const isHere = (o: Operation): boolean =>
    o.levels.includes(level) && (type === undefined || o.types === undefined || o.types.includes(type));
  return context.operations.filter(isHere).map(({ name, definition }) => ({ name, definition }));
}

function distinct(found: { name: string; definition: string }[]): { name: string; definition: string }[] {
  return [...new Map(found.map((o) => [o.name, o])).values()];
}

function terminologyCapabilities(context: FhirContext): object {
  return {
    resourceType: 'TerminologyCapabilities',
    status: 'active',
    date: new Date(context.clock.now()).toISOString(),
    kind: 'instance',
    software: { name: 'Fyr', version: context.settings.version },
    implementation: { description: `Fyr node ${context.settings.node}`, url: context.settings.baseUrl },
    codeSystem: context.terminology.codeSystems().map((uri) => ({ uri })),
    expansion: { hierarchical: false, paging: true, incomplete: false },
    codeSearch: 'all',
    validateCode: { translations: false },
    translation: { needsMap: true },
  };
}
