import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadDefinitions } from '../definitions/index.ts';
import type { Resource } from '../types.ts';
import type { ElementDefinition, StructureDefinition } from './element-tree.ts';
import { createValidator, type Validator } from './index.ts';

type Fields = Record<string, unknown>;

const definitions = loadDefinitions();
const url = 'http://example.no/fhir/StructureDefinition/test';

const profile = (type: string, elements: Fields[], fields: Fields = {}): Resource => ({
  resourceType: 'StructureDefinition',
  url,
  name: 'Test',
  status: 'active',
  kind: 'resource',
  abstract: false,
  type,
  baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
  derivation: 'constraint',
  differential: { element: elements },
  ...fields,
});

const withProfile = (...profiles: Resource[]): Validator => {
  const validator = createValidator({ definitions, strictProfiles: false });
  for (const one of profiles) expect(validator.addProfile(one)).toEqual({ used: true });
  return validator;
};

const errorsOf = (validator: Validator, resource: Fields): string[] =>
  validator
    .validate({ meta: { profile: [url] }, ...resource } as unknown as Resource)
    .issues.filter((issue) => issue.severity === 'error')
    .map((issue) => `${issue.code} ${issue.expression?.[0]}`);

const observation = (fields: Fields): Fields => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  ...fields,
});
const element = (path: string, fields: Fields = {}): Fields => ({ id: path, path, ...fields });
const slice = (path: string, sliceName: string, fields: Fields = {}): Fields => ({
  id: `${path}:${sliceName}`,
  path,
  sliceName,
  ...fields,
});
const sliced = (path: string, type: string, on: string, rules = 'open', ordered = false): Fields =>
  element(path, { slicing: { discriminator: [{ type, path: on }], rules, ordered } });

test('a profile raises and lowers cardinality', () => {
  const validator = withProfile(
    profile('Patient', [
      element('Patient.birthDate', { min: 1 }),
      element('Patient.name', { max: '1' }),
      element('Patient.photo', { max: '0' }),
    ]),
  );
  expect(errorsOf(validator, { resourceType: 'Patient' })).toEqual(['required Patient.birthDate']);
  const person = {
    resourceType: 'Patient',
    birthDate: '2000',
    name: [{ text: 'a' }, { text: 'b' }],
    photo: [{ url: 'x' }],
  };
  expect(errorsOf(validator, person)).toEqual(['structure Patient.name', 'structure Patient.photo']);
});

test('a profile demands a fixed value whole, and a pattern in part', () => {
  const code = { coding: [{ system: 'http://loinc.org', code: '1' }] };
  const fixed = withProfile(profile('Observation', [element('Observation.code', { fixedCodeableConcept: code })]));
  expect(errorsOf(fixed, observation({ code }))).toEqual([]);
  expect(errorsOf(fixed, observation({ code: { ...code, text: 'more' } }))).toEqual(['value Observation.code']);
  const pattern = withProfile(profile('Observation', [element('Observation.code', { patternCodeableConcept: code })]));
  const more = {
    coding: [
      { system: 'http://other', code: '2' },
      { ...code.coding[0], display: 'one' },
    ],
    text: 'more',
  };
  expect(errorsOf(pattern, observation({ code: more }))).toEqual([]);
  expect(errorsOf(pattern, observation({ code: { text: 'x' } }))).toEqual(['value Observation.code']);
});

test('a profile narrows the types of a choice, in both ways of writing it', () => {
  for (const path of ['Observation.value[x]', 'Observation.valueQuantity']) {
    const validator = withProfile(profile('Observation', [element(path, { type: [{ code: 'Quantity' }] })]));
    expect(errorsOf(validator, observation({ valueQuantity: { value: 1 } }))).toEqual([]);
    expect(errorsOf(validator, observation({ valueString: 'x' }))).toContain('structure Observation.value');
  }
});

