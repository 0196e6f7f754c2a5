/** What an operation is (R4 operations.html): its name, where it may be called, and the work. One file an operation; `index.ts` lists them. */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { asResource, type FhirAnswer, type FhirRequest } from '../http/request.ts';
import type { Resource } from '../types.ts';

export type OperationLevel = 'system' | 'type' | 'instance';

export type OperationCall = {
  request: FhirRequest;
  type?: string;
  id?: string;
};

export type Operation = {
  /** Without the `$`. */
  name: string;
  /** The canonical URL of its OperationDefinition, for the CapabilityStatement. */
  definition: string;
  levels: readonly OperationLevel[];
  /** The types on which it may be called; absent: all. */
  types?: readonly string[];
  /** Operations that change something are called by POST only. */
  affectsState: boolean;
  handle(context: RequestContext, call: OperationCall): Promise<FhirAnswer>;
};

/** What the caller sent: the query's parameters and those of a Parameters body, as one list of name and value. */
export function inputsOf({ request }: OperationCall): { name: string; value: unknown }[] {
  const inputs: { name: string; value: unknown }[] = request.parameters.map(([name, value]) => ({ name, value }));
  const body = asResource(request.body);
  if (body?.resourceType !== 'Parameters') return inputs;
  const parameters = body['parameter'] ?? [];
  if (!Array.isArray(parameters)) throw new Fault('invalid', 'Parameters.parameter must be an array.');
  for (const parameter of parameters as Record<string, unknown>[]) {
    const { name } = parameter;
    if (typeof name !== 'string') throw new Fault('invalid', 'Every parameter needs a name.');
    const valueKey = Object.keys(parameter).find((key) => key.startsWith('value'));
    inputs.push({
      name,
      value: valueKey === undefined ? (parameter['resource'] ?? parameter['part']) : parameter[valueKey],
    });
  }
  return inputs;
}

/** The first text input of that name. */
export function textInput(call: OperationCall, name: string): string | undefined {
  const input = inputsOf(call).find((i) => i.name === name);
  if (input === undefined) return undefined;
  if (typeof input.value !== 'string') throw new Fault('invalid', `The parameter ${name} must be text.`);
  return input.value;
}

/** A resource that the caller sent: as the body itself, or as the parameter `resource` of a Parameters. */
export function resourceInput(call: OperationCall): Resource | undefined {
  const body = asResource(call.request.body);
  if (body?.resourceType !== 'Parameters') return body;
  return asResource(inputsOf(call).find((i) => i.name === 'resource')?.value);
}
