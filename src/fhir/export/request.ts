/** What a kick-off asks for (Bulk Data Access 2.0, export/index.html#query-parameters), checked whole before anything is begun. */
import { Fault } from '#kernel/fault.ts';
import type { CompartmentDefinition } from '../definitions/index.ts';
import type { Model } from '../definitions/model.ts';
import { preference, type FhirRequest } from '../http/request.ts';
import { inputsOf, type OperationCall } from '../operations/operation.ts';
import { needsResolving } from '../search/condition.ts';
import type { Query } from '../search/query.ts';

export type ExportLevel = 'system' | 'patient' | 'group';

export type TypeFilter = { type: string; parameters: [string, string][] };

/** An export as it is kept: plain data, complete, so that any node can begin it again. */
export type ExportRequest = {
  level: ExportLevel;
  /** The address that was asked, told again in the manifest. */
  address: string;
  types: string[];
  /** Changed since, milliseconds since 1970. */
  since?: number;
  /** A resource of a type that has filters must satisfy one of them. */
  filters: TypeFilter[];
  /** Elements by type; `*` for every type. */
  elements?: Record<string, string[]>;
  /** The ids of the only patients whose records are wanted. */
  patients?: string[];
};

export type RequestDeps = {
  model: Model;
  compartments: readonly CompartmentDefinition[];
  parse(type: string, parameters: [string, string][]): Query;
};

const formats = new Set(['application/fhir+ndjson', 'application/fhir ndjson', 'application/ndjson', 'ndjson']);
const resultParameters = /^_(sort|count|include|revinclude|summary|elements|total|contained|containedType|cursor)(:|$)/;
const isNotAbout = new Set(['_format', '_pretty']);

type Inputs = {
  texts(name: string): string[];
  references(name: string): string[];
  isLenient: boolean;
};

/** `group`: the ids of the group's members. Throws a Fault for what is missing, unknown or not supported. */
export function readExportRequest(
  deps: RequestDeps,
  call: OperationCall,
  asked: { level: ExportLevel; address: string; group?: readonly string[] },
): ExportRequest {
  refuseSynchronous(call.request);
  const inputs = inputsFrom(call);
  refuseFormat(inputs);
  const { level, address } = asked;
  const types = typesOf(deps, level, inputs);
  const filters = filtersOf(deps, types, inputs);
  const since = sinceOf(inputs);
  const elements = elementsOf(deps, inputs);
  const patients = patientsOf(call.request, level, inputs, asked.group);
  return {
    level,
    address,
    types,
    filters,
    ...(since === undefined ? {} : { since }),
    ...(elements ? { elements } : {}),
    ...(patients ? { patients } : {}),
  };
}

function refuseSynchronous(request: FhirRequest): void {
  if (/(^|[,;\s])respond-async\b/i.test(request.headers['prefer'] ?? '')) return;
  throw new Fault('invalid', '$export is asynchronous: send the header "Prefer: respond-async".');
}

const known = new Set(['_type', '_since', '_typeFilter', '_outputFormat', '_elements', 'patient']);

/** Refuses what is not known, unless the caller asked for leniency; `includeAssociatedData` is known and not done. */
function inputsFrom(call: OperationCall): Inputs {
  const isLenient = preference(call.request, 'handling') === 'lenient';
  const inputs = inputsOf(call).filter(({ name }) => !isNotAbout.has(name));
  const stranger = isLenient ? undefined : inputs.find(({ name }) => !known.has(name));
  if (stranger?.name === 'includeAssociatedData') throw refused('includeAssociatedData is not supported here.');
  if (stranger) throw refused(`$export does not know the parameter "${stranger.name.slice(0, 80)}".`);
  const of = (name: string): unknown[] => inputs.filter((i) => i.name === name).map((i) => i.value);
  return {
    isLenient,
    texts: (name) => of(name).map((value) => textOf(name, value)),
    references: (name) => of(name).map((value) => textOf(name, referenceOf(value))),
  };
}

function refused(message: string): Fault {
  return new Fault('invalid', message, {
    issues: [{ severity: 'error', code: 'not-supported', diagnostics: message }],
  });
}

function textOf(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new Fault('invalid', `The parameter ${name} has the wrong type.`);
  return value;
}

function referenceOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as { reference?: unknown }).reference : value;
}

function refuseFormat({ texts, isLenient }: Inputs): void {
  const other = texts('_outputFormat').find((format) => !formats.has(format));
  if (other !== undefined && !isLenient) throw refused('_outputFormat is application/fhir+ndjson.');
}

/** The types of the Patient compartment, or every type. */
export function typesOfLevel(deps: Pick<RequestDeps, 'model' | 'compartments'>, level: ExportLevel): string[] {
  const types = [...deps.model.resourceTypes()].filter((type) => type !== 'Parameters');
  if (level === 'system') return types;
  const params = deps.compartments.find(({ code }) => code === 'Patient')?.params ?? {};
  return types.filter((type) => type === 'Patient' || (params[type]?.length ?? 0) > 0);
}