test('a profile reaches into data types', () => {
  const validator = withProfile(
    profile('Observation', [
      element('Observation.valueQuantity.unit', { min: 1 }),
      element('Observation.subject.display', { min: 1 }),
    ]),
  );
  const errors = errorsOf(validator, observation({ valueQuantity: { value: 1 }, subject: { reference: 'Patient/1' } }));
  expect(errors.sort()).toEqual(['required Observation.subject.display', 'required Observation.value.unit']);
});

test('a profile narrows what a reference may point to', () => {
  const targetProfile = ['http://hl7.org/fhir/StructureDefinition/Patient'];
  const validator = withProfile(
    profile('Observation', [element('Observation.subject', { type: [{ code: 'Reference', targetProfile }] })]),
  );
  expect(errorsOf(validator, observation({ subject: { reference: 'Patient/1' } }))).toEqual([]);
  expect(errorsOf(validator, observation({ subject: { reference: 'Device/1' } }))).toEqual([
    'value Observation.subject.reference',
  ]);
});

test('a profile adds rules of its own', () => {
  const constraint = [{ key: 'own-1', severity: 'error', human: 'A value is needed', expression: 'value.exists()' }];
  const validator = withProfile(profile('Observation', [element('Observation', { constraint })]));
  expect(errorsOf(validator, observation({}))).toEqual(['invariant Observation']);
  expect(errorsOf(validator, observation({ valueString: 'x' }))).toEqual([]);
});

test('a rule that can not be read is a warning about the rule, not an error of the resource', () => {
  const constraint = [{ key: 'own-2', severity: 'error', human: 'x', expression: 'value.(' }];
  const validator = withProfile(profile('Observation', [element('Observation', { constraint })]));
  const { issues } = validator.validate(observation({ meta: { profile: [url] } }) as unknown as Resource);
  expect(issues).toEqual([expect.objectContaining({ severity: 'warning', code: 'processing' })]);
});

test('slices are told apart by value', () => {
  const validator = withProfile(
    profile('Patient', [
      sliced('Patient.identifier', 'value', 'system'),
      slice('Patient.identifier', 'fnr', { min: 1, max: '1' }),
      element('Patient.identifier.system', { min: 1, fixedUri: 'urn:fnr' }),
      element('Patient.identifier.value', { min: 1 }),
    ]),
  );
  const fnr = { system: 'urn:fnr', value: '1' };
  expect(errorsOf(validator, { resourceType: 'Patient', identifier: [fnr, { system: 'urn:other' }] })).toEqual([]);
  expect(errorsOf(validator, { resourceType: 'Patient', identifier: [{ system: 'urn:x' }] })).toEqual([
    'required Patient.identifier',
  ]);
  expect(errorsOf(validator, { resourceType: 'Patient', identifier: [fnr, fnr] })).toEqual([
    'structure Patient.identifier',
  ]);
  expect(errorsOf(validator, { resourceType: 'Patient', identifier: [{ value: '7' }, { system: 'urn:fnr' }] })).toEqual(
    ['required Patient.identifier[1].value'],
  );
});

test('slices are told apart by pattern, deep in the value', () => {
  const coding = (code: string): Fields => ({ coding: [{ system: 'http://loinc.org', code }] });
  const validator = withProfile(
    profile('Observation', [
      sliced('Observation.component', 'pattern', 'code', 'closed'),
      slice('Observation.component', 'systolic', { min: 1, max: '1' }),
      element('Observation.component.code', { patternCodeableConcept: coding('8480-6') }),
      slice('Observation.component', 'diastolic', { max: '1' }),
      element('Observation.component.code', { patternCodeableConcept: coding('8462-4') }),
    ]),
  );
  const component = (code: string): Fields => ({ code: coding(code), valueString: 'x' });
  expect(errorsOf(validator, observation({ component: [component('8462-4'), component('8480-6')] }))).toEqual([]);
  expect(errorsOf(validator, observation({ component: [component('8480-6'), component('1')] }))).toEqual([
    'structure Observation.component[1]',
  ]);
});

