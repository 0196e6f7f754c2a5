/** FHIRPath Patch operations as they stand in a Parameters resource (https://hl7.org/fhir/R4/fhirpatch.html). */
import { Fault } from '#kernel/fault.ts';
import type { Model } from '../definitions/model.ts';
import { Decimal } from '../json/decimal.ts';
import type { Resource } from '../types.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { operationsMax } from './patched.ts';

/**
 * A value to put somewhere. Of a primitive, `extra` is its id and extensions. `parts` is an element without a data type of its own
 * (`Patient.contact`), named part by part; what the parts mean depends on where it goes.
 */
export type PatchValue =
  | { kind: 'typed'; type: string; value: unknown; extra: unknown }
  | { kind: 'resource'; value: JsonObject }
  | { kind: 'parts'; parts: NamedPart[] };

export type NamedPart = { name: string; value: PatchValue };

export type Operation = { title: string; path: string } & (
  | { type: 'add'; name: string; value: PatchValue }
  | { type: 'insert'; index: number; value: PatchValue }
  | { type: 'delete' }
  | { type: 'replace'; value: PatchValue }
  | { type: 'move'; source: number; destination: number }
);

const partNames = new Set(['type', 'path', 'name', 'value', 'index', 'source', 'destination']);

/** @throws Fault 'invalid' when the resource is not a FHIRPath Patch. */
export function parseOperations(parameters: Resource, model: Model): Operation[] {
  if (parameters.resourceType !== 'Parameters') throw new Fault('invalid', 'A FHIRPath Patch is a Parameters resource');
  const list = parameters['parameter'] ?? [];
  if (!Array.isArray(list)) throw malformed('Parameters.parameter', 'is not an array');
  if (list.length > operationsMax) throw new Fault('tooCostly', `A patch has at most ${operationsMax} operations`);
  return list.map((parameter: unknown, index) => {
    const place = `Parameters.parameter[${index}]`;
    if (!isJsonObject(parameter) || parameter['name'] !== 'operation') {
      throw malformed(place, "is not named 'operation'");
    }
    return new OperationReader(partsOf(parameter, place), place, index, model).operation();
  });
}

class OperationReader {
  private readonly parts = new Map<string, JsonObject>();
  private readonly place: string;
  private readonly index: number;
  private readonly model: Model;

  constructor(parts: JsonObject[], place: string, index: number, model: Model) {
    this.place = place;
    this.index = index;
    this.model = model;
    for (const part of parts) {
      const name = part['name'];
      if (typeof name !== 'string' || !partNames.has(name)) throw malformed(place, 'has a part that no operation has');
      if (this.parts.has(name)) throw malformed(place, `has the part '${name}' twice`);
      this.parts.set(name, part);
    }
  }

  operation(): Operation {
    const type = this.text('type');
    const path = this.text('path');
    const base = { title: `Operation ${this.index + 1} of the FHIRPath Patch (${type.slice(0, 10)})`, path };
    if (type === 'add') return { ...base, type, name: this.text('name'), value: this.value() };
    if (type === 'insert') return { ...base, type, index: this.count('index'), value: this.value() };
    if (type === 'delete') return { ...base, type };
    if (type === 'replace') return { ...base, type, value: this.value() };
    if (type === 'move') {
      return { ...base, type, source: this.count('source'), destination: this.count('destination') };
    }
    throw malformed(this.place, 'has no type that is add, insert, delete, replace or move');
  }

  private text(name: string): string {
    const part = this.parts.get(name);
    const value = part?.['valueString'] ?? part?.['valueCode'];
    if (typeof value !== 'string') throw malformed(this.place, `has no part '${name}' with a text`);
    return value;
  }

  private count(name: string): number {
    const part = this.parts.get(name);
    const value = part?.['valueInteger'] ?? part?.['valueUnsignedInt'] ?? part?.['valuePositiveInt'];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw malformed(this.place, `has no part '${name}' with a whole number that is not negative`);
    }
    return value;
  }

  private value(): PatchValue {
    const part = this.parts.get('value');
    const value = part === undefined ? undefined : valueOf(part, this.place, this.model);
    if (value === undefined) throw malformed(this.place, "has no part 'value' with a value");
    return value;
  }
}

function valueOf(part: JsonObject, place: string, model: Model): PatchValue | undefined {
  const resource = part['resource'];
  if (isJsonObject(resource)) return { kind: 'resource', value: resource };
  for (const key of Object.keys(part)) {
    const name = key.replace(/^_/, '');
    if (!name.startsWith('value')) continue;
    const type = model.property('Parameters.parameter', name)?.type;
    if (type === undefined) throw malformed(place, 'has a value of an unknown type');
    checkForm(part[name], type, place, model);
    return { kind: 'typed', type, value: part[name], extra: part[`_${name}`] };
  }
  if (part['part'] === undefined) return undefined;
  const parts = partsOf(part, place).map((inner): NamedPart => {
    const name = inner['name'];
    const value = valueOf(inner, place, model);
    if (typeof name !== 'string' || value === undefined) throw malformed(place, 'has a part without a name or a value');
    return { name, value };
  });
  return { kind: 'parts', parts };
}

/** That the JSON form fits the type: the patched resource is validated whole, but only after this has been put into it. */
function checkForm(value: unknown, type: string, place: string, model: Model): void {
  const isPrimitive = model.type(type)?.kind === 'primitive';
  const isPlain = value === undefined || typeof value !== 'object' || value instanceof Decimal;
  if (isPrimitive ? !isPlain : !isJsonObject(value)) throw malformed(place, `has a value that is no ${type}`);
}

function partsOf(holder: JsonObject, place: string): JsonObject[] {
  const parts = holder['part'];
  if (!Array.isArray(parts) || !parts.every(isJsonObject)) throw malformed(place, 'has no parts');
  return parts;
}

function malformed(place: string, problem: string): Fault {
  return new Fault('invalid', `The FHIRPath Patch is malformed: ${place} ${problem}`, { expression: place });
}
