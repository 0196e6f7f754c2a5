/**
 * The oracle of search: which searches find a resource, worked out from R4's own SearchParameters by another FHIRPath engine (npm `fhirpath`)
 * and by the rules of https://hl7.org/fhir/R4/search.html, sharing nothing with the record.
 */
import { readFileSync } from 'node:fs';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';

export type SearchParameter = {
  code: string;
  base: string[];
  type: string;
  expression?: string;
  target?: string[];
  url: string;
  component?: { definition: string; expression: string }[];
};

/** `name=value`, encoded for an address; `isFound` false: the same parameter with a value that must not find it. */
export type ExpectedSearch = { parameter: string; query: string; isFound: boolean };

/** A search value, and one like it that finds nothing. `modifier` begins with a colon. */
type Sought = { value: string; wrong: string; modifier?: string };

export const examples = new URL('../../node_modules/hl7.fhir.r4.examples/', import.meta.url);

/** Every R4 search parameter that has an expression, by the types it is for. */
export function searchParameters(): (type: string) => SearchParameter[] {
  const { entry } = JSON.parse(readFileSync(new URL('Bundle-searchParams.json', examples), 'utf8')) as {
    entry: { resource: SearchParameter }[];
  };
  // The record writes these itself, or they are the `_id` that every search here carries.
  const own = new Set(['_id', '_lastUpdated']);
  const all = entry.map((one) => one.resource).filter(({ code, expression }) => expression && !own.has(code));
  return (type) => all.filter(({ base }) => base.some((one) => one === type || one.endsWith('Resource')));
}

type Evaluate = (expression: string, input: unknown) => any[];

export type Oracle = { searches(resource: any, parameter: SearchParameter): ExpectedSearch[] };