test('slices are told apart by type, profile and existence', () => {
  const byType = withProfile(
    profile('Observation', [
      sliced('Observation.value[x]', 'type', '$this', 'closed'),
      slice('Observation.value[x]', 'valueQuantity', { type: [{ code: 'Quantity' }] }),
      element('Observation.value[x].unit', { min: 1 }),
      slice('Observation.value[x]', 'valueString', { type: [{ code: 'string' }] }),
    ]),
  );
  expect(errorsOf(byType, observation({ valueString: 'x' }))).toEqual([]);
  expect(errorsOf(byType, observation({ valueQuantity: { value: 1 } }))).toEqual(['required Observation.value.unit']);
  expect(errorsOf(byType, observation({ valueBoolean: true }))).toEqual(['structure Observation.value']);

  const byExistence = withProfile(
    profile('Patient', [
      sliced('Patient.telecom', 'exists', 'period'),
      slice('Patient.telecom', 'past', { max: '1' }),
      element('Patient.telecom.period', { min: 1 }),
      slice('Patient.telecom', 'current', { max: '1' }),
      element('Patient.telecom.period', { max: '0' }),
    ]),
  );
  const now = { system: 'phone', value: '1' };
  expect(
    errorsOf(byExistence, { resourceType: 'Patient', telecom: [now, { ...now, period: { start: '2000' } }] }),
  ).toEqual([]);
  expect(errorsOf(byExistence, { resourceType: 'Patient', telecom: [now, now] })).toEqual([
    'structure Patient.telecom',
  ]);

  const weight = 'http://hl7.org/fhir/StructureDefinition/bodyweight';
  const byProfile = withProfile(
    profile('Bundle', [
      sliced('Bundle.entry', 'profile', 'resource'),
      slice('Bundle.entry', 'weight', { min: 1 }),
      element('Bundle.entry.resource', { type: [{ code: 'Observation', profile: [weight] }] }),
    ]),
  );
  const bundle = (resource: Fields): Fields => ({ resourceType: 'Bundle', type: 'collection', entry: [{ resource }] });
  expect(errorsOf(byProfile, bundle(observation({})))).toEqual(['required Bundle.entry']);
  const weighed = observation({
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
    subject: { reference: 'Patient/1' },
    effectiveDateTime: '2023-01-01',
    valueQuantity: { value: 70, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
  });
  expect(errorsOf(byProfile, bundle(weighed))).toEqual([]);
});

test('slices keep their order where the profile says so', () => {
  const validator = withProfile(
    profile('Patient', [
      sliced('Patient.identifier', 'value', 'system', 'openAtEnd', true),
      slice('Patient.identifier', 'a'),
      element('Patient.identifier.system', { fixedUri: 'urn:a' }),
      slice('Patient.identifier', 'b'),
      element('Patient.identifier.system', { fixedUri: 'urn:b' }),
    ]),
  );
  const person = (...systems: string[]): Fields => ({
    resourceType: 'Patient',
    identifier: systems.map((system) => ({ system })),
  });
  expect(errorsOf(validator, person('urn:a', 'urn:b', 'urn:c'))).toEqual([]);
  expect(errorsOf(validator, person('urn:b', 'urn:a'))).toEqual(['structure Patient.identifier[1]']);
  expect(errorsOf(validator, person('urn:c', 'urn:a'))).toEqual(['structure Patient.identifier[1]']);
});

test('extensions are held against their definition wherever they stand', () => {
  const own = 'http://example.no/fhir/StructureDefinition/colour';
  const definition = profile(
    'Extension',
    [
      element('Extension.url', { fixedUri: own }),
      element('Extension.value[x]', { min: 1, type: [{ code: 'code' }] }),
      element('Extension.extension', { max: '0' }),
    ],
    { url: own, kind: 'complex-type', context: [{ type: 'element', expression: 'HumanName' }] },
  );
  const validator = withProfile(definition);
  const person = (extension: Fields, place: 'name' | 'root'): Fields =>
    place === 'root'
      ? { resourceType: 'Patient', extension: [extension] }
      : { resourceType: 'Patient', name: [{ family: 'x', extension: [extension] }] };
  expect(errorsOf(validator, person({ url: own, valueCode: 'red' }, 'name'))).toEqual([]);
  expect(errorsOf(validator, person({ url: own, valueString: 'red' }, 'name'))).toEqual([
    'structure Patient.name[0].extension[0].value',
  ]);
  expect(errorsOf(validator, person({ url: own, valueCode: 'red' }, 'root'))).toEqual([
    'extension Patient.extension[0]',
  ]);
});

test('R4 vital signs are checked by what meta.profile claims', () => {
  const validator = createValidator({ definitions, strictProfiles: false });
  const claim = { meta: { profile: ['http://hl7.org/fhir/StructureDefinition/bodyweight'] } };
  const { issues } = validator.validate(observation({ ...claim, valueQuantity: { value: 70 } }) as unknown as Resource);
  const missing = issues.filter((issue) => issue.severity === 'error').map((issue) => issue.expression?.[0]);
  expect(missing).toEqual(
    expect.arrayContaining([
      'Observation.category',
      'Observation.subject',
      'Observation.value.unit',
      'Observation.code.coding',
    ]),
  );
});

test('an unknown profile is a warning, or an error where the setting is strict', () => {
  const resource: Resource = {
    resourceType: 'Patient',
    active: true,
    meta: { profile: ['http://example.no/unknown'] },
  };
  const lenient = createValidator({ definitions, strictProfiles: false }).validate(resource).issues;
  const strict = createValidator({ definitions, strictProfiles: true }).validate(resource).issues;
  expect(lenient).toEqual([
    expect.objectContaining({ severity: 'warning', code: 'not-found', expression: ['Patient.meta.profile[0]'] }),
  ]);
  expect(strict).toEqual([expect.objectContaining({ severity: 'error', code: 'not-found' })]);
});

test('a profile for another type refuses the resource', () => {
  const validator = withProfile(profile('Observation', [element('Observation.code', { min: 1 })]));
  expect(errorsOf(validator, { resourceType: 'Patient', active: true })).toEqual(['structure Patient']);
});

test('a profile is asked for without being claimed', () => {
  const validator = withProfile(profile('Patient', [element('Patient.name', { min: 1 })]));
  const { issues } = validator.validate({ resourceType: 'Patient', active: true }, { profiles: [url] });
  expect(issues).toEqual([expect.objectContaining({ severity: 'error', code: 'required' })]);
});

test('a profile that is removed is unknown again', () => {
  const validator = withProfile(profile('Patient', [element('Patient.name', { min: 1 })]));
  expect(errorsOf(validator, { resourceType: 'Patient', active: true })).toEqual(['required Patient.name']);
  validator.removeProfile(url);
  expect(validator.knowsProfile(url)).toBe(false);
  expect(errorsOf(validator, { resourceType: 'Patient', active: true })).toEqual([]);
  validator.removeProfile('http://hl7.org/fhir/StructureDefinition/bodyweight');
  expect(validator.knowsProfile('http://hl7.org/fhir/StructureDefinition/bodyweight')).toBe(true);
});

test('a binding of a profile is answered by the terminology that is handed in, where it knows the value set', () => {
  const valueSet = 'http://example.no/fhir/ValueSet/colours';
  const binding = (strength: string): Resource =>
    profile('Observation', [element('Observation.code', { binding: { strength, valueSet } })]);
  const terminology = {
    validateCodeSync: (asked: string, _system: string | undefined, code: string): boolean | undefined =>
      asked === valueSet ? code === 'red' : undefined,
  };
  const issuesOf = (strength: string, code: string): string[] => {
    const validator = createValidator({ definitions, strictProfiles: false, terminology });
    validator.addProfile(binding(strength));
    expect(validator.valueSetsOf(url)).toEqual([valueSet]);
    const resource = observation({ meta: { profile: [url] }, code: { coding: [{ system: 'urn:c', code }] } });
    return validator.validate(resource as unknown as Resource).issues.map((issue) => `${issue.severity} ${issue.code}`);
  };
  expect(issuesOf('required', 'red')).toEqual([]);
  expect(issuesOf('required', 'blue')).toEqual(['error code-invalid']);
  expect(issuesOf('extensible', 'blue')).toEqual(['warning code-invalid']);
});

test('a profile builds on another profile, and on its slices', () => {
  const base = profile('Patient', [
    sliced('Patient.identifier', 'value', 'system'),
    slice('Patient.identifier', 'fnr', { max: '1' }),
    element('Patient.identifier.system', { fixedUri: 'urn:fnr' }),
  ]);
  const derivedUrl = `${url}-derived`;
  const derived = profile('Patient', [slice('Patient.identifier', 'fnr', { min: 1 })], {
    url: derivedUrl,
    baseDefinition: url,
  });
  const validator = withProfile(base, derived);
  const claims = { meta: { profile: [derivedUrl] } };
  expect(errorsOf(validator, { ...claims, resourceType: 'Patient', identifier: [{ system: 'urn:fnr' }] })).toEqual([]);
  expect(errorsOf(validator, { ...claims, resourceType: 'Patient' })).toEqual(['required Patient.identifier']);
});

test('what can not be used is left out, with the reason', () => {
  const validator = createValidator({ definitions, strictProfiles: false });
  const refused = (given: unknown): string => {
    const added = validator.addProfile(given);
    return added.used ? '' : added.reason;
  };
  expect(refused(null)).toContain('no StructureDefinition');
  expect(refused({ resourceType: 'StructureDefinition' })).toContain('no url');
  expect(refused(profile('Sheep', []))).toContain('no type of R4');
  expect(refused(profile('Patient', [], { derivation: 'specialization' }))).toContain('defines a type');
  expect(refused(profile('Patient', [], { url: 'http://hl7.org/fhir/StructureDefinition/bodyweight' }))).toContain(
    'R4 itself',
  );
  expect(refused(profile('Patient', [{ path: 7 }]))).toContain('path');
  expect(refused(profile('Patient', [element('Patient.name', { type: 'x' })]))).toContain('type');
});

test('snapshots made from differentials are those that HL7 published', () => {
  const folder = new URL('../../../node_modules/hl7.fhir.r4.examples/', import.meta.url);
  const published = readdirSync(folder)
    .filter((name) => name.startsWith('StructureDefinition-'))
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as StructureDefinition)
    .filter((one) => one.derivation === 'constraint' && one.snapshot !== undefined && one.differential !== undefined);
  const validator = createValidator({ definitions, strictProfiles: false });
  const renamed = (text: string): string => `${text}-made`;
  const names = new Set(published.map((one) => one.url));
  for (const one of published) {
    const base = names.has(one.baseDefinition ?? '') ? renamed(one.baseDefinition ?? '') : one.baseDefinition;
    const copy = { ...one, url: renamed(one.url), baseDefinition: base, snapshot: undefined, text: undefined };
    expect(validator.addProfile(JSON.parse(JSON.stringify(copy))), one.url).toEqual({ used: true });
  }
  const different = published.filter(
    (one) => !isSame(validator.snapshot(renamed(one.url)) ?? [], one.snapshot?.element ?? []),
  );
  expect(published.length).toBeGreaterThan(400);
  // bp: HL7 writes a component's value without the slice. catalog, familymemberhistory-genetic: HL7's snapshot lacks elements
  // that the base has (Composition.date, FamilyMemberHistory.condition). elementdefinition-de: extensions of inner elements unsliced.
  const known = ['bp', 'catalog', 'elementdefinition-de', 'familymemberhistory-genetic'];
  expect(different.map((one) => one.id).sort()).toEqual(known);
});

const isSame = (made: ElementDefinition[], published: ElementDefinition[]): boolean => {
  const summary = (list: ElementDefinition[]): string[] =>
    list.map(({ id, min, max, slicing, ...rest }) => {
      const stated = Object.entries(rest).filter(([name]) => /^(?:fixed|pattern)/.test(name));
      return `${id} ${min ?? 0} ${max} ${slicing?.discriminator?.map((one) => one.path).join()} ${JSON.stringify(stated)}`;
    });
  const own = summary(made);
  return own.length === published.length && summary(published).every((line) => own.includes(line));
};
