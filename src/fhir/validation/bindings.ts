/** Coded elements against the value set that their definition binds (https://hl7.org/fhir/R4/terminologies.html#strength). */
import type { Binding, Definitions } from '../definitions/index.ts';
import { shown, type Walk } from './walk.ts';

/** What validation asks of terminology: undefined when it does not know the value set or can't tell. */
export type TerminologyMembership = {
  validateCodeSync(valueSet: string, system: string | undefined, code: string): boolean | undefined;
};

/** R4 binds `format` elements to mime types and itself writes `json` and `xml` there; what a mime type is no list can say. */
const unlisted: ReadonlySet<string> = new Set(['http://hl7.org/fhir/ValueSet/mimetypes']);

export type BindingCheck = (value: unknown, walk: Walk) => void;

type Coding = { system?: string; code?: string };
type Membership = (coding: Coding) => boolean | undefined;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const codingOf = (value: unknown): Coding => {
  if (!isObject(value)) return {};
  const { system, code } = value;
  return {
    ...(typeof system === 'string' ? { system } : {}),
    ...(typeof code === 'string' ? { code } : {}),
  };
};

const described = (coding: Coding): string => `${coding.system ?? '(no system)'}|${coding.code ?? '(no code)'}`;

/** R4's own required value sets are answered from sets; all others by terminology, where it knows them. */
const membership = (valueSet: string, definitions: Definitions, terminology?: TerminologyMembership): Membership => {
  const codings = definitions.codings(valueSet);
  if (codings !== undefined) return ({ system, code }) => codings.has(`${system ?? ''}|${code ?? ''}`);
  return ({ system, code }) => (code === undefined ? undefined : terminology?.validateCodeSync(valueSet, system, code));
};

const plainCode = (binding: Binding, definitions: Definitions, terminology?: TerminologyMembership): BindingCheck => {
  const codes = definitions.codes(binding.valueSet);
  const isMember = (code: string): boolean | undefined =>
    codes === undefined ? terminology?.validateCodeSync(binding.valueSet, undefined, code) : codes.has(code);
  const severity = binding.strength === 'required' ? 'error' : 'warning';
  return (value, walk) => {
    if (typeof value === 'string' && isMember(value) === false) {
      walk.issue(severity, 'code-invalid', `${shown(value)} is not one of the codes of ${binding.valueSet}`);
    }
  };
};

const coding = (binding: Binding, isMember: Membership): BindingCheck => {
  const severity = binding.strength === 'required' ? 'error' : 'warning';
  return (value, walk) => {
    const given = codingOf(value);
    if (given.code === undefined && severity === 'warning') return;
    if (isMember(given) === false) {
      walk.issue(severity, 'code-invalid', `${described(given)} is not in the value set ${binding.valueSet}`);
    }
  };
};

/** `memberOf()` of FHIRPath, for a code, Coding or CodeableConcept: undefined when it can't be told here. */
export function isMemberOf(
  value: unknown,
  valueSet: string,
  definitions: Definitions,
  terminology?: TerminologyMembership,
): boolean | undefined {
  const isMember = membership(valueSet, definitions, terminology);
  if (typeof value === 'string') {
    return definitions.codes(valueSet)?.has(value) ?? terminology?.validateCodeSync(valueSet, undefined, value);
  }
  if (!isObject(value)) return undefined;
  if (!Array.isArray(value['coding'])) return isMember(codingOf(value));
  const answers = value['coding'].map((one) => isMember(codingOf(one)));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/** At least one of the codings must be in the set; text alone does not meet a required binding. */
const codeableConcept = (binding: Binding, isMember: Membership): BindingCheck => {
  const required = binding.strength === 'required';
  return (value, walk) => {
    const codings = isObject(value) && Array.isArray(value['coding']) ? value['coding'].map(codingOf) : [];
    if (codings.length === 0) {
      if (required && isMember({}) === false) {
        walk.error('code-invalid', `A code of the value set ${binding.valueSet} is required; text alone is not enough`);
      }
      return;
    }
    const answers = codings.map(isMember);
    if (answers.some((answer) => answer !== false)) return;
    const given = codings.map(described).join(', ');
    walk.issue(
      required ? 'error' : 'warning',
      'code-invalid',
      `None of ${given} is in the value set ${binding.valueSet}`,
    );
  };
};

/** The check of a binding for one type of value; undefined when the binding asks nothing of it (preferred, example, other types). */
export function compileBinding(
  binding: Binding | undefined,
  type: string,
  definitions: Definitions,
  terminology?: TerminologyMembership,
): BindingCheck | undefined {
  if (binding === undefined || (binding.strength !== 'required' && binding.strength !== 'extensible')) return undefined;
  if (unlisted.has(binding.valueSet)) return undefined;
  const here = definitions.codes(binding.valueSet) !== undefined;
  if (!here && terminology === undefined) return undefined;
  if (type === 'code' || type === 'string' || type === 'uri' || type === 'id') {
    return plainCode(binding, definitions, terminology);
  }
  const isMember = membership(binding.valueSet, definitions, terminology);
  if (type === 'Coding' || type === 'Quantity') return coding(binding, isMember);
  if (type === 'CodeableConcept') return codeableConcept(binding, isMember);
  return undefined;
}