export function createOracle(byUrl: (url: string) => SearchParameter | undefined): Oracle {
  const compiled = new Map<string, (input: unknown, environment: object) => unknown>();
  let whole: unknown;
  const evaluate: Evaluate = (expression, input) => {
    const known = compiled.get(expression) ?? (fhirpath.compile(expression, r4) as never);
    compiled.set(expression, known);
    return (known(input, { resource: whole }) as unknown[]) ?? [];
  };
  const valuesOf = (expression: string, type: string, resource: unknown): any[] =>
    alternatives(expression)
      // One that names no type, as in a composite, is for what it is asked of.
      .filter((one) => [type, 'Resource', 'DomainResource', undefined].includes(/^\(?([A-Z]\w+)/.exec(one)?.[1]))
      .flatMap((one) => evaluateAlternative(evaluate, one, resource));
  return {
    searches(resource, parameter) {
      const type = resource.resourceType as string;
      whole = resource;
      const values = valuesOf(parameter.expression ?? '', type, resource);
      const sought =
        parameter.type === 'composite'
          ? values.flatMap((value) => compositeSought(evaluate, byUrl, parameter, value))
          : values.flatMap((value) => soughtOf(parameter, value));
      if (parameter.type !== 'composite') {
        // A choice may be of words, and a Timing of weekdays: no date, then.
        const isMissing = (parameter.type === 'date' ? sought : values).length === 0;
        sought.push({ modifier: ':missing', value: String(isMissing), wrong: String(!isMissing) });
      }
      return sought.flatMap(({ value, wrong, modifier = '' }) => [
        { parameter: parameter.code, query: pair(parameter.code + modifier, value), isFound: true },
        { parameter: parameter.code, query: pair(parameter.code + modifier, wrong), isFound: false },
      ]);
    },
  };
}

const pair = (name: string, value: string): string => `${name}=${encodeURIComponent(value)}`;

/** The parts between `|` that are not within brackets or quotes. */
function alternatives(expression: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of expression) {
    if (letter === '(') depth++;
    if (letter === ')') depth--;
    if (letter === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim());
}

const typeTest = /\.where\(resolve\(\) is (\w+)\)/;

/** `resolve() is Patient` needs a server in the other engine; the literal reference says it too. */
function evaluateAlternative(evaluate: Evaluate, expression: string, resource: unknown): any[] {
  const type = typeTest.exec(expression)?.[1];
  // R4 writes `as` where a list is meant, which FHIRPath has since narrowed to one value.
  const plural = expression.replace(/([\w.]+) as (\w+)|\.as\((\w+)\)/, (_all, path = '', type = '', other = '') => {
    return `${path}.ofType(${type}${other})`;
  });
  const values = evaluate(plural.replace(typeTest, ''), resource);
  return type === undefined ? values : values.filter((value) => String(value.reference).includes(`${type}/`));
}

function soughtOf(parameter: SearchParameter, value: any): Sought[] {
  switch (parameter.type) {
    case 'token':
      return tokenSought(value);
    case 'reference':
      return referenceSought(parameter, value);
    case 'string':
      return texts(value).flatMap(stringSought);
    case 'date':
      return dateSought(value);
    case 'number':
      return typeof value === 'number' ? [{ value: plain(value), wrong: plain(value + 12_345) }] : [];
    case 'quantity':
      return quantitySought(value);
    case 'uri':
      return typeof value === 'string' ? uriSought(value) : [];
    case 'special':
      return typeof value?.latitude !== 'number'
        ? []
        : [{ value: `${value.latitude}|${value.longitude}|1|km`, wrong: `${-value.latitude}|${value.longitude}|1|km` }];
    default:
      return [];
  }
}

/** https://hl7.org/fhir/R4/search.html#escaping */
const escaped = (text: string): string => text.replace(/[\\,$|]/g, '\\$&');
const plain = (value: number): string => String(value);

const contactSystems = new Set(['phone', 'fax', 'email', 'pager', 'url', 'sms', 'other']);
const isTelephone = /^[\d\s()+-]+$/;

/** Codes, then what the modifiers `:not`, `:text` and `:of-type` say of them. */
function tokenSought(value: any): Sought[] {
  const codes = codesSought(value);
  const negated = codes.slice(0, 1).map((one) => ({ value: one.wrong, wrong: one.value, modifier: ':not' }));
  const words = [value?.text, ...[value?.coding ?? value].flat().map((one: any) => one?.display)];
  const texts = words.filter((text) => typeof text === 'string' && /^\p{Letter}{3}/u.test(text));
  const typed = [value?.type?.coding?.[0]].filter((type) => type?.system && type.code && value.value);
  return [
    ...codes,
    ...negated,
    ...texts
      .slice(0, 1)
      .map((text) => ({ value: escaped(/^\p{Letter}+/u.exec(text)?.[0] ?? ''), wrong: 'zzq', modifier: ':text' })),
    ...typed.map(({ system, code }) => {
      const type = `${escaped(system)}|${escaped(code)}|`;
      return { value: type + escaped(value.value), wrong: `${type}no-such-value`, modifier: ':of-type' };
    }),
  ];
}

function codesSought(value: any): Sought[] {
  if (typeof value === 'string' || typeof value === 'boolean') {
    return [{ value: escaped(String(value)), wrong: typeof value === 'boolean' ? String(!value) : 'no-such-code' }];
  }
  if (Array.isArray(value?.coding)) return value.coding.flatMap(codesSought);
  const code = value?.code ?? value?.value;
  if (typeof code !== 'string') return [];
  if (contactSystems.has(value.system)) {
    return [{ value: escaped(code), wrong: isTelephone.test(code) ? '99999999999' : 'no-such@contact' }];
  }
  const bare = { value: escaped(code), wrong: `${escaped(code)}-not` };
  if (value.system === undefined) return [bare, { value: `|${escaped(code)}`, wrong: `urn:wrong|${escaped(code)}` }];
  const system = escaped(value.system);
  return [
    bare,
    { value: `${system}|${escaped(code)}`, wrong: `${system}-not|${escaped(code)}` },
    { value: `${system}|`, wrong: `${system}-not|` },
  ];
}

function referenceSought({ target }: SearchParameter, value: any): Sought[] {
  const { system, value: number } = value?.identifier ?? {};
  if (typeof system === 'string' && typeof number === 'string') {
    const identifier = `${escaped(system)}|${escaped(number)}`;
    return [
      { value: identifier, wrong: `${identifier}-not`, modifier: ':identifier' },
      ...literalSought(target, value),
    ];
  }
  return literalSought(target, value);
}

function literalSought(target: string[] | undefined, value: any): Sought[] {
  const written: unknown = typeof value === 'string' ? value : value?.reference;
  if (typeof written !== 'string' || written.startsWith('#')) return [];
  // A search finds a reference whatever version it names.
  const literal = written.replace(/\/_history\/[^/]+$/, '');
  const local = /^([A-Z]\w+)\/([^/]+)$/.exec(literal);
  if (local === null) return [{ value: escaped(literal), wrong: `${escaped(literal)}-not` }];
  if (target !== undefined && target.length > 0 && !target.includes(local[1] as string)) return [];
  return [
    { value: literal, wrong: `${local[1]}/no-such` },
    { value: local[2] as string, wrong: 'no-such' },
    { value: local[2] as string, wrong: 'no-such', modifier: `:${local[1]}` },
  ];
}

const parts = [
  'text',
  'family',
  'given',
  'prefix',
  'suffix',
  'line',
  'city',
  'district',
  'state',
  'postalCode',
  'country',
];

function texts(value: any): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return parts.flatMap((part) => value[part] ?? []);
}

