/** One search parameter, name and value, as a condition: modifiers, chains, `_has` (R4 search.html#modifiers, #chaining, #has). */
import { Fault } from '#kernel/fault.ts';
import type { Parameter, UnitUse } from './catalog.ts';
import { any, type ChainTarget, type Condition } from './condition.ts';
import { stems } from './fold.ts';
import type { SearchTerminology } from './match.ts';
import {
  codeTest,
  compositeValue,
  dateSearch,
  referenceValue,
  simpleValue,
  tokenValue,
  type Subject,
  type ValueParts,
} from './parse-value.ts';
import type { SearchLimits } from './query.ts';
import { splitUnescaped, unescaped } from './search-text.ts';

export type ParameterParts = ValueParts & { terminology: SearchTerminology | undefined; limits: SearchLimits };

/** A parameter or modifier that is not known: refused, or with lenient handling ignored with a warning. */
export class UnknownParameter extends Fault {
  constructor(message: string) {
    super('invalid', message, { issues: [{ severity: 'error', code: 'not-supported', diagnostics: message }] });
  }
}

/** A parameter as several types know it: its uses in all of them. */
type Joined = { code: string; kind: string; uses: UnitUse[]; targets: string[] | undefined; each: Parameter[] };

/** The condition of one parameter on resources of these types. Throws `invalid`, or `UnknownParameter`. */
export function parseParameter(
  parts: ParameterParts,
  types: readonly string[],
  name: string,
  value: string,
  depth = 0,
): Condition {
  if (depth > parts.limits.chainMax) throw new Fault('tooCostly', `A chain has at most ${parts.limits.chainMax} steps`);
  if (value === '') throw new Fault('invalid', `The search parameter ${name} has no value`);
  if (name.startsWith('_has:')) return parseHas(parts, types, name, value, depth);
  const dot = name.indexOf('.');
  if (dot > 0) return parseChain(parts, types, name.slice(0, dot), name.slice(dot + 1), value, depth);
  const [code = '', modifier, ...more] = name.split(':');
  if (more.length > 0) throw new UnknownParameter(`The search parameter ${name} has more than one modifier`);
  const joined = joinedParameter(parts, types, code);
  if (modifier === 'missing') return missing(joined, value);
  const values = splitUnescaped(value, ',');
  if (values.length > parts.limits.valuesMax) {
    throw new Fault('tooCostly', `${name} has more than ${parts.limits.valuesMax} values`);
  }
  if (values.includes('')) throw new Fault('invalid', `The search parameter ${name} has an empty value`);
  return parseValues(parts, types, joined, modifier, values);
}

function joinedParameter({ catalog }: ParameterParts, types: readonly string[], code: string): Joined {
  const each: Parameter[] = [];
  for (const type of types) {
    const parameter = catalog.parameter(type, code);
    if (parameter === undefined) throw unknownParameter(catalog, types, type, code);
    each.push(parameter);
  }
  const kinds = new Set(each.map(({ kind }) => kind));
  if (kinds.size > 1)
    throw new UnknownParameter(`${code} is not the same kind of parameter in all of ${types.join(', ')}`);
  const targets = each.every((one) => one.targets !== undefined)
    ? [...new Set(each.flatMap((one) => one.targets ?? []))]
    : undefined;
  return { code, kind: each[0]?.kind ?? 'special', uses: each.flatMap((one) => one.uses), targets, each };
}

function unknownParameter(
  catalog: ParameterParts['catalog'],
  types: readonly string[],
  type: string,
  code: string,
): UnknownParameter {
  const where = types.length > 1 ? `every one of the searched types (not of ${type})` : type;
  const known =
    types.length > 1
      ? ''
      : ` It has: ${catalog
          .parameters(type)
          .flatMap((one) => (one.code === '_query' ? [] : [one.code]))
          .sort()
          .join(', ')}.`;
  return new UnknownParameter(`${code.slice(0, 60)} is not a search parameter of ${where}.${known}`);
}