function typesOf(deps: RequestDeps, level: ExportLevel, { texts, isLenient }: Inputs): string[] {
  const possible = typesOfLevel(deps, level);
  const asked = texts('_type').flatMap((text) => text.split(','));
  if (asked.length === 0) return possible;
  const chosen = [...new Set(asked.map((type) => type.trim()))].filter((type) => {
    if (possible.includes(type)) return true;
    if (isLenient) return false;
    const isType = deps.model.resourceTypes().includes(type);
    throw new Fault(
      'invalid',
      isType
        ? `${type} is not part of a patient's record.`
        : `There is no resource type "${type.slice(0, 80)}" in FHIR R4.`,
    );
  });
  if (chosen.length === 0) throw new Fault('invalid', '_type names no type that can be exported.');
  return chosen;
}

function filtersOf(deps: RequestDeps, types: readonly string[], { texts, isLenient }: Inputs): TypeFilter[] {
  // A comma may part two queries or two values of one: only before `Type?` it parts queries.
  const queries = texts('_typeFilter').flatMap((text) => text.split(/,(?=[A-Z][A-Za-z]+\?)/));
  return queries.flatMap((query) => {
    const filter = filterOf(query);
    if (!types.includes(filter.type)) {
      if (isLenient) return [];
      throw new Fault('invalid', `_typeFilter is about ${filter.type.slice(0, 80)}, which is not exported.`);
    }
    readFilter(deps, filter);
    return [filter];
  });
}

function filterOf(query: string): TypeFilter {
  const match = /^([A-Z][A-Za-z]{1,60})\?(.+)$/s.exec(query);
  if (!match) throw new Fault('invalid', '_typeFilter is a search such as Observation?code=4548-4.');
  const parameters = [...new URLSearchParams(match[2] as string)];
  const unfit = parameters.find(([name]) => resultParameters.test(name));
  if (unfit) throw new Fault('invalid', `_typeFilter can't use ${unfit[0].slice(0, 80)}: it chooses resources only.`);
  return { type: match[1] as string, parameters };
}

/** The filter as search understands it. */
export function readFilter(deps: Pick<RequestDeps, 'parse'>, { type, parameters }: TypeFilter): Query {
  const query = deps.parse(type, parameters);
  if (needsResolving(query.condition)) throw refused("_typeFilter can't use chains, _has or _list here.");
  return query;
}

function sinceOf({ texts }: Inputs): number | undefined {
  const [text] = texts('_since');
  if (text === undefined) return undefined;
  const isInstant = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const ms = isInstant ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new Fault('invalid', '_since must be an instant such as 2026-11-23T10:00:00Z.');
  return ms;
}

function elementsOf({ model }: RequestDeps, { texts, isLenient }: Inputs): Record<string, string[]> | undefined {
  const asked = texts('_elements').flatMap((text) => text.split(','));
  if (asked.length === 0) return undefined;
  const elements: Record<string, string[]> = {};
  for (const one of asked) {
    const [, type = '*', name] = /^(?:([A-Z][A-Za-z]+)\.)?([a-z][A-Za-z]*)$/.exec(one.trim()) ?? [];
    const isThere = name !== undefined && (type === '*' || model.element(type, name) !== undefined);
    if (isThere) (elements[type] ??= []).push(name);
    else if (!isLenient)
      throw new Fault('invalid', `_elements: "${one.slice(0, 80)}" is not an element at the top of a type.`);
  }
  return elements;
}

/** Whose records: of the group's members and of those named by `patient`, what both allow. */
function patientsOf(
  request: FhirRequest,
  level: ExportLevel,
  inputs: Inputs,
  group: readonly string[] | undefined,
): string[] | undefined {
  const named = inputs.references('patient').map(patientIdOf);
  const members = group === undefined ? undefined : [...new Set(group)];
  if (named.length === 0 || (inputs.isLenient && level === 'system')) return members;
  if (level === 'system') throw new Fault('invalid', 'The parameter patient is for exports of patients and groups.');
  if (request.method !== 'POST') throw new Fault('invalid', 'The parameter patient is sent by POST, in a Parameters.');
  const stranger = members && named.find((id) => !members.includes(id));
  if (stranger !== undefined && !inputs.isLenient) {
    throw new Fault('invalid', `Patient/${stranger} is not a member of the group.`);
  }
  return [...new Set(members ? named.filter((id) => members.includes(id)) : named)];
}

function patientIdOf(reference: string): string {
  const id = /^(?:.*\/)?Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(reference)?.[1];
  if (id === undefined) throw new Fault('invalid', 'The parameter patient is a reference such as Patient/123.');
  return id;
}