function uriSought(uri: string): Sought[] {
  const value = escaped(uri);
  const slash = uri.lastIndexOf('/');
  const folder = /^https?:\/\/[^/]+\/.+/.test(uri) ? escaped(uri.slice(0, slash)) : undefined;
  return [
    { value, wrong: `${value}-not` },
    ...(folder === undefined ? [] : [{ value: folder, wrong: `${folder}-not`, modifier: ':below' }]),
    ...(folder === undefined ? [] : [{ value: `${value}/below`, wrong: `${folder}-not/below`, modifier: ':above' }]),
  ];
}

const startsWithLetter = /^[\p{Letter}\p{Number}]/u;

function stringSought(text: string): Sought[] {
  if (!startsWithLetter.test(text)) return [];
  const first = text.slice(0, 12).trim();
  return [
    { value: escaped(text), wrong: `zzq${escaped(text)}`, modifier: ':exact' },
    { value: escaped(first), wrong: `zzq${escaped(first)}` },
    { value: escaped(first.toUpperCase()), wrong: 'zzq' },
    { value: escaped(text.slice(1, 14).trim() || text), wrong: 'zzq', modifier: ':contains' },
  ];
}

/** Literals are found by `eq` at their own precision; periods by their ends. */
function dateSought(value: any): Sought[] {
  if (typeof value === 'string') {
    // A choice of dateTime and string (`Immunization.occurrence[x]`) may be words.
    if (!/^\d{4}/.test(value)) return [];
    return [
      { value, wrong: '1801' },
      { value: `ge${value}`, wrong: `gt2999` },
      { value: `le${value}`, wrong: `eb1801` },
      { value: `ne1801`, wrong: `lt1801` },
      { value: `sa1801`, wrong: `sa2999` },
    ];
  }
  const events: string[] = value?.event ?? [];
  const { start, end } = value?.repeat?.boundsPeriod ?? (events.length > 0 ? ordered(events) : (value ?? {}));
  return [
    ...(typeof start === 'string' ? [{ value: `ge${start}`, wrong: `1801` }] : []),
    ...(typeof end === 'string' ? [{ value: `le${end}`, wrong: `eq1801-01` }] : []),
    ...(typeof start === 'string' && start === end ? [{ value: start, wrong: '1801' }] : []),
  ];
}

function ordered(events: string[]): { start: string | undefined; end: string | undefined } {
  const sorted = [...events].sort();
  return { start: sorted[0], end: sorted.at(-1) };
}

function quantitySought(value: any): Sought[] {
  if (typeof value?.value !== 'number' || value.comparator !== undefined) return [];
  const number = plain(value.value);
  const wrong = plain(value.value * 3 + 12_345);
  const unit = value.currency ?? value.code;
  const system = value.currency === undefined ? value.system : 'urn:iso:std:iso:4217';
  return [
    { value: number, wrong },
    { value: `gt${plain(value.value - Math.abs(value.value) / 2 - 1)}`, wrong: 'lt-9e307' },
    { value: `le${number}`, wrong: 'le-9e307' },
    ...(unit === undefined ? [] : [{ value: `${number}||${escaped(unit)}`, wrong: `${number}||no-such-unit` }]),
    ...(unit === undefined || system === undefined
      ? []
      : [
          {
            value: `${number}|${escaped(system)}|${escaped(unit)}`,
            wrong: `${wrong}|${escaped(system)}|${escaped(unit)}`,
          },
        ]),
  ];
}

/** One search of the first value of each component, within one element. */
function compositeSought(
  evaluate: Evaluate,
  byUrl: (url: string) => SearchParameter | undefined,
  { component = [] }: SearchParameter,
  context: any,
): Sought[] {
  const firsts = component.map(({ definition, expression }) => {
    const parameter = byUrl(definition);
    if (parameter === undefined) return undefined;
    const values = alternatives(expression).flatMap((one) => evaluateAlternative(evaluate, one, context));
    return values.flatMap((value) => soughtOf(parameter, value)).find(({ modifier }) => modifier === undefined);
  });
  if (firsts.length === 0 || firsts.some((one) => one === undefined)) return [];
  const values = firsts as Sought[];
  const last = values.at(-1) as Sought;
  const wrong = [...values.slice(0, -1).map(({ value }) => value), last.wrong];
  return [{ value: values.map(({ value }) => value).join('$'), wrong: wrong.join('$') }];
}