function missing({ code, uses }: Joined, value: string): Condition {
  if (value !== 'true' && value !== 'false') throw new Fault('invalid', `${code}:missing is true or false`);
  if (uses.length === 0) throw new UnknownParameter(`${code} has no modifier missing`);
  const present: Condition = { kind: 'present', uses };
  return value === 'true' ? { kind: 'not', of: present } : present;
}

function parseValues(
  parts: ParameterParts,
  types: readonly string[],
  joined: Joined,
  modifier: string | undefined,
  values: readonly string[],
): Condition {
  const { code } = joined;
  if (code === '_id') return idCondition(modifier, values);
  if (code === '_lastUpdated' && modifier === undefined) {
    return any(values.map((one) => ({ kind: 'updated', search: dateSearch(parts, code, one).search })));
  }
  if ((code === '_text' || code === '_content') && modifier === undefined) {
    return any(values.map((one) => wordsCondition(types, code, one)));
  }
  if (code === '_query') throw new Fault('notSupported', 'There are no named queries (_query) here');
  if (joined.kind === 'composite') {
    if (modifier !== undefined) throw unknownModifier(code, modifier);
    return any(joined.each.flatMap((one) => values.map((value) => compositeValue(parts, one, value))));
  }
  const subject: Subject = { code, uses: joined.uses, targets: joined.targets };
  if (modifier !== undefined) return modified(parts, joined, subject, modifier, values);
  if (joined.kind === 'token') return tokenValue(subject, values);
  return any(values.map((one) => simpleValue(parts, joined.kind, subject, one)));
}

const unknownModifier = (code: string, modifier: string): UnknownParameter =>
  new UnknownParameter(`${code} has no modifier ${modifier.slice(0, 60)}`);

function idCondition(modifier: string | undefined, values: readonly string[]): Condition {
  const ids: Condition = { kind: 'id', ids: values.map(unescaped) };
  if (modifier === undefined) return ids;
  if (modifier === 'not') return { kind: 'not', of: ids };
  throw unknownModifier('_id', modifier);
}

function wordsCondition(types: readonly string[], code: string, value: string): Condition {
  const found = stems(unescaped(value));
  if (found.length === 0) throw new Fault('invalid', `${code} needs a word of two letters or more`);
  return { kind: 'words', types, scope: code === '_text' ? 'text' : 'content', stems: found };
}

/** The modifiers that each type of parameter takes, besides `missing`; a reference also takes the name of a type. */
export const modifiersOf: Record<string, readonly string[]> = {
  token: ['text', 'not', 'in', 'not-in', 'above', 'below', 'of-type'],
  string: ['exact', 'contains'],
  reference: ['identifier', 'text'],
  uri: ['above', 'below'],
};

function modified(
  parts: ParameterParts,
  { kind }: Joined,
  subject: Subject,
  modifier: string,
  values: readonly string[],
): Condition {
  const { code, uses } = subject;
  if (kind === 'reference' && parts.catalog.isType(modifier)) return ofTargetType(parts, subject, modifier, values);
  if (!modifiersOf[kind]?.includes(modifier)) throw unknownModifier(code, modifier);
  switch (modifier) {
    case 'not':
      return { kind: 'not', of: tokenValue(subject, values) };
    case 'text':
      return any(values.map((one) => ({ kind: 'display', uses, text: unescaped(one) })));
    case 'of-type':
      return any(values.map((one) => ({ kind: 'identifierType', uses, value: identifierType(code, one) })));
    case 'in':
      return any(values.map((one) => ({ kind: 'valueSet', uses, url: unescaped(one) })));
    case 'not-in':
      return { kind: 'not', of: any(values.map((one) => ({ kind: 'valueSet', uses, url: unescaped(one) }))) };
    case 'identifier':
      return { kind: 'referenceIdentifier', uses, codes: values.map(codeTest) };
    case 'exact':
    case 'contains':
      return any(values.map((one) => ({ kind: 'string', uses, mode: modifier, text: unescaped(one) })));
    case 'above':
    case 'below':
      if (kind === 'uri') return any(values.map((one) => ({ kind: 'uri', uses, mode: modifier, uri: unescaped(one) })));
      return any(values.map((one) => hierarchy(parts, subject, modifier, one)));
    default:
      throw unknownModifier(code, modifier);
  }
}

