/** What an operation is called with: a Parameters resource by POST, or the query of a GET. https://hl7.org/fhir/R4/operations.html#request */
import { Fault } from '#kernel/fault.ts';
import type { Coding, Resource } from '../types.ts';

export type Parameter = {
  name: string;
  part?: Parameter[];
  resource?: Resource;
  [value: string]: unknown;
};

export type Parameters = Resource & { resourceType: 'Parameters'; parameter?: Parameter[] };

export type CodeableConcept = { coding?: Coding[]; text?: string };

/** A query's parameters as the HTTP door has them; a repeated one is a list. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Typed reading of an operation's input. A value of the wrong kind is a Fault that names the parameter. */
export class OperationInput {
  readonly #parameters: readonly Parameter[];

  constructor(input: Parameters | Query) {
    this.#parameters = isParameters(input) ? checked(input) : fromQuery(input);
  }

  /** A string, uri, code, canonical, dateTime …, whatever its type is called. */
  text(name: string): string | undefined {
    return this.texts(name)[0];
  }

  texts(name: string): string[] {
    return this.#named(name).map((parameter) => {
      const value = valueOf(parameter);
      if (typeof value !== 'string') throw new Fault('invalid', `The parameter "${name}" must be a text`);
      return value;
    });
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new Fault('invalid', `The parameter "${name}" is missing`);
    return value;
  }

  boolean(name: string): boolean | undefined {
    const [parameter] = this.#named(name);
    if (parameter === undefined) return undefined;
    const value = valueOf(parameter);
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw new Fault('invalid', `The parameter "${name}" must be true or false`);
  }

  /** A whole number from 0 up. */
  count(name: string): number | undefined {
    const [parameter] = this.#named(name);
    if (parameter === undefined) return undefined;
    const value = valueOf(parameter);
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
    throw new Fault('invalid', `The parameter "${name}" must be a whole number from 0 up`);
  }

  coding(name: string): Coding | undefined {
    const [parameter] = this.#named(name);
    if (parameter === undefined) return undefined;
    const value = valueOf(parameter);
    if (!isCoding(value))
      throw new Fault('invalid', `The parameter "${name}" must be a Coding (POST a Parameters resource)`);
    return value;
  }

  codeableConcept(name: string): CodeableConcept | undefined {
    const [parameter] = this.#named(name);
    if (parameter === undefined) return undefined;
    const value = valueOf(parameter);
    const coding = isObject(value) ? value['coding'] : null;
    if (coding === undefined || (Array.isArray(coding) && coding.every(isCoding))) return value as CodeableConcept;
    throw new Fault('invalid', `The parameter "${name}" must be a CodeableConcept (POST a Parameters resource)`);
  }

  resource(name: string, type: string): Resource | undefined {
    const [parameter] = this.#named(name);
    if (parameter === undefined) return undefined;
    if (parameter.resource?.resourceType !== type) {
      throw new Fault('invalid', `The parameter "${name}" must hold a ${type} resource`);
    }
    return parameter.resource;
  }

  #named(name: string): Parameter[] {
    return this.#parameters.filter((parameter) => parameter.name === name);
  }
}

function isParameters(input: Parameters | Query): input is Parameters {
  return input['resourceType'] === 'Parameters';
}

function checked(input: Parameters): Parameter[] {
  const parameters: unknown = input.parameter ?? [];
  if (Array.isArray(parameters) && parameters.every((each) => isObject(each) && typeof each['name'] === 'string')) {
    return parameters as Parameter[];
  }
  throw new Fault('invalid', 'Every parameter needs a name', { expression: 'Parameters.parameter' });
}

function fromQuery(query: Query): Parameter[] {
  return Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return (typeof value === 'string' ? [value] : value).map((each) => ({ name, valueString: each }));
  });
}

function valueOf(parameter: Parameter): unknown {
  return Object.entries(parameter).find(([name]) => name.startsWith('value'))?.[1];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCoding(value: unknown): value is Coding {
  if (!isObject(value)) return false;
  return ['system', 'version', 'code', 'display'].every(
    (name) => value[name] === undefined || typeof value[name] === 'string',
  );
}