function ofTargetType(parts: ParameterParts, subject: Subject, type: string, values: readonly string[]): Condition {
  if (subject.targets !== undefined && !subject.targets.includes(type)) {
    throw new UnknownParameter(`${subject.code} never refers to a ${type}`);
  }
  const typed: Subject = { code: subject.code, uses: subject.uses, targets: [type] };
  return any(values.map((one) => referenceValue(parts, typed, one)));
}

function identifierType(code: string, value: string): string {
  const pieces = splitUnescaped(value, '|').map(unescaped);
  if (pieces.length !== 3) throw new Fault('invalid', `${code}:of-type is written system|code|value`);
  return pieces.join('|');
}

function hierarchy(
  parts: ParameterParts,
  { code, uses }: Subject,
  direction: 'above' | 'below',
  value: string,
): Condition {
  const test = codeTest(value);
  if (typeof test.system !== 'string' || test.code === undefined) {
    throw new Fault('invalid', `${code}:${direction} is written system|code`);
  }
  const { system } = test;
  const related =
    direction === 'below'
      ? parts.terminology?.descendants(system, test.code)
      : parts.terminology?.ancestors(system, test.code);
  if (related === undefined)
    throw new Fault('notSupported', `${value.slice(0, 200)} is not in a code system of this node`);
  return { kind: 'token', uses, codes: [test, ...related.map((one) => ({ system, code: one }))] };
}

/** `subject:Patient.name`: a parameter of what the reference points at. */
function parseChain(
  parts: ParameterParts,
  types: readonly string[],
  head: string,
  rest: string,
  value: string,
  depth: number,
): Condition {
  const [code = '', restriction, ...more] = head.split(':');
  const joined = joinedParameter(parts, types, code);
  if (joined.kind !== 'reference' || more.length > 0)
    throw new UnknownParameter(`${head.slice(0, 60)} cannot be followed by a dot`);
  const possible = joined.targets ?? parts.catalog.model.resourceTypes();
  const targets = restriction === undefined ? possible : possible.filter((type) => type === restriction);
  if (targets.length === 0) throw new UnknownParameter(`${code} never refers to a ${(restriction ?? '').slice(0, 60)}`);
  const found: ChainTarget[] = [];
  let refusal: UnknownParameter | undefined;
  for (const type of targets) {
    try {
      found.push({ type, condition: parseParameter(parts, [type], rest, value, depth + 1) });
    } catch (error) {
      // Without a restriction, only the targets that know the parameter are meant.
      if (!(error instanceof UnknownParameter)) throw error;
      refusal ??= error;
    }
  }
  if (found.length === 0) throw refusal ?? new UnknownParameter(`${head}.${rest} is not known`);
  return { kind: 'chain', uses: joined.uses, targets: found };
}

/** `_has:Observation:patient:code`: something refers here by that parameter and satisfies the rest. */
function parseHas(
  parts: ParameterParts,
  types: readonly string[],
  name: string,
  value: string,
  depth: number,
): Condition {
  const [, type = '', code = '', ...rest] = name.split(':');
  if (!parts.catalog.isType(type)) throw new UnknownParameter(`_has: ${type.slice(0, 60)} is not a resource type`);
  const reference = parts.catalog.parameter(type, code);
  if (reference?.kind !== 'reference')
    throw new UnknownParameter(`_has: ${code.slice(0, 60)} is not a reference parameter of ${type}`);
  if (rest.length === 0) throw new Fault('invalid', '_has is written _has:Type:reference:parameter');
  if (reference.targets !== undefined && !types.some((one) => reference.targets?.includes(one))) {
    throw new UnknownParameter(`_has: ${type}.${code} never refers to ${types.join(' or ')}`);
  }
  const condition = parseParameter(parts, [type], rest.join(':'), value, depth + 1);
  return { kind: 'has', uses: reference.uses, type, condition };
}
